"""The named models: DECODER-BACKBONE[-d8|-d16][-os2|-os4].

DECODER is an upsampler, a context or both, joined by "+" with what else is in the model: `guidance`
(class tokens shared with a teacher), `axial` (axial attention), `hfgm` (both), `auxiliary` (the FCN
head of §5.1). `hfgd` is `usfpn+cae+hfgm`. -d8 and -d16 dilate the backbone.
`segvit` and `segvit_shrunk` are whole decoders, of plain transformers. An answer to what the paper
leaves open, as `end_3x3`, is a part like the others, and so is a value of the configuration, as
`axial_heads=1`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
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

_NUMBERS = (
    *("context_wide", "context_width", "pyramid_width", "width"),
    *("axial_heads", "axial_width", "query_grid"),
)
_LARGEST = 65536
_VALUES: dict[str, dict[str, Any]] = {
    "multi_grid": {"false": False, "true": True},
    "output_norm": {"false": False, "true": True},
    "input": {"imagenet": _IMAGENET, "symmetric": _MINUS_ONE_TO_ONE},
}
"""Of the other keys that a name may set, by the words for them."""
_PLACES: dict[str, dict[str, tuple[Any, ...]]] = {
    "context_wide": {"context": ("cae", "ocr")},
    "context_width": {
        "context": ("fcn", "cae", "ocr", "ppm", "sa", "sa_car"),
        "auxiliary": ("fcn",),
    },
    "pyramid_width": {"upsampler": ("mmseg_fpn",)},
    "axial_heads": {"axial": (True,)},
    "axial_width": {"axial": (True,)},
    "query_grid": {"decoder": ("segvit_shrunk",)},
    "multi_grid": {"backbone": tuple(name for name in BACKBONES if name.startswith("resnet"))},
    "output_norm": {"backbone": LAYER_NORM_BACKBONES},
}
"""What another key must be, one of these, for a key to make a difference."""

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
    "usfpn+cae+hfgm+level_convolved+p5_convolved+top_3x3+cae_linear+axial_heads=2+axial_width=48"
    "-mobilenet_v2",
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

    SegViT has ADE20K's classes, else MobileNetV2 CamVid's, else mmsegmentation's Semantic FPN
    Cityscapes'; all others have Pascal Context's. On MobileNetV2 contexts and features are narrow.

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
    key, _, value = word.partition("=")
    return {key: _value(key, value)}


def _value(key: str, text: str) -> Any:  # noqa: ANN401
    is_number = key in _NUMBERS and re.fullmatch("[1-9][0-9]{0,4}", text)
    if is_number and int(text) <= _LARGEST:
        return int(text)
    if text in _VALUES.get(key, {}):
        return _VALUES[key][text]
    raise ValueError(key, text)


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
        alternatives = tuple(sorted(alternatives, key=ALTERNATIVES.index))
        parts |= part | ({"alternatives": alternatives} if alternatives else {})
    return parts


def _config(name: str, backbone: str, parts: dict[str, Any]) -> ModelConfig:
    is_mobile = backbone == "mobilenet_v2"
    usual = {
        "backbone": backbone,
        "context": "none",
        "context_wide": 1024 if is_mobile else 2048,
        "context_width": 256 if is_mobile else 512,
        "upsampler": "none",
        "guidance": False,
        "axial": False,
        "decoder": None,
    }
    keys = usual | parts
    for key in _PLACES.keys() & parts.keys():
        if all(keys.get(other) not in values for other, values in _PLACES[key].items()):
            raise ValueError(key)
    coarse = keys.setdefault("backbone_stride", 16 if backbone in PLAIN_BACKBONES else 32)
    keys.setdefault("output_stride", 4 if keys["upsampler"] != "none" else coarse)
    keys.setdefault("input", _IMAGENET if backbone in _IMAGENET_BACKBONES else _MINUS_ONE_TO_ONE)
    keys.setdefault("width", usual_width(keys))
    if keys["decoder"] is not None:
        labels = ADE20K_150
    elif is_mobile:
        labels = CAMVID_11
    else:
        labels = CITYSCAPES_19 if keys["upsampler"] == "mmseg_fpn" else PASCAL_CONTEXT_59
    config = ModelConfig(
        name=name,
        classes=labels.names,
        palette=labels.palette,
        ignore_index=labels.ignore_index,
        **keys,
    )
    # One that is the backbone's own is as if it were not named.
    plain = replace(config, multi_grid=None)
    return plain if plain.has_multi_grid == config.has_multi_grid else config


def usual_width(keys: Mapping[str, Any]) -> int:
    """The width that a preset with these keys of the configuration has."""
    if keys["decoder"] is not None:
        return 384 if keys["backbone"] == "vit_base" else 512
    if keys["upsampler"] == "mmseg_fpn":
        return 128
    if keys["context"] in _SELF_WIDE_CONTEXTS and keys["upsampler"] in _SELF_WIDE_UPSAMPLERS:
        return keys["context_width"]
    return 96 if keys["backbone"] == "mobilenet_v2" else 256
