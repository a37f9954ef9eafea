"""The configuration of a model: the JSON object `hfgd.config` of a checkpoint."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from typing import Any

FORMAT = 1
LAYER_NORM_BACKBONES = tuple(
    f"{family}_{size}"
    for family in ("convnext", "swin")
    for size in ("tiny", "small", "base", "large")
)
"""Backbones with LayerNorm, which may normalise their outputs, too."""
PLAIN_BACKBONES = ("vit_base", "vit_large")
"""Plain transformers, all of whose features have output stride 16."""
BACKBONES = (
    "resnet50_beta",
    "resnet50",
    "resnet101",
    "resnet50_v1c",
    "resnet101_v1c",
    "resnet50_v1d",
    "mobilenet_v2",
    *LAYER_NORM_BACKBONES,
    *PLAIN_BACKBONES,
)
DECODERS = ("segvit", "segvit_shrunk")
ALTERNATIVES = (
    "no_top_down",
    "lateral_added",
    "level_convolved",
    "p5_convolved",
    "p5_from_c5",
    "top_3x3",
    "two_convolutions",
    "end_3x3",
    "axial_before_end",
    "axial_projected",
    "axial_alone",
    "cae_3x3",
    "cae_linear",
)
"""Answers to what the paper leaves open, where others are usual."""
QUERY_GRID = 40
"""Patches of a side of the crops that SegViT's authors train on: 640 pixels."""
HEAD_WIDTH = 32
"""Channels of a head of a decoder's attention."""
CONTEXTS = ("none", "fcn", "cae", "aspp", "ocr", "ppm", "sa", "sa_car")
UPSAMPLERS = ("none", "sfpn", "usfpn", "mmseg_fpn", "fapn", "uper", "deeplabv3plus")
FINE_UPSAMPLERS = ("sfpn", "usfpn")
"""Those that reach output stride 2."""
UPSAMPLERS_OF_CONTEXTS = ("uper", "deeplabv3plus")
"""Those that stand on a context's feature."""
OUTPUT_STRIDES = (1, 2, 4, 8, 16, 32)
BACKBONE_STRIDES = (8, 16, 32)

Color = tuple[int, int, int]


def strides_of(upsampler: str, backbone_stride: int) -> tuple[int, ...]:
    """The output strides that an upsampler can answer at, the usual one first."""
    if upsampler == "none":
        return (backbone_stride,)
    return (4, 2) if upsampler in FINE_UPSAMPLERS else (4,)


class ConfigError(ValueError):
    """A configuration that describes no model; the message names the key and the value."""


@dataclass(frozen=True)
class InputNormalization:
    """x = (rgb - mean) / std, with rgb in 0…255."""

    mean: tuple[float, float, float]
    std: tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """Everything that decides what a model is and how its classes are shown.

    Raises:
        ConfigError: A value is unknown, or two values contradict each other.
    """

    name: str
    backbone: str
    context: str
    upsampler: str
    output_stride: int
    axial: bool
    guidance: bool
    classes: tuple[str, ...]
    palette: tuple[Color, ...]
    ignore_index: int
    input: InputNormalization
    format: int = FORMAT
    context_wide: int = 2048
    context_width: int = 512
    pyramid_width: int = 256
    width: int = 256
    axial_heads: int = 4
    axial_width: int | None = None
    refine_stride: int | None = None
    backbone_stride: int = 32
    multi_grid: bool | None = None
    output_norm: bool = False
    auxiliary: str = "none"
    decoder: str | None = None
    query_grid: int | None = None
    alternatives: tuple[str, ...] = ()
    metrics: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._check_values()
        self._check_combinations()

    def _check_values(self) -> None:
        known = {
            "format": (FORMAT,),
            "backbone": BACKBONES,
            "context": CONTEXTS,
            "upsampler": UPSAMPLERS,
            "output_stride": OUTPUT_STRIDES,
            "axial": (False, True),
            "guidance": (False, True),
            "refine_stride": (None, 2),
            "backbone_stride": BACKBONE_STRIDES,
            "multi_grid": (None, False, True),
            "output_norm": (False, True),
            "auxiliary": ("none", "fcn"),
            "decoder": (None, *DECODERS),
        }
        for key, values in known.items():
            value = getattr(self, key)
            # 1 == True in Python, so the types are compared too.
            if not any(value == v and type(value) is type(v) for v in values):
                raise ConfigError(f"{key} is {value!r}, expected one of {list(values)}")
        widths = ("context_wide", "context_width", "pyramid_width", "width")
        named = [key for key in ("axial_width", "query_grid") if getattr(self, key) is not None]
        for key in (*widths, "axial_heads", *named):
            value = getattr(self, key)
            if type(value) is not int or value < 1:
                raise ConfigError(f"{key} is {value!r}, expected a positive integer")
        kinds = {"name": str, "ignore_index": int, "metrics": dict, "training": dict}
        for key, kind in kinds.items():
            if type(getattr(self, key)) is not kind:
                raise ConfigError(f"{key} is {getattr(self, key)!r}, expected a {kind.__name__}")
        if unknown := sorted(set(self.alternatives) - set(ALTERNATIVES)):
            raise ConfigError(
                f"alternatives has {unknown[0]!r}, expected some of {', '.join(ALTERNATIVES)}"
            )
        if not self.classes:
            raise ConfigError("classes is empty, expected at least one name")
        if len(self.palette) != len(self.classes):
            raise ConfigError(
                f"palette has {len(self.palette)} colours, expected one for each of the "
                f"{len(self.classes)} classes"
            )

    def _check_combinations(self) -> None:
        if self.output_norm and self.backbone not in LAYER_NORM_BACKBONES:
            raise ConfigError(
                f"output_norm is true with backbone {self.backbone!r}, "
                f"expected one of {', '.join(LAYER_NORM_BACKBONES)}"
            )
        only = {**dict.fromkeys(LAYER_NORM_BACKBONES, 32), **dict.fromkeys(PLAIN_BACKBONES, 16)}
        if self.backbone_stride != only.get(self.backbone, self.backbone_stride):
            raise ConfigError(
                f"backbone_stride is {self.backbone_stride} with backbone {self.backbone!r}, "
                f"expected {only[self.backbone]}"
            )
        if self.multi_grid and not self.backbone.startswith("resnet"):
            raise ConfigError(f"multi_grid is true with backbone {self.backbone!r}, expected false")
        if self.context == "ocr" and self.context_width < 2:
            raise ConfigError(
                f"context_width is {self.context_width} with context 'ocr', expected 2 or more"
            )
        self._check_alternatives()
        if self.decoder is not None:
            self._check_decoder()
            return
        if self.backbone in PLAIN_BACKBONES and self.upsampler != "none":
            raise ConfigError(
                f"upsampler is {self.upsampler!r} with backbone {self.backbone!r}, whose features "
                "make no pyramid, expected 'none'"
            )
        expected = strides_of(self.upsampler, self.backbone_stride)
        if self.output_stride not in expected:
            raise ConfigError(
                f"output_stride is {self.output_stride} with upsampler {self.upsampler!r} and "
                f"backbone_stride {self.backbone_stride}, expected one of {expected}"
            )
        if self.auxiliary != "none" and (self.guidance or self.upsampler == "none"):
            raise ConfigError(
                f"auxiliary is {self.auxiliary!r}, expected 'none' where there is guidance, or no "
                "upsampler"
            )
        if self.upsampler == "mmseg_fpn" and (
            self.output_stride != 4 or self.context != "none" or self.axial or self.guidance
        ):
            raise ConfigError(
                "upsampler is 'mmseg_fpn', expected output_stride 4, context 'none', neither axial "
                "nor guidance"
            )
        if self.upsampler in UPSAMPLERS_OF_CONTEXTS and self.context == "none":
            raise ConfigError(
                f"context is 'none' with upsampler {self.upsampler!r}, expected another"
            )
        if self.upsampler == "none" and self.context == "none":
            raise ConfigError("context is 'none' with upsampler 'none', expected another")
        if self.upsampler == "none" and self.axial:
            raise ConfigError("axial is true with upsampler 'none', expected false")
        if self.guidance and "none" in (self.context, self.upsampler):
            raise ConfigError(
                f"guidance is true with context {self.context!r} and upsampler "
                f"{self.upsampler!r}, expected neither to be 'none'"
            )
        is_refinable = self.guidance and self.upsampler in FINE_UPSAMPLERS
        if self.refine_stride and not (is_refinable and self.output_stride == 4):
            raise ConfigError(
                f"refine_stride is {self.refine_stride} with output_stride {self.output_stride}, "
                f"guidance {self.guidance} and upsampler {self.upsampler!r}, expected a guided "
                f"model of output stride 4 with {' or '.join(FINE_UPSAMPLERS)}"
            )
        for key in ("width", "axial_width") if self.axial else ():
            channels = getattr(self, key)
            if channels is not None and channels % self.axial_heads != 0:
                raise ConfigError(
                    f"axial_heads is {self.axial_heads}, expected a divisor of {key} {channels}"
                )

    def _check_alternatives(self) -> None:
        others = self.alternatives
        has_branches = self.upsampler in ("sfpn", "usfpn")
        convolves_top = self.context == "none" or "p5_convolved" in others or "p5_from_c5" in others
        is_there = {
            "no_top_down": has_branches,
            "lateral_added": self.upsampler == "usfpn" and "level_convolved" not in others,
            "level_convolved": has_branches,
            "p5_convolved": has_branches and self.context != "none" and "p5_from_c5" not in others,
            "p5_from_c5": has_branches and self.guidance,
            "top_3x3": has_branches and convolves_top,
            "two_convolutions": has_branches,
            "end_3x3": has_branches,
            "axial_before_end": has_branches and self.axial,
            "axial_projected": self.axial,
            "axial_alone": self.axial,
            "cae_3x3": self.context == "cae",
            "cae_linear": self.context == "cae",
        }
        for name in others:
            if not is_there[name]:
                raise ConfigError(
                    f"alternatives has {name!r}, which the model has no place for with context "
                    f"{self.context!r}, upsampler {self.upsampler!r}, axial {self.axial}, "
                    f"guidance {self.guidance} and alternatives {', '.join(others)}"
                )

    def _check_decoder(self) -> None:
        expected = {
            "backbone": PLAIN_BACKBONES,
            "context": ("none",),
            "upsampler": ("none",),
            "output_stride": (1,),
            "axial": (False,),
            "guidance": (False,),
            "auxiliary": ("none",),
            "refine_stride": (None,),
        }
        for key, values in expected.items():
            if getattr(self, key) not in values:
                raise ConfigError(
                    f"{key} is {getattr(self, key)!r} with decoder {self.decoder!r}, expected "
                    + " or ".join(map(repr, values))
                )
        if self.width % HEAD_WIDTH != 0:
            raise ConfigError(
                f"width is {self.width} with decoder {self.decoder!r}, expected a multiple of the "
                f"{HEAD_WIDTH} channels of a head"
            )

    @property
    def learned_grid(self) -> int:
        """The side, in patches, of the grid that pixel queries are learned on."""
        return QUERY_GRID if self.query_grid is None else self.query_grid

    @property
    def has_multi_grid(self) -> bool:
        """Whether the last stage of a ResNet has dilations 1, 2, 4, times its own."""
        return self.backbone == "resnet50_beta" if self.multi_grid is None else self.multi_grid

    @property
    def align_corners(self) -> bool:
        """Whether the grids of the model, and that of the picture, have common corners."""
        return self.upsampler != "mmseg_fpn" and self.decoder is None

    @staticmethod
    def from_json(text: str) -> ModelConfig:
        """The configuration that a JSON object describes.

        Raises:
            ConfigError: The text is no JSON object, or a key or value is unknown or missing.
        """
        try:
            members = json.loads(text)
        except json.JSONDecodeError as error:
            raise ConfigError(f"the configuration is not JSON: {error}") from error
        if not isinstance(members, dict):
            raise ConfigError(f"the configuration is {members!r}, expected a JSON object")
        fields = {f.name: f for f in dataclasses.fields(ModelConfig)}
        if unknown := sorted(members.keys() - fields.keys()):
            raise ConfigError(f"unknown keys: {', '.join(unknown)}")
        required = {"format"} | {
            name
            for name, f in fields.items()
            if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
        }
        if missing := sorted(required - members.keys()):
            raise ConfigError(f"missing keys: {', '.join(missing)}")
        return ModelConfig(
            **members
            | {
                "classes": _strings("classes", members["classes"]),
                "palette": _colors("palette", members["palette"]),
                "input": _normalization("input", members["input"]),
                "alternatives": _strings("alternatives", members.get("alternatives", [])),
            }
        )

    def to_json(self) -> str:
        """The configuration as a JSON object; members that hold nothing are left out."""
        members = dataclasses.asdict(self)
        usual = {
            "backbone_stride": 32,
            "multi_grid": None,
            "auxiliary": "none",
            "decoder": None,
            "alternatives": (),
        }
        for key in ("refine_stride", "output_norm", "metrics", "training", *usual):
            if members[key] == usual.get(key) or (not members[key] and key not in usual):
                del members[key]
        if self.axial_width in (None, self.width):
            del members["axial_width"]
        if self.decoder == "segvit_shrunk":
            members["query_grid"] = self.learned_grid
        else:
            del members["query_grid"]
        return json.dumps(members)


def _strings(key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ConfigError(f"{key} is {value!r}, expected a list of strings")
    return tuple(value)


def _colors(key: str, value: object) -> tuple[Color, ...]:
    def is_color(item: object) -> bool:
        return (
            isinstance(item, list)
            and len(item) == 3
            and all(type(c) is int and 0 <= c <= 255 for c in item)
        )

    if not isinstance(value, list) or not all(is_color(item) for item in value):
        raise ConfigError(f"{key} is {value!r}, expected a list of [r, g, b] in 0…255")
    return tuple((red, green, blue) for red, green, blue in value)


def _normalization(key: str, value: object) -> InputNormalization:
    if not isinstance(value, dict) or value.keys() != {"mean", "std"}:
        raise ConfigError(f"{key} is {value!r}, expected an object of mean and std")
    for part, numbers in value.items():
        is_triple = isinstance(numbers, list) and len(numbers) == 3
        if not is_triple or not all(type(n) in (int, float) for n in numbers):
            raise ConfigError(f"{key}.{part} is {numbers!r}, expected three numbers")
    if any(n <= 0 for n in value["std"]):
        raise ConfigError(f"{key}.std is {value['std']!r}, expected numbers above 0")
    return InputNormalization(mean=tuple(value["mean"]), std=tuple(value["std"]))
