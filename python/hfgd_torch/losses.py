"""What is minimised: cross entropy of teacher and students, CAR's terms, focal and dice losses.

Labels are [N, H, W] integers, class numbers with -1 where a pixel is ignored. Logits of any grid
are first resized to the labels' size, bilinear, as the model has it or with aligned corners.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch.nn.functional as F
from torch import Tensor

from hfgd_torch.car import car_terms
from hfgd_torch.layers import resized
from hfgd_torch.model import Prediction

IGNORED = -1
Mean = Literal["all_pixels", "valid_pixels"]
"""What a sum over pixels is divided by; ignored ones add nothing, but the authors count them."""


@dataclass(frozen=True, kw_only=True)
class LossOptions:
    """Which terms make up the loss.

    Attributes:
        mean: What the sums of cross entropy or focal loss are divided by.
        teacher_weight: Of the teacher's logits.
        student_weight: Of the logits of each student.
        focal_gamma: Takes the focal loss with this exponent, at least 1, for cross entropy.
        dice_weight: Of the dice loss that is added for each of the logits.
        car: Whether CAR's terms are added, where the context is a CAE.
        ignored_in_c2p: Whether CAR's inter-c2p counts ignored pixels, as the authors' code does.
    """

    mean: Mean = "all_pixels"
    teacher_weight: float = 1.0
    student_weight: float = 1.0
    focal_gamma: float | None = None
    dice_weight: float = 0.0
    car: bool = True
    ignored_in_c2p: bool = True


def loss_terms(prediction: Prediction, labels: Tensor, options: LossOptions) -> dict[str, Tensor]:
    """The weighted terms of the loss, which is their sum.

    `teacher`, `student` and `refined` for the logits that the model has, the same with `_dice` if
    asked for, and `intra_c2p`, `inter_c2c` and `inter_c2p`.
    """
    terms = {}
    for name in ("teacher", "student", "refined"):
        logits = getattr(prediction, name)
        if logits is None:
            continue
        logits = resized(logits, tuple(labels.shape[1:]), prediction.align_corners)
        weight = options.teacher_weight if name == "teacher" else options.student_weight
        if options.focal_gamma is None:
            terms[name] = weight * cross_entropy(logits, labels, options.mean)
        else:
            terms[name] = weight * focal(logits, labels, options.mean, options.focal_gamma)
        if options.dice_weight > 0:
            terms[f"{name}_dice"] = weight * options.dice_weight * dice(logits, labels)
    if options.car and prediction.context_features is not None:
        classes = prediction.student.shape[1]
        terms |= car_terms(prediction.context_features, labels, classes, options.ignored_in_c2p)
    return terms


def cross_entropy(logits: Tensor, labels: Tensor, mean: Mean) -> Tensor:
    """Softmax cross entropy of logits [N, K, h, w], a scalar."""
    return _averaged(_cross_entropies(logits, labels), labels, mean)


def focal(logits: Tensor, labels: Tensor, mean: Mean, gamma: float) -> Tensor:
    """(1 - p)^gamma times the cross entropy -log p, p the probability of a pixel's class.

    Lin, Goyal, Girshick, He, Dollár: Focal Loss for Dense Object Detection (arXiv 1708.02002),
    over all classes and without their weight alpha.
    """
    entropies = _cross_entropies(logits, labels)
    return _averaged((1 - (-entropies).exp()) ** gamma * entropies, labels, mean)


def dice(logits: Tensor, labels: Tensor) -> Tensor:
    """The mean over the classes of 1 - (2 Σ p·y + 1) / (Σ p + Σ y + 1), a scalar.

    p are softmax probabilities, y one-hot labels, the sums over the valid pixels of the batch.
    """
    probabilities = resized(logits, tuple(labels.shape[1:])).softmax(dim=1)
    is_valid = labels != IGNORED
    p = probabilities.permute(0, 2, 3, 1)[is_valid]
    y = F.one_hot(labels[is_valid], p.shape[1]).to(p.dtype)
    return (1 - (2 * (p * y).sum(0) + 1) / (p.sum(0) + y.sum(0) + 1)).mean()


def _cross_entropies(logits: Tensor, labels: Tensor) -> Tensor:
    """Of each pixel, [N, H, W]; 0 where it is ignored."""
    full = resized(logits, tuple(labels.shape[1:]))
    return F.cross_entropy(full, labels, ignore_index=IGNORED, reduction="none")


def _averaged(values: Tensor, labels: Tensor, mean: Mean) -> Tensor:
    count = labels.numel() if mean == "all_pixels" else (labels != IGNORED).sum().clamp(min=1)
    return values.sum() / count
