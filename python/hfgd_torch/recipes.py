"""The two recipes of the paper: how weights move along their gradients."""

from __future__ import annotations

from typing import Any

import torch

from hfgd_torch.model import HFGD


def plain(model: HFGD, learning_rate: float = 0.01) -> torch.optim.SGD:
    """SGD with momentum 0.9; a weight decay of 1e-4 is part of the gradient."""
    return torch.optim.SGD(_groups(model, 1e-4), lr=learning_rate, momentum=0.9)


def advanced(model: HFGD, learning_rate: float = 4e-5) -> torch.optim.AdamW:
    """AdamW with a decoupled weight decay of 0.05."""
    return torch.optim.AdamW(_groups(model, 0.05), lr=learning_rate, eps=1e-7, fused=True)


def _groups(model: HFGD, weight_decay: float) -> list[dict[str, Any]]:
    """Kernels, of convolutions, linear layers and tokens, decay; nothing else does."""
    kernels, others = [], []
    for name, parameter in model.named_parameters():
        is_kernel = parameter.ndim > 1 and not name.endswith("relative_position_bias_table")
        (kernels if is_kernel else others).append(parameter)
    return [
        {"params": kernels, "weight_decay": weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
