"""The layers that every part of the models is made of."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hfgd_torch import distributed
from hfgd_torch.batch_statistics import shared_batch_norm

HEAD_EPSILON = 1e-3
MOMENTUM = 0.01
"""For schedules of some thousand steps; the paper's long ones have 0.0003."""


class BatchNorm(nn.Module):
    """Batch normalisation; unlike PyTorch's it keeps no batch counter.

    In evaluation mode it takes the running statistics. In training mode it takes the batch's, over
    N·H·W with the biased variance, and moves the running ones towards them by `momentum`: r ←
    (1 - momentum) · r + momentum · batch, there with the unbiased variance. Processes that share a
    batch all take the statistics of the whole.
    """

    weight: Tensor
    bias: Tensor
    running_mean: Tensor
    running_var: Tensor

    def __init__(self, channels: int, epsilon: float) -> None:
        super().__init__()
        self.epsilon = epsilon
        self.momentum = MOMENTUM
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x: Tensor) -> Tensor:
        """[N, C, H, W] → the same shape: (x - mean) / √(var + ε) · weight + bias."""
        if self.training and distributed.count() > 1:
            y, mean, variance = shared_batch_norm(x, self.weight, self.bias, self.epsilon)
            self.running_mean.lerp_(mean, self.momentum)
            self.running_var.lerp_(variance, self.momentum)
            return y
        return F.batch_norm(
            x,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training,
            self.momentum,
            self.epsilon,
        )


def set_momentum(model: nn.Module, momentum: float) -> None:
    """Sets how fast the running statistics of all batch norms follow the batches, in 0…1."""
    for module in model.modules():
        if isinstance(module, BatchNorm):
            module.momentum = momentum


class ConvBN(nn.Module):
    """A k×k convolution without bias that keeps the grid ("same", divided by stride), BN."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel: int,
        stride: int = 1,
        epsilon: float = HEAD_EPSILON,
        dilation: int = 1,
    ) -> None:
        super().__init__()
        padding = dilation * (kernel // 2)
        self.conv = nn.Conv2d(
            in_channels, out_channels, kernel, stride, padding, dilation, bias=False
        )
        self.bn = BatchNorm(out_channels, epsilon)

    def forward(self, x: Tensor) -> Tensor:
        """[N, in, H, W] → [N, out, ⌈H / stride⌉, ⌈W / stride⌉]."""
        return self.bn(self.conv(x))


class ConvBNReLU(ConvBN):
    """The same with ReLU behind it."""

    def forward(self, x: Tensor) -> Tensor:
        """[N, in, H, W] → [N, out, ⌈H / stride⌉, ⌈W / stride⌉]."""
        return F.relu(super().forward(x))


def resized(x: Tensor, size: tuple[int, int], align_corners: bool = True) -> Tensor:
    """[N, C, H, W] → [N, C, *size], bilinear, with aligned corners as everywhere in HFGD or not."""
    if size_of(x) == size:
        return x
    return F.interpolate(x, size, mode="bilinear", align_corners=align_corners)


def padded_to_multiple(x: Tensor, size: int) -> Tensor:
    """[N, C, H, W] with zeros at the right and the bottom, up to multiples of a size."""
    height, width = size_of(x)
    return F.pad(x, (0, -width % size, 0, -height % size))


def size_of(x: Tensor) -> tuple[int, int]:
    """(H, W) of a [N, C, H, W] tensor."""
    return x.shape[2], x.shape[3]
