"""The weights that training starts from; the same numbers as those of `hfgd train`.

Kernels are drawn uniformly within ± √(6 / (fan_in + fan_out)) (Glorot and Bengio, AISTATS 2010),
each from a generator that its name and the seed start, so that models which share a part begin with
the same numbers there. Learned vectors are uniform with a standard deviation of 0.02. Biases are 0,
batch norm begins as the identity, and deformable convolutions without displacement.
"""

from __future__ import annotations

import math
import pickle
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from hfgd_torch.checkpoint import CheckpointError, StoredModel, faults_of
from hfgd_torch.config import ModelConfig
from hfgd_torch.kernels import EMBEDDINGS, POSITIONS
from hfgd_torch.model import HFGD
from hfgd_torch.random_weights import uniform

PREFIX = "backbone."
EMBEDDING_DEVIATION = 0.02
CLASSIFIERS = ("classifier.", "fc.", "head.", "norm.")
"""What backbones of ImageNet have besides their features."""
WRAPPERS = ("state_dict", "model")
"""Keys under which files of PyTorch keep the weights."""


def initial_tensor(name: str, shape: tuple[int, ...], seed: int) -> Tensor:
    """The first values of a parameter or a running statistic; name and rank say what it is."""
    kind = name.rpartition(".")[2]
    if kind == "gamma":  # Layer scale (arXiv 2201.03545, table 5).
        return torch.full(shape, 1e-6)
    if kind in ("bias", "running_mean", POSITIONS) or name.endswith(".offset.weight"):
        return torch.zeros(shape)
    if name.endswith(EMBEDDINGS):  # The standard deviation of timm's truncated normal.
        values = EMBEDDING_DEVIATION * math.sqrt(3) * uniform(name, shape, seed)
        return torch.from_numpy(values.astype(np.float32))
    if len(shape) > 1:
        bound = math.sqrt(6 / ((shape[0] + shape[1]) * math.prod(shape[2:])))
        # The keys of an attention start as its queries do (iSeg's shared_qk_weights).
        source = name.replace(".key.weight", ".query.weight")
        return torch.from_numpy((bound * uniform(source, shape, seed)).astype(np.float32))
    return torch.ones(shape)


def initial_state(
    config: ModelConfig, seed: int, backbone: Mapping[str, Tensor] | None = None
) -> dict[str, Tensor]:
    """The state dict that a model starts with; `backbone` takes the place of its own."""
    state = {name: initial_tensor(name, shape, seed) for name, shape in shapes_of(config).items()}
    return state | dict(backbone or {})


def continued_state(stored: StoredModel, config: ModelConfig, seed: int) -> dict[str, Tensor]:
    """The state dict of a checkpoint; parts that it lacks, such as a second student, start anew.

    Raises:
        CheckpointError: A tensor is missing in a part that the checkpoint has, or does not fit.
    """
    parts = {name.partition(".")[0] for name in stored.tensors}
    state = initial_state(config, seed)
    known = {n: tuple(t.shape) for n, t in state.items() if n.partition(".")[0] in parts}
    if faults := faults_of(known, stored.tensors):
        lines = "".join(f"\n  {fault}" for fault in faults)
        raise CheckpointError(
            f"{stored.path}: tensors do not fit the model:{lines}\n"
            "start from a checkpoint of the same parts, or from a preset"
        )
    return state | {name: tensor.float() for name, tensor in stored.tensors.items()}


def backbone_state(path: Path, config: ModelConfig) -> dict[str, Tensor]:
    """The backbone's weights of a file, safetensors or PyTorch's, by its own names.

    They are torchvision's, those of ConvNeXt, Swin and plain transformers timm's
    (docs/checkpoints.md).
    Names may begin with `backbone.`; a classifier, its norm and counts of batches are left out.
    PyTorch's files are read as tensors alone (`weights_only`): nothing in them is run.

    Raises:
        CheckpointError: The file cannot be read, or its tensors are not those of the backbone.
    """
    stored = {
        name if name.startswith(PREFIX) else PREFIX + name: tensor
        for name, tensor in _read(path).items()
    }
    known = {n: shape for n, shape in shapes_of(config).items() if n.startswith(PREFIX)}
    left_out = tuple(PREFIX + name for name in CLASSIFIERS)
    used = {
        name: tensor
        for name, tensor in stored.items()
        if name in known or not (name.startswith(left_out) or name.endswith("num_batches_tracked"))
    }
    if faults := faults_of(known, used):
        few = "".join(f"\n  {fault}" for fault in faults[:8])
        more = f"\n  … ({len(faults)} in all)" if len(faults) > 8 else ""
        raise CheckpointError(
            f"{path}: tensors do not fit the backbone {config.backbone}:{few}{more}\n"
            "give weights of this backbone by the names in docs/checkpoints.md (torchvision's, or "
            "timm's of ConvNeXt, Swin and plain transformers), or train without any"
        )
    return {name: tensor.float() for name, tensor in used.items()}


def shapes_of(config: ModelConfig) -> dict[str, tuple[int, ...]]:
    """Names and shapes of a model's state dict."""
    with torch.device("meta"):
        return {name: tuple(tensor.shape) for name, tensor in HFGD(config).state_dict().items()}


def _read(path: Path) -> dict[str, Tensor]:
    remedy = "give a .safetensors file, or a .pth file of tensors as torchvision publishes them"
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        stored = torch.load(path, map_location="cpu", weights_only=True)
    except (
        OSError, SafetensorError, RuntimeError, ValueError, EOFError, KeyError,
        pickle.UnpicklingError, zipfile.BadZipFile,
    ) as error:  # fmt: skip
        reason = str(error).partition("\n")[0]
        raise CheckpointError(f"{path} cannot be read: {reason}; {remedy}") from error
    for wrapper in WRAPPERS:
        if isinstance(stored, dict) and isinstance(stored.get(wrapper), dict):
            stored = stored[wrapper]
    if not isinstance(stored, dict) or not all(isinstance(t, Tensor) for t in stored.values()):
        raise CheckpointError(f"{path} holds more than tensors by their names; {remedy}")
    return {str(name): tensor for name, tensor in stored.items()}
