"""ResNet-50 "beta": the variant that HFGD uses (spatial reduction late, multi-grid on stage 4).

Three 3×3 convolutions as stem; the stride of stages 1, 2 and 3 sits in their *last* block, on the
3×3, and that block's identity shortcut is average-pooled. The taps are the tensors just before
those strided blocks, so every tap has seen all of its stage at full size but one block. At output
stride 16 or 8 the last strides become dilation, from their blocks on.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from hfgd_torch.layers import BatchNorm, ConvBNReLU
from hfgd_torch.taps import Taps

EPSILON = 1.001e-5
MULTI_GRID = (1, 2, 4)


class Bottleneck(nn.Module):
    """1×1, 3×3 (stride, dilation), 1×1 to 4 times the width, added to the shortcut."""

    def __init__(self, in_channels: int, width: int, stride: int = 1, dilation: int = 1) -> None:
        super().__init__()
        out_channels = 4 * width
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
                nn.Conv2d(in_channels, out_channels, 1, bias=False),
                BatchNorm(out_channels, EPSILON),
            )
        elif stride == 2:
            self.downsample = nn.AvgPool2d(2, 2, ceil_mode=True, count_include_pad=False)

    def forward(self, x: Tensor) -> Tensor:
        """[N, in, H, W] → [N, 4 · width, ⌈H / stride⌉, ⌈W / stride⌉]."""
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        return F.relu(self.bn3(self.conv3(y)) + self.downsample(x))


class ResNet50Beta(nn.Module):
    """The backbone of the paper's ResNet-50 rows."""

    tap_channels = (256, 512, 1024, 2048)

    def __init__(self, output_stride: int = 32, has_multi_grid: bool = True) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            ConvBNReLU(3, 64, 3, stride=2, epsilon=EPSILON),
            ConvBNReLU(64, 64, 3, epsilon=EPSILON),
            ConvBNReLU(64, 128, 3, epsilon=EPSILON),
        )
        self.pool = nn.MaxPool2d(3, 2, padding=1)
        # A stage whose last stride is dilation has it in that block; the next stage begins with it.
        second = 2 if output_stride == 8 else 1
        third = second * (2 if output_stride <= 16 else 1)
        self.layer1 = _stage(128, width=64, blocks=3, before=1, after=1, is_strided=True)
        self.layer2 = _stage(256, 128, 4, before=1, after=second, is_strided=second == 1)
        self.layer3 = _stage(512, 256, 6, before=second, after=third, is_strided=output_stride > 16)
        grid = MULTI_GRID if has_multi_grid else (1, 1, 1)
        self.layer4 = nn.Sequential(
            *[
                Bottleneck(1024 if block == 0 else 2048, 512, dilation=third * rate)
                for block, rate in enumerate(grid)
            ]
        )

    def forward(self, image: Tensor) -> Taps:
        """[N, 3, H, W], H and W 32k + 1 → c2 … c5 of 256, 512, 1024 and 2048 channels."""
        c2 = self.layer1[:-1](self.pool(self.stem(image)))
        c3 = self.layer2[:-1](self.layer1[-1](c2))
        c4 = self.layer3[:-1](self.layer2[-1](c3))
        c5 = self.layer4(self.layer3[-1](c4))
        return Taps(c2, c3, c4, c5)


def _stage(
    in_channels: int, width: int, blocks: int, before: int, after: int, is_strided: bool
) -> nn.Sequential:
    """Blocks of dilation `before`, and a last one that is strided, or of dilation `after`."""
    inner = [Bottleneck(4 * width, width, dilation=before) for _ in range(blocks - 2)]
    return nn.Sequential(
        Bottleneck(in_channels, width, dilation=before),
        *inner,
        Bottleneck(4 * width, width, stride=2 if is_strided else 1, dilation=after),
    )
