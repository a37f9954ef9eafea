"""What the CPU computes, on a GPU where there is one."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from conftest import PACKAGE

from hfgd_torch.batch_statistics import shared_batch_norm
from hfgd_torch.random_weights import uniform
from hfgd_torch.train import main

CUDA = pytest.param(
    "cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
)
MODEL = PACKAGE.parent / "samples" / "models" / "hfgd-mobilenet_v2-camvid.safetensors"
TOLERANCES = {torch.float32: 1e-4, torch.bfloat16: 2e-2}
LOSS_TOLERANCE = 1e-3
"""Of float32: sums in another order, of which batch norm over a few positions makes more."""


@pytest.mark.parametrize("device", ["cpu", CUDA])
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize("dtype", TOLERANCES)
def test_of_one_process_the_shared_batch_norm_is_pytorchs(
    dtype: torch.dtype, layout: torch.memory_format, device: str
) -> None:
    """Output, gradients and statistics, in half precision with weights in float32."""

    def values(name: str, *shape: int) -> torch.Tensor:
        return torch.from_numpy(uniform(name, shape, 3) + 1).float().to(device)

    weight, bias = values("weight", 6).requires_grad_(), values("bias", 6).requires_grad_()
    x = values("x", 4, 6, 9, 7).to(dtype).contiguous(memory_format=layout).requires_grad_()
    gradient = values("gradient", 4, 6, 9, 7).to(dtype).contiguous(memory_format=layout)
    y, mean, variance = shared_batch_norm(x, weight, bias, 1e-3)
    found = [y, mean, variance, *torch.autograd.grad(y, (x, weight, bias), gradient)]
    running_mean, running_variance = torch.zeros(6, device=device), torch.ones(6, device=device)
    whole = F.batch_norm(x, running_mean, running_variance, weight, bias, True, 1.0, 1e-3)
    gradients = torch.autograd.grad(whole, (x, weight, bias), gradient)
    for ours, theirs in zip(
        found, [whole, running_mean, running_variance, *gradients], strict=True
    ):
        assert ours.dtype == theirs.dtype
        assert (ours - theirs).abs().max() <= TOLERANCES[dtype] * theirs.abs().max()


def first_step(run: Path) -> dict[str, Any]:
    """The first line of a log."""
    return json.loads((run / "log.jsonl").read_text().splitlines()[0])


@pytest.mark.parametrize("device", [CUDA])
def test_a_run_on_a_gpu(device: str, scenes: Path, tmp_path: Path) -> None:
    """The first losses are those of the CPU; in half precision they are near; it resumes."""
    arguments = [
        "--data", str(scenes), "--from", str(MODEL), "--steps", "3", "--batch", "4",
        "--crop", "97x65", "--quiet", "--set", "checkpoint_every=1",
    ]  # fmt: skip
    assert main([*arguments, "-o", str(tmp_path / "cpu"), "--device", "cpu"]) == 0
    expected = first_step(tmp_path / "cpu")
    for amp, tolerance in (("none", LOSS_TOLERANCE), ("bf16", 0.05), ("fp16", 0.05)):
        run = tmp_path / amp
        assert main([*arguments, "-o", str(run), "--device", device, "--amp", amp]) == 0
        for name, value in expected["terms"].items():
            assert first_step(run)["terms"][name] == pytest.approx(value, rel=tolerance), name
        assert math.isfinite(first_step(run)["gradient_norms"]["teacher"])
        assert main(["-o", str(run), "--resume", "--device", device]) == 0
