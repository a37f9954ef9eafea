"""FaPN: a feature pyramid whose levels are selected and aligned before they are added.

Huang, Lu, Cheng, He: FaPN: Feature-aligned Pyramid Network for Dense Image Prediction (arXiv
2108.07058), as the authors of HFGD have it (iSeg `layers/fapn.py`).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hfgd_torch.deformable import DeformableConv
from hfgd_torch.layers import resized, size_of
from hfgd_torch.upsamplers import SemanticBranches, top_of


class FeatureSelection(nn.Module):
    """Channels made stronger by what the whole map says about them, then brought to the width."""

    def __init__(self, in_channels: int, width: int) -> None:
        super().__init__()
        self.inner = nn.Conv2d(in_channels, in_channels, 1)
        self.outer = nn.Conv2d(in_channels, in_channels, 1, bias=False)
        self.project = nn.Conv2d(in_channels, width, 1, bias=False)

    def forward(self, c: Tensor) -> Tensor:
        """[N, in, H, W] → [N, width, H, W]."""
        importance = self.outer(F.relu(self.inner(F.adaptive_avg_pool2d(c, 1)))).sigmoid()
        return self.project(c * importance + c)


class FeatureAlignment(nn.Module):
    """A coarse level, enlarged, bent to fit a finer one, and added to it."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.mix = nn.Conv2d(2 * width, width, 1, bias=False)
        self.conv = DeformableConv(width, width)

    def forward(self, coarse: Tensor, fine: Tensor) -> Tensor:
        """[N, width, h, w] and [N, width, H, W] → [N, width, H, W]."""
        coarse = resized(coarse, size_of(fine))
        guide = self.mix(torch.cat([fine, 2 * coarse], dim=1))
        return F.relu(self.conv(coarse, guide)) + fine


class FaPN(SemanticBranches):
    """The pyramid, with SemanticFPN's branches behind it; its output stride is 4."""

    def __init__(
        self, tap_channels: tuple[int, int, int, int], width: int, has_context: bool
    ) -> None:
        super().__init__(width, output_stride=4)
        *channels, top_channels = tap_channels
        self.select = nn.ModuleList(FeatureSelection(c, width) for c in channels)
        self.align = nn.ModuleList(FeatureAlignment(width) for _ in channels)
        self.top = top_of(top_channels, width, has_context)

    def pyramid(self, c2: Tensor, c3: Tensor, c4: Tensor, top: Tensor) -> list[Tensor]:
        """The left side: p2 … p5, each [N, width, …] on the grid of its c."""
        levels = [self.top(top)]
        for select, align, c in reversed(
            list(zip(self.select, self.align, (c2, c3, c4), strict=True))
        ):
            levels.insert(0, align(levels[0], select(c)))
        return levels
