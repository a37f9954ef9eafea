"""ResNet-50 with torchvision's names and strides (3×3 of the first block of a stage).

He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition (arXiv 1512.03385), with the
stride moved to the 3×3. Taps are the outputs of the four stages.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from hfgd_torch.layers import BatchNorm
from hfgd_torch.taps import Taps

EPSILON = 1e-5


class Bottleneck(nn.Module):
    """1×1, 3×3 (stride), 1×1 to 4 times the width, added to the shortcut."""

    def __init__(self, in_channels: int, width: int, stride: int = 1) -> None:
        super().__init__()
        out_channels = 4 * width
        self.conv1 = nn.Conv2d(in_channels, width, 1, bias=False)
        self.bn1 = BatchNorm(width, EPSILON)
        self.conv2 = nn.Conv2d(width, width, 3, stride, padding=1, bias=False)
        self.bn2 = BatchNorm(width, EPSILON)
        self.conv3 = nn.Conv2d(width, out_channels, 1, bias=False)
        self.bn3 = BatchNorm(out_channels, EPSILON)
        self.downsample: nn.Module = nn.Identity()
        if in_channels != out_channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False),
                BatchNorm(out_channels, EPSILON),
            )

    def forward(self, x: Tensor) -> Tensor:
        """[N, in, H, W] → [N, 4 · width, ⌈H / stride⌉, ⌈W / stride⌉]."""
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        return F.relu(self.bn3(self.conv3(y)) + self.downsample(x))


class ResNet50(nn.Module):
    """The backbone whose ImageNet weights are the easiest to come by."""

    tap_channels = (256, 512, 1024, 2048)

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, padding=3, bias=False)
        self.bn1 = BatchNorm(64, EPSILON)
        self.maxpool = nn.MaxPool2d(3, 2, padding=1)
        self.layer1 = _stage(64, width=64, blocks=3, stride=1)
        self.layer2 = _stage(256, width=128, blocks=4, stride=2)
        self.layer3 = _stage(512, width=256, blocks=6, stride=2)
        self.layer4 = _stage(1024, width=512, blocks=3, stride=2)

    def forward(self, image: Tensor) -> Taps:
        """[N, 3, H, W], H and W 32k + 1 → c2 … c5 of 256, 512, 1024 and 2048 channels."""
        c2 = self.layer1(self.maxpool(F.relu(self.bn1(self.conv1(image)))))
        c3 = self.layer2(c2)
        c4 = self.layer3(c3)
        c5 = self.layer4(c4)
        return Taps(c2, c3, c4, c5)


def _stage(in_channels: int, width: int, blocks: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        Bottleneck(in_channels, width, stride),
        *[Bottleneck(4 * width, width) for _ in range(blocks - 1)],
    )
