"""Batch normalisation by the statistics of a batch that several processes share.

PyTorch's SyncBatchNorm refuses the CPU, so this is ours for all devices: an operator that computes
with PyTorch's own kernels, and two sums over the processes, one each way. `torch.compile` takes it
as it is.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from hfgd_torch.distributed import count, total

AXES = (0, 2, 3)


def shared_batch_norm(
    x: Tensor, weight: Tensor, bias: Tensor, epsilon: float
) -> tuple[Tensor, Tensor, Tensor]:
    """[N, C, H, W] normalised by the statistics of all processes, which have equal shares.

    Returns:
        The normalised share, and of the whole batch the means [C] and the variances [C], unbiased.
    """
    normalised, mean, variance = _normalised(x, weight, bias, epsilon)
    values = count() * x.numel() // x.shape[1]
    return normalised, mean, variance * (values / max(values - 1, 1))


@torch.library.custom_op("hfgd::shared_batch_norm", mutates_args=())
def _normalised(
    x: Tensor, weight: Tensor, bias: Tensor, epsilon: float
) -> tuple[Tensor, Tensor, Tensor]:
    """(x - μ) / √(σ² + ε) · weight + bias, μ and σ².

    Of n shares μ = Σ μ_i / n and σ² = Σ (σ_i² + μ_i²) / n - μ²; sums are in double precision, so
    that nothing cancels that floats hold.
    """
    # In half precision statistics are taken as precisely as the weights are kept.
    share_variance, share_mean = torch.var_mean(x.to(weight.dtype), AXES, correction=0)
    means = share_mean.double()
    first, second = total(torch.stack([means, share_variance.double() + means**2])) / count()
    mean = first.to(weight.dtype)
    variance = (second - first**2).clamp(min=0).to(weight.dtype)
    y = F.batch_norm(x, mean, variance, weight, bias, training=False, eps=epsilon)
    return y, mean, variance


@torch.library.custom_op("hfgd::shared_batch_norm_backward", mutates_args=())
def _gradients(
    gradient: Tensor, x: Tensor, weight: Tensor, mean: Tensor, variance: Tensor, epsilon: float
) -> tuple[Tensor, Tensor, Tensor]:
    """∂x = weight / σ · (∂y - mean(∂y) - x̂ · mean(∂y · x̂)), the means over all processes.

    ∂weight and ∂bias are those of this process's share.
    """
    scale = torch.rsqrt(variance + epsilon)
    # As if the statistics stood still: weight / σ · ∂y, Σ ∂y · x̂ and Σ ∂y of this share.
    still, weight_gradient, bias_gradient = torch.ops.aten.native_batch_norm_backward(
        gradient, x, weight, mean, variance, mean, scale, False, epsilon, [True] * 3
    )
    values = count() * x.numel() // x.shape[1]
    along, mean_gradient = total(torch.stack([weight_gradient, bias_gradient])) / values
    slope = weight * scale**2 * along
    offset = weight * scale * mean_gradient - slope * mean
    moving = torch.addcmul(offset[:, None, None], x, slope[:, None, None])
    return (still - moving).to(x.dtype), weight_gradient, bias_gradient


@_normalised.register_fake
def _(x: Tensor, weight: Tensor, bias: Tensor, epsilon: float) -> tuple[Tensor, Tensor, Tensor]:
    return torch.empty_like(x), torch.empty_like(weight), torch.empty_like(weight)


@_gradients.register_fake
def _(
    gradient: Tensor, x: Tensor, weight: Tensor, mean: Tensor, variance: Tensor, epsilon: float
) -> tuple[Tensor, Tensor, Tensor]:
    return torch.empty_like(x), torch.empty_like(weight), torch.empty_like(weight)


def _keep(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, ...]) -> None:  # noqa: ANN401
    x, weight, _, ctx.epsilon = inputs
    _, mean, variance = output
    ctx.mark_non_differentiable(mean, variance)
    ctx.save_for_backward(x, weight, mean, variance)


def _backward(
    ctx: Any,  # noqa: ANN401
    gradient: Tensor,
    *_: Tensor | None,
) -> tuple[Tensor, Tensor, Tensor, None]:
    return *_gradients(gradient, *ctx.saved_tensors, ctx.epsilon), None


_normalised.register_autograd(_backward, setup_context=_keep)
