"""Validation: counts of pixels, exact and summed over processes, and the IoU that follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from hfgd_torch import distributed
from hfgd_torch.config import ModelConfig
from hfgd_torch.engine import Engine
from hfgd_torch.inference import logits_at, padded_input
from hfgd_torch.losses import IGNORED
from hfgd_torch.model import HFGD, Prediction


@dataclass(frozen=True)
class Counts:
    """How often each class was predicted where each class is true.

    Attributes:
        matrix: [K + 1, K + 1] pixels by truth and prediction; the last row gathers labels that no
            class has. Ignored pixels are not counted.
    """

    matrix: NDArray[np.int64]

    @property
    def ious(self) -> NDArray[np.float64]:
        """IoU of each class in [0, 1]; NaN where it is neither true nor predicted anywhere."""
        hits = np.diag(self.matrix)[:-1]
        union = self.matrix.sum(axis=1)[:-1] + self.matrix.sum(axis=0)[:-1] - hits
        with np.errstate(invalid="ignore"):
            return hits / union

    @property
    def mean_iou(self) -> float:
        """The mean over the classes that occur; NaN where none does."""
        ious = self.ious[~np.isnan(self.ious)]
        return float(ious.mean()) if len(ious) else float("nan")


@dataclass(frozen=True)
class Stage:
    """The counts at one output stride; the coarsest is the teacher of a guided model."""

    output_stride: int
    counts: Counts

    @property
    def mean_iou(self) -> float:
        """In percent."""
        return 100 * self.counts.mean_iou


@dataclass(frozen=True)
class Validation:
    """How well a model does after `step` updates; stages from coarse to fine."""

    step: int
    stages: tuple[Stage, ...]

    @property
    def mean_iou(self) -> float:
        """In percent, at the finest output stride: what decides which checkpoint is the best."""
        return self.stages[-1].mean_iou


def counted(prediction: Tensor, truth: Tensor, classes: int) -> Tensor:
    """The matrix [K + 1, K + 1] of predicted and true classes, both [H, W], the truth -1 … K."""
    is_counted = truth != IGNORED
    pairs = truth[is_counted] * (classes + 1) + prediction[is_counted]
    return torch.bincount(pairs, minlength=(classes + 1) ** 2).view(classes + 1, -1)


def stages_of(prediction: Prediction, config: ModelConfig) -> list[tuple[int, Tensor]]:
    """The output strides and logits of a prediction, from coarse to fine."""
    coarse = prediction.teacher if config.guidance else prediction.auxiliary
    stages = [(config.backbone_stride, coarse), (config.output_stride, prediction.student)]
    stages.append((2, prediction.refined))
    return [(stride, logits) for stride, logits in stages if logits is not None]


@torch.inference_mode()
def validate(
    model: HFGD,
    pictures: Iterable[tuple[Tensor, Tensor] | None],
    step: int,
    engine: Engine,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Validation | None:
    """Counts this process's share of the pictures and sums over all processes.

    Args:
        model: In evaluation mode.
        pictures: [H, W, 3] in 0…255 and labels [H, W], -1 where ignored, K where no class is true;
            as many in all processes, None where this one has no more.
        step: Updates made before.
        engine: How it is computed.
        is_cancelled: Asked before each picture; where it is true in any process, all give up.

    Returns:
        The validation; None where it was given up.
    """
    config = model.config
    classes = len(config.classes)
    counts: dict[int, Tensor] = {}
    for item in pictures:
        if distributed.any_of(is_cancelled()):
            return None
        if item is None:
            continue
        picture, labels = item
        truth = labels.to(engine.device, non_blocking=True)
        pixels = picture.to(engine.device, engine.dtype, non_blocking=True)
        with engine.autocast():
            prediction = model(
                engine.moved(padded_input(pixels, config.input, config.align_corners))
            )
        for stride, logits in stages_of(prediction, config):
            full = logits_at(logits.to(engine.dtype), tuple(truth.shape), config.align_corners)
            predicted = full[0].argmax(dim=0)
            found = counted(predicted, truth, classes)
            counts[stride] = counts[stride] + found if stride in counts else found
    stages = []
    for stride in output_strides(config):
        nothing = torch.zeros(classes + 1, classes + 1, dtype=torch.int64, device=engine.device)
        matrix = distributed.total(counts.get(stride, nothing))
        stages.append(Stage(stride, Counts(matrix.cpu().numpy())))
    return Validation(step, tuple(stages))


def output_strides(config: ModelConfig) -> list[int]:
    """The output strides that a model has logits at, from coarse to fine."""
    is_alone = not config.guidance and config.auxiliary == "none"
    strides = [] if is_alone else [config.backbone_stride]
    strides.append(config.output_stride)
    return strides + ([config.refine_stride] if config.refine_stride else [])
