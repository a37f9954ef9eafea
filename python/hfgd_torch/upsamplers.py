"""SemanticFPN and U-SFPN: from c2 … c5 (or h) to one feature map at output stride 4 or 2."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection

from torch import Tensor, nn

from hfgd_torch.layers import ConvBNReLU, resized, size_of


class SemanticBranches(nn.Module, ABC):
    """A pyramid, whatever it is made by, and behind it a branch on each level.

    Each level is convolved and enlarged until it reaches the output's grid, where all are summed.
    Output stride 2 takes one more convolution and enlargement in each branch. `convolutions` stand
    before each enlargement of the coarser branches; the finest has one on its own grid, and one
    more at output stride 2.

    Attributes:
        is_ended_later: Whether the last convolution is left to the caller.
    """

    def __init__(
        self, width: int, output_stride: int, convolutions: int = 1, end_kernel: int = 1
    ) -> None:
        super().__init__()
        self.output_stride = output_stride
        self.convolutions = convolutions
        extra = 1 if output_stride == 2 else 0
        self.branch = nn.ModuleList(
            nn.ModuleList(ConvBNReLU(width, width, 3) for _ in range(count))
            for count in (1 + extra, *(convolutions * (steps + extra) for steps in (1, 2, 3)))
        )
        self.end = ConvBNReLU(width, width, end_kernel)
        self.is_ended_later = False

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
            # Each group of convolutions is followed by a step to the next finer size; level 0 stays
            # first.
            steps = sizes[max(level - 1, 0) :: -1] + beyond
            size_of_group = self.convolutions if level > 0 else 1
            groups = [convolutions[i::size_of_group] for i in range(size_of_group)]
            for group, size in zip(zip(*groups, strict=True), steps, strict=True):
                for convolution in group:
                    x = convolution(x)
                x = resized(x, size)
            total = x if total is None else total + x
        return total if self.is_ended_later else self.end(total)


class SemanticFPN(SemanticBranches):
    """A feature pyramid without output convolutions, then a semantic branch on each level.

    SemanticFPN has 1×1 lateral convolutions; U-SFPN ("usfpn") has 3×3 ones and can go on to
    output stride 2. With `level_convolved` each level passes a 3×3 convolution on its way to the
    branches, as in Lin, Dollár, Girshick, He, Hariharan, Belongie: Feature Pyramid Networks for
    Object Detection (arXiv 1612.03144); what flows down does not.
    """

    def __init__(
        self,
        tap_channels: tuple[int, int, int, int],
        width: int,
        lateral_kernel: int,
        output_stride: int,
        has_context: bool,
        alternatives: Collection[str] = (),
    ) -> None:
        super().__init__(
            width,
            output_stride,
            convolutions=2 if "two_convolutions" in alternatives else 1,
            end_kernel=3 if "end_3x3" in alternatives else 1,
        )
        self.is_ended_later = "axial_before_end" in alternatives
        *lateral_channels, top_channels = tap_channels
        self.flows_down = "no_top_down" not in alternatives
        if "lateral_added" in alternatives:
            self.reduce = nn.ModuleList(ConvBNReLU(c, width, 1) for c in lateral_channels)
            lateral_channels = [width] * len(lateral_channels)
        else:
            self.reduce = nn.ModuleList(nn.Identity() for _ in lateral_channels)
        self.lateral = nn.ModuleList(
            ConvBNReLU(channels, width, lateral_kernel) for channels in lateral_channels
        )
        top_kernel = 3 if "top_3x3" in alternatives else 1
        if "p5_convolved" in alternatives:
            self.top = ConvBNReLU(width, width, top_kernel)
        else:
            is_made = has_context and "p5_from_c5" not in alternatives
            self.top = top_of(top_channels, width, is_made, top_kernel)
        self.level = nn.ModuleList(
            ConvBNReLU(width, width, 3) if "level_convolved" in alternatives else nn.Identity()
            for _ in tap_channels
        )

    def pyramid(self, c2: Tensor, c3: Tensor, c4: Tensor, top: Tensor) -> list[Tensor]:
        """The left side: p2 … p5, each [N, width, …] on the grid of its c."""
        levels = [self.top(top)]
        sides = zip(reversed(self.lateral), reversed(self.reduce), (c4, c3, c2), strict=True)
        for lateral, reduce, c in sides:
            level = lateral(reduce(c))
            if self.flows_down:
                level = level + resized(levels[0], size_of(c))
            levels.insert(0, level)
        return [convolution(p) for convolution, p in zip(self.level, levels, strict=True)]


def top_of(channels: int, width: int, has_context: bool, kernel: int = 1) -> nn.Module:
    """What brings the top level to its width: contexts end there, a bare c5 does not."""
    return nn.Identity() if has_context else ConvBNReLU(channels, width, kernel)
