"""Axial attention: every position looks along its column, then along its row."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class AxialAttention(nn.Module):
    """Multi-head axial attention with residual: s + A_row · (A_col · v).

    Both maps come from the same queries and keys, which have E channels: `inner`, or else D as the
    values. Head h owns the channels [h · E / heads, (h + 1) · E / heads), of the values those of D;
    logits are scaled by 1 / √(E / heads). There is no projection afterwards, unless
    `is_projected`, and no residual with `adds_input` false.
    """

    def __init__(
        self,
        width: int,
        heads: int,
        is_projected: bool = False,
        adds_input: bool = True,
        inner: int | None = None,
    ) -> None:
        super().__init__()
        self.heads = heads
        self.adds_input = adds_input
        self.project = nn.Conv2d(width, width, 1) if is_projected else nn.Identity()
        self.query = nn.Conv2d(width, inner or width, 1)
        self.key = nn.Conv2d(width, inner or width, 1)
        self.value = nn.Conv2d(width, width, 1)

    def forward(self, s: Tensor) -> Tensor:
        """[N, D, H, W] → the same shape."""
        query, key, value = (
            projection(s).unflatten(1, (self.heads, -1))
            for projection in (self.query, self.key, self.value)
        )
        scale = query.shape[2] ** -0.5
        columns = torch.einsum("nkdhw,nkdgw->nkwhg", query, key).mul(scale).softmax(dim=-1)
        value = torch.einsum("nkwhg,nkdgw->nkdhw", columns, value)
        rows = torch.einsum("nkdhw,nkdhx->nkhwx", query, key).mul(scale).softmax(dim=-1)
        value = torch.einsum("nkhwx,nkdhx->nkdhw", rows, value)
        found = self.project(value.flatten(1, 2))
        return s + found if self.adds_input else found
