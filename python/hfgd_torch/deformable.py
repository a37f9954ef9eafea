"""Deformable convolution, version 2.

Zhu, Hu, Lin, Dai: Deformable ConvNets v2: More Deformable, Better Results (arXiv 1811.11168).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from hfgd_torch.layers import size_of


class DeformableConv(nn.Module):
    """A k×k convolution whose taps look where a second convolution tells them to.

    All channels are displaced together (one deformable group). `offset` makes two numbers for each
    tap, down and right in pixels, then one logit for each, whose logistic function the sample is
    multiplied by. Zeros lie around the picture. The same as torchvision's `deform_conv2d`, in plain
    PyTorch, so that it runs in any precision on any device.
    """

    def __init__(self, in_channels: int, out_channels: int, kernel: int = 3) -> None:
        super().__init__()
        conv = nn.Conv2d(in_channels, out_channels, kernel)
        self.weight, self.bias = conv.weight, conv.bias
        self.kernel = kernel
        self.offset = nn.Conv2d(in_channels, 3 * kernel**2, kernel, padding=kernel // 2)

    def forward(self, x: Tensor, guide: Tensor) -> Tensor:
        """[N, in, H, W] → [N, out, H, W], displaced by what `offset` makes of `guide`."""
        taps = self.kernel**2
        offsets, logits = self.offset(guide).split((2 * taps, taps), dim=1)
        return deformable_convolution(x, offsets, logits.sigmoid(), self.weight, self.bias)


def deformable_convolution(
    x: Tensor, offsets: Tensor, masks: Tensor, weight: Tensor, bias: Tensor
) -> Tensor:
    """[N, in, H, W] → [N, out, H, W], all with the strides and names of torchvision.

    Args:
        x: [N, in, H, W].
        offsets: [N, 2·groups·taps, H, W], down and right of each tap of each group of channels.
        masks: [N, groups·taps, H, W], a factor for each.
        weight: [out, in, k, k] with an odd k; the padding keeps the grid.
        bias: [out].
    """
    n, channels, height, width = x.shape
    out_channels, _, kernel, _ = weight.shape
    taps = kernel**2
    groups = masks.shape[1] // taps
    tap = torch.arange(kernel, device=x.device) - kernel // 2
    grid = [torch.arange(extent, device=x.device) for extent in size_of(x)]
    # [N, groups, taps, H, W] each.
    down, right = offsets.reshape(n, groups, taps, 2, height, width).unbind(3)
    rows = down + tap.repeat_interleave(kernel).view(-1, 1, 1) + grid[0].view(-1, 1)
    columns = right + tap.repeat(kernel).view(-1, 1, 1) + grid[1]

    flat = x.reshape(n, groups, channels // groups, 1, height * width)
    samples = 0
    top, left = rows.detach().floor(), columns.detach().floor()
    for r, row_share in ((top, 1 - (rows - top)), (top + 1, rows - top)):
        for q, column_share in ((left, 1 - (columns - left)), (left + 1, columns - left)):
            is_inside = (r >= 0) & (r < height) & (q >= 0) & (q < width)
            place = torch.where(is_inside, r * width + q, 0).long()
            place = place.reshape(n, groups, 1, taps, -1)
            values = flat.expand(-1, -1, -1, taps, -1).gather(
                4, place.expand(-1, -1, channels // groups, -1, -1)
            )
            share = torch.where(is_inside, row_share * column_share, 0)
            samples = samples + values * share.reshape(n, groups, 1, taps, -1)
    samples = samples * masks.reshape(n, groups, 1, taps, -1)
    product = weight.reshape(out_channels, -1) @ samples.reshape(n, channels * taps, -1)
    return (product + bias.view(-1, 1)).reshape(n, out_channels, height, width)
