"""Multiply-accumulates of a model, counted while it runs on tensors without data."""

from __future__ import annotations

import torch
from torch.utils.flop_counter import FlopCounterMode

from hfgd_torch.config import ModelConfig
from hfgd_torch.model import HFGD


def multiply_accumulates(config: ModelConfig, size: tuple[int, int]) -> int:
    """MACs of convolutions and matrix products for one picture of `size` (H, W).

    The paper's "GFLOPs" are these divided by 2³⁰.
    """
    with torch.device("meta"):
        model = HFGD(config).eval().requires_grad_(False)
        image = torch.empty(1, 3, *size)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(image)
    return counter.get_total_flops() // 2
