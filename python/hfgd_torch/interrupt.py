"""Ctrl-C and SIGTERM, which are to end a training where it can go on."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import Any, Self

MESSAGE = "hfgd-train: stopping after this step; a second Ctrl-C ends at once"


class Interrupt:
    """Whether the program was asked to stop.

    A second request ends it at once; not under torchrun, which passes on what the terminal has sent
    already, and ends its processes by itself if they take too long.
    """

    def __init__(self) -> None:
        self.is_requested = False
        self._is_patient = "TORCHELASTIC_RUN_ID" in os.environ
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        """Begins to listen."""
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._requested)
        return self

    def __exit__(self, *_: object) -> None:
        """Leaves the signals to those who had them before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _requested(self, number: int, _: FrameType | None) -> None:
        if self.is_requested and not self._is_patient:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        if not self.is_requested and sys.stderr.isatty():
            print(f"\n{MESSAGE}", file=sys.stderr)
        self.is_requested = True
