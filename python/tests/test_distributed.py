"""Processes that share a batch make the updates of one that has the whole of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from conftest import PACKAGE, torchrun

TOLERANCE = 1e-9
"""Of double precision, relative to the largest value of a tensor: sums are in another order."""

SMALLEST = 1e-3
"""What a tensor's largest value counts as at least: some gradients are 0 but for rounding."""

CASES = {
    "all of HFGD": ["hfgd-mobilenet_v2-os4", "clip_norm=1", "dice=1"],
    "valid pixels, focal loss": [
        "hfgd-mobilenet_v2-os2",
        "clip_norm=1",
        "loss_mean=valid_pixels",
        "car_includes_ignored=false",
        "car_intra_form=mean_square",
        "focal_gamma=2",
    ],
}


def steps(started: list[str], arguments: list[str], environment: dict[str, str]) -> None:
    """Runs `steps.py`."""
    command = [sys.executable, *started, str(PACKAGE / "tests" / "steps.py"), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("case", CASES)
def test_two_processes_equal_one(
    case: str, scenes: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    """Losses, norms, weights, running statistics and counts after three steps."""
    results = []
    for name, started in (("one", []), ("two", torchrun(2))):
        folder = tmp_path / name
        folder.mkdir()
        preset, *changes = CASES[case]
        steps(started, [str(scenes), str(folder), preset, *changes], environment)
        results.append(torch.load(folder / "steps.pt"))
    one, two = results
    for kind in ("losses", "norms"):
        found, expected = (torch.tensor(r[kind], dtype=torch.float64) for r in (two, one))
        torch.testing.assert_close(found, expected, rtol=TOLERANCE, atol=0)
    assert one["state"].keys() == two["state"].keys()
    for name, tensor in one["state"].items():
        difference = (two["state"][name] - tensor).abs().max()
        assert difference <= TOLERANCE * tensor.abs().max().clamp(min=SMALLEST), name
    assert all(torch.equal(a, b) for a, b in zip(one["counts"], two["counts"], strict=True))
    assert one["counts"][0].sum() > 0
