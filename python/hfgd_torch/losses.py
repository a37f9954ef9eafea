"""What is minimised: cross entropy of teacher and students, CAR's terms, focal and dice losses.

Labels are [N, H, W] integers, class numbers with -1 where a pixel is ignored. Logits of any grid
are first resized to the labels' size, bilinear, as the model has it or with aligned corners. Where
processes share a batch, each loss is that of the whole batch, in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch.nn.functional as F
from torch import Tensor

from hfgd_torch.car import Intra, car_terms
from hfgd_torch.distributed import count, summed, total
from hfgd_torch.layers import resized
from hfgd_torch.mask_losses import class_loss, mask_loss
from hfgd_torch.model import Prediction
from hfgd_torch.recipe import Recipe
from hfgd_torch.segvit import MaskGroup

IGNORED = -1
SMALLEST_BASE = 1e-12
"""Of the focal loss's power, whose slope has no end at 0 where the exponent is below 1."""
Mean = Literal["all_pixels", "valid_pixels"]
"""What a sum over pixels is divided by; ignored ones add nothing, but the authors count them."""


@dataclass(frozen=True, kw_only=True)
class LossOptions:
    """Which terms make up the loss.

    Attributes:
        mean: What the sums of cross entropy or focal loss are divided by.
        teacher_weight: Of the teacher's logits.
        student_weight: Of the logits of each student; those of a model without a teacher have 1.
        auxiliary_weight: Of the auxiliary head's logits.
        guess_weight: Of the logits that a context such as OCR starts from.
        focal_gamma: Takes the focal loss with this exponent for cross entropy.
        dice_weight: Of the dice loss that is added for each of the logits.
        car_intra: Of CAR's term within classes, where the context is a CAE.
        car_intra_form: What is squared in it.
        car_inter: Of CAR's two terms between classes.
        ignored_in_c2p: Whether CAR's inter-c2p counts ignored pixels, as the authors' code does.
    """

    mean: Mean = "all_pixels"
    teacher_weight: float = 1.0
    student_weight: float = 1.0
    auxiliary_weight: float = 1.0
    guess_weight: float = 0.4
    focal_gamma: float | None = None
    dice_weight: float = 0.0
    car_intra: float = 1.0
    car_intra_form: Intra = "squared_mean"
    car_inter: float = 1.0
    ignored_in_c2p: bool = True

    @property
    def car(self) -> bool:
        """Whether CAR has a part in the loss."""
        return self.car_intra > 0 or self.car_inter > 0

    @staticmethod
    def of(recipe: Recipe) -> LossOptions:
        """The loss of a recipe."""
        return LossOptions(
            mean=recipe.loss_mean,
            teacher_weight=recipe.teacher_loss,
            student_weight=recipe.student_loss,
            auxiliary_weight=recipe.auxiliary_loss,
            guess_weight=recipe.guess_loss,
            focal_gamma=recipe.focal_gamma or None,
            dice_weight=recipe.dice,
            car_intra=recipe.car_intra,
            car_intra_form=recipe.car_intra_form,
            car_inter=recipe.car_inter,
            ignored_in_c2p=recipe.car_includes_ignored,
        )


@dataclass(frozen=True)
class Summand:
    """A scalar of the loss, and its weight there."""

    value: Tensor
    weight: float


def loss_terms(prediction: Prediction, labels: Tensor, options: LossOptions) -> dict[str, Tensor]:
    """The weighted terms of the loss, which is their sum, by the names of `summands`.

    Of a whole model: where it is guided the prediction has a teacher.
    """
    parts = summands(prediction, labels, options, is_guided=prediction.teacher is not None)
    return {name: part.weight * part.value for name, part in parts.items()}


def summands(
    prediction: Prediction, labels: Tensor, options: LossOptions, *, is_guided: bool
) -> dict[str, Summand]:
    """The terms of the loss and their weights.

    `auxiliary`, `teacher`, `student`, `refined` and `guess` for the logits that the model has, each
    with its `_dice` behind it if asked for, and `intra_c2p`, `inter_c2c` and `inter_c2p`. Whether
    the model is guided the prediction does not tell: a second student that is trained alone has no
    teacher there.
    """
    if prediction.groups:  # Masks have losses of their own.
        return _mask_summands(prediction.groups, labels)
    terms: dict[str, Summand] = {}
    for name in ("auxiliary", "teacher", "student", "refined", "guess"):
        logits = getattr(prediction, name)
        if logits is None:
            continue
        logits = resized(logits, tuple(labels.shape[1:]), prediction.align_corners)
        of_student = options.student_weight if is_guided else 1.0
        weights = {
            "teacher": options.teacher_weight,
            "auxiliary": options.auxiliary_weight,
            "guess": options.guess_weight,
        }
        weight = weights.get(name, of_student)
        if options.focal_gamma is None:
            value = cross_entropy(logits, labels, options.mean)
        else:
            value = focal(logits, labels, options.mean, options.focal_gamma)
        terms[name] = Summand(value, weight)
        if options.dice_weight > 0:
            terms[f"{name}_dice"] = Summand(dice(logits, labels), weight * options.dice_weight)
    if options.car and prediction.context_features is not None:
        classes = prediction.student.shape[1]
        values = car_terms(
            prediction.context_features,
            labels,
            classes,
            options.ignored_in_c2p,
            options.car_intra_form,
        )
        for name, value in values.items():
            weight = options.car_intra if name == "intra_c2p" else options.car_inter
            terms[name] = Summand(value, weight)
    return terms


def _mask_summands(groups: tuple[MaskGroup, ...], labels: Tensor) -> dict[str, Summand]:
    """`classes_1`, `masks_1`, … of each step of a decoder of masks, all of weight 1."""
    terms = {}
    for number, group in enumerate(groups, 1):
        terms[f"classes_{number}"] = Summand(class_loss(group, labels), 1.0)
        terms[f"masks_{number}"] = Summand(mask_loss(group, labels), 1.0)
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
    others = (1 - (-entropies).exp()).clamp(min=SMALLEST_BASE)
    return _averaged(others**gamma * entropies, labels, mean)


def dice(logits: Tensor, labels: Tensor) -> Tensor:
    """The mean over the classes of 1 - (2 Σ p·y + 1) / (Σ p + Σ y + 1), a scalar.

    p are softmax probabilities, y one-hot labels, the sums over the valid pixels of the batch.
    """
    probabilities = resized(logits, tuple(labels.shape[1:])).softmax(dim=1)
    is_valid = labels != IGNORED
    p = probabilities.permute(0, 2, 3, 1)[is_valid]
    y = F.one_hot(labels[is_valid], p.shape[1]).to(p.dtype)
    both, either = summed((p * y).sum(0)), summed(p.sum(0)) + total(y.sum(0))
    return (1 - (2 * both + 1) / (either + 1)).mean()


def _cross_entropies(logits: Tensor, labels: Tensor) -> Tensor:
    """Of each pixel, [N, H, W]; 0 where it is ignored."""
    full = resized(logits, tuple(labels.shape[1:]))
    return F.cross_entropy(full, labels, ignore_index=IGNORED, reduction="none")


def _averaged(values: Tensor, labels: Tensor, mean: Mean) -> Tensor:
    if mean == "all_pixels":
        return summed(values.sum()) / (count() * labels.numel())
    return summed(values.sum()) / total((labels != IGNORED).sum()).clamp(min=1)
