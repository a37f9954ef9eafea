"""MobileNetV2 with torchvision's names.

Sandler, Howard, Zhu, Zhmoginov, Chen: MobileNetV2: Inverted Residuals and Linear Bottlenecks
(arXiv 1801.04381), width 1. Taps are the outputs of features 3, 6, 13 and 18.
"""

from __future__ import annotations

from torch import Tensor, nn

from hfgd_torch.layers import BatchNorm
from hfgd_torch.taps import Taps

EPSILON = 1e-5

# Table 2 of the paper: expansion, channels, repeats, stride of the first.
BLOCKS = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)


def _conv_bn_relu6(
    in_channels: int,
    out_channels: int,
    kernel: int,
    stride: int = 1,
    groups: int = 1,
    dilation: int = 1,
) -> nn.Sequential:
    padding = dilation * (kernel // 2)
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, kernel, stride, padding, dilation, groups, bias=False),
        BatchNorm(out_channels, EPSILON),
        nn.ReLU6(),
    )


class InvertedResidual(nn.Module):
    """1×1 expansion (none by factor 1), 3×3 depthwise, linear 1×1; a residual where it fits."""

    def __init__(
        self, in_channels: int, out_channels: int, stride: int, expansion: int, dilation: int
    ) -> None:
        super().__init__()
        inner = in_channels * expansion
        expand = [_conv_bn_relu6(in_channels, inner, 1)] if expansion > 1 else []
        self.conv = nn.Sequential(
            *expand,
            _conv_bn_relu6(inner, inner, 3, stride, groups=inner, dilation=dilation),
            nn.Conv2d(inner, out_channels, 1, bias=False),
            BatchNorm(out_channels, EPSILON),
        )
        self.has_residual = stride == 1 and in_channels == out_channels

    def forward(self, x: Tensor) -> Tensor:
        """[N, in, H, W] → [N, out, ⌈H / stride⌉, ⌈W / stride⌉]."""
        return x + self.conv(x) if self.has_residual else self.conv(x)


class MobileNetV2(nn.Module):
    """The small backbone, of the models that come with hfgd.

    At output stride 16 or 8 the last strides become dilation, from the block after theirs on.
    """

    tap_channels = (24, 32, 96, 1280)

    def __init__(self, output_stride: int = 32) -> None:
        super().__init__()
        features: list[nn.Module] = [_conv_bn_relu6(3, 32, 3, stride=2)]
        in_channels = 32
        reached, dilation = 2, 1
        for expansion, channels, repeats, first_stride in BLOCKS:
            for index in range(repeats):
                stride = first_stride if index == 0 else 1
                is_strided = reached * stride <= output_stride
                features.append(
                    InvertedResidual(
                        in_channels, channels, stride if is_strided else 1, expansion, dilation
                    )
                )
                if is_strided:
                    reached *= stride
                else:
                    dilation *= stride
                in_channels = channels
        features.append(_conv_bn_relu6(in_channels, 1280, 1))
        self.features = nn.Sequential(*features)

    def forward(self, image: Tensor) -> Taps:
        """[N, 3, H, W], H and W 32k + 1 → c2 … c5 of 24, 32, 96 and 1280 channels."""
        c2 = self.features[:4](image)
        c3 = self.features[4:7](c2)
        c4 = self.features[7:14](c3)
        c5 = self.features[14:](c4)
        return Taps(c2, c3, c4, c5)
