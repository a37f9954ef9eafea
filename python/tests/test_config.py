"""Configurations: what is accepted and how the rest is refused."""

import json
from typing import Any

import pytest

from hfgd_torch import PRESET_NAMES, ConfigError, ModelConfig, preset
from hfgd_torch.ade20k import ADE20K_150
from hfgd_torch.label_sets import CAMVID_11, CITYSCAPES_19, PASCAL_CONTEXT_59
from hfgd_torch.presets import PRESET_BACKBONES


@pytest.mark.parametrize("name", PRESET_NAMES)
def test_a_preset_survives_json(name: str) -> None:
    """What is written is read back, and every preset has a label set of its backbone."""
    config = preset(name)
    assert ModelConfig.from_json(config.to_json()) == config
    labels = CAMVID_11 if "mobilenet" in name else PASCAL_CONTEXT_59
    if name.startswith("mmseg_fpn"):
        labels = CITYSCAPES_19
    if config.decoder is not None:
        labels = ADE20K_150
    assert config.classes == labels.names
    assert len(set(config.classes)) == len(config.palette) == len(config.classes)


def test_names_of_presets() -> None:
    """Four models on each backbone, one on two, SegViT; other names are errors that list them."""
    assert len(set(PRESET_NAMES)) == len(PRESET_NAMES) == 4 * len(PRESET_BACKBONES) + 2 + 3
    for name in ("hfgd-resnet51_beta", "segvit-resnet50", "sfpn-vit_base", "segvit+fcn-vit_base"):
        with pytest.raises(KeyError, match=f"no preset '{name}'".replace("+", r"\+")):
            preset(name)
    assert preset("fcn-vit_base").output_stride == 16


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"colour": 1, "shape": 2}, "unknown keys: colour, shape"),
        ({"format": 2}, "format is 2"),
        ({"name": 1}, "name is 1, expected a str"),
        ({"training": []}, r"training is \[\], expected a dict"),
        ({"backbone": "resnet18"}, "backbone is 'resnet18'"),
        ({"context": "psp"}, "context is 'psp'"),
        ({"upsampler": "unet"}, "upsampler is 'unet'"),
        (
            {"upsampler": "uper", "context": "none", "guidance": False},
            "context is 'none' with upsampler 'uper'",
        ),
        ({"output_stride": 8}, "output_stride is 8"),
        ({"output_stride": 32}, "output_stride is 32 with upsampler 'usfpn'"),
        ({"upsampler": "mmseg_fpn"}, "upsampler is 'mmseg_fpn', expected output_stride 4"),
        ({"axial": 1}, "axial is 1"),
        ({"width": 254}, "axial_heads is 4, expected a divisor of width 254"),
        ({"context": "none"}, "guidance is true with context 'none'"),
        ({"refine_stride": 4}, "refine_stride is 4"),
        ({"refine_stride": 2, "output_stride": 2}, "refine_stride is 2 with output_stride 2"),
        ({"refine_stride": 2, "upsampler": "fapn"}, "upsampler 'fapn', expected a guided model"),
        ({"classes": "sky"}, "classes is 'sky'"),
        ({"classes": ["sky"]}, "palette has 59 colours"),
        ({"palette": [[0, 0, 256]]}, r"palette is \[\[0, 0, 256\]\]"),
        ({"input": {"mean": [0, 0, 0]}}, "input is"),
        ({"input": {"mean": [0, 0, 0], "std": [1, 0, 1]}}, "input.std is"),
    ],
)
def test_a_wrong_value_is_named(changes: dict[str, Any], message: str) -> None:
    """Unknown keys, unknown values and contradictions are errors that say which."""
    members = json.loads(preset("hfgd-resnet50_beta-os4").to_json()) | changes
    with pytest.raises(ConfigError, match=message):
        ModelConfig.from_json(json.dumps(members))


def test_a_missing_key_is_named() -> None:
    """Only the widths, the heads, refine_stride, metrics and training may be absent."""
    members = json.loads(preset("sfpn-resnet50").to_json())
    for key in ("width", "context_wide", "context_width", "pyramid_width", "axial_heads"):
        del members[key]
    assert ModelConfig.from_json(json.dumps(members)) == preset("sfpn-resnet50")
    del members["format"], members["classes"]
    with pytest.raises(ConfigError, match="missing keys: classes, format"):
        ModelConfig.from_json(json.dumps(members))
