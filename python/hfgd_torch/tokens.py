"""Class tokens: one vector and one bias for each class."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ClassTokens(nn.Module):
    """The kernel of the final 1×1 convolution, which HFGD shares between teacher and student."""

    def __init__(self, classes: int, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(classes, width))
        self.bias = nn.Parameter(torch.zeros(classes))

    def forward(self, features: Tensor) -> Tensor:
        """[N, D, H, W] → logits [N, K, H, W]: the dot product of each pixel with each token."""
        return F.conv2d(features, self.weight[:, :, None, None], self.bias)

    def frozen(self, features: Tensor) -> Tensor:
        """The same logits, through which no gradient reaches the tokens."""
        return F.conv2d(features, self.weight.detach()[:, :, None, None], self.bias.detach())
