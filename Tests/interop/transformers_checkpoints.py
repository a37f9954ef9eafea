"""Checkpoints as transformers leaves them: its save_pretrained, and torch.save of a state_dict."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from checkpoint import Checkpoint, from_nchw, stage_outputs
from transformers import (
    ConvNextConfig,
    ConvNextForImageClassification,
    ResNetConfig,
    ResNetForImageClassification,
    SwinConfig,
    SwinForImageClassification,
)
from transformers.utils import logging
from weights import randomize

logging.disable_progress_bar()


def resnet50(folder: Path) -> Checkpoint:
    """`pytorch_model.bin`, a zip file by torch.save."""
    model = ResNetForImageClassification(ResNetConfig(num_labels=1000))
    formulas = randomize(model)
    torch.save(model.state_dict(), folder / "pytorch_model.bin")
    stages = [f"resnet.encoder.stages.{stage}" for stage in (0, 1, 2, 3)]
    outputs = stage_outputs(model, stages, from_nchw)
    return Checkpoint(model, formulas, ["pytorch_model.bin"], outputs)


def convnext_tiny(folder: Path) -> Checkpoint:
    """Shards of 40 MB and their index."""
    model = ConvNextForImageClassification(ConvNextConfig(num_labels=1000))
    formulas = randomize(model)
    model.save_pretrained(folder, max_shard_size="40MB")
    files = ["model.safetensors.index.json", *_shards(folder)]
    stages = [f"convnext.encoder.stages.{stage}" for stage in (0, 1, 2, 3)]
    outputs = stage_outputs(model, stages, from_nchw)
    return Checkpoint(model, formulas, files, outputs)


def swin_tiny(folder: Path) -> Checkpoint:
    """`model.safetensors`, whose names are those of the hub and not those of the model."""
    model = SwinForImageClassification(SwinConfig(num_labels=1000))
    formulas = randomize(model)
    model.save_pretrained(folder)

    def outputs(image: torch.Tensor) -> dict[str, torch.Tensor]:
        height, width = image.shape[2:]
        stages = [
            f"swin.encoder.layers.{stage}.blocks.{depth - 1}"
            for stage, depth in enumerate(model.config.depths)
        ]
        sequences = stage_outputs(model, stages, _first)(image)  # [1, h · w, C]
        return {
            name: x.unflatten(1, (-(-height // stride), -(-width // stride)))
            for (name, x), stride in zip(sequences.items(), (4, 8, 16, 32), strict=True)
        }

    return Checkpoint(model, formulas, ["model.safetensors"], outputs, random_size=(233, 259))


def _shards(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("model-*.safetensors"))


def _first(output: torch.Tensor | tuple[torch.Tensor, ...]) -> torch.Tensor:
    return output[0] if isinstance(output, tuple) else output


CHECKPOINTS: dict[str, Callable[[Path], Checkpoint]] = {
    "transformers-resnet50": resnet50,
    "transformers-convnext_tiny": convnext_tiny,
    "transformers-swin_tiny": swin_tiny,
}
