"""What every backbone hands to the head."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor


class Taps(NamedTuple):
    """Features of a backbone at output strides 4, 8, 16 and 32, each [N, C, H, W]."""

    c2: Tensor
    c3: Tensor
    c4: Tensor
    c5: Tensor
