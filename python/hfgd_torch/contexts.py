"""Context encoders: what turns c5 into the high-level feature h that teaches (the paper's G)."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hfgd_torch.config import ModelConfig
from hfgd_torch.layers import ConvBN, ConvBNReLU, resized, size_of

QUERY_WIDTH = 64


class Encoded(NamedTuple):
    """What a context makes of c5.

    Attributes:
        h: [N, width, H, W], which the class tokens and the upsampler's top level see.
        regularised: [N, inner, H, W], where CAR's losses look; where there is such a place.
        guess: Logits [N, K, H, W] that the context starts from, where it guesses.
    """

    h: Tensor
    regularised: Tensor | None = None
    guess: Tensor | None = None


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


class AtrousPyramid(nn.Module):
    """ASPP: the picture's mean, a 1×1 and three dilated 3×3 convolutions, beside each other.

    Chen, Papandreou, Schroff, Adam: Rethinking Atrous Convolution for Semantic Image Segmentation
    (arXiv 1706.05587), figure 5; dilations 3r, 6r, 9r with r = 32 / output stride.
    """

    def __init__(self, in_channels: int, width: int, output_stride: int) -> None:
        super().__init__()
        r = 32 // output_stride
        self.image = ConvBNReLU(in_channels, width, 1)
        self.branch = nn.ModuleList(
            ConvBNReLU(in_channels, width, 1 if i == 0 else 3, dilation=dilation)
            for i, dilation in enumerate((1, 3 * r, 6 * r, 9 * r))
        )
        self.project = ConvBNReLU(5 * width, width, 1)

    def forward(self, c5: Tensor) -> Encoded:
        """[N, in, H, W] → h [N, width, H, W]."""
        mean = self.image(c5.mean(dim=(2, 3), keepdim=True))
        parts = [mean.expand(-1, -1, *size_of(c5)), *(branch(c5) for branch in self.branch)]
        return Encoded(self.project(torch.cat(parts, dim=1)))


class PyramidPooling(nn.Module):
    """PPM: c5 beside its means over 1, 4, 9 and 36 bins.

    Zhao, Shi, Qi, Wang, Jia: Pyramid Scene Parsing Network (arXiv 1612.01105), figure 3.
    """

    BINS = (1, 2, 3, 6)

    def __init__(self, in_channels: int, inner: int, width: int) -> None:
        super().__init__()
        self.pool = nn.ModuleList(ConvBNReLU(in_channels, inner, 3) for _ in self.BINS)
        self.project = ConvBNReLU(in_channels + len(self.BINS) * inner, inner, 3)
        self.end = end(inner, width)

    def forward(self, c5: Tensor) -> Encoded:
        """[N, in, H, W] → h [N, width, H, W]."""
        pooled = [
            resized(pool(F.adaptive_avg_pool2d(c5, bins)), size_of(c5))
            for bins, pool in zip(self.BINS, self.pool, strict=True)
        ]
        return Encoded(self.end(self.project(torch.cat([c5, *pooled], dim=1))))


class ObjectContext(nn.Module):
    """OCR: a first guess, what each class looks like there, and what a pixel finds of its kind.

    Yuan, Chen, Chen, Wang: Segmentation Transformer: Object-Contextual Representations for Semantic
    Segmentation (arXiv 1909.11065), figure 3.
    """

    def __init__(self, in_channels: int, wide: int, inner: int, width: int, classes: int) -> None:
        super().__init__()
        half = inner // 2
        self.coarse = ConvBNReLU(in_channels, wide, 3)
        self.regions = nn.Conv2d(wide, classes, 1)
        self.reduce = ConvBNReLU(in_channels, inner, 3)
        self.query = nn.Sequential(ConvBNReLU(inner, half, 1), ConvBNReLU(half, half, 1))
        self.key = nn.Sequential(ConvBNReLU(inner, half, 1), ConvBNReLU(half, half, 1))
        self.value = ConvBNReLU(inner, half, 1)
        self.object = ConvBNReLU(half, inner, 1)
        self.project = ConvBNReLU(2 * inner, inner, 1)
        self.end = end(inner, width)

    def forward(self, c5: Tensor) -> Encoded:
        """[N, in, H, W] → h [N, width, H, W], and the guess [N, K, H, W]."""
        guess = self.regions(self.coarse(c5))
        x = self.reduce(c5)
        shares = guess.flatten(2).softmax(dim=2)
        centres = (x.flatten(2) @ shares.transpose(1, 2)).unsqueeze(3)  # N, inner, K, 1
        query, key, value = (
            part.flatten(2) for part in (self.query(x), self.key(centres), self.value(centres))
        )
        attention = (query.transpose(1, 2) @ key * query.shape[1] ** -0.5).softmax(dim=2)
        found = (value @ attention.transpose(1, 2)).unflatten(2, size_of(x))
        context = torch.cat([self.object(found), x], dim=1)
        return Encoded(self.end(self.project(context)), guess=guess)


class CAE(nn.Module):
    """The context augmentation encoder: widen, reduce, self-attend, project.

    Where `is_linear` no ReLU follows the first two.
    """

    def __init__(
        self,
        in_channels: int,
        wide: int,
        inner: int,
        width: int,
        end: int = 1,
        is_linear: bool = False,
    ) -> None:
        super().__init__()
        layer = ConvBN if is_linear else ConvBNReLU
        self.wide = layer(in_channels, wide, 1)
        self.reduce = layer(wide, inner, 1)
        self.attention = SelfAttention(inner)
        self.linear = nn.Conv2d(inner, inner, 1)
        self.project = ConvBNReLU(inner, width, end)

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
            end = 3 if "cae_3x3" in config.alternatives else 1
            is_linear = "cae_linear" in config.alternatives
            return CAE(in_channels, wide, inner, width, end, is_linear)
        case "aspp":
            return AtrousPyramid(in_channels, width, config.backbone_stride)
        case "ocr":
            return ObjectContext(in_channels, wide, inner, width, len(config.classes))
        case "ppm":
            return PyramidPooling(in_channels, inner, width)
        case "sa":
            return NonLocalHead(in_channels, inner, width, is_regularised=False)
        case "sa_car":
            return NonLocalHead(in_channels, inner, width, is_regularised=True)
        case _:
            return Unchanged()
