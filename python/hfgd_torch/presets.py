"""The named models: UPSAMPLER-BACKBONE, with -osN where a model exists at several strides."""

from __future__ import annotations

from typing import Any

from hfgd_torch.config import BACKBONES, LAYER_NORM_BACKBONES, InputNormalization, ModelConfig
from hfgd_torch.label_sets import CAMVID_11, CITYSCAPES_19, PASCAL_CONTEXT_59
from hfgd_torch.resnet import VARIANTS

_ARCHITECTURES: dict[tuple[str, str], dict[str, Any]] = {
    ("sfpn", ""): {
        "context": "none",
        "upsampler": "sfpn",
        "output_stride": 4,
        "axial": False,
        "guidance": False,
    },
    ("hfgd", "-os4"): {
        "context": "cae",
        "upsampler": "usfpn",
        "output_stride": 4,
        "axial": True,
        "guidance": True,
    },
    ("hfgd", "-os2"): {
        "context": "cae",
        "upsampler": "usfpn",
        "output_stride": 2,
        "axial": True,
        "guidance": True,
    },
    ("fcn", ""): {
        "context": "fcn",
        "upsampler": "none",
        "output_stride": 32,
        "axial": False,
        "guidance": False,
    },
    ("mmseg_fpn", ""): {
        "context": "none",
        "upsampler": "mmseg_fpn",
        "width": 128,
        "output_stride": 4,
        "axial": False,
        "guidance": False,
    },
}

_MINUS_ONE_TO_ONE = InputNormalization(mean=(127.5, 127.5, 127.5), std=(127.5, 127.5, 127.5))
_IMAGENET_BACKBONES = (*VARIANTS, *LAYER_NORM_BACKBONES)
_IMAGENET = InputNormalization(mean=(123.675, 116.28, 103.53), std=(58.395, 57.12, 57.375))

PRESET_BACKBONES: tuple[str, ...] = (
    *(name for name in BACKBONES if name not in LAYER_NORM_BACKBONES),
    "convnext_tiny",
    "swin_tiny",
)
_BACKBONES = {"mmseg_fpn": ("resnet50_v1c", "resnet101_v1c")}
"""Where a kind is not made on all."""

PRESET_NAMES: tuple[str, ...] = tuple(
    f"{kind}-{backbone}{suffix}"
    for backbone in PRESET_BACKBONES
    for kind, suffix in _ARCHITECTURES
    if backbone in _BACKBONES.get(kind, PRESET_BACKBONES)
)

_WITH_ALL_GOLDENS = ("resnet50_beta", "resnet50", "mobilenet_v2", "convnext_tiny", "swin_tiny")
GOLDEN_PRESETS: tuple[str, ...] = (
    *(n for n in PRESET_NAMES if n.split("-")[1] in _WITH_ALL_GOLDENS),
    "sfpn-resnet101",
    "mmseg_fpn-resnet50_v1c",
    "mmseg_fpn-resnet101_v1c",
    "sfpn-resnet50_v1d",
)
"""The presets that goldens are made of: all on five backbones, one or two on each other."""


def preset(name: str) -> ModelConfig:
    """The configuration of a preset.

    It has the classes of Pascal Context; on MobileNetV2 CamVid's, and it is narrow;
    mmsegmentation's Semantic FPN has Cityscapes'.

    Raises:
        KeyError: There is no such preset; the message lists those that exist.
    """
    if name in PRESET_NAMES:
        kind, backbone, *suffix = name.split("-")
        return _config(name, backbone, _ARCHITECTURES[kind, "-".join(["", *suffix])])
    raise KeyError(f"no preset {name!r}, expected one of {', '.join(PRESET_NAMES)}")


def _config(name: str, backbone: str, architecture: dict[str, Any]) -> ModelConfig:
    is_mobile = backbone == "mobilenet_v2"
    labels = CAMVID_11 if is_mobile else PASCAL_CONTEXT_59
    if architecture["upsampler"] == "mmseg_fpn":
        labels = CITYSCAPES_19
    widths = {"width": 96, "context_wide": 1024, "context_width": 256} if is_mobile else {}
    return ModelConfig(
        name=name,
        backbone=backbone,
        classes=labels.names,
        palette=labels.palette,
        ignore_index=labels.ignore_index,
        input=_IMAGENET if backbone in _IMAGENET_BACKBONES else _MINUS_ONE_TO_ONE,
        **architecture,
        **widths,
    )
