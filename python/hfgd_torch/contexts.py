"""Context encoders: what turns c5 into the high-level feature h that teaches (the paper's G)."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, nn

from hfgd_torch.config import ModelConfig
from hfgd_torch.layers import ConvBNReLU

QUERY_WIDTH = 64


class Encoded(NamedTuple):
    """What a context makes of c5.

    Attributes:
        h: [N, width, H, W], which the class tokens and the upsampler's top level see.
        regularised: [N, inner, H, W], where CAR's losses look; where there is such a place.
    """

    h: Tensor
    regularised: Tensor | None = None


class Unchanged(nn.Module):
    """No context: c5 as it is."""

    def forward(self, c5: Tensor) -> Encoded:
        """[N, in, H, W] → the same."""
        return Encoded(c5)


class FCN(nn.Module):
    """The "Identity" encoding: the head of a basic fully convolutional network."""

    def __init__(self, in_channels: int, inner: int, width: int) -> None:
        super().__init__()
        self.conv = ConvBNReLU(in_channels, inner, 3)
        self.project = ConvBNReLU(inner, width, 1)

    def forward(self, c5: Tensor) -> Encoded:
        """[N, in, H, W] → h [N, width, H, W]."""
        return Encoded(self.project(self.conv(c5)))


class SelfAttention(nn.Module):
    """Every position looks at every other: x + A·v, one head, no scale."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.query = nn.Conv2d(channels, QUERY_WIDTH, 1)
        self.key = nn.Conv2d(channels, QUERY_WIDTH, 1)
        self.value = nn.Conv2d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """[N, C, H, W] → the same shape; A is [N, HW, HW], each row a softmax over the keys."""
        query, key, value = (
            projection(x).flatten(2) for projection in (self.query, self.key, self.value)
        )
        attention = (query.transpose(1, 2) @ key).softmax(dim=-1)
        return x + (value @ attention.transpose(1, 2)).view_as(x)


class NonLocalHead(nn.Module):
    """A 3×3 reduction, self-attention, and a trailing convolution: the SA and SA (CAR) of table 1.

    For CAR's losses a convolution without norm and activation stands before the last one, which is
    then 1×1.
    """

    def __init__(self, in_channels: int, inner: int, width: int, is_regularised: bool) -> None:
        super().__init__()
        self.reduce = ConvBNReLU(in_channels, inner, 3)
        self.attention = SelfAttention(inner)
        if is_regularised:
            self.linear = nn.Conv2d(inner, inner, 1)
        self.project = ConvBNReLU(inner, inner, 1 if is_regularised else 3)
        self.end = end(inner, width)
        self.is_regularised = is_regularised

    def forward(self, c5: Tensor) -> Encoded:
        """[N, in, H, W] → h [N, width, H, W], and [N, inner, H, W] for CAR's losses."""
        x = self.attention(self.reduce(c5))
        if not self.is_regularised:
            return Encoded(self.end(self.project(x)))
        x = self.linear(x)
        return Encoded(self.end(self.project(x)), regularised=x)


class CAE(nn.Module):
    """The context augmentation encoder: widen, reduce, self-attend, project."""

    def __init__(self, in_channels: int, wide: int, inner: int, width: int) -> None:
        super().__init__()
        self.wide = ConvBNReLU(in_channels, wide, 1)
        self.reduce = ConvBNReLU(wide, inner, 1)
        self.attention = SelfAttention(inner)
        self.linear = nn.Conv2d(inner, inner, 1)
        self.project = ConvBNReLU(inner, width, 1)

    def forward(self, c5: Tensor) -> Encoded:
        """[N, in, H, W] → h [N, width, H, W], and [N, inner, H, W] for CAR's losses."""
        x = self.linear(self.attention(self.reduce(self.wide(c5))))
        return Encoded(self.project(x), regularised=x)


def end(inner: int, width: int) -> nn.Module:
    """The 1×1 convolution behind a context whose own output is not as wide as the tokens."""
    return nn.Identity() if inner == width else ConvBNReLU(inner, width, 1)


def context_of(config: ModelConfig, in_channels: int) -> nn.Module:
    """The context of a model whose c5 has `in_channels` channels."""
    wide, inner, width = config.context_wide, config.context_width, config.width
    match config.context:
        case "fcn":
            return FCN(in_channels, inner, width)
        case "cae":
            return CAE(in_channels, wide, inner, width)
        case "sa":
            return NonLocalHead(in_channels, inner, width, is_regularised=False)
        case "sa_car":
            return NonLocalHead(in_channels, inner, width, is_regularised=True)
        case _:
            return Unchanged()
