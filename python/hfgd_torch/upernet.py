"""UperNet's pyramid, to stand on a pyramid pooling ("ppm") of c5.

Xiao, Liu, Zhou, Jiang, Sun: Unified Perceptual Parsing for Scene Understanding (arXiv 1807.10221),
as the authors of HFGD have it (CAR `heads/uper.py`).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from hfgd_torch.layers import ConvBNReLU, resized, size_of


class UperNet(nn.Module):
    """1×1 laterals, 3×3 convolutions behind the sums, all levels side by side, one 3×3 more."""

    def __init__(self, tap_channels: tuple[int, int, int, int], width: int) -> None:
        super().__init__()
        channels = tap_channels[:3]
        self.lateral = nn.ModuleList(ConvBNReLU(c, width, 1) for c in channels)
        self.output = nn.ModuleList(ConvBNReLU(width, width, 3) for _ in channels)
        self.end = ConvBNReLU(4 * width, width, 3)

    def forward(
        self, c2: Tensor, c3: Tensor, c4: Tensor, h: Tensor, picture: tuple[int, int]
    ) -> Tensor:
        """c2, c3, c4 and h [N, width, …] → [N, width, ⌈H/4⌉, ⌈W/4⌉] of any picture."""
        levels = [h]
        for lateral, c in zip(reversed(self.lateral), (c4, c3, c2), strict=True):
            levels.insert(0, lateral(c) + resized(levels[0], size_of(c)))
        levels[:3] = [output(p) for output, p in zip(self.output, levels, strict=False)]
        return self.end(torch.cat([resized(p, size_of(c2)) for p in levels], dim=1))
