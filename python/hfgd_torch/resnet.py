"""The ResNets of 50 and 101 layers, with the stride in the 3×3 of a stage's first block.

He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition (arXiv 1512.03385), table 1. The
letters are those of He et al., Bag of Tricks for Image Classification with Convolutional Neural
Networks (arXiv 1812.01187), figure 2: B is torchvision's network, C begins with three 3×3
convolutions (mmsegmentation's ResNetV1c), D besides averages in a strided shortcut what B and C
skip (its ResNetV1d, timm's resnet50d). Taps are the outputs of the four stages. At output stride
16 or 8 the last strides become dilation, from the block after theirs on, as in torchvision and
mmsegmentation; with a multi-grid (arXiv 1706.05587, section 3.1) from theirs on.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from hfgd_torch.layers import BatchNorm, ConvBNReLU
from hfgd_torch.taps import Taps

EPSILON = 1e-5

# name: blocks of the four stages, letter.
VARIANTS: dict[str, tuple[tuple[int, int, int, int], str]] = {
    "resnet50": ((3, 4, 6, 3), "B"),
    "resnet101": ((3, 4, 23, 3), "B"),
    "resnet50_v1c": ((3, 4, 6, 3), "C"),
    "resnet101_v1c": ((3, 4, 23, 3), "C"),
    "resnet50_v1d": ((3, 4, 6, 3), "D"),
}


class Bottleneck(nn.Module):
    """1×1, 3×3 (stride), 1×1 to 4 times the width, added to the shortcut."""

    def __init__(
        self,
        in_channels: int,
        width: int,
        stride: int = 1,
        pools_shortcut: bool = False,
        dilation: int = 1,
    ) -> None:
        super().__init__()
        out_channels = 4 * width
        pools = pools_shortcut and stride == 2
        self.pool = (
            nn.AvgPool2d(2, 2, ceil_mode=True, count_include_pad=False) if pools else nn.Identity()
        )
        self.conv1 = nn.Conv2d(in_channels, width, 1, bias=False)
        self.bn1 = BatchNorm(width, EPSILON)
        self.conv2 = nn.Conv2d(
            width, width, 3, stride, padding=dilation, dilation=dilation, bias=False
        )
        self.bn2 = BatchNorm(width, EPSILON)
        self.conv3 = nn.Conv2d(width, out_channels, 1, bias=False)
        self.bn3 = BatchNorm(out_channels, EPSILON)
        self.downsample: nn.Module = nn.Identity()
        if in_channels != out_channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, 1 if pools else stride, bias=False),
                BatchNorm(out_channels, EPSILON),
            )

    def forward(self, x: Tensor) -> Tensor:
        """[N, in, H, W] → [N, 4 · width, ⌈H / stride⌉, ⌈W / stride⌉]."""
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        return F.relu(self.bn3(self.conv3(y)) + self.downsample(self.pool(x)))


class ResNet(nn.Module):
    """A variant of the table, with torchvision's names but for the stem of C and D."""

    tap_channels = (256, 512, 1024, 2048)

    def __init__(self, name: str, output_stride: int = 32, has_multi_grid: bool = False) -> None:
        super().__init__()
        blocks, letter = VARIANTS[name]
        self.has_deep_stem = letter != "B"
        if self.has_deep_stem:
            self.stem = nn.Sequential(
                ConvBNReLU(3, 32, 3, stride=2, epsilon=EPSILON),
                ConvBNReLU(32, 32, 3, epsilon=EPSILON),
                ConvBNReLU(32, 64, 3, epsilon=EPSILON),
            )
        else:
            self.conv1 = nn.Conv2d(3, 64, 7, 2, padding=3, bias=False)
            self.bn1 = BatchNorm(64, EPSILON)
        self.maxpool = nn.MaxPool2d(3, 2, padding=1)
        pools = letter == "D"
        third = 2 if output_stride == 8 else 1
        fourth = third * (2 if output_stride <= 16 else 1)
        grid = [rate * fourth for rate in (1, 2, 4)] if has_multi_grid else None
        self.layer1 = _stage(64, 64, 1, pools, [1] * blocks[0])
        self.layer2 = _stage(256, 128, 2, pools, [1] * blocks[1])
        self.layer3 = _stage(
            512, 256, 2 if third == 1 else 1, pools, [1, *[third] * (blocks[2] - 1)]
        )
        self.layer4 = _stage(
            1024, 512, 2 if output_stride > 16 else 1, pools, grid or [third, fourth, fourth]
        )

    def forward(self, image: Tensor) -> Taps:
        """[N, 3, H, W] → c2 … c5 of 256, 512, 1024 and 2048 channels, H and W over 4 … 32."""
        x = self.stem(image) if self.has_deep_stem else F.relu(self.bn1(self.conv1(image)))
        c2 = self.layer1(self.maxpool(x))
        c3 = self.layer2(c2)
        c4 = self.layer3(c3)
        c5 = self.layer4(c4)
        return Taps(c2, c3, c4, c5)


def _stage(
    in_channels: int, width: int, stride: int, pools_shortcut: bool, dilations: list[int]
) -> nn.Sequential:
    first, *others = dilations
    return nn.Sequential(
        Bottleneck(in_channels, width, stride, pools_shortcut, first),
        *[Bottleneck(4 * width, width, dilation=dilation) for dilation in others],
    )
