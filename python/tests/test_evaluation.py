"""Counts of pixels and the IoU that follows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from hfgd_torch import distributed, preset, randomized
from hfgd_torch.batches import validation_pictures
from hfgd_torch.data_search import DataRequest, open_data
from hfgd_torch.engine import Engine
from hfgd_torch.evaluation import Counts, counted, output_strides, validate
from hfgd_torch.inference import at_picture_size, prediction
from hfgd_torch.random_weights import uniform


def test_counts() -> None:
    """Ignored pixels are left out; what is predicted where no class is true is wrong."""
    truth = torch.tensor([[0, 0, 1], [2, -1, 1]])
    predicted = torch.tensor([[0, 1, 1], [1, 0, 1]])
    matrix = counted(predicted, truth, classes=2)
    assert matrix.tolist() == [[1, 1, 0], [0, 2, 0], [0, 1, 0]]
    counts = Counts(matrix.numpy())
    assert counts.ious.tolist() == [1 / 2, 2 / 4]
    assert counts.mean_iou == 0.5


def test_classes_that_do_not_occur_are_left_out() -> None:
    """Their IoU is NaN; one that is predicted but never true counts with 0."""
    matrix = np.zeros((4, 4), dtype=np.int64)
    matrix[0, 0], matrix[0, 1] = 3, 1
    counts = Counts(matrix)
    assert counts.ious[:2].tolist() == [0.75, 0]
    assert np.isnan(counts.ious[2])
    assert counts.mean_iou == 0.375
    assert np.isnan(Counts(np.zeros((4, 4), dtype=np.int64)).mean_iou)


HFGD_CONFIG = preset("hfgd-mobilenet_v2-os4")
CONFIGS = {
    "guided": (HFGD_CONFIG, [32, 4]),
    "refined": (replace(HFGD_CONFIG, refine_stride=2), [32, 4, 2]),
    "half-pixel centres": (replace(preset("sfpn-mobilenet_v2"), upsampler="mmseg_fpn"), [4]),
}
BRANCHES = {32: "teacher", 4: "student", 2: "refined"}


@pytest.mark.parametrize("name", CONFIGS)
def test_validation_is_what_inference_gives(name: str) -> None:
    """At every output stride, of odd pictures of several sizes."""
    config, strides = CONFIGS[name]
    model = randomized(config, 3)
    samples = []
    for number, (height, width) in enumerate(((40, 70), (65, 33))):
        pixels = ((uniform(f"{number}", (height, width, 3), 1) + 1) * 128).astype(np.uint8)
        labels = np.floor((uniform(f"l{number}", (height, width), 1) + 1) * 6.5).astype(np.int64)
        labels -= 1  # -1 … 11
        samples.append((torch.from_numpy(pixels), torch.from_numpy(labels)))
    engine = Engine(device=torch.device("cpu"))
    validation = validate(model, samples, 7, engine)
    assert validation is not None
    assert validation.step == 7
    assert [stage.output_stride for stage in validation.stages] == output_strides(config) == strides
    for stage in validation.stages:
        expected = torch.zeros(12, 12, dtype=torch.int64)
        for pixels, labels in samples:
            picture = Image.fromarray(pixels.numpy())
            output = getattr(prediction(model, picture), BRANCHES[stage.output_stride])
            logits = at_picture_size(output, picture, config.align_corners)
            expected += counted(logits[0].argmax(0), labels, 11)
        assert np.array_equal(stage.counts.matrix, expected.numpy())
    assert validation.mean_iou == validation.stages[-1].mean_iou


def test_a_validation_can_be_given_up() -> None:
    """Between two pictures."""
    model = randomized(preset("sfpn-mobilenet_v2"), 1)
    picture = torch.zeros(33, 33, 3, dtype=torch.uint8), torch.zeros(33, 33, dtype=torch.int64)
    answers = iter((False, True))
    engine = Engine(device=torch.device("cpu"))
    assert validate(model, [picture] * 5, 1, engine, lambda: next(answers)) is None


@pytest.mark.parametrize(("processes", "shares"), [(2, [3, 3]), (3, [2, 2, 2]), (4, [2, 2, 1, 1])])
def test_processes_go_through_equally_many_pictures(
    processes: int, shares: list[int], scenes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that all ask before each whether to give up; some of them have none at the end."""
    data = open_data(scenes, DataRequest("train"))
    monkeypatch.setattr(distributed, "count", lambda: processes)
    for rank, share in enumerate(shares):
        monkeypatch.setattr(distributed, "rank", lambda rank=rank: rank)
        pictures = list(validation_pictures(data, 11, workers=0, pin_memory=False))
        assert len(pictures) == max(shares)
        assert [picture is None for picture in pictures] == [n >= share for n in range(max(shares))]


def test_all_give_up_where_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """At once, and not when the rest of its own pictures is done."""
    model = randomized(preset("sfpn-mobilenet_v2"), 1)
    picture = torch.zeros(33, 33, 3, dtype=torch.uint8), torch.zeros(33, 33, dtype=torch.int64)
    asked: list[bool] = []

    def any_of(flag: bool) -> bool:
        asked.append(flag)
        return len(asked) == 2

    monkeypatch.setattr(distributed, "any_of", any_of)
    engine = Engine(device=torch.device("cpu"))
    assert validate(model, [picture, None, picture], 1, engine) is None
    assert asked == [False, False]
