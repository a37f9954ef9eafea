"""Losses against the formulas written out pixel by pixel."""

import math
from typing import get_args

import numpy as np
import pytest
import torch
from torch import Tensor

from hfgd_torch.car import Intra, car_terms, nearest
from hfgd_torch.losses import LossOptions, cross_entropy, dice, focal, loss_terms
from hfgd_torch.model import Prediction
from hfgd_torch.random_weights import uniform
from hfgd_torch.recipe import PLAIN

K = 4
SIZE = (5, 9)
"""Of the labels; the logits and features are 3×5."""


def values(name: str, shape: tuple[int, ...]) -> Tensor:
    """Random numbers in [-2, 2)."""
    return torch.from_numpy(2 * uniform(name, shape, 3))


LOGITS = values("logits", (2, K, 3, 5))
FEATURES = values("features", (2, 6, 3, 5))
# -1 … 2: class 3 is absent.
LABELS = torch.from_numpy(np.floor(2 * uniform("labels", (2, *SIZE), 3) + 1).astype(np.int64))


def bilinear(plane: Tensor, y: float, x: float) -> float:
    """The value of a plane [h, w] between its pixels."""
    top, left = min(int(y), plane.shape[0] - 2), min(int(x), plane.shape[1] - 2)
    rows = torch.tensor([top + 1 - y, y - top], dtype=plane.dtype)
    columns = torch.tensor([left + 1 - x, x - left], dtype=plane.dtype)
    return (rows @ plane[top : top + 2, left : left + 2] @ columns).item()


def softmax(numbers: list[float]) -> list[float]:
    """Of a few numbers."""
    exponentials = [math.exp(number) for number in numbers]
    return [e / sum(exponentials) for e in exponentials]


def pixels() -> list[tuple[list[float], int]]:
    """Probabilities and label of every pixel."""
    result = []
    for n in range(2):
        for y in range(SIZE[0]):
            for x in range(SIZE[1]):
                logits = [bilinear(LOGITS[n, k], y / 2, x / 2) for k in range(K)]
                result.append((softmax(logits), int(LABELS[n, y, x])))
    return result


@pytest.mark.parametrize("gamma", [None, 1.0, 2.0])
def test_cross_entropy_and_focal_loss(gamma: float | None) -> None:
    """Both means; without gamma it is cross entropy."""
    of_class = [p[label] for p, label in pixels() if label >= 0]
    total = sum((1 - p) ** (gamma or 0) * -math.log(p) for p in of_class)
    for mean, count in (("all_pixels", LABELS.numel()), ("valid_pixels", len(of_class))):
        if gamma is None:
            loss = cross_entropy(LOGITS, LABELS, mean)
        else:
            loss = focal(LOGITS, LABELS, mean, gamma)
        assert loss.item() == pytest.approx(total / count, rel=1e-12)


def test_dice() -> None:
    """One ratio for each class, the absent one too."""
    valid = [(p, label) for p, label in pixels() if label >= 0]
    ratios = []
    for k in range(K):
        both = sum(p[k] for p, label in valid if label == k)
        either = sum(p[k] + (label == k) for p, label in valid)
        ratios.append((2 * both + 1) / (either + 1))
    assert dice(LOGITS, LABELS).item() == pytest.approx(1 - sum(ratios) / K, rel=1e-12)


@pytest.mark.parametrize("intra_form", get_args(Intra))
@pytest.mark.parametrize("ignored_in_c2p", [True, False])
def test_car(ignored_in_c2p: bool, intra_form: Intra) -> None:
    """The three terms, with an absent class and ignored pixels."""
    channels = FEATURES.shape[1]
    x = [FEATURES[n, :, i, j] for n in range(2) for i in range(3) for j in range(5)]
    y = [int(LABELS[n, 2 * i, 2 * j]) for n in range(2) for i in range(3) for j in range(5)]
    assert set(y) == {-1, 0, 1, 2}
    centres = []
    for k in range(K):
        members = [f for f, label in zip(x, y, strict=True) if label == k]
        centres.append(sum(members, torch.zeros(channels).double()) / max(len(members), 1))

    def similarity(a: Tensor, b: Tensor) -> float:
        return (a @ b).item() / math.sqrt(channels)

    def excess(row: list[float], own: int, margin: float) -> float:
        others = [a for k, a in enumerate(softmax(row)) if k != own]
        return max(sum(max(a - margin / (K - 1), 0) for a in others), 1e-7)

    deviations = torch.cat(
        [centres[label] - f for f, label in zip(x, y, strict=True) if label >= 0]
    )
    count = len(x) * channels  # Ignored pixels count.
    intra = {
        "squared_mean": (deviations.abs().sum().item() / count) ** 2,
        "mean_square": (deviations**2).sum().item() / count,
    }
    c2c = [excess([similarity(a, b) for b in centres], i, 0.5) for i, a in enumerate(centres)]
    c2p = []
    for f, label in zip(x, y, strict=True):
        row = [similarity(centres[k] if k == label else f, centres[k]) for k in range(K)]
        if label >= 0 or ignored_in_c2p:
            c2p.append(excess(row, label, 0.25))

    terms = car_terms(FEATURES, LABELS, K, ignored_in_c2p, intra_form)
    assert terms["intra_c2p"].item() == pytest.approx(intra[intra_form], rel=1e-12)
    assert terms["inter_c2c"].item() == pytest.approx((sum(c2c) / K) ** 2, rel=1e-12)
    assert terms["inter_c2p"].item() == pytest.approx((sum(c2p) / len(c2p)) ** 2, rel=1e-12)


def test_the_gradients_of_car_stop_at_the_centres() -> None:
    """Intra-c2p pulls pixels to centres that stand still, and inter-c2p never moves a centre."""
    x = FEATURES.clone().requires_grad_()
    terms = car_terms(x, LABELS, K, ignored_in_c2p=True)
    (pull,) = torch.autograd.grad(terms["intra_c2p"], x, retain_graph=True)
    y = nearest(LABELS, (3, 5))
    # Through the centres the deviations' signs would mix; without, all elements weigh the same.
    assert torch.equal(pull != 0, (y >= 0)[:, None].expand_as(pull))
    assert pull[pull != 0].abs().unique().numel() <= 2
    (push,) = torch.autograd.grad(terms["inter_c2c"], x)
    assert push.abs().sum() > 0
    assert (push.permute(0, 2, 3, 1)[y < 0] == 0).all()


def test_the_mean_square_pulls_by_the_distance() -> None:
    """2 (x - centre) over all elements, from centres that stand still."""
    x = FEATURES.clone().requires_grad_()
    terms = car_terms(x, LABELS, K, ignored_in_c2p=True, intra_form="mean_square")
    (pull,) = torch.autograd.grad(terms["intra_c2p"], x)
    y = nearest(LABELS, (3, 5))
    for k in range(3):
        members = FEATURES.permute(0, 2, 3, 1)[y == k]
        expected = 2 * (members - members.mean(0)) / FEATURES.numel()
        torch.testing.assert_close(pull.permute(0, 2, 3, 1)[y == k], expected)
    assert not pull.permute(0, 2, 3, 1)[y < 0].any()


@pytest.mark.parametrize("intra_form", get_args(Intra))
def test_the_term_within_classes_has_a_floor(intra_form: Intra) -> None:
    """Where all pixels are their centre."""
    terms = car_terms(torch.ones_like(FEATURES), LABELS, K, True, intra_form)
    assert terms["intra_c2p"].item() == 1e-5


def test_a_loss_without_valid_pixels_is_finite() -> None:
    """As a crop of nothing but padding has it."""
    nothing = torch.full_like(LABELS, -1)
    for mean in ("all_pixels", "valid_pixels"):
        assert cross_entropy(LOGITS, nothing, mean).item() == 0
    assert dice(LOGITS, nothing).isfinite()
    for term in car_terms(FEATURES, nothing, K, ignored_in_c2p=False).values():
        assert term.isfinite()


def test_labels_are_picked_with_aligned_corners() -> None:
    """From 513 to 17 every 32nd."""
    columns = torch.arange(513).expand(1, 1, 513)
    assert torch.equal(nearest(columns, (1, 17))[0, 0], 32 * torch.arange(17))
    assert nearest(torch.arange(4).expand(1, 1, 4), (1, 3)).flatten().tolist() == [0, 2, 3]


def test_terms_are_weighted() -> None:
    """The teacher's and each student's, dice too; CAR's have weight 1."""
    options = LossOptions(teacher_weight=0.5, student_weight=2.0, dice_weight=3.0)
    prediction = Prediction(
        student=LOGITS, features=FEATURES, teacher=LOGITS, refined=LOGITS, context_features=FEATURES
    )
    terms = loss_terms(prediction, LABELS, options)
    entropy, overlap = cross_entropy(LOGITS, LABELS, "all_pixels"), dice(LOGITS, LABELS)
    for name, weight in (("teacher", 0.5), ("student", 2.0), ("refined", 2.0)):
        assert terms.pop(name).item() == pytest.approx(weight * entropy.item())
        assert terms.pop(f"{name}_dice").item() == pytest.approx(3 * weight * overlap.item())
    assert terms == car_terms(FEATURES, LABELS, K, ignored_in_c2p=True)


def test_the_recipe_settles_car() -> None:
    """Which form its term within classes has, and which pixels count."""
    changes = {"car_intra_form": "mean_square", "car_includes_ignored": False}
    options = LossOptions.of(PLAIN.changed(changes, "test"))
    prediction = Prediction(student=LOGITS, features=FEATURES, context_features=FEATURES)
    terms = loss_terms(prediction, LABELS, options)
    del terms["student"]
    assert terms == car_terms(FEATURES, LABELS, K, False, "mean_square")
