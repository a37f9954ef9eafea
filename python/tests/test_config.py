"""Configurations: what is accepted and how the rest is refused."""

import json
from dataclasses import replace
from typing import Any

import pytest

from hfgd_torch import PRESET_NAMES, ConfigError, InputNormalization, ModelConfig, preset
from hfgd_torch.ade20k import ADE20K_150
from hfgd_torch.label_sets import CAMVID_11, CITYSCAPES_19, PASCAL_CONTEXT_59
from hfgd_torch.presets import PRESET_BACKBONES

IMAGENET = preset("sfpn-resnet50").input


@pytest.mark.parametrize("name", PRESET_NAMES)
def test_a_preset_survives_json(name: str) -> None:
    """What is written is read back, and every preset has a label set of its backbone."""
    config = preset(name)
    read = ModelConfig.from_json(config.to_json())
    # A grid that is as usual is written, and then it is a grid that is set.
    assert replace(read, query_grid=config.query_grid) == config
    assert read.to_json() == config.to_json()
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
    ("name", "base", "changes"),
    [
        ("hfgd+axial_heads=1-resnet50_beta", "hfgd-resnet50_beta", {"axial_heads": 1}),
        ("axial_width=64+hfgd-resnet50-os2", "hfgd-resnet50-os2", {"axial_width": 64}),
        (
            "sfpn+axial+axial_heads=3+width=99-resnet50",
            "sfpn+axial-resnet50",
            {"axial_heads": 3, "width": 99},
        ),
        # 3 divides the preset's 96, not the 256 of a configuration that names no width.
        ("sfpn+axial+axial_heads=3-mobilenet_v2", "sfpn+axial-mobilenet_v2", {"axial_heads": 3}),
        ("sfpn+sa_car+width=512-resnet50_beta", "sfpn+sa_car-resnet50_beta", {"width": 512}),
        ("cae+context_wide=65536-resnet50", "cae-resnet50", {"context_wide": 65536}),
        ("fcn+context_width=100-resnet50", "fcn-resnet50", {"context_width": 100}),
        ("fapn+output_norm=true-swin_tiny", "fapn-swin_tiny", {"output_norm": True}),
        (
            "sfpn+auxiliary+context_width=64-resnet50",
            "sfpn+auxiliary-resnet50",
            {"context_width": 64},
        ),
        (
            "sa+context_width=300-mobilenet_v2-d8",
            "sa-mobilenet_v2-d8",
            {"context_width": 300, "width": 300},
        ),
        ("mmseg_fpn+pyramid_width=1-swin_tiny", "mmseg_fpn-swin_tiny", {"pyramid_width": 1}),
        ("segvit_shrunk+query_grid=32-vit_base", "segvit_shrunk-vit_base", {"query_grid": 32}),
        ("fcn+multi_grid=false-resnet50_beta", "fcn-resnet50_beta", {"multi_grid": False}),
        ("fcn+multi_grid=true-resnet101-d8", "fcn-resnet101-d8", {"multi_grid": True}),
        ("sfpn+input=imagenet-resnet50", "sfpn-resnet50", {}),
        (
            "sfpn+input=symmetric-resnet50",
            "sfpn-resnet50",
            {"input": InputNormalization(mean=(127.5,) * 3, std=(127.5,) * 3)},
        ),
        ("sfpn+input=imagenet-mobilenet_v2", "sfpn-mobilenet_v2", {"input": IMAGENET}),
        ("end_3x3+usfpn+no_top_down-resnet50", "usfpn+no_top_down+end_3x3-resnet50", {}),
    ],
)
def test_a_name_sets_keys(name: str, base: str, changes: dict[str, Any]) -> None:
    """And nothing else; alternatives come in one order."""
    config = preset(name)
    assert config == replace(preset(base), name=name, **changes)
    assert ModelConfig.from_json(config.to_json()) == config


@pytest.mark.parametrize(
    "name", ["fcn+multi_grid=true-resnet50_beta", "fcn+multi_grid=false-resnet50"]
)
def test_a_multi_grid_as_usual_leaves_no_trace(name: str) -> None:
    """But the name."""
    plain = preset(f"fcn-{name.rpartition('-')[2]}")
    assert preset(name).to_json() == replace(plain, name=name).to_json()


@pytest.mark.parametrize(
    "name",
    [
        *(
            f"sfpn+width={value}-resnet50"
            for value in ("", "0", "-1", "+1", "01", "1.5", "٣", "65537")
        ),
        *("sfpn+width-resnet50", "sfpn+width= 1-resnet50", "sfpn+width=1=1-resnet50"),
        *("sfpn+wide=1-resnet50", "sfpn+context=cae-resnet50", "sfpn+output_stride=4-resnet50"),
        *("sfpn+width=96+width=96-resnet50", "sfpn+input=none-resnet50", "sfpn+input=1-resnet50"),
        *("fcn+multi_grid=1-resnet50", "fcn+multi_grid=True-resnet50"),
        *("fcn+multi_grid=false-mobilenet_v2", "fcn+multi_grid=true-convnext_tiny"),
        *("sa+context_wide=1024-resnet50", "sfpn+context_wide=1024-resnet50"),
        *("aspp+context_width=512-resnet50", "sfpn+context_width=512-resnet50"),
        "ocr+context_width=1-resnet50",
        *("sfpn+pyramid_width=256-resnet50", "sfpn+axial_heads=4-resnet50"),
        *("sfpn+fcn+guidance+axial_width=64-resnet50", "segvit+query_grid=40-vit_base"),
        *("fcn+query_grid=40-resnet50", "segvit+width=100-vit_base"),
        *("hfgd+axial_heads=3-resnet50", "hfgd+axial_width=50-resnet50"),
        "hfgd+axial_heads=5+axial_width=50-resnet50",
        *("mmseg_fpn+level_convolved-resnet50", "fapn+top_3x3-resnet50"),
        *("hfgd+lateral_added+level_convolved-resnet50", "sfpn+lateral_added-resnet50"),
        *("hfgd+top_3x3-resnet50", "sfpn+cae+top_3x3-resnet50", "sfpn+sa+cae_linear-resnet50"),
    ],
)
def test_names_that_are_none(name: str) -> None:
    """Keys that are unknown, twice there or without effect, wrong values, contradictions."""
    with pytest.raises(KeyError, match="no preset"):
        preset(name)


@pytest.mark.parametrize(
    ("name", "classes"),
    [
        ("segvit-vit_base", ADE20K_150.names),
        ("mmseg_fpn-mobilenet_v2", CAMVID_11.names),
        ("mmseg_fpn-convnext_tiny", CITYSCAPES_19.names),
        ("usfpn-convnext_tiny", PASCAL_CONTEXT_59.names),
    ],
)
def test_classes_of_presets(name: str, classes: tuple[str, ...]) -> None:
    """Those of the decoder's data set, then the backbone's, then the upsampler's."""
    assert preset(name).classes == classes


def test_what_says_nothing_is_left_out() -> None:
    """An axial width that is the width, and the grid of queries that there are not."""
    config = preset("hfgd-resnet50")
    assert replace(config, axial_width=256).to_json() == config.to_json()
    assert json.loads(replace(config, axial_width=64).to_json())["axial_width"] == 64
    assert "query_grid" not in json.loads(preset("segvit-vit_base").to_json())
    assert json.loads(preset("segvit_shrunk-vit_base").to_json())["query_grid"] == 40


def test_heads_count_where_there_is_attention() -> None:
    """Elsewhere any width goes with them."""
    assert replace(preset("sfpn-resnet50"), width=254, axial_width=3).axial_heads == 4


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
        ({"axial_width": 50}, "axial_heads is 4, expected a divisor of axial_width 50"),
        ({"axial_width": 0}, "axial_width is 0, expected a positive integer"),
        ({"axial_width": True}, "axial_width is True, expected a positive integer"),
        (
            {"alternatives": ["level_convolved", "lateral_added"]},
            "alternatives has 'lateral_added'",
        ),
        ({"alternatives": ["top_3x3"]}, "alternatives has 'top_3x3', .* context 'cae'"),
        ({"alternatives": ["cae_linear"], "context": "sa"}, "alternatives has 'cae_linear'"),
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
