"""Trained models against the logits and the IoU measured when they were trained."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from hfgd_torch import load_checkpoint
from hfgd_torch.inference import at_picture_size, prediction

SHARED = Path(__file__).resolve().parents[3] / "shared"
EXPECTED = SHARED / "models" / "expected.json"
VALIDATION = SHARED / "camvid" / "val"

# The expected values are rounded to 1e-4 and come from other kernels; IoU is in percent.
LOGIT_TOLERANCE = 2e-3
IOU_TOLERANCE = 0.05

pytestmark = [
    pytest.mark.skipif(not EXPECTED.exists(), reason=f"no trained models at {EXPECTED.parent}"),
    pytest.mark.parametrize("kind", ["hfgd", "sfpn"]),
]


def model_path(kind: str) -> Path:
    """The checkpoint of a kind."""
    return SHARED / "models" / f"{kind}-mobilenet_v2-camvid.safetensors"


def test_logits(kind: str) -> None:
    """A few pixels of a few pictures, teacher included."""
    model = load_checkpoint(model_path(kind))
    compared = 0
    for file, pixels in json.loads(EXPECTED.read_text())[kind]["logits"].items():
        picture = Image.open(VALIDATION / file)
        output = prediction(model, picture)
        for pixel in pixels:
            for branch in pixel.keys() - {"y", "x"}:
                logits = at_picture_size(getattr(output, branch), picture)
                found = logits[0, :, pixel["y"], pixel["x"]]
                expected = torch.tensor(pixel[branch])
                assert (found - expected).abs().max() <= LOGIT_TOLERANCE, (file, branch, pixel)
                compared += 1
    assert compared > 0


@pytest.mark.slow
def test_iou(kind: str) -> None:
    """All validation pictures, one confusion matrix."""
    model = load_checkpoint(model_path(kind))
    config = model.config
    classes = len(config.classes)
    confusion = np.zeros((classes, classes), dtype=np.int64)
    for path in sorted(VALIDATION.glob("*.png")):
        picture = Image.open(path)
        logits = at_picture_size(prediction(model, picture).student, picture)
        predicted = logits[0].argmax(dim=0).numpy()
        truth = np.array(Image.open(VALIDATION.with_name("valannot") / path.name))
        counted = truth != config.ignore_index
        pairs = truth[counted].astype(np.int64) * classes + predicted[counted]
        confusion += np.bincount(pairs, minlength=classes**2).reshape(classes, classes)
    hits = np.diag(confusion)
    iou = 100 * hits / (confusion.sum(axis=0) + confusion.sum(axis=1) - hits)
    expected = json.loads(EXPECTED.read_text())[kind]
    print(f"{kind}: mIoU {iou.mean():.3f}, expected {expected['val_mIoU']}")
    assert abs(iou.mean() - expected["val_mIoU"]) <= IOU_TOLERANCE
    for name, value in zip(config.classes, iou, strict=True):
        assert abs(value - expected["val_IoU"][name]) <= IOU_TOLERANCE, name
