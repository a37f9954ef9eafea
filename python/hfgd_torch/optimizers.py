"""The rules that turn gradients into new weights, and what of them a checkpoint keeps."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from hfgd_torch.kernels import is_kernel
from hfgd_torch.recipe import Recipe

PREFIX = "optimizer."
"""What the names of tensors begin with that are not the model's."""
MOMENTS = {"sgd": ("momentum_buffer",), "adamw": ("exp_avg", "exp_avg_sq")}


def optimizer(model: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """SGD with momentum or AdamW for all parameters of a model that gradients are wanted for.

    Each group keeps its `rate_factor`, which `set_rate` applies.
    """
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            key = (rate_factor(name, recipe), decay(name, parameter, recipe))
            groups.setdefault(key, []).append(parameter)
    parts: list[dict[str, Any]] = [
        {"params": parameters, "rate_factor": factor, "weight_decay": weight_decay}
        for (factor, weight_decay), parameters in groups.items()
    ]
    made: torch.optim.Optimizer
    if recipe.optimizer == "sgd":
        made = torch.optim.SGD(parts, lr=recipe.learning_rate, momentum=recipe.momentum)
    else:
        beta1, beta2 = recipe.betas
        made = torch.optim.AdamW(
            parts, lr=recipe.learning_rate, betas=(beta1, beta2), eps=recipe.epsilon, fused=True
        )
    set_rate(made, recipe.learning_rate)
    return made


def decay(name: str, parameter: Tensor, recipe: Recipe) -> float:
    """λ of a tensor; only kernels have one.

    The authors' program gave an L2 loss λ·Σw², whose gradient is 2λw, to context and tokens alone.
    Its AdamW leaves out the patch embedding of Swin and ViT.
    """
    is_spared = recipe.optimizer == "adamw" and name.startswith("backbone.patch_embed.")
    if is_spared or not is_kernel(name, parameter):
        return 0.0
    if recipe.weight_decay_scope == "authors":
        is_reached = name.partition(".")[0] in ("context", "tokens")
        return 2 * recipe.weight_decay if is_reached else 0.0
    return recipe.weight_decay


def rate_factor(name: str, recipe: Recipe) -> float:
    """The factor on a tensor's learning rate."""
    return 1.0 if name.startswith("backbone.") else recipe.head_rate


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Sets the learning rate of the next update."""
    for group in optimizer.param_groups:
        group["lr"] = rate * group["rate_factor"]


def moments(
    optimizer: torch.optim.Optimizer, model: nn.Module, recipe: Recipe
) -> dict[str, Tensor]:
    """What an optimiser remembers, by `optimizer.MOMENT.PARAMETER`; zeros before the first step."""
    names = MOMENTS[recipe.optimizer]
    return {
        f"{PREFIX}{moment}.{name}": _remembered(optimizer, parameter, moment)
        for name, parameter in model.named_parameters()
        if parameter.requires_grad
        for moment in names
    }


def _remembered(optimizer: torch.optim.Optimizer, parameter: Tensor, moment: str) -> Tensor:
    value = optimizer.state.get(parameter, {}).get(moment)
    return torch.zeros_like(parameter) if value is None else value


def updates(optimizer: torch.optim.Optimizer) -> int | None:
    """The updates that AdamW counts, which are not those that fp16 skipped; None of SGD."""
    counts = [state["step"] for state in optimizer.state.values() if "step" in state]
    return int(counts[0].item()) if counts else None


def restore(
    optimizer: torch.optim.Optimizer,
    model: nn.Module,
    recipe: Recipe,
    stored: dict[str, Tensor],
    step: int,
) -> None:
    """Takes over the moments that `moments` gave after `step` updates, as `updates` counts them.

    Raises:
        KeyError: A moment is missing.
        ValueError: A moment has another shape than its parameter.
    """
    if step == 0:
        return
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        state: dict[str, Tensor] = {}
        for moment in MOMENTS[recipe.optimizer]:
            value = stored[f"{PREFIX}{moment}.{name}"]
            if value.shape != parameter.shape:
                raise ValueError(f"{PREFIX}{moment}.{name} is {list(value.shape)}")
            state[moment] = torch.empty_like(parameter).copy_(value)
        if recipe.optimizer == "adamw":
            state["step"] = torch.tensor(float(step), device=parameter.device)
        optimizer.state[parameter] = state
