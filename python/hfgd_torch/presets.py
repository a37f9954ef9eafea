"""The named models: UPSAMPLER-BACKBONE, with -osN where a model exists at several strides."""

from __future__ import annotations

from typing import Any

from hfgd_torch.config import InputNormalization, ModelConfig
from hfgd_torch.label_sets import CAMVID_11, PASCAL_CONTEXT_59

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
}

_MINUS_ONE_TO_ONE = InputNormalization(mean=(127.5, 127.5, 127.5), std=(127.5, 127.5, 127.5))
_IMAGENET_BACKBONES = ("resnet50", "convnext_tiny", "swin_tiny")
_IMAGENET = InputNormalization(mean=(123.675, 116.28, 103.53), std=(58.395, 57.12, 57.375))

PRESET_BACKBONES = ("resnet50_beta", "resnet50", "mobilenet_v2", "convnext_tiny", "swin_tiny")

PRESET_NAMES: tuple[str, ...] = tuple(
    f"{kind}-{backbone}{suffix}" for backbone in PRESET_BACKBONES for kind, suffix in _ARCHITECTURES
)


def preset(name: str) -> ModelConfig:
    """The configuration of a preset: CamVid and narrow on MobileNetV2, else Pascal Context.

    Raises:
        KeyError: There is no such preset; the message lists those that exist.
    """
    for (kind, suffix), architecture in _ARCHITECTURES.items():
        for backbone in PRESET_BACKBONES:
            if name == f"{kind}-{backbone}{suffix}":
                return _config(name, backbone, architecture)
    raise KeyError(f"no preset {name!r}, expected one of {', '.join(PRESET_NAMES)}")


def _config(name: str, backbone: str, architecture: dict[str, Any]) -> ModelConfig:
    is_mobile = backbone == "mobilenet_v2"
    labels = CAMVID_11 if is_mobile else PASCAL_CONTEXT_59
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
