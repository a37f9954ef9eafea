"""The decoder of DeepLabV3+, to stand on an ASPP of c5.

Chen, Zhu, Papandreou, Schroff, Adam: Encoder-Decoder with Atrous Separable Convolution for Semantic
Image Segmentation (arXiv 1802.02611), as the authors of HFGD have it (iSeg
`layers/simpledecoder.py`): with ordinary convolutions.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from hfgd_torch.layers import ConvBNReLU, resized, size_of

LOW_WIDTH = 48


class DeepLabV3Plus(nn.Module):
    """c2, narrowed so that h outweighs it, beside h, and two 3×3 convolutions."""

    def __init__(self, tap_channels: tuple[int, int, int, int], width: int) -> None:
        super().__init__()
        self.low = ConvBNReLU(tap_channels[0], LOW_WIDTH, 1)
        self.conv = nn.ModuleList(
            ConvBNReLU(channels, width, 3) for channels in (LOW_WIDTH + width, width)
        )

    def forward(
        self, c2: Tensor, c3: Tensor, c4: Tensor, h: Tensor, picture: tuple[int, int]
    ) -> Tensor:
        """c2 and h [N, width, …] → [N, width, ⌈H/4⌉, ⌈W/4⌉]; nothing else makes a difference."""
        x = torch.cat([self.low(c2), resized(h, size_of(c2))], dim=1)
        for conv in self.conv:
            x = conv(x)
        return x
