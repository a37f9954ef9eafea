"""What a person sees of a training, on standard error.

On a terminal a line that is drawn in place, elsewhere one every half a minute; and what every
validation found.
"""

from __future__ import annotations

import datetime
import shutil
import sys
import time
from collections import deque
from collections.abc import Sequence

from hfgd_torch.evaluation import Validation
from hfgd_torch.run_log import StepReport

INTERVAL = 30.0
"""Seconds between lines where there is no terminal."""
WINDOW = 20
"""Losses and rates are means of so many steps."""


class Progress:
    """A line about the last steps, and what validations found."""

    def __init__(self, classes: Sequence[str], is_quiet: bool) -> None:
        self._classes = classes
        self._is_quiet = is_quiet
        self._is_live = not is_quiet and sys.stderr.isatty()
        self._recent: deque[StepReport] = deque(maxlen=WINDOW)
        self._mean_iou: float | None = None
        self._last_line = -INTERVAL

    def step(self, report: StepReport) -> None:
        """Shows a step, if it is time."""
        self._recent.append(report)
        if self._is_live:
            columns = shutil.get_terminal_size().columns
            sys.stderr.write(f"\r\033[K{self._line(report)[: columns - 1]}")
            sys.stderr.flush()
        elif not self._is_quiet:
            now = time.monotonic()
            if now - self._last_line >= INTERVAL or report.step == report.steps:
                self._last_line = now
                print(self._line(report), file=sys.stderr, flush=True)

    def validation(self, validation: Validation, is_best: bool) -> None:
        """Shows mean IoU at every output stride, and the classes at the finest."""
        self._mean_iou = validation.mean_iou
        if self._is_quiet:
            return
        means = [f"os{stage.output_stride} {stage.mean_iou:.2f}" for stage in validation.stages]
        parts = [f"step {validation.step}", "mIoU", *means, *(["best so far"] if is_best else [])]
        ious = validation.stages[-1].counts.ious
        each = [f"{name} {100 * iou:.1f}" for name, iou in zip(self._classes, ious, strict=True)]
        self.finish()
        print("  ".join(parts) + "\n  " + "  ".join(each), file=sys.stderr, flush=True)

    def finish(self) -> None:
        """Removes the line."""
        if self._is_live:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()

    def _line(self, report: StepReport) -> str:
        def mean(values: list[float]) -> float:
            return sum(values) / len(values)

        seconds = mean([step.seconds for step in self._recent])
        left = datetime.timedelta(seconds=round((report.steps - report.step) * seconds))
        iou = [] if self._mean_iou is None else [f"mIoU {self._mean_iou:.2f}"]
        terms = [
            f"{name} {mean([step.terms[name] for step in self._recent]):.3f}"
            for name in report.terms
        ]
        return "  ".join(
            [
                f"step {report.step}/{report.steps}",
                f"loss {mean([step.loss for step in self._recent]):.3f}",
                *iou,
                f"{report.samples / seconds:.1f} images/s",
                f"{left} left",
                f"rate {report.learning_rate:.3g}",
                *terms,
            ]
        )
