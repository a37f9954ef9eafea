"""How steps are computed: nothing here says what is computed."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

HALVES = {"bf16": torch.bfloat16, "fp16": torch.float16}


@dataclass(frozen=True, kw_only=True)
class Engine:
    """How steps are computed.

    Attributes:
        device: Where.
        dtype: Of parameters, losses and updates.
        amp: What convolutions and products are computed in: `none` (as `dtype`, without TF32),
            `bf16`, `fp16`.
        accumulate: Into how many pieces a process cuts its share of a batch, one after the other.
        channels_last: Whether maps lie in memory as NHWC, which GPUs prefer.
        compile: Whether `torch.compile` makes the network.
        workers: Processes that read and augment samples; 0 for none besides the one that trains.
    """

    device: torch.device
    dtype: torch.dtype = torch.float32
    amp: str = "none"
    accumulate: int = 1
    channels_last: bool = False
    compile: bool = False
    workers: int = 0

    @property
    def memory_format(self) -> torch.memory_format:
        """How kernels and maps lie in memory."""
        return torch.channels_last if self.channels_last else torch.contiguous_format

    def autocast(self) -> torch.autocast:
        """The precision of the network, for a block."""
        half = HALVES.get(self.amp)
        return torch.autocast(self.device.type, half or torch.bfloat16, enabled=half is not None)

    def moved(self, x: Tensor) -> Tensor:
        """Pictures [N, 3, H, W] on the device."""
        return x.to(self.device, self.dtype, non_blocking=True, memory_format=self.memory_format)
