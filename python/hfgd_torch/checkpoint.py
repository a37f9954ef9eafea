"""Checkpoints: safetensors files with a configuration in their metadata."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from hfgd_torch.config import ConfigError, ModelConfig
from hfgd_torch.model import HFGD

CONFIG_KEY = "hfgd.config"
DTYPES = (torch.float32, torch.float16, torch.bfloat16)


class CheckpointError(ValueError):
    """A file that holds no usable model; the message names the file and everything amiss."""


def load_checkpoint(path: Path) -> HFGD:
    """The model of a file in float32, whatever precision it is stored in, ready for inference.

    Raises:
        CheckpointError: The file is no safetensors file, its configuration describes no model,
            or tensors are missing, unused, of another shape, of another type or not finite.
    """
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            stored = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"{path}: {error}") from error
    if CONFIG_KEY not in metadata:
        raise CheckpointError(f"{path}: the metadata has no {CONFIG_KEY!r}")
    try:
        config = ModelConfig.from_json(metadata[CONFIG_KEY])
    except ConfigError as error:
        raise CheckpointError(f"{path}: {CONFIG_KEY}: {error}") from error

    with torch.device("meta"):
        model = HFGD(config)
    expected = {name: tensor.shape for name, tensor in model.state_dict().items()}
    if faults := _faults(expected, stored):
        raise CheckpointError("\n  ".join([f"{path}:", *faults]))
    model.load_state_dict({name: t.float() for name, t in stored.items()}, assign=True)
    return model.eval()


def _faults(expected: dict[str, torch.Size], stored: dict[str, torch.Tensor]) -> list[str]:
    faults = [f"{name} is missing" for name in sorted(expected.keys() - stored.keys())]
    faults += [f"{name} is not used" for name in sorted(stored.keys() - expected.keys())]
    for name in sorted(expected.keys() & stored.keys()):
        tensor = stored[name]
        if tensor.shape != expected[name]:
            faults.append(f"{name} is {list(tensor.shape)}, expected {list(expected[name])}")
        elif tensor.dtype not in DTYPES:
            faults.append(f"{name} holds {tensor.dtype}, expected one of {DTYPES}")
        elif not tensor.isfinite().all():
            faults.append(f"{name} holds values that are not finite")
    return faults


def save_checkpoint(model: HFGD, path: Path, weights: torch.dtype = torch.float32) -> None:
    """Writes a model: convolution and token weights as `weights`, all vectors in float32."""
    tensors = {
        name: tensor.to(weights if tensor.ndim > 1 else torch.float32).contiguous()
        for name, tensor in model.state_dict().items()
    }
    save_file(tensors, path, metadata={CONFIG_KEY: model.config.to_json()})
