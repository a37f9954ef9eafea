"""Training: batch norm, what each loss reaches, what a step moves."""

import math
from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hfgd_torch import HFGD, preset, randomized
from hfgd_torch.engine import Engine
from hfgd_torch.errors import DivergedError
from hfgd_torch.layers import BatchNorm, set_momentum
from hfgd_torch.losses import LossOptions, cross_entropy, dice, loss_terms
from hfgd_torch.optimizers import optimizer, set_rate
from hfgd_torch.random_weights import uniform
from hfgd_torch.recipe import ADVANCED, PLAIN, Recipe
from hfgd_torch.training_step import TrainingStep

SHAPE = (2, 3, 33, 65)
IMAGE = torch.from_numpy(uniform("input", SHAPE, 3)).float()
LABELS = torch.from_numpy(uniform("labels", (2, 33, 65), 3) * 5 + 4).long()
GUIDED = replace(preset("hfgd-mobilenet_v2-os4"), refine_stride=2)


def terms_of(model: HFGD) -> dict[str, Tensor]:
    """The terms of the loss for one batch, in training mode."""
    return loss_terms(model.train()(IMAGE), LABELS, LossOptions())


def reached(model: HFGD, loss: Tensor) -> set[str]:
    """The parts of a model in which any gradient of a loss is not exactly zero."""
    model.zero_grad(set_to_none=True)
    loss.backward(retain_graph=True)
    return {
        name.partition(".")[0]
        for name, p in model.named_parameters()
        if p.grad is not None and p.grad.any()
    }


def test_batch_norm_trains_as_pytorchs() -> None:
    """Output, gradients and running statistics over two batches, then evaluation."""
    ours, theirs = BatchNorm(3, 1e-3), nn.BatchNorm2d(3, eps=1e-3, momentum=0.2)
    set_momentum(ours, 0.2)
    for name in ("first", "second"):
        x = torch.from_numpy(uniform(name, (2, 3, 4, 5), 3)).float().requires_grad_()
        y = x.detach().clone().requires_grad_()
        a, b = ours(x), theirs(y)
        assert torch.equal(a, b)
        (a**3).sum().backward()
        (b**3).sum().backward()
        assert torch.equal(x.grad, y.grad)
        assert torch.equal(ours.running_mean, theirs.running_mean)
        assert torch.equal(ours.running_var, theirs.running_var)
    assert torch.equal(ours.eval()(x), theirs.eval()(y))


def test_each_loss_reaches_its_branch_alone() -> None:
    """The student's never the backbone, context or tokens, the teacher's never an upsampler."""
    model = randomized(GUIDED, 1)
    terms = terms_of(model)
    assert reached(model, terms["teacher"]) == {"backbone", "context", "tokens"}
    assert reached(model, terms["student"]) == {"upsampler", "axial"}
    assert reached(model, terms["refined"]) == {"refine"}
    for name in ("intra_c2p", "inter_c2c", "inter_c2p"):
        assert reached(model, terms[name]) == {"backbone", "context"}


def test_without_stop_gradients_the_student_reaches_everything() -> None:
    """The paper's ablation; what the model computes stays the same."""
    model = randomized(GUIDED, 1)
    stopped = terms_of(model)
    model.stop_gradients = False
    terms = terms_of(model)
    assert terms == stopped
    assert reached(model, terms["student"]) == {
        "backbone", "context", "tokens", "upsampler", "axial"
    }  # fmt: skip
    assert reached(model, terms["refined"]) == {"backbone", "context", "tokens", "refine"}


def test_an_unguided_model_has_one_loss() -> None:
    """Cross entropy of its only logits, and CAR's terms where the context is a CAE."""
    assert terms_of(randomized(preset("sfpn-mobilenet_v2"), 1)).keys() == {"student"}
    config = replace(preset("fcn-mobilenet_v2"), context="cae")
    terms = terms_of(randomized(config, 1))
    assert terms.keys() == {"student", "intra_c2p", "inter_c2c", "inter_c2p"}


def test_losses_see_logits_as_the_model_resizes_them() -> None:
    """With half-pixel centres for mmsegmentation's Semantic FPN, else with aligned corners."""
    for upsampler, align_corners in (("mmseg_fpn", False), ("sfpn", True)):
        config = replace(preset("sfpn-mobilenet_v2"), upsampler=upsampler)
        output = randomized(config, 1)(IMAGE)
        full = F.interpolate(
            output.student, LABELS.shape[1:], mode="bilinear", align_corners=align_corners
        )
        terms = loss_terms(output, LABELS, LossOptions(dice_weight=1))
        assert terms["student"] == cross_entropy(full, LABELS, "all_pixels")
        assert terms["student_dice"] == dice(full, LABELS)


def test_the_teacher_trains_as_if_alone() -> None:
    """After two guided steps it is the OS 32 model after two of its own, to the bit."""
    alone = replace(
        GUIDED, upsampler="none", output_stride=32, axial=False, guidance=False, refine_stride=None
    )
    guided, single = randomized(GUIDED, 1), randomized(alone, 1)
    for model in (guided, single):
        updates = optimizer(model, PLAIN)
        for _ in range(2):
            updates.zero_grad()
            sum(terms_of(model).values()).backward()
            updates.step()
    state = guided.state_dict()
    for name, tensor in single.state_dict().items():
        assert torch.equal(state[name], tensor), name


def test_fp16_that_always_overflows_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that is skipped now and then does not."""
    monkeypatch.setattr("hfgd_torch.training_step.MOST_SKIPPED", 3)
    model = randomized(preset("sfpn-mobilenet_v2"), 1)
    step = TrainingStep(model, PLAIN, "whole", Engine(device=torch.device("cpu")))
    for scale in (3e38, 3e38, 1.0, 3e38, 3e38):
        step.scaler = torch.amp.GradScaler("cpu", init_scale=scale)
        norm = step(IMAGE, LABELS, rate=1e-6).gradient_norms["teacher"]
        assert math.isfinite(norm) == (scale == 1)
    step.scaler = torch.amp.GradScaler("cpu", init_scale=3e38)
    with pytest.raises(DivergedError, match="3 steps in a row overflowed fp16"):
        step(IMAGE, LABELS, rate=1e-6)


@pytest.mark.parametrize("recipe", [PLAIN, ADVANCED])
@pytest.mark.parametrize("backbone", ["mobilenet_v2", "convnext_tiny", "swin_tiny"])
def test_only_kernels_decay(backbone: str, recipe: Recipe) -> None:
    """Where the gradient is 0 a kernel shrinks, and nothing else moves."""
    model = randomized(preset(f"sfpn-{backbone}"), 1)
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    for p in model.parameters():
        p.grad = torch.zeros_like(p)
    updates = optimizer(model, recipe)
    set_rate(updates, 0.5)
    updates.step()
    for name, p in model.named_parameters():
        spared = recipe is ADVANCED and "patch_embed" in name
        shrinks = p.ndim > 1 and "relative_position" not in name and not spared
        assert (p.detach().norm() < before[name].norm()) == shrinks, name
        assert torch.equal(p.detach(), before[name]) != shrinks, name
