"""SegViT: masks are the similarities of class tokens to the pixels of a plain transformer.

Zhang, Tian, Tang, Chu, Wei, Shen, Liu: SegViT (arXiv 2210.05844), §3.2 and figures 2 and 3.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hfgd_torch.config import HEAD_WIDTH
from hfgd_torch.layers import resized, size_of
from hfgd_torch.taps import Taps
from hfgd_torch.vit import PATCH, Attention, merge_heads, split_heads

LAYERS = 3


class MaskGroup(NamedTuple):
    """What one step of a decoder says, which is supervised by itself.

    Attributes:
        masks: [N, K, h, w], before the sigmoid, at output stride 16.
        classes: [N, K, K + 1], the scores of each mask, "no object" last.
    """

    masks: Tensor
    classes: Tensor


class AttentionToMask(nn.Module):
    """Attention of queries to pixels, whose scores are masks, too: their mean over the heads."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.heads = width // HEAD_WIDTH
        self.q = nn.Linear(width, width)
        self.k = nn.Linear(width, width)
        self.v = nn.Linear(width, width)
        self.proj = nn.Linear(width, width)

    def forward(self, queries: Tensor, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """[N, K, C] and [N, L, C] → [N, K, C] and masks [N, K, L]."""
        q = split_heads(self.q(queries), self.heads)
        k, v = split_heads(self.k(pixels), self.heads), split_heads(self.v(pixels), self.heads)
        scores = q @ k.transpose(-2, -1) * HEAD_WIDTH**-0.5
        return self.proj(merge_heads(scores.softmax(-1) @ v)), scores.mean(1)


class FeedForward(nn.Module):
    """Two linear layers with a ReLU between them."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        """[…, C] → the same shape."""
        return self.fc2(F.relu(self.fc1(x)))


class DecoderLayer(nn.Module):
    """Attention among the queries, to the pixels, and an MLP; a LayerNorm behind each sum."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.self_attn = Attention(width, width // HEAD_WIDTH)
        self.norm1 = nn.LayerNorm(width)
        self.cross_attn = AttentionToMask(width)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = FeedForward(width)
        self.norm3 = nn.LayerNorm(width)

    def forward(self, queries: Tensor, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """[N, K, C] and [N, L, C] → [N, K, C] and masks [N, K, L]."""
        queries = self.norm1(queries + self.self_attn(queries))
        attended, masks = self.cross_attn(queries, pixels)
        queries = self.norm2(queries + attended)
        return self.norm3(queries + self.mlp(queries)), masks


class Decoder(nn.Module):
    """The decoder of one tap: a projection of its features, if they need one, and three layers."""

    def __init__(self, in_channels: int | None, width: int) -> None:
        super().__init__()
        if in_channels is not None:
            self.proj = nn.Linear(in_channels, width)
            self.norm = nn.LayerNorm(width)
        self.is_projected = in_channels is not None
        self.layers = nn.ModuleList(DecoderLayer(width) for _ in range(LAYERS))

    def forward(self, queries: Tensor, features: Tensor) -> list[tuple[Tensor, Tensor]]:
        """[N, K, C] and [N, in, h, w] → of each layer, [N, K, C] and masks [N, K, h, w]."""
        pixels = features.flatten(2).transpose(1, 2)
        if self.is_projected:
            pixels = self.norm(self.proj(pixels))
        steps = []
        for layer in self.layers:
            queries, masks = layer(queries, pixels)
            steps.append((queries, masks.unflatten(2, size_of(features))))
        return steps


class SegViT(nn.Module):
    """The cascade over three taps: queries go on from one to the next, and masks add up."""

    def __init__(self, in_channels: int, width: int, classes: int) -> None:
        super().__init__()
        self.queries = nn.Embedding(classes, width)
        self.taps = nn.ModuleList(Decoder(in_channels, width) for _ in range(3))
        self.classes = nn.Linear(width, classes + 1)

    def forward(self, taps: Taps) -> list[MaskGroup]:
        """The group of each tap, from the last one to the first."""
        queries = self.queries.weight.expand(len(taps.c5), -1, -1)
        groups: list[MaskGroup] = []
        for decoder, features in zip(self.taps, (taps.c5, taps.c4, taps.c3), strict=True):
            queries, masks = decoder(queries, features)[-1]
            if groups:
                masks = groups[-1].masks + masks
            groups.append(MaskGroup(masks, self.classes(queries)))
        return groups


class ShrunkSegViT(nn.Module):
    """Pixel queries find finer features in two taps; one decoder's layers make masks of them."""

    def __init__(self, in_channels: int, width: int, classes: int, grid: int) -> None:
        super().__init__()
        self.size = grid
        self.grid = nn.Embedding(grid * grid, width)
        self.up = nn.ModuleList(Decoder(in_channels, width) for _ in range(2))
        self.queries = nn.Embedding(classes, width)
        self.taps = nn.ModuleList([Decoder(None, width)])
        self.classes = nn.Linear(width, classes + 1)

    def forward(self, taps: Taps) -> list[MaskGroup]:
        """The group of each layer of the decoder."""
        count, size = len(taps.c3), size_of(taps.c3)
        grid = self.grid.weight.T.unflatten(1, (self.size, self.size))[None]
        pixels = resized(grid, size, align_corners=False).expand(count, -1, -1, -1)
        for decoder, features in zip(self.up, (taps.c3, taps.c5), strict=True):
            queries, _ = decoder(pixels.flatten(2).transpose(1, 2), features)[-1]
            pixels = queries.transpose(1, 2).unflatten(2, size)
        queries = self.queries.weight.expand(count, -1, -1)
        steps = self.taps[0](queries, pixels)
        return [MaskGroup(masks, self.classes(q)) for q, masks in steps]


def classified(group: MaskGroup, size: tuple[int, int]) -> Tensor:
    """The logits [N, K, *size] of a picture's pixels, of which a mask's covers 16×16.

    They are the logarithms of the paper's class scores: their softmax is each class's share.
    """
    height, width = size_of(group.masks)
    masks = resized(group.masks, (PATCH * height, PATCH * width), align_corners=False)
    shares = group.classes.softmax(-1)[..., :-1]
    masks = masks[:, :, : size[0], : size[1]].sigmoid()
    scores = torch.einsum("nqk,nqhw->nkhw", shares, masks)
    return scores.clamp_min(torch.finfo(torch.float32).tiny).log()
