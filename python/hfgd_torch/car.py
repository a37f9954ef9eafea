"""Class-aware regularisation: features of a class near its centre, far from those of others.

Huang, Kang, Chen, Zhe, Jia, He, Bao: CAR: Class-aware Regularizations for Semantic Segmentation
(arXiv 2203.07160), as the authors' code has it.
"""

from __future__ import annotations

from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from hfgd_torch.distributed import count, summed, total
from hfgd_torch.layers import size_of

SMALLEST_INTRA = 1e-5
CLIP = 1e-7
C2C_MARGIN = 0.5
C2P_MARGIN = 0.25
Intra = Literal["squared_mean", "mean_square"]
"""What is squared within classes: the mean deviation, as in the authors' code, or each one."""


def car_terms(
    features: Tensor,
    labels: Tensor,
    classes: int,
    ignored_in_c2p: bool,
    intra_form: Intra = "squared_mean",
) -> dict[str, Tensor]:
    """The terms `intra_c2p`, `inter_c2c` and `inter_c2p`, scalars of weight 1.

    Centres and means are those of the batch of all processes.

    Args:
        features: [N, C, h, w] inside the context encoder.
        labels: [N, H, W], class numbers, negative where ignored; those of h × w are looked at.
        classes: K, at least 2.
        ignored_in_c2p: Whether ignored pixels, to which all K classes are others, count in
            `inter_c2p`; its mean is else over the valid pixels alone.
        intra_form: What is squared in `intra_c2p`.
    """
    x = features.permute(0, 2, 3, 1).flatten(0, 2)  # [P, C], all pixels of the batch
    y = nearest(labels, size_of(features)).flatten()
    own = (y[:, None] == torch.arange(classes, device=y.device)).to(x.dtype)  # [P, K], one-hot
    members = total(own.sum(0)).clamp(min=1)  # [K]
    centres = summed(own.T @ x) / members[:, None]  # [K, C], 0 for absent classes
    counted = torch.ones_like(y, dtype=torch.bool) if ignored_in_c2p else y >= 0
    return {
        "intra_c2p": _intra_c2p(x, own, centres.detach(), intra_form),
        "inter_c2c": _inter_c2c(centres),
        "inter_c2p": _inter_c2p(x[counted], own[counted], centres.detach()),
    }


def nearest(labels: Tensor, size: tuple[int, int]) -> Tensor:
    """[N, H, W] → [N, *size], the nearest label with aligned corners, halves rounded up."""
    rows, columns = (
        _nearest_indices(length, count)
        for length, count in zip(labels.shape[1:], size, strict=True)
    )
    return labels[:, rows[:, None], columns]


def _nearest_indices(length: int, count: int) -> Tensor:
    steps = max(count - 1, 1)
    return (2 * torch.arange(count) * (length - 1) + steps) // (2 * steps)


def _intra_c2p(x: Tensor, own: Tensor, centres: Tensor, form: Intra) -> Tensor:
    """How far the pixels are from their centre; ignored ones count in the mean."""
    deviations = (own @ centres - x).abs() * own.sum(1, keepdim=True)
    summands = deviations**2 if form == "mean_square" else deviations
    mean = summed(summands.sum()) / (count() * deviations.numel())
    return (mean if form == "mean_square" else mean**2).clamp(min=SMALLEST_INTRA)


def _inter_c2c(centres: Tensor) -> Tensor:
    """How much the centres look like one another; the gradient is that of the queries."""
    own = torch.eye(len(centres), dtype=centres.dtype, device=centres.device)
    excess = _excess(centres @ centres.detach().T, own, centres, C2C_MARGIN)
    return excess.mean() ** 2


def _inter_c2p(x: Tensor, own: Tensor, centres: Tensor) -> Tensor:
    """How much the pixels look like the centres of other classes."""
    similarities = torch.where(own > 0, (centres**2).sum(1), x @ centres.T)
    excess = _excess(similarities, own, centres, C2P_MARGIN)
    pixels = total(torch.tensor(len(excess), device=x.device)).clamp(min=1)
    return (summed(excess.sum()) / pixels) ** 2


def _excess(similarities: Tensor, own: Tensor, centres: Tensor, margin: float) -> Tensor:
    """What each softmax of [M, K] gives to other classes beyond margin / (K - 1) for each: [M]."""
    classes, channels = centres.shape
    relations = (similarities / channels**0.5).softmax(dim=1)
    beyond = F.relu(relations - margin / (classes - 1)) * (1 - own)
    return beyond.sum(1).clamp(CLIP, 1 - CLIP)
