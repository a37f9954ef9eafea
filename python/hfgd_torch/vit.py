"""The plain vision transformer with timm's names.

Dosovitskiy et al.: An Image is Worth 16x16 Words (arXiv 2010.11929), table 1. Taps are the outputs
of four layers without the class token, all at output stride 16. There is no last norm.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hfgd_torch.convnext import Mlp, PatchConv
from hfgd_torch.layers import resized, size_of
from hfgd_torch.taps import Taps

EPSILON = 1e-6
PATCH = 16
GRID = 24
"""Patches of a side of the pictures that the positions were trained on."""


Size2 = tuple[int, int]


class Size(NamedTuple):
    """Layers, channels, heads, and the layers, counted from 1, whose outputs are c2 … c5."""

    depth: int
    width: int
    heads: int
    taps: tuple[int, int, int, int]


SIZES = {
    "vit_base": Size(12, 768, 12, (3, 6, 8, 12)),
    "vit_large": Size(24, 1024, 16, (4, 8, 16, 24)),
}


class PatchEmbedding(nn.Module):
    """16×16 patches of the picture."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.proj = PatchConv(3, width, PATCH)

    def forward(self, image: Tensor) -> Tensor:
        """[N, 3, H, W] → [N, C, ⌈H / 16⌉, ⌈W / 16⌉]."""
        return self.proj(image)


class Attention(nn.Module):
    """Multi-head attention of all tokens to each other."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x: Tensor, grid: Size2 | None = None) -> Tensor:
        """[N, L, C] → the same shape, or that of the half of a grid."""
        q, k, v = self.qkv(x).chunk(3, -1)
        if grid is not None:
            q = halved(q, grid)
        q, k, v = (split_heads(part, self.heads) for part in (q, k, v))
        return self.proj(merge_heads(F.scaled_dot_product_attention(q, k, v)))


def halved(x: Tensor, grid: Size2) -> Tensor:
    """A class token and a grid [N, 1 + H·W, C] → the token, every second row and column."""
    patches = x[:, 1:].unflatten(1, grid)[:, ::2, ::2].flatten(1, 2)
    return torch.cat((x[:, :1], patches), 1)


def split_heads(x: Tensor, heads: int) -> Tensor:
    """[N, L, C] → [N, heads, L, C / heads]."""
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)


def merge_heads(x: Tensor) -> Tensor:
    """[N, heads, L, d] → [N, L, heads · d]."""
    return x.transpose(1, 2).flatten(2)


class Block(nn.Module):
    """Attention and an MLP, each behind a LayerNorm and added to its input."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=EPSILON)
        self.attn = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width, eps=EPSILON)
        self.mlp = Mlp(width)

    def forward(self, x: Tensor, grid: Size2 | None = None) -> Tensor:
        """[N, L, C] → the same shape, or, by query-based down-sampling, that of a half grid."""
        kept = x if grid is None else halved(x, grid)
        x = kept + self.attn(self.norm1(x), grid)
        return x + self.mlp(self.norm2(x))


class VisionTransformer(nn.Module):
    """The transformer of SegViT.

    Pictures are filled up with zeros at the right and the bottom to multiples of 16. The positions
    are resized, bilinear with half-pixel centres, where the grid is not 24×24. The shrunk form of
    SegViT (arXiv 2210.05844, §3.2) halves the grid behind a third of the layers.
    """

    def __init__(self, name: str, is_shrunk: bool = False) -> None:
        super().__init__()
        size = SIZES[name]
        self.taps = tuple(n * size.depth // 6 for n in (1, 2, 4, 6)) if is_shrunk else size.taps
        self.shrunk_after = self.taps[1] if is_shrunk else None
        self.tap_channels = (size.width,) * 4
        self.patch_embed = PatchEmbedding(size.width)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, size.width))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + GRID * GRID, size.width))
        self.blocks = nn.ModuleList(Block(size.width, size.heads) for _ in range(size.depth))

    def forward(self, image: Tensor) -> Taps:
        """[N, 3, H, W] → c2 … c5, each [N, C, ⌈H / 16⌉, ⌈W / 16⌉]; shrunk, c4 and c5 are halves."""
        patches = self.patch_embed(image)
        grid = size_of(patches)
        patches = (patches + self._positions(grid)).flatten(2).transpose(1, 2)
        first = (self.cls_token + self.pos_embed[:, :1]).expand(len(patches), -1, -1)
        x = torch.cat((first, patches), 1)
        taps = []
        for number, block in enumerate(self.blocks, 1):
            if number - 1 == self.shrunk_after:
                x = block(x, grid)
                grid = ((grid[0] + 1) // 2, (grid[1] + 1) // 2)
            else:
                x = block(x)
            if number in self.taps:
                taps.append(x[:, 1:].transpose(1, 2).unflatten(2, grid))
        return Taps(*taps)

    def _positions(self, grid: Size2) -> Tensor:
        """[1, C, *grid]."""
        positions = self.pos_embed[:, 1:].transpose(1, 2).unflatten(2, (GRID, GRID))
        return resized(positions, grid, align_corners=False)
