"""Deformable convolution against torchvision's."""

from __future__ import annotations

import pytest
import torch

from hfgd_torch.deformable import deformable_convolution

ops = pytest.importorskip("torchvision.ops", reason="torchvision is not installed")


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize("kernel", [1, 3, 5])
@pytest.mark.parametrize("reach", [0.0, 0.6, 9.0])
def test_agrees_with_torchvision(groups: int, kernel: int, reach: float) -> None:
    """Values and all gradients, for offsets that are 0, small, and far beyond the borders."""
    generator = torch.Generator().manual_seed(3)

    def tensor(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.float64).requires_grad_()

    taps = kernel**2
    x, weight, bias = tensor(2, 4, 7, 5), tensor(6, 4, kernel, kernel), tensor(6)
    offsets, masks = tensor(2, 2 * groups * taps, 7, 5), tensor(2, groups * taps, 7, 5)
    inputs = (x, offsets, masks, weight, bias)
    ours = deformable_convolution(x, reach * offsets, masks.sigmoid(), weight, bias)
    theirs = ops.deform_conv2d(
        x, reach * offsets, weight, bias, padding=kernel // 2, mask=masks.sigmoid()
    )
    torch.testing.assert_close(ours, theirs)
    factors = torch.randn(ours.shape, generator=generator, dtype=torch.float64)
    for found, expected in zip(
        torch.autograd.grad((ours * factors).sum(), inputs),
        torch.autograd.grad((theirs * factors).sum(), inputs),
        strict=True,
    ):
        torch.testing.assert_close(found, expected)
