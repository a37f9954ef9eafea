"""Weights that follow from a tensor's name: a formula that the Swift tests evaluate too."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from hfgd_torch.random_weights import uniform
from numpy.typing import NDArray

SEED = 7


@dataclass(frozen=True)
class Formula:
    """A tensor's values, offset + scale · u or offset + scale · |u|, rounded to float32 once.

    u are the draws of `hfgd_torch.random_weights.uniform`, in row-major order.
    """

    name: str
    count: int
    offset: float
    scale: float
    absolute: bool = False
    seed: int = SEED

    def values(self) -> NDArray[np.float32]:
        """The values [count]."""
        u = uniform(self.name, (self.count,), self.seed)
        return (self.offset + self.scale * (np.abs(u) if self.absolute else u)).astype(np.float32)


def formula(name: str, shape: tuple[int, ...]) -> Formula:
    """The formula of a float tensor; its name and rank say what it is.

    Kernels get a variance of 1 / fan_in. Norms, running statistics, layer scales and tables of
    position biases get values that differ from those that they are initialised with.

    Raises:
        ValueError: There is no rule for the name.
    """
    count = math.prod(shape)
    kind = name.rpartition(".")[2]
    if kind == "relative_position_bias_table":
        return Formula(name, count, 0.0, 0.5)
    if kind in ("cls_token", "pos_embed"):
        return Formula(name, count, 0.0, 0.5)
    if kind in ("gamma", "layer_scale", "layer_scale_parameter"):
        return Formula(name, count, 0.5, 0.1)
    if kind == "weight" and len(shape) > 1:
        return Formula(name, count, 0.0, math.sqrt(3.0 / math.prod(shape[1:])))
    if kind == "weight":
        return Formula(name, count, 1.0, 0.1)
    if kind == "running_var":
        return Formula(name, count, 1.0, 0.5, absolute=True)
    if kind in ("bias", "running_mean"):
        return Formula(name, count, 0.0, 0.1)
    raise ValueError(f"{name} ends in {kind!r}, which has no rule for random values")


def randomize(model: torch.nn.Module) -> list[Formula]:
    """Gives a model the weights of their formulas and sets it to inference."""
    formulas = []
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if tensor.is_floating_point():
                rule = formula(name, tuple(tensor.shape))
                tensor.copy_(torch.from_numpy(rule.values()).reshape(tensor.shape))
                formulas.append(rule)
    model.eval()
    return formulas
