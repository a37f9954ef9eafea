"""Random weights that are the same in every language: a formula of name, shape and seed.

Each tensor has its own SplitMix64 generator, seeded with the FNV-1a-64 hash of its name xor the
seed. u = (x >> 40) · 2⁻²³ - 1 lies in [-1, 1) and is exact; what is made of it is computed in
double precision and rounded once: value = Float(Double expression).
"""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray

from hfgd_torch.config import ModelConfig
from hfgd_torch.kernels import EMBEDDINGS, POSITIONS
from hfgd_torch.model import HFGD

MASK = (1 << 64) - 1
GAMMA = 0x9E3779B97F4A7C15


def fnv1a_64(text: str) -> int:
    """The 64-bit FNV-1a hash of the UTF-8 bytes of a text."""
    state = 0xCBF29CE484222325
    for byte in text.encode():
        state = ((state ^ byte) * 0x100000001B3) & MASK
    return state


def splitmix64(seed: int, count: int) -> NDArray[np.uint64]:
    """The first `count` outputs of SplitMix64, whose n-th state is seed + n · gamma."""
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(GAMMA)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def uniform(name: str, shape: tuple[int, ...], seed: int) -> NDArray[np.float64]:
    """Values u in [-1, 1) for the tensor of a name, in row-major order."""
    outputs = splitmix64(fnv1a_64(name) ^ seed, math.prod(shape))
    return ((outputs >> np.uint64(40)) * 2.0**-23 - 1.0).reshape(shape)


def random_tensor(name: str, shape: tuple[int, ...], seed: int) -> torch.Tensor:
    """The float32 value of a parameter; its name and rank say what it is.

    Convolutions [O, I, h, w], linear layers and tokens [K, D] get u · √(3 / fan_in), a variance of
    1 / fan_in, learned vectors u; other `weight`s are those of norms. `gamma` is a layer scale.
    """
    u = uniform(name, shape, seed)
    kind = name.rpartition(".")[2]
    if name.endswith((POSITIONS, *EMBEDDINGS)):
        values = u
    elif kind == "weight" and len(shape) > 1:
        values = u * math.sqrt(3.0 / math.prod(shape[1:]))
    elif kind in ("weight", "gamma"):
        values = 1.0 + 0.1 * u
    elif kind == "running_var":
        values = 1.0 + 0.5 * np.abs(u)
    elif kind in ("bias", "running_mean"):
        values = 0.1 * u
    else:
        raise ValueError(f"{name} ends in {kind!r}, which has no rule for random values")
    return torch.from_numpy(values.astype(np.float32))


def randomized(config: ModelConfig, seed: int) -> HFGD:
    """The model of a configuration with random weights, ready for inference."""
    with torch.device("meta"):
        model = HFGD(config)
    weights = {
        name: random_tensor(name, tuple(tensor.shape), seed)
        for name, tensor in model.state_dict().items()
    }
    model.load_state_dict(weights, assign=True)
    return model.eval()
