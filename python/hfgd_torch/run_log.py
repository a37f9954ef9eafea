"""The log of a run: a line of JSON per step and per validation, as that of `hfgd train`."""

from __future__ import annotations

import fcntl
import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hfgd_torch.atomic_files import FileError
from hfgd_torch.errors import RunError
from hfgd_torch.evaluation import Validation
from hfgd_torch.run_folder import RunFolder

REFINED_STRIDE = 2


@dataclass(frozen=True)
class StepReport:
    """One update of the weights.

    Attributes:
        step: Updates made, this one included.
        steps: Updates of the whole run.
        samples: Of the batch.
        loss: The loss of the whole batch.
        terms: Its summands, not yet weighted, by the names of the log.
        learning_rate: Of the backbone.
        gradient_norms: Of each branch, before clipping; not finite where fp16 overflowed.
        seconds: What the step took, the wait for its batch included.
    """

    step: int
    steps: int
    samples: int
    loss: float
    terms: Mapping[str, float]
    learning_rate: float
    gradient_norms: Mapping[str, float]
    seconds: float

    def line(self) -> dict[str, Any]:
        """The line of the log."""
        return {
            "event": "step",
            "step": self.step,
            "loss": number(self.loss),
            "terms": {name: number(value) for name, value in self.terms.items()},
            "learning_rate": self.learning_rate,
            "gradient_norms": {name: number(n) for name, n in self.gradient_norms.items()},
            "seconds": round(self.seconds, 4),
        }


def validation_line(
    validation: Validation, classes: Sequence[str], is_best: bool
) -> dict[str, Any]:
    """The line of the log: percent, null for a class that does not occur."""
    return {
        "event": "validation",
        "step": validation.step,
        "mIoU": number(validation.mean_iou, 4),
        "best": is_best,
        "stages": [
            {
                "output_stride": stage.output_stride,
                "mIoU": number(stage.mean_iou, 4),
                "IoU": {
                    name: number(100 * iou, 4)
                    for name, iou in zip(classes, stage.counts.ious, strict=True)
                },
            }
            for stage in validation.stages
        ],
    }


def number(value: float, decimals: int | None = None) -> float | None:
    """A number of JSON; None where it is not finite."""
    if not math.isfinite(value):
        return None
    return value if decimals is None else round(value, decimals)


def term_name(name: str, output_stride: int) -> str:
    """A summand of the loss as the log calls it, for a student of that output stride."""
    stem, _, number = name.partition("_")
    if stem in ("classes", "masks"):
        return f"step {number} {stem}"
    if stem in ("intra", "inter"):
        return f"car {name.replace('_', '-')}"
    strides = {"student": output_stride, "refined": REFINED_STRIDE}
    logits = f"student os{strides[stem]}" if stem in strides else stem
    return f"{logits} dice" if number == "dice" else logits


class RunLog:
    """The log of a run; while it is open no other process can open it."""

    def __init__(self, folder: RunFolder) -> None:
        """Opens the log, or begins it.

        Raises:
            RunError: Another process trains in the folder.
            FileError: The system refuses.
        """
        self._path = folder.log
        try:
            self._file = os.fdopen(os.open(folder.log, os.O_RDWR | os.O_CREAT, 0o666), "r+b")
        except OSError as error:
            raise FileError(
                f"{folder.log} cannot be opened ({error}); choose another --output"
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise RunError(
                f"another process trains in {folder.path}; wait, or choose another --output"
            ) from error
        self._file.seek(0, os.SEEK_END)

    def rewind(self, step: int, validated: int) -> None:
        """Drops what came after `step` updates, and validations after the one of `validated`."""
        self._file.seek(0)
        kept = 0
        for line in self._file:
            try:
                members = json.loads(line) if line.endswith(b"\n") else {}
                last = validated if members["event"] == "validation" else step
                if members["step"] > last:
                    break
            except (ValueError, KeyError, TypeError):
                break
            kept += len(line)
        self._file.seek(kept)
        self._file.truncate()

    def append(self, members: Mapping[str, Any]) -> None:
        """Adds a line.

        Raises:
            FileError: The system refuses.
        """
        try:
            line = json.dumps(members, ensure_ascii=False)
            self._file.write(line.encode() + b"\n")
            self._file.flush()
        except OSError as error:
            raise FileError(
                f"{self._path}: the log cannot be written ({error}); make room and resume"
            ) from error

    def close(self) -> None:
        """Gives the folder free."""
        self._file.close()
