"""Context encoders: what turns c5 into the high-level feature h that teaches (the paper's G)."""

from __future__ import annotations

from torch import Tensor, nn

from hfgd_torch.layers import ConvBNReLU

QUERY_WIDTH = 64


class FCN(nn.Module):
    """The "Identity" encoding: the head of a basic fully convolutional network."""

    def __init__(self, in_channels: int, inner: int, width: int) -> None:
        super().__init__()
        self.conv = ConvBNReLU(in_channels, inner, 3)
        self.project = ConvBNReLU(inner, width, 1)

    def forward(self, c5: Tensor) -> Tensor:
        """[N, in, H, W] → h [N, width, H, W]."""
        return self.project(self.conv(c5))


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


class CAE(nn.Module):
    """The context augmentation encoder: widen, reduce, self-attend, project."""

    def __init__(self, in_channels: int, wide: int, inner: int, width: int) -> None:
        super().__init__()
        self.wide = ConvBNReLU(in_channels, wide, 1)
        self.reduce = ConvBNReLU(wide, inner, 1)
        self.attention = SelfAttention(inner)
        self.linear = nn.Conv2d(inner, inner, 1)
        self.project = ConvBNReLU(inner, width, 1)

    def forward(self, c5: Tensor) -> Tensor:
        """[N, in, H, W] → h [N, width, H, W]."""
        return self.project(self.augmented(c5))

    def augmented(self, c5: Tensor) -> Tensor:
        """[N, in, H, W] → [N, inner, H, W], what CAR's losses look at."""
        return self.linear(self.attention(self.reduce(self.wide(c5))))
