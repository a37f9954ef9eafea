"""Semantic FPN as mmsegmentation builds it, out of its neck `FPN` and its head `FPNHead`.

Kirillov, Girshick, He, Dollár: Panoptic Feature Pyramid Networks (arXiv 1901.02446), with batch
norm.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from hfgd_torch.layers import ConvBNReLU, resized, size_of

EPSILON = 1e-5


class MMSegFPN(nn.Module):
    """A pyramid with plain laterals and 3×3 output convolutions, then a branch on each level."""

    def __init__(
        self, tap_channels: tuple[int, int, int, int], pyramid_width: int, width: int
    ) -> None:
        super().__init__()
        self.lateral = nn.ModuleList(
            nn.Conv2d(channels, pyramid_width, 1) for channels in tap_channels
        )
        self.output = nn.ModuleList(
            nn.Conv2d(pyramid_width, pyramid_width, 3, padding=1) for _ in tap_channels
        )
        self.branch = nn.ModuleList(
            nn.ModuleList(
                ConvBNReLU(width if j else pyramid_width, width, 3, epsilon=EPSILON)
                for j in range(max(1, level))
            )
            for level in range(4)
        )

    def forward(
        self, c2: Tensor, c3: Tensor, c4: Tensor, c5: Tensor, picture: tuple[int, int]
    ) -> Tensor:
        """c2 … c5 → [N, width, ⌈H/4⌉, ⌈W/4⌉]; the size of the picture makes no difference."""
        *finer, top = (
            lateral(c) for lateral, c in zip(self.lateral, (c2, c3, c4, c5), strict=True)
        )
        pyramid = [top]
        for x in reversed(finer):
            pyramid.insert(0, x + F.interpolate(pyramid[0], size_of(x), mode="nearest"))

        total: Tensor | None = None
        for level, (x, output, branch) in enumerate(
            zip(pyramid, self.output, self.branch, strict=True)
        ):
            x = output(x)
            for convolution in branch:
                x = convolution(x)
                if level > 0:
                    height, width = size_of(x)
                    x = resized(x, (2 * height, 2 * width), align_corners=False)
            x = resized(x, size_of(c2), align_corners=False)
            total = x if total is None else total + x
        return total
