"""A checkpoint that a library wrote, and how to compute what its weights mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional
from weights import Formula

Outputs = dict[str, torch.Tensor]


@dataclass(frozen=True)
class Checkpoint:
    """What a library's script leaves: files and the model that they came from."""

    model: torch.nn.Module
    """The model, in inference, with the weights of the files."""
    formulas: list[Formula]
    """One for each of its float tensors."""
    files: list[str]
    """What the library wrote into the folder, the file to open first."""
    outputs: Callable[[torch.Tensor], Outputs]
    """Of an image [1, 3, H, W], outputs [1, h, w, C]."""
    random_size: tuple[int, int] = (97, 131)
    """Height and width of the random image."""
    multiple: int = 1
    """Images are padded with zeros, at the bottom and at the right, to multiples of this."""
    predictions: Callable[[Path], Outputs] | None = None
    """Outputs of a picture's file by the library's own pipeline."""
    notes: dict[str, str] = field(default_factory=dict)
    """For the golden's metadata."""

    def padded(self, image: torch.Tensor) -> torch.Tensor:
        """The image [1, 3, H, W] with the zeros that make its sides multiples."""
        height, width = image.shape[2:]
        return functional.pad(image, (0, -width % self.multiple, 0, -height % self.multiple))


def stage_outputs(
    model: torch.nn.Module,
    modules: list[str],
    nhwc: Callable[[Any], torch.Tensor],
    forward: Callable[[torch.Tensor], Any] | None = None,
) -> Callable[[torch.Tensor], Outputs]:
    """What four modules return while the model computes: c2, c3, c4 and c5.

    Args:
        model: The whole model.
        modules: The names of the modules that return the stages' outputs.
        nhwc: Makes what a module returns [1, h, w, C].
        forward: What is called with the image; by default, the model.
    """

    def outputs(image: torch.Tensor) -> Outputs:
        found: Outputs = {}
        handles = []
        for name, module in zip(("c2", "c3", "c4", "c5"), modules, strict=True):

            def keep(_module: object, _inputs: object, output: object, name: str = name) -> None:
                found[name] = nhwc(output)

            handles.append(model.get_submodule(module).register_forward_hook(keep))
        try:
            (forward or model)(image)
        finally:
            for handle in handles:
                handle.remove()
        return found

    return outputs


def from_nchw(output: torch.Tensor) -> torch.Tensor:
    """[1, C, h, w] → [1, h, w, C]."""
    return output.permute(0, 2, 3, 1)


def from_nhwc(output: torch.Tensor) -> torch.Tensor:
    """Leaves [1, h, w, C] as it is."""
    return output
