"""SemanticFPN and U-SFPN: from c2 … c5 (or h) to one feature map at output stride 4 or 2."""

from __future__ import annotations

from torch import Tensor, nn

from hfgd_torch.layers import ConvBNReLU, resized, size_of


class SemanticFPN(nn.Module):
    """A feature pyramid without output convolutions, then a semantic branch on each level.

    SemanticFPN has 1×1 lateral convolutions; U-SFPN ("usfpn") has 3×3 ones and can go on to
    output stride 2 by one more convolution and enlargement in each branch.
    """

    def __init__(
        self,
        tap_channels: tuple[int, int, int, int],
        width: int,
        lateral_kernel: int,
        output_stride: int,
        has_context: bool,
    ) -> None:
        super().__init__()
        *lateral_channels, top_channels = tap_channels
        self.output_stride = output_stride
        self.lateral = nn.ModuleList(
            ConvBNReLU(channels, width, lateral_kernel) for channels in lateral_channels
        )
        # A context encoder ends at the right width; a bare c5 has to be brought there.
        self.top = nn.Identity() if has_context else ConvBNReLU(top_channels, width, 1)
        extra = 1 if output_stride == 2 else 0
        self.branch = nn.ModuleList(
            nn.ModuleList(ConvBNReLU(width, width, 3) for _ in range(convolutions + extra))
            for convolutions in (1, 1, 2, 3)
        )
        self.end = ConvBNReLU(width, width, 1)

    def forward(
        self, c2: Tensor, c3: Tensor, c4: Tensor, top: Tensor, picture: tuple[int, int]
    ) -> Tensor:
        """c2, c3, c4 and h (or c5) → [N, width, H, W] at the output stride.

        Args:
            c2: [N, C2, H/4, W/4], as the following: sizes rounded up.
            c3: [N, C3, H/8, W/8].
            c4: [N, C4, H/16, W/16].
            top: h [N, width, H/32, W/32], or c5 where there is no context encoder.
            picture: (H, W) of the network's input, which settles the size at stride 2.
        """
        pyramid = [self.top(top)]
        for lateral, c in zip(reversed(self.lateral), (c4, c3, c2), strict=True):
            pyramid.insert(0, lateral(c) + resized(pyramid[0], size_of(c)))

        sizes = [size_of(p) for p in pyramid]
        height, width = picture
        beyond = [((height + 1) // 2, (width + 1) // 2)] if self.output_stride == 2 else []
        total: Tensor | None = None
        for level, (x, convolutions) in enumerate(zip(pyramid, self.branch, strict=True)):
            # Each convolution is followed by a step to the next finer size; level 0 stays first.
            steps = sizes[max(level - 1, 0) :: -1] + beyond
            for convolution, size in zip(convolutions, steps, strict=True):
                x = resized(convolution(x), size)
            total = x if total is None else total + x
        return self.end(total)
