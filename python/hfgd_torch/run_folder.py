"""The folder of a training run, laid out as that of `hfgd train`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class RunFolder:
    """The paths of a run's files."""

    path: Path

    @property
    def request(self) -> Path:
        """What was asked for."""
        return self.path / "run.json"

    @property
    def log(self) -> Path:
        """The log."""
        return self.path / "log.jsonl"

    @property
    def last(self) -> Path:
        """Where the run stands."""
        return self.path / "last.safetensors"

    @property
    def best(self) -> Path:
        """The best so far."""
        return self.path / "best.safetensors"

    @property
    def model(self) -> Path:
        """What the run made."""
        return self.path / "model.safetensors"
