"""ConvNeXt with timm's names.

Liu, Mao, Wu, Feichtenhofer, Darrell, Xie: A ConvNet for the 2020s (arXiv 2201.03545), table 9. Taps
are the outputs of the four stages.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hfgd_torch.layers import padded_to_multiple
from hfgd_torch.taps import Taps

EPSILON = 1e-6
LAYER_SCALE = 1e-6


class Size(NamedTuple):
    """Blocks and channels of the four stages."""

    blocks: tuple[int, int, int, int]
    widths: tuple[int, int, int, int]


SIZES = {
    "convnext_tiny": Size((3, 3, 9, 3), (96, 192, 384, 768)),
    "convnext_small": Size((3, 3, 27, 3), (96, 192, 384, 768)),
    "convnext_base": Size((3, 3, 27, 3), (128, 256, 512, 1024)),
    "convnext_large": Size((3, 3, 27, 3), (192, 384, 768, 1536)),
}


class ChannelNorm(nn.LayerNorm):
    """LayerNorm over the channels of a map."""

    def __init__(self, channels: int) -> None:
        super().__init__(channels, eps=EPSILON)

    def forward(self, x: Tensor) -> Tensor:
        """[N, C, H, W] → the same shape."""
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class PatchConv(nn.Conv2d):
    """Patches that do not overlap; zeros fill up the last ones at the right and the bottom."""

    def __init__(self, in_channels: int, out_channels: int, size: int) -> None:
        super().__init__(in_channels, out_channels, size, stride=size)
        self.size = size

    def forward(self, x: Tensor) -> Tensor:
        """[N, in, H, W] → [N, out, ⌈H / size⌉, ⌈W / size⌉]."""
        return super().forward(padded_to_multiple(x, self.size))


class Mlp(nn.Module):
    """Two linear layers with GELU between them, over the last axis."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        """[…, C] → the same shape."""
        return self.fc2(F.gelu(self.fc1(x)))


class Block(nn.Module):
    """7×7 depthwise, LayerNorm, the MLP and the layer scale, added to the input."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.full((width,), LAYER_SCALE))
        self.conv_dw = nn.Conv2d(width, width, 7, padding=3, groups=width)
        self.norm = nn.LayerNorm(width, eps=EPSILON)
        self.mlp = Mlp(width)

    def forward(self, x: Tensor) -> Tensor:
        """[N, C, H, W] → the same shape."""
        y = self.mlp(self.norm(self.conv_dw(x).permute(0, 2, 3, 1)))
        return x + (self.gamma * y).permute(0, 3, 1, 2)


class Stage(nn.Module):
    """LayerNorm and a 2×2 convolution of stride 2, except for the first stage, then blocks."""

    def __init__(self, in_channels: int | None, width: int, blocks: int) -> None:
        super().__init__()
        self.downsample: nn.Module = nn.Identity()
        if in_channels is not None:
            self.downsample = nn.Sequential(
                ChannelNorm(in_channels), PatchConv(in_channels, width, 2)
            )
        self.blocks = nn.Sequential(*[Block(width) for _ in range(blocks)])

    def forward(self, x: Tensor) -> Tensor:
        """[N, in, H, W] → [N, width, ⌈H / 2⌉, ⌈W / 2⌉], the first stage at the same size."""
        return self.blocks(self.downsample(x))


class ConvNeXt(nn.Module):
    """The convolutional backbone of the paper's large models.

    Grids are rounded up at sizes that are no multiple of 32; timm and torchvision round them down.
    """

    def __init__(self, name: str, has_output_norms: bool = False) -> None:
        super().__init__()
        blocks, widths = SIZES[name]
        self.tap_channels = widths
        self.stem = nn.Sequential(PatchConv(3, widths[0], 4), ChannelNorm(widths[0]))
        self.stages = nn.ModuleList(
            Stage(widths[s - 1] if s > 0 else None, widths[s], blocks[s]) for s in range(4)
        )
        self.has_output_norms = has_output_norms
        if has_output_norms:
            for s in range(4):
                self.add_module(f"norm{s}", ChannelNorm(widths[s]))

    def forward(self, image: Tensor) -> Taps:
        """[N, 3, H, W] → c2 … c5 at output strides 4 to 32."""
        x = self.stem(image)
        taps = []
        for s, stage in enumerate(self.stages):
            x = stage(x)
            taps.append(self.get_submodule(f"norm{s}")(x) if self.has_output_norms else x)
        return Taps(*taps)
