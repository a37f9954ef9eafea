"""What lets the libraries be imported without compiled operators, which no golden needs.

Import it before torchvision, timm, transformers and mmseg.
"""

from __future__ import annotations

import sys
import types

import torch


class _Operators(types.ModuleType):
    """Stands for `mmcv.ops`, which mmcv-lite lacks and mmseg imports: every name is a class."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


# torchvision's package is built for CUDA; beside PyTorch for the CPU it does not load its own
# operators and fails where it describes these two.
for _name in ("nms", "qnms"):
    torch.library.define(
        f"torchvision::{_name}", "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
    )

sys.modules["mmcv.ops"] = _Operators("mmcv.ops")
