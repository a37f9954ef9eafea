"""SemanticFPN and U-SFPN: from c2 … c5 (or h) to one feature map at output stride 4 or 2."""

from __future__ import annotations

from abc import ABC, abstractmethod

from torch import Tensor, nn

from hfgd_torch.layers import ConvBNReLU, resized, size_of


class SemanticBranches(nn.Module, ABC):
    """A pyramid, whatever it is made by, and behind it a branch on each level.

    Each level is convolved and enlarged until it reaches the output's grid, where all are summed.
    Output stride 2 takes one more convolution and enlargement in each branch.
    """

    def __init__(self, width: int, output_stride: int) -> None:
        super().__init__()
        self.output_stride = output_stride
        extra = 1 if output_stride == 2 else 0
        self.branch = nn.ModuleList(
            nn.ModuleList(ConvBNReLU(width, width, 3) for _ in range(convolutions + extra))
            for convolutions in (1, 1, 2, 3)
        )
        self.end = ConvBNReLU(width, width, 1)

    @abstractmethod
    def pyramid(self, c2: Tensor, c3: Tensor, c4: Tensor, top: Tensor) -> list[Tensor]:
        """The left side: p2 … p5, each [N, width, …] on the grid of its c."""

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
        pyramid = self.pyramid(c2, c3, c4, top)
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


class SemanticFPN(SemanticBranches):
    """A feature pyramid without output convolutions, then a semantic branch on each level.

    SemanticFPN has 1×1 lateral convolutions; U-SFPN ("usfpn") has 3×3 ones and can go on to
    output stride 2.
    """

    def __init__(
        self,
        tap_channels: tuple[int, int, int, int],
        width: int,
        lateral_kernel: int,
        output_stride: int,
        has_context: bool,
    ) -> None:
        super().__init__(width, output_stride)
        *lateral_channels, top_channels = tap_channels
        self.lateral = nn.ModuleList(
            ConvBNReLU(channels, width, lateral_kernel) for channels in lateral_channels
        )
        self.top = top_of(top_channels, width, has_context)

    def pyramid(self, c2: Tensor, c3: Tensor, c4: Tensor, top: Tensor) -> list[Tensor]:
        """The left side: p2 … p5, each [N, width, …] on the grid of its c."""
        levels = [self.top(top)]
        for lateral, c in zip(reversed(self.lateral), (c4, c3, c2), strict=True):
            levels.insert(0, lateral(c) + resized(levels[0], size_of(c)))
        return levels


def top_of(channels: int, width: int, has_context: bool) -> nn.Module:
    """What brings the top level to its width: contexts end there, a bare c5 does not."""
    return nn.Identity() if has_context else ConvBNReLU(channels, width, 1)
