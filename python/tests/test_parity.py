"""Weights and runs go both ways between this package and `hfgd`, where the program is built."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from conftest import PACKAGE, SCENES, Run
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file

from hfgd_torch import PRESET_NAMES, load_checkpoint, preset, randomized, save_checkpoint
from hfgd_torch.inference import at_picture_size, prediction
from hfgd_torch.presets import EVEN_GOLDEN_PRESETS
from hfgd_torch.train import main

Program = Callable[..., Run]
TOLERANCE = 1e-4
"""Of logits in float32, relative to the largest."""
SAMPLES = sorted((PACKAGE.parent / "samples" / "models").glob("*.safetensors"))
PICTURE = SCENES / "val" / "scene-1.jpg"
BRANCHES = {32: "teacher", 4: "student", 2: "refined"}


NAMES = [
    *dict.fromkeys((*PRESET_NAMES, *EVEN_GOLDEN_PRESETS)),
    "mmseg_fpn+pyramid_width=64+width=32-mobilenet_v2",
    "end_3x3+width=100+sfpn+axial+no_top_down+axial_width=100+level_convolved-resnet50-os2",
    "input=symmetric+ocr+context_wide=300+context_width=100-resnet101-d8",
    "uper+ppm+hfgm+context_width=96+axial_heads=3-convnext_small",
    "fcn+multi_grid=true-resnet50-d8",
    "fcn+multi_grid=true-resnet50_beta-d16",
    "segvit_shrunk+query_grid=32+input=imagenet-vit_large",
]
"""Of presets: the usual ones, and some in which much is named."""


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_is_that_of_hfgd(name: str, hfgd: Program) -> None:
    """Every key of its configuration, those that are left out too."""
    told = json.loads(hfgd("inspect", name, "--json").stdout)
    assert told["configuration"] == json.loads(preset(name).to_json())


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scene of odd size, as PNG, which all programs decode alike."""
    path = tmp_path_factory.mktemp("picture") / "scene.png"
    Image.open(PICTURE).resize((203, 151)).save(path)
    return path


def agree(hfgd: Program, checkpoint: Path, picture: Path, stride: int, out: Path) -> None:
    """Both programs' logits of a picture at an output stride are equal."""
    hfgd("predict", checkpoint, picture, "-o", out, "--format", "logits", "--os", stride)
    theirs = torch.from_numpy(np.load(out / f"{picture.stem}.logits.npy"))
    opened = Image.open(picture)
    model = load_checkpoint(checkpoint)
    logits = getattr(prediction(model, opened), BRANCHES[stride])
    ours = at_picture_size(logits, opened, model.config.align_corners)[0]
    assert theirs.shape == ours.shape
    assert (theirs - ours).abs().max() <= TOLERANCE * ours.abs().max()


@pytest.mark.parametrize("stride", [32, 4, 2])
@pytest.mark.parametrize("precision", [torch.float32, torch.float16, torch.bfloat16])
def test_hfgd_opens_what_is_written_here(
    precision: torch.dtype, stride: int, hfgd: Program, picture: Path, tmp_path: Path
) -> None:
    """A guided model with two students, in each precision."""
    config = replace(preset("hfgd-mobilenet_v2-os4"), refine_stride=2)
    path = tmp_path / "model.safetensors"
    save_checkpoint(randomized(config, 5), path, weights=precision)
    agree(hfgd, path, picture, stride, tmp_path / "out")


@pytest.mark.parametrize("checkpoint", SAMPLES, ids=lambda path: path.stem)
def test_what_hfgd_wrote_opens_here(
    checkpoint: Path, hfgd: Program, picture: Path, tmp_path: Path
) -> None:
    """The sample models, at every output stride that they have."""
    config = load_checkpoint(checkpoint).config
    strides = [32] if config.guidance else []
    for stride in [*strides, config.output_stride, *filter(None, [config.refine_stride])]:
        agree(hfgd, checkpoint, picture, stride, tmp_path / f"out{stride}")


@pytest.mark.parametrize("checkpoint", SAMPLES, ids=lambda path: path.stem)
def test_a_checkpoint_is_written_as_it_was_read(checkpoint: Path, tmp_path: Path) -> None:
    """Every tensor byte by byte, and all that the file says of itself."""
    copy = tmp_path / "copy.safetensors"
    save_checkpoint(load_checkpoint(checkpoint), copy, weights=torch.float16)
    before, after = load_file(checkpoint), load_file(copy)
    assert before.keys() == after.keys()
    for name, tensor in before.items():
        assert tensor.dtype == after[name].dtype
        assert torch.equal(tensor.view(torch.uint8), after[name].view(torch.uint8)), name
    # A key that is younger than the sample models has its default.
    assert stated(copy) == {"pyramid_width": 256} | stated(checkpoint)


def stated(path: Path) -> dict[str, Any]:
    """What a checkpoint says of itself."""
    with safe_open(path, framework="pt") as file:
        return json.loads(file.metadata()["hfgd.config"])


def log(run: Path) -> list[dict[str, Any]]:
    """The lines of a run's log."""
    return [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]


RUNS = {
    "a trained model": ["--from", str(SAMPLES[0]), "--steps", "2", "--set", "clip_norm=5"],
    "random weights": ["--preset", "hfgd-mobilenet_v2-os4", "--steps", "1", "--refine"],
}
LOSS_TOLERANCES = {"a trained model": 1e-4, "random weights": 5e-3}
"""Of the losses: in random features batch norm over a few positions makes more of rounding."""
UPDATE_TOLERANCE = 1e-2
"""Of what two steps have moved a trained model by, in L2 over all tensors."""


@pytest.mark.parametrize("start", RUNS)
def test_a_run_is_that_of_hfgd(start: str, hfgd: Program, scenes: Path, tmp_path: Path) -> None:
    """First weights, batches, losses, updates and log: the same from the same seed."""
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    arguments = [
        "--data", str(scenes), *RUNS[start], "--batch", "2", "--crop", "97x65", "--quiet",
        "--learning-rate", "0.001", "--set", "dice=1", "--set", "contrast=0.5",
        "--set", "saturation=0.5",
    ]  # fmt: skip
    hfgd("train", "-o", theirs, *arguments)
    assert main(["-o", str(ours), *arguments, "--device", "cpu"]) == 0
    lines, expected = log(ours), log(theirs)
    assert [list(line) for line in lines] == [list(line) for line in expected]
    for step, reference in zip(lines[:-1], expected[:-1], strict=True):
        assert step["learning_rate"] == pytest.approx(reference["learning_rate"])
        assert list(step["gradient_norms"]) == list(reference["gradient_norms"])
        assert list(step["terms"]) == list(reference["terms"])
        tolerance = LOSS_TOLERANCES[start]
        assert step["loss"] == pytest.approx(reference["loss"], rel=tolerance)
        for name, value in reference["terms"].items():
            assert step["terms"][name] == pytest.approx(value, rel=tolerance), name
    for stage, reference in zip(lines[-1]["stages"], expected[-1]["stages"], strict=True):
        assert stage["output_stride"] == reference["output_stride"]
        assert list(stage["IoU"]) == list(reference["IoU"])

    said, reference = (stated(run / "last.safetensors") for run in (ours, theirs))
    for part in (said, reference):
        part.pop("metrics")
        part["training"].pop("best")
    assert said == reference
    before, after = (model_of(run / "last.safetensors") for run in (theirs, ours))
    assert before.keys() == after.keys()
    if start == "a trained model":
        first = load_file(SAMPLES[0])
        moved = torch.cat([(before[name] - first[name].float()).flatten() for name in first])
        difference = torch.cat([(before[name] - after[name]).flatten() for name in first])
        assert 0 < difference.norm() <= UPDATE_TOLERANCE * moved.norm()


def model_of(path: Path) -> dict[str, torch.Tensor]:
    """The tensors of a checkpoint, the optimiser's apart."""
    return {n: t for n, t in load_file(path).items() if not n.startswith("optimizer.")}


def test_hfgd_takes_up_what_was_trained_here(
    hfgd: Program, scenes: Path, picture: Path, tmp_path: Path
) -> None:
    """It opens all three checkpoints, measures the same, draws the curves, and trains on."""
    run = tmp_path / "run"
    arguments = ["--data", str(scenes), "--preset", "hfgd-mobilenet_v2-os4", "--steps", "4"]
    short = ["--batch", "2", "--crop", "65x65", "--quiet", "--device", "cpu"]
    assert main(["-o", str(run), *arguments, *short]) == 0
    for name in ("last", "best", "model"):
        agree(hfgd, run / f"{name}.safetensors", picture, 4, tmp_path / name)
    measured = json.loads(
        hfgd("eval", run / "best.safetensors", "--data", scenes, "--json", "--quiet").stdout
    )
    assert measured["mIoU"] == pytest.approx(log(run)[-1]["mIoU"], abs=0.05)
    hfgd("train", "-o", tmp_path / "on", "--from", run / "last.safetensors", *arguments[:2],
         "--steps", "1", *short[:5], "--val-split", "none")  # fmt: skip
    assert (tmp_path / "on" / "model.safetensors").exists()


def test_what_hfgd_trained_is_taken_up_here(hfgd: Program, scenes: Path, tmp_path: Path) -> None:
    """A run goes on from its last checkpoint, the optimiser's memory aside."""
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    short = ["--steps", "1", "--batch", "2", "--crop", "65x65", "--quiet", "--val-split", "none"]
    hfgd("train", "-o", theirs, "--data", scenes, "--preset", "sfpn-mobilenet_v2", *short)
    last = theirs / "last.safetensors"
    arguments = ["-o", str(ours), "--data", str(scenes), "--from", str(last), "--device", "cpu"]
    assert main([*arguments, *short, "--set", "learning_rate=0"]) == 0
    before, after = load_file(last), load_file(ours / "last.safetensors")
    for name, _ in load_checkpoint(last).named_parameters():
        assert torch.equal(before[name], after[name]), name
