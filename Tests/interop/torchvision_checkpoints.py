"""Checkpoints as torchvision's training scripts leave them: a state_dict, saved by torch.save."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
import torchvision
from checkpoint import Checkpoint, from_nchw, from_nhwc, stage_outputs
from weights import randomize


def resnet50(folder: Path) -> Checkpoint:
    """A zip file."""
    model = torchvision.models.resnet50()
    formulas = randomize(model)
    torch.save(model.state_dict(), folder / "resnet50.pth")
    stages = [f"layer{stage}" for stage in (1, 2, 3, 4)]
    return Checkpoint(model, formulas, ["resnet50.pth"], stage_outputs(model, stages, from_nchw))


def mobilenet_v2(folder: Path) -> Checkpoint:
    """A stream of pickles, which was PyTorch's format before 1.6."""
    model = torchvision.models.mobilenet_v2()
    formulas = randomize(model)
    file = "mobilenet_v2.pth"
    torch.save(model.state_dict(), folder / file, _use_new_zipfile_serialization=False)
    stages = [f"features.{block}" for block in (3, 6, 13, 18)]
    return Checkpoint(model, formulas, [file], stage_outputs(model, stages, from_nchw))


def convnext_tiny(folder: Path) -> Checkpoint:
    """A zip file."""
    model = torchvision.models.convnext_tiny()
    formulas = randomize(model)
    torch.save(model.state_dict(), folder / "convnext_tiny.pth")
    stages = [f"features.{stage}" for stage in (1, 3, 5, 7)]
    outputs = stage_outputs(model, stages, from_nchw)
    return Checkpoint(model, formulas, ["convnext_tiny.pth"], outputs)


def swin_t(folder: Path) -> Checkpoint:
    """A zip file; the network drops rows that fill no patch, so that images must fill theirs."""
    model = torchvision.models.swin_t()
    formulas = randomize(model)
    torch.save(model.state_dict(), folder / "swin_t.pth")
    stages = [f"features.{stage}" for stage in (1, 3, 5, 7)]
    outputs = stage_outputs(model, stages, from_nhwc)
    return Checkpoint(model, formulas, ["swin_t.pth"], outputs, random_size=(233, 259), multiple=4)


CHECKPOINTS: dict[str, Callable[[Path], Checkpoint]] = {
    "torchvision-resnet50": resnet50,
    "torchvision-mobilenet_v2": mobilenet_v2,
    "torchvision-convnext_tiny": convnext_tiny,
    "torchvision-swin_t": swin_t,
}
