"""Checkpoints: safetensors files with a configuration in their metadata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from hfgd_torch.atomic_files import drafted
from hfgd_torch.config import ConfigError, ModelConfig
from hfgd_torch.errors import UserError
from hfgd_torch.kernels import is_kernel
from hfgd_torch.model import HFGD
from hfgd_torch.optimizers import PREFIX as OPTIMIZER

CONFIG_KEY = "hfgd.config"
DTYPES = (torch.float32, torch.float16, torch.bfloat16)


class CheckpointError(UserError, ValueError):
    """A file that holds no usable model; the message names the file and everything amiss."""

    status = 3


@dataclass(frozen=True)
class StoredModel:
    """What a file holds: a configuration, the model's tensors, and the optimiser's beside them."""

    path: Path
    config: ModelConfig
    tensors: dict[str, Tensor]
    optimizer: dict[str, Tensor]
    metadata: dict[str, str]


def read_checkpoint(path: Path) -> StoredModel:
    """The contents of a file, in the precision that they are stored in.

    Raises:
        CheckpointError: The file is no safetensors file, or its configuration describes no model.
    """
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            stored = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise CheckpointError(
            f"{path} cannot be read: {error}; give a checkpoint of hfgd"
        ) from error
    if CONFIG_KEY not in metadata:
        raise CheckpointError(
            f"{path}: the metadata has no {CONFIG_KEY!r}; give a checkpoint of hfgd"
        )
    try:
        config = ModelConfig.from_json(metadata[CONFIG_KEY])
    except ConfigError as error:
        raise CheckpointError(f"{path}: {CONFIG_KEY}: {error}") from error
    return StoredModel(
        path=path,
        config=config,
        tensors={n: t for n, t in stored.items() if not n.startswith(OPTIMIZER)},
        optimizer={n: t for n, t in stored.items() if n.startswith(OPTIMIZER)},
        metadata=metadata,
    )


def load_checkpoint(path: Path) -> HFGD:
    """The model of a file in float32, whatever precision it is stored in, ready for inference.

    Raises:
        CheckpointError: The file is no safetensors file, its configuration describes no model,
            or tensors are missing, unused, of another shape, of another type or not finite.
    """
    stored = read_checkpoint(path)
    with torch.device("meta"):
        model = HFGD(stored.config)
    expected = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
    if faults := faults_of(expected, stored.tensors):
        raise CheckpointError("\n  ".join([f"{path}:", *faults]))
    model.load_state_dict({name: t.float() for name, t in stored.tensors.items()}, assign=True)
    return model.eval()


def faults_of(expected: Mapping[str, tuple[int, ...]], stored: Mapping[str, Tensor]) -> list[str]:
    """What keeps tensors from being those of a model, a sentence for each."""
    faults = [f"{name} is missing" for name in sorted(expected.keys() - stored.keys())]
    faults += [f"{name} is not used" for name in sorted(stored.keys() - expected.keys())]
    for name in sorted(expected.keys() & stored.keys()):
        tensor = stored[name]
        if tuple(tensor.shape) != expected[name]:
            faults.append(f"{name} is {list(tensor.shape)}, expected {list(expected[name])}")
        elif tensor.dtype not in DTYPES:
            faults.append(f"{name} holds {tensor.dtype}, expected one of {DTYPES}")
        elif not tensor.isfinite().all():
            faults.append(f"{name} holds values that are not finite")
    return faults


def save_checkpoint(model: HFGD, path: Path, weights: torch.dtype = torch.float32) -> None:
    """Writes a model: kernels, the tokens among them, as `weights`, all else in float32."""
    write_checkpoint(model.config, model.state_dict(), path, weights)


def write_checkpoint(
    config: ModelConfig,
    state: Mapping[str, Tensor],
    path: Path,
    weights: torch.dtype = torch.float32,
    optimizer: Mapping[str, Tensor] | None = None,
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Writes a model's tensors, and an optimiser's beside them; the file appears whole or not."""
    tensors = {
        name: tensor.to("cpu", weights if is_kernel(name, tensor) else torch.float32).contiguous()
        for name, tensor in state.items()
    }
    for name, tensor in (optimizer or {}).items():
        tensors[name] = tensor.to("cpu", torch.float32).contiguous()
    with drafted(path) as draft:
        save_file(tensors, draft, metadata={**(metadata or {}), CONFIG_KEY: config.to_json()})
