"""The named models: DECODER-BACKBONE[-d8|-d16][-os2|-os4].

DECODER is an upsampler, a context or both, joined by "+" with what else is in the model: `guidance`
(class tokens shared with a teacher), `axial` (axial attention), `hfgm` (both), `auxiliary` (the FCN
head of §5.1). `hfgd` is `usfpn+cae+hfgm`. -d8 and -d16 dilate the backbone.
`segvit` and `segvit_shrunk` are whole decoders, of plain transformers. An answer to what the paper
leaves open, as `end_3x3`, is a part like the others.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hfgd_torch.ade20k import ADE20K_150
from hfgd_torch.config import (
    ALTERNATIVES,
    BACKBONES,
    CONTEXTS,
    DECODERS,
    LAYER_NORM_BACKBONES,
    PLAIN_BACKBONES,
    UPSAMPLERS,
    ConfigError,
    InputNormalization,
    ModelConfig,
)
from hfgd_torch.label_sets import CAMVID_11, CITYSCAPES_19, PASCAL_CONTEXT_59
from hfgd_torch.resnet import VARIANTS

_ALIASES = {"hfgd": ("usfpn", "cae", "hfgm")}
_EXTRAS: dict[str, dict[str, Any]] = {
    "guidance": {"guidance": True},
    "axial": {"axial": True},
    "hfgm": {"guidance": True, "axial": True},
    "auxiliary": {"auxiliary": "fcn"},
}
_SUFFIXES: dict[str, dict[str, Any]] = {
    "d8": {"backbone_stride": 8},
    "d16": {"backbone_stride": 16},
    "os2": {"output_stride": 2},
    "os4": {"output_stride": 4},
}
_SELF_WIDE_CONTEXTS = ("ocr", "sa", "sa_car", "ppm")
"""Contexts whose own output, context_width wide, the class tokens see."""
_SELF_WIDE_UPSAMPLERS = ("none", "uper")
"""Upsamplers below which it stays as wide."""

_MINUS_ONE_TO_ONE = InputNormalization(mean=(127.5, 127.5, 127.5), std=(127.5, 127.5, 127.5))
_IMAGENET_BACKBONES = (*VARIANTS, *LAYER_NORM_BACKBONES)
_IMAGENET = InputNormalization(mean=(123.675, 116.28, 103.53), std=(58.395, 57.12, 57.375))

_BACKBONES_OF_MMSEG = ("resnet50_v1c", "resnet101_v1c")

PRESET_BACKBONES: tuple[str, ...] = (
    *(name for name in BACKBONES if name not in (*LAYER_NORM_BACKBONES, *PLAIN_BACKBONES)),
    "convnext_tiny",
    "swin_tiny",
)

PRESET_NAMES: tuple[str, ...] = (
    *(
        name
        for backbone in PRESET_BACKBONES
        for name in (
            f"sfpn-{backbone}",
            f"hfgd-{backbone}-os4",
            f"hfgd-{backbone}-os2",
            f"fcn-{backbone}",
            *([f"mmseg_fpn-{backbone}"] if backbone in _BACKBONES_OF_MMSEG else []),
        )
    ),
    "segvit-vit_base",
    "segvit-vit_large",
    "segvit_shrunk-vit_large",
)
"""The usual ones; `preset` knows many more."""

_WITH_ALL_GOLDENS = ("resnet50_beta", "resnet50", "mobilenet_v2", "convnext_tiny", "swin_tiny")
GOLDEN_PRESETS: tuple[str, ...] = (
    *(n for n in PRESET_NAMES if n.split("-")[1] in _WITH_ALL_GOLDENS),
    "sfpn-resnet101",
    "mmseg_fpn-resnet50_v1c",
    "mmseg_fpn-resnet101_v1c",
    "sfpn-resnet50_v1d",
    "sa-resnet50_beta-d8",
    "fcn-resnet50_v1d-d8",
    "fcn-mobilenet_v2-d16",
    "sa_car-mobilenet_v2-d8",
    "sfpn+sa_car+hfgm-mobilenet_v2",
    "sfpn+auxiliary-mobilenet_v2",
    "aspp-mobilenet_v2-d16",
    "sfpn+aspp+hfgm-mobilenet_v2",
    "ocr-mobilenet_v2-d8",
    "sfpn+ocr-mobilenet_v2",
    "ppm-mobilenet_v2",
    "fapn-mobilenet_v2",
    "fapn+fcn+hfgm-mobilenet_v2",
    "uper+sa+guidance-mobilenet_v2",
    "deeplabv3plus+fcn-mobilenet_v2-d16",
    "segvit-vit_base",
    "segvit_shrunk-vit_base",
    "hfgd+lateral_added+p5_convolved+two_convolutions+end_3x3+axial_projected+cae_3x3-mobilenet_v2",
    "hfgd+no_top_down+p5_from_c5+axial_before_end-mobilenet_v2-os2",
    "sfpn+axial+axial_alone-mobilenet_v2",
)
"""The presets that goldens of an odd size are made of: every part at least once."""

_ROWS = (
    *("aspp", "cae", "ocr", "sa", "sa_car", "sfpn+aspp", "sfpn+axial", "sfpn+cae", "sfpn+sa"),
    *("sfpn+cae+axial", "sfpn+cae+guidance", "sfpn+cae+hfgm", "sfpn+fcn+guidance"),
    *("sfpn+fcn+hfgm", "sfpn+sa_car", "usfpn", "usfpn+cae", "uper+ppm", "uper+ppm+hfgm"),
)
_DILATED_ROWS = ("fcn", "aspp", "sa", "deeplabv3plus+aspp", "deeplabv3plus+aspp+hfgm")
"""The rows of the HFGD paper's tables that are not among them."""
_BACKBONES = (
    *("resnet50-d8", "resnet50-d16", "resnet50_beta-d8", "resnet50_beta-d16", "resnet101"),
    *("convnext_small", "convnext_base", "convnext_large", "swin_small", "swin_base", "swin_large"),
)
"""The backbones and dilations that are not."""

EVEN_GOLDEN_PRESETS: tuple[str, ...] = (
    *GOLDEN_PRESETS,
    *(f"{decoder}-mobilenet_v2" for decoder in _ROWS),
    *(f"{decoder}-mobilenet_v2-d8" for decoder in _DILATED_ROWS),
    *(f"fcn-{backbone}" for backbone in _BACKBONES),
    "segvit-vit_large",
    "segvit_shrunk-vit_large",
)
"""The presets that goldens of an even size are made of: every row, every backbone."""


def preset(name: str) -> ModelConfig:
    """The configuration of a preset.

    It has the classes of Pascal Context; on MobileNetV2 CamVid's, and it is narrow;
    mmsegmentation's Semantic FPN has Cityscapes', SegViT ADE20K's.

    Raises:
        KeyError: There is no such preset; the message lists some that exist.
    """
    decoder, _, rest = name.partition("-")
    backbone, *suffixes = rest.split("-")
    words = [part for word in decoder.split("+") for part in _ALIASES.get(word, (word,))]
    try:
        if backbone not in BACKBONES:
            raise ValueError(backbone)
        return _config(name, backbone, _parts([_word(w) for w in words], suffixes))
    except (ValueError, ConfigError) as error:
        names = ", ".join(PRESET_NAMES)
        raise KeyError(f"no preset {name!r}, expected one such as {names}") from error


def _word(word: str) -> dict[str, Any]:
    if word == "none":
        raise ValueError(word)
    if word in CONTEXTS:
        return {"context": word}
    if word in UPSAMPLERS:
        return {"upsampler": word}
    if word in DECODERS:
        return {"decoder": word, "output_stride": 1}
    if word in _EXTRAS:
        return _EXTRAS[word]
    if word in ALTERNATIVES:
        return {"alternatives": (word,)}
    raise ValueError(word)


def _parts(words: list[dict[str, Any]], suffixes: list[str]) -> dict[str, Any]:
    """All parts together; a ValueError where one is unknown or there twice."""
    parts: dict[str, Any] = {}
    if unknown := [suffix for suffix in suffixes if suffix not in _SUFFIXES]:
        raise ValueError(unknown[0])
    for part in (*words, *(_SUFFIXES[suffix] for suffix in suffixes)):
        alternatives = (*parts.get("alternatives", ()), *part.get("alternatives", ()))
        if (parts.keys() & part.keys()) - {"alternatives"}:
            raise ValueError(", ".join(part))
        if len(set(alternatives)) < len(alternatives):
            raise ValueError(alternatives[-1])
        parts |= part | ({"alternatives": alternatives} if alternatives else {})
    return parts


def _config(name: str, backbone: str, parts: dict[str, Any]) -> ModelConfig:
    usual = {"context": "none", "upsampler": "none", "guidance": False, "axial": False}
    parts = usual | parts
    coarse = parts.setdefault("backbone_stride", 16 if backbone in PLAIN_BACKBONES else 32)
    parts.setdefault("output_stride", 4 if parts["upsampler"] != "none" else coarse)
    is_mobile = backbone == "mobilenet_v2"
    labels = CAMVID_11 if is_mobile else PASCAL_CONTEXT_59
    inner = {"context_wide": 1024, "context_width": 256} if is_mobile else {}
    if parts["upsampler"] == "mmseg_fpn":
        labels = CITYSCAPES_19
    if "decoder" in parts:
        labels = ADE20K_150
    config = ModelConfig(
        name=name,
        backbone=backbone,
        classes=labels.names,
        palette=labels.palette,
        ignore_index=labels.ignore_index,
        input=_IMAGENET if backbone in _IMAGENET_BACKBONES else _MINUS_ONE_TO_ONE,
        **parts,
        **inner,
    )
    return replace(config, width=usual_width(config))


def usual_width(config: ModelConfig) -> int:
    """The width that a preset of these parts has."""
    if config.decoder is not None:
        return 384 if config.backbone == "vit_base" else 512
    if config.upsampler == "mmseg_fpn":
        return 128
    if config.context in _SELF_WIDE_CONTEXTS and config.upsampler in _SELF_WIDE_UPSAMPLERS:
        return config.context_width
    return 96 if config.backbone == "mobilenet_v2" else 256
