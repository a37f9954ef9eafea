"""What of a model is a kernel: that decays in training, and may be stored in half precision."""

from __future__ import annotations

from torch import Tensor

POSITIONS = "relative_position_bias_table"
EMBEDDINGS = ("cls_token", "pos_embed", "queries.weight", "grid.weight")
"""How the names of learned vectors end."""


def is_kernel(name: str, tensor: Tensor) -> bool:
    """Whether a tensor is that of a convolution, a linear layer or the tokens.

    Biases, norms, running statistics, layer scales, tables of relative positions and learned
    vectors are none.
    """
    return tensor.ndim > 1 and not name.endswith((POSITIONS, *EMBEDDINGS))
