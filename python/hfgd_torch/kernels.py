"""What of a model is a kernel: that decays in training, and may be stored in half precision."""

from __future__ import annotations

from torch import Tensor

POSITIONS = "relative_position_bias_table"


def is_kernel(name: str, tensor: Tensor) -> bool:
    """Whether a tensor is that of a convolution, a linear layer or the tokens.

    Biases, norms, running statistics, layer scales and tables of relative positions are none.
    """
    return tensor.ndim > 1 and not name.endswith(POSITIONS)
