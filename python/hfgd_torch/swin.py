"""Swin with timm's names.

Liu, Lin, Cao, Hu, Wei, Zhang, Lin, Guo: Swin Transformer: Hierarchical Vision Transformer using
Shifted Windows (arXiv 2103.14030), table 7. Taps are the outputs of the four stages, before the
patches of the next one are merged. Maps are [N, H, W, C] inside.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hfgd_torch.convnext import Mlp, PatchConv
from hfgd_torch.layers import padded_to_multiple
from hfgd_torch.taps import Taps

EPSILON = 1e-5
MASK = -100.0


class Size(NamedTuple):
    """Channels of the first stage, blocks and heads of all four, pixels of a window's side."""

    width: int
    blocks: tuple[int, int, int, int]
    heads: tuple[int, int, int, int]
    window: int


SIZES = {
    "swin_tiny": Size(96, (2, 2, 6, 2), (3, 6, 12, 24), 7),
    "swin_small": Size(96, (2, 2, 18, 2), (3, 6, 12, 24), 7),
    "swin_base": Size(128, (2, 2, 18, 2), (4, 8, 16, 32), 7),
    "swin_large": Size(192, (2, 2, 18, 2), (6, 12, 24, 48), 12),
}


class WindowAttention(nn.Module):
    """Multi-head attention in windows of w×w, each second time shifted by w // 2.

    The grid is padded with zeros to multiples of w, at the right and the bottom. An axis that one
    window covers is not shifted, as in torchvision and timm, unless `shifts_always` is set, as in
    mmsegmentation.
    """

    shifts_always = False

    def __init__(self, width: int, heads: int, window: int, is_shifted: bool) -> None:
        super().__init__()
        self.heads = heads
        self.window = window
        self.is_shifted = is_shifted
        self.relative_position_bias_table = nn.Parameter(torch.zeros((2 * window - 1) ** 2, heads))
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """[N, H, W, C] → the same shape."""
        n, height, width, channels = x.shape
        w, d = self.window, channels // self.heads
        qkv = self.qkv(padded_to_multiple(x.permute(0, 3, 1, 2), w).permute(0, 2, 3, 1))
        rows, columns = qkv.shape[1] // w, qkv.shape[2] // w
        shift = [
            w // 2 if self.is_shifted and (self.shifts_always or size > w) else 0
            for size in (height, width)
        ]
        qkv = qkv.roll([-s for s in shift], dims=(1, 2))

        # [N, rows, w, columns, w, 3, heads, d] → [3, N, rows · columns, heads, w², d]
        tokens = qkv.view(n, rows, w, columns, w, 3, self.heads, d)
        tokens = tokens.permute(5, 0, 1, 3, 6, 2, 4, 7)
        q, k, v = tokens.reshape(3, n, rows * columns, self.heads, w * w, d)
        scores = q @ k.transpose(-2, -1) * d**-0.5 + self._position_bias()
        shares = (scores + self._mask(rows, columns, shift, x)).softmax(-1)
        y = (shares @ v).view(n, rows, columns, self.heads, w, w, d)
        y = y.permute(0, 1, 4, 2, 5, 3, 6).reshape(n, rows * w, columns * w, channels)
        y = y.roll(shift, dims=(1, 2))[:, :height, :width]
        return self.proj(y)

    def _position_bias(self) -> Tensor:
        """[heads, w², w²]."""
        w = self.window
        steps = torch.arange(w, device=self.relative_position_bias_table.device)
        rows, columns = (c.flatten() for c in torch.meshgrid(steps, steps, indexing="ij"))
        index = (rows[:, None] - rows + w - 1) * (2 * w - 1) + columns[:, None] - columns + w - 1
        return self.relative_position_bias_table[index].permute(2, 0, 1)

    def _mask(self, rows: int, columns: int, shift: list[int], like: Tensor) -> Tensor:
        """[rows · columns, 1, w², w²]: MASK for pairs from different sides of the grid."""
        w = self.window
        sides = []
        for count, s in zip((rows, columns), shift, strict=True):
            side = torch.zeros(count * w, dtype=torch.long, device=like.device)
            if s > 0:
                side[-s:] = 1
            sides.append(side)
        regions = 2 * sides[0][:, None] + sides[1]
        regions = regions.view(rows, w, columns, w).permute(0, 2, 1, 3).reshape(-1, 1, w * w)
        is_apart = regions[..., :, None] != regions[..., None, :]
        return like.new_zeros(is_apart.shape).masked_fill(is_apart, MASK)


class Block(nn.Module):
    """Attention in windows and an MLP, each behind a LayerNorm and added to its input."""

    def __init__(self, width: int, heads: int, window: int, is_shifted: bool) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=EPSILON)
        self.attn = WindowAttention(width, heads, window, is_shifted)
        self.norm2 = nn.LayerNorm(width, eps=EPSILON)
        self.mlp = Mlp(width)

    def forward(self, x: Tensor) -> Tensor:
        """[N, H, W, C] → the same shape."""
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class PatchMerging(nn.Module):
    """2×2 pixels side by side (rows before columns), LayerNorm, a linear layer."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(4 * width, eps=EPSILON)
        self.reduction = nn.Linear(4 * width, 2 * width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """[N, H, W, C] → [N, ⌈H / 2⌉, ⌈W / 2⌉, 2 C]."""
        x = F.pad(x, (0, 0, 0, x.shape[2] % 2, 0, x.shape[1] % 2))
        pixels = [x[:, i::2, j::2] for j in range(2) for i in range(2)]
        return self.reduction(self.norm(torch.cat(pixels, -1)))


class Stage(nn.Module):
    """Patch merging, except for the first stage, then blocks, each second one shifted."""

    def __init__(
        self, in_channels: int | None, width: int, blocks: int, heads: int, window: int
    ) -> None:
        super().__init__()
        self.downsample = nn.Identity() if in_channels is None else PatchMerging(in_channels)
        self.blocks = nn.Sequential(
            *[Block(width, heads, window, is_shifted=b % 2 == 1) for b in range(blocks)]
        )

    def forward(self, x: Tensor) -> Tensor:
        """[N, H, W, in] → [N, ⌈H / 2⌉, ⌈W / 2⌉, width], the first stage at the same size."""
        return self.blocks(self.downsample(x))


class PatchEmbedding(nn.Module):
    """4×4 patches of the picture and a LayerNorm."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.proj = PatchConv(3, width, 4)
        self.norm = nn.LayerNorm(width, eps=EPSILON)

    def forward(self, image: Tensor) -> Tensor:
        """[N, 3, H, W] → [N, ⌈H / 4⌉, ⌈W / 4⌉, C]."""
        return self.norm(self.proj(image).permute(0, 2, 3, 1))


class Swin(nn.Module):
    """The transformer among the paper's backbones."""

    def __init__(
        self, name: str, has_output_norms: bool = False, shifts_always: bool = False
    ) -> None:
        super().__init__()
        size = SIZES[name]
        widths = tuple(size.width << s for s in range(4))
        self.tap_channels = widths
        self.patch_embed = PatchEmbedding(widths[0])
        self.layers = nn.ModuleList(
            Stage(
                widths[s - 1] if s > 0 else None,
                widths[s],
                size.blocks[s],
                size.heads[s],
                size.window,
            )
            for s in range(4)
        )
        for module in self.modules():
            if isinstance(module, WindowAttention):
                module.shifts_always = shifts_always
        self.has_output_norms = has_output_norms
        if has_output_norms:
            for s in range(4):
                self.add_module(f"norm{s}", nn.LayerNorm(widths[s], eps=EPSILON))

    def forward(self, image: Tensor) -> Taps:
        """[N, 3, H, W] → c2 … c5 at output strides 4 to 32."""
        x = self.patch_embed(image)
        taps = []
        for s, layer in enumerate(self.layers):
            x = layer(x)
            tap = self.get_submodule(f"norm{s}")(x) if self.has_output_norms else x
            taps.append(tap.permute(0, 3, 1, 2))
        return Taps(*taps)
