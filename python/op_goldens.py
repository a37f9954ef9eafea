"""Golden tensors of single operations, each computed by PyTorch in double precision."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hfgd_torch.axial import AxialAttention
from hfgd_torch.contexts import SelfAttention
from hfgd_torch.deformable import deformable_convolution
from hfgd_torch.random_weights import random_tensor, uniform
from hfgd_torch.swin import PatchMerging, WindowAttention

Size = tuple[int, int]

# name: input [N, C, H, W], weight [O, I, h, w], then the parameters.
CONVOLUTIONS: dict[str, tuple[tuple[int, ...], tuple[int, ...], dict[str, int]]] = {
    "conv_1x1": ((1, 5, 7, 3), (6, 5, 1, 1), {"stride": 1, "padding": 0}),
    "conv_3x3": ((2, 3, 5, 7), (4, 3, 3, 3), {"stride": 1, "padding": 1}),
    "conv_dilation_2": ((1, 4, 9, 7), (5, 4, 3, 3), {"stride": 1, "padding": 2, "dilation": 2}),
    "conv_stride_2_odd": ((1, 3, 9, 7), (5, 3, 3, 3), {"stride": 2, "padding": 1}),
    "conv_stride_2_even": ((1, 3, 8, 6), (5, 3, 3, 3), {"stride": 2, "padding": 1}),
    "conv_groups_2": ((1, 6, 5, 6), (4, 3, 3, 3), {"stride": 1, "padding": 1, "groups": 2}),
    "conv_depthwise": ((1, 19, 6, 7), (19, 1, 3, 3), {"stride": 1, "padding": 1, "groups": 19}),
    "conv_depthwise_5x5": ((1, 7, 9, 8), (7, 1, 5, 5), {"stride": 2, "padding": 2, "groups": 7}),
    "conv_depthwise_7x7": ((1, 17, 6, 9), (17, 1, 7, 7), {"stride": 1, "padding": 3, "groups": 17}),
    "conv_4x4_patches": ((1, 3, 9, 6), (5, 3, 4, 4), {"stride": 4, "padding": 0}),
    "conv_7x7": ((1, 3, 13, 10), (4, 3, 7, 7), {"stride": 2, "padding": 3}),
}

# name: input, then the parameters.
POOLS: dict[str, tuple[tuple[int, ...], dict[str, int]]] = {
    "max_pool_odd": ((1, 5, 9, 7), {"kernel": 3, "stride": 2, "padding": 1}),
    "max_pool_even": ((1, 5, 8, 6), {"kernel": 3, "stride": 2, "padding": 1}),
    "average_pool_odd": ((1, 5, 7, 5), {"kernel": 2, "stride": 2}),
    "average_pool_even": ((1, 5, 6, 4), {"kernel": 2, "stride": 2}),
}

# name: input, numbers of bins.
ADAPTIVE_MEANS: dict[str, tuple[tuple[int, ...], Size]] = {
    "adaptive_mean": ((2, 5, 7, 4), (1, 1)),
    "adaptive_mean_overlapping": ((1, 5, 7, 5), (3, 2)),
    "adaptive_mean_repeating": ((1, 3, 4, 5), (6, 6)),
}

# name: input, output channels, deformable groups; how far offsets reach.
DEFORMABLES: dict[str, tuple[tuple[int, ...], int, int, float]] = {
    "deformable_conv": ((2, 3, 4, 3), 5, 1, 1.5),
    "deformable_conv_groups": ((1, 4, 3, 5), 2, 2, 4.0),
}

# name: input, size of the output.
RESIZES: dict[str, tuple[tuple[int, ...], Size]] = {
    "resize_up": ((1, 3, 5, 3), (9, 7)),
    "resize_down": ((1, 3, 9, 11), (5, 4)),
    "resize_up_and_down": ((2, 3, 4, 7), (13, 3)),
    "resize_to_1x1": ((1, 3, 5, 4), (1, 1)),
    "resize_from_1x1": ((1, 3, 1, 1), (4, 5)),
    "resize_row": ((1, 3, 1, 6), (3, 11)),
}

# Rules beside "aligned", with the arguments of PyTorch's `interpolate`.
RULES: dict[str, dict[str, Any]] = {
    "centred": {"mode": "bilinear", "align_corners": False},
    "nearest": {"mode": "nearest"},
}

SELF_ATTENTION = (1, 12, 5, 3)
AXIAL_ATTENTION = (1, 16, 7, 5)
AXIAL_HEADS = 4

# name: input [N, H, W, C], heads, side of a window, whether it is shifted.
WINDOW_ATTENTIONS: dict[str, tuple[tuple[int, ...], int, int, bool]] = {
    "window_attention": ((1, 5, 7, 6), 3, 4, False),
    "shifted_window_attention": ((2, 5, 9, 8), 2, 4, True),
    "shifted_window_attention_covered": ((1, 3, 9, 6), 2, 4, True),
}
PATCH_MERGING = (1, 5, 4, 3)


def op_goldens(seed: int) -> tuple[dict[str, Tensor], dict[str, dict[str, Any]]]:
    """Tensors named `case.input`, `case.output`, `case.weight`, … and the parameters of each case.

    Inputs and outputs are NHWC, weights OIHW; all float32.
    """
    goldens = _Goldens(seed)
    for case, (shape, weight_shape, parameters) in CONVOLUTIONS.items():
        x = goldens.input(case, shape)
        weight = goldens.parameter(f"{case}.weight", weight_shape)
        bias = goldens.parameter(f"{case}.bias", weight_shape[:1])
        output = F.conv2d(x, weight, bias, **parameters)
        goldens.add(case, output, op="conv", **{"dilation": 1, "groups": 1} | parameters)
    for case, (shape, parameters) in POOLS.items():
        x = goldens.input(case, shape)
        if case.startswith("max"):
            output = F.max_pool2d(x, *parameters.values())
            goldens.add(case, output, op="max_pool", **parameters)
        else:
            output = F.avg_pool2d(x, *parameters.values(), ceil_mode=True, count_include_pad=False)
            goldens.add(case, output, op="average_pool", ceil_mode=True, **parameters)
    for case, (shape, out_channels, groups, reach) in DEFORMABLES.items():
        x = goldens.input(case, shape)
        weight = goldens.parameter(f"{case}.weight", (out_channels, shape[1], 3, 3))
        bias = goldens.parameter(f"{case}.bias", (out_channels,))
        offsets = reach * goldens.map(f"{case}.offsets", (shape[0], 27 * groups, *shape[2:]))
        displacements, logits = offsets.split((18 * groups, 9 * groups), dim=1)
        output = deformable_convolution(x, displacements, logits.sigmoid(), weight, bias)
        goldens.add(case, output, op="deformable_conv", groups=groups, reach=reach)
    for case, (shape, size) in ADAPTIVE_MEANS.items():
        output = F.adaptive_avg_pool2d(goldens.input(case, shape), size)
        goldens.add(case, output, op="adaptive_mean")
    for case, (shape, size) in RESIZES.items():
        output = F.interpolate(
            goldens.input(case, shape), size, mode="bilinear", align_corners=True
        )
        goldens.add(case, output, op="resize", height=size[0], width=size[1])
    for rule, arguments in RULES.items():
        for case, (shape, size) in list(RESIZES.items())[:4]:
            name = f"{case}_{rule}"
            output = F.interpolate(goldens.input(name, shape), size, **arguments)
            goldens.add(name, output, op="resize", height=size[0], width=size[1], rule=rule)

    attention = SelfAttention(SELF_ATTENTION[1])
    goldens.add_module("self_attention", attention, SELF_ATTENTION, op="self_attention")
    axial = AxialAttention(AXIAL_ATTENTION[1], AXIAL_HEADS)
    goldens.add_module(
        "axial_attention", axial, AXIAL_ATTENTION, op="axial_attention", heads=AXIAL_HEADS
    )
    goldens.add("gelu", F.gelu(goldens.input("gelu", (1, 5, 9, 7)) * 4), op="gelu", factor=4)
    for case, (shape, heads, window, is_shifted) in WINDOW_ATTENTIONS.items():
        attention = WindowAttention(shape[3], heads, window, is_shifted)
        goldens.add_module(
            case,
            attention,
            shape,
            is_channels_last=True,
            op="window_attention",
            heads=heads,
            window=window,
            shift=window // 2 if is_shifted else 0,
        )
    merging = PatchMerging(PATCH_MERGING[3])
    goldens.add_module(
        "patch_merging", merging, PATCH_MERGING, is_channels_last=True, op="patch_merging"
    )
    return goldens.tensors, goldens.parameters


class _Goldens:
    """The cases so far; every value follows from the seed and the tensor's name."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.tensors: dict[str, Tensor] = {}
        self.parameters: dict[str, dict[str, Any]] = {}

    def input(self, case: str, shape: tuple[int, ...]) -> Tensor:
        """Values u of the name `case.input` over NCHW, in double precision."""
        return self.map(f"{case}.input", shape)

    def map(self, name: str, shape: tuple[int, ...]) -> Tensor:
        """Values u of a name over NCHW, in double precision."""
        x = torch.from_numpy(uniform(name, shape, self.seed))
        self.tensors[name] = _nhwc(x)
        return x

    def parameter(self, name: str, shape: tuple[int, ...]) -> Tensor:
        """The random weight of a name, in double precision."""
        self.tensors[name] = random_tensor(name, shape, self.seed)
        return self.tensors[name].double()

    def add(self, case: str, output: Tensor, **parameters: object) -> None:
        """Records the result and the parameters of a case."""
        self.tensors[f"{case}.output"] = _nhwc(output)
        self.parameters[case] = parameters

    @torch.inference_mode()
    def add_module(
        self,
        case: str,
        module: nn.Module,
        shape: tuple[int, ...],
        *,
        is_channels_last: bool = False,
        **parameters: object,
    ) -> None:
        """Runs a module whose weights are those of `case.` and the names of its state dict."""
        weights = {
            key: self.parameter(f"{case}.{key}", tuple(value.shape))
            for key, value in module.state_dict().items()
        }
        module.double().load_state_dict(weights)
        if is_channels_last:
            n, height, width, channels = shape
            x = self.input(case, (n, channels, height, width))
            output = module(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        else:
            output = module(self.input(case, shape))
        self.add(case, output, **parameters)


def _nhwc(x: Tensor) -> Tensor:
    return x.permute(0, 2, 3, 1).float().contiguous()
