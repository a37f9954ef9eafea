"""Label files, and how the values in them become the network's class numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from hfgd_torch.config import Color
from hfgd_torch.errors import DataError
from hfgd_torch.losses import IGNORED

VALUES = 1 << 16
"""How many values a label file can hold."""
UNKNOWN = VALUES - 1
"""The stored value of a colour that a table lacks; no class has it."""


@dataclass(frozen=True)
class Encoding:
    """What the stored values mean.

    Attributes:
        ignore_index: The value that is never counted, compared after the two steps.
        reduce_zero_label: The first step: 0 and 255 are ignored, all others go down by one.
        numbering: The second step: stored values by class number; up to `numbered` all others are
            ignored. None leaves values as they are.
        numbered: The last value that `numbering` is about.
    """

    ignore_index: int = 255
    reduce_zero_label: bool = False
    numbering: tuple[int, ...] | None = None
    numbered: int = 0

    @property
    def is_plain(self) -> bool:
        """Whether stored values are class numbers already."""
        return not self.reduce_zero_label and self.numbering is None

    @lru_cache(maxsize=8)  # noqa: B019
    def table(self, classes: int) -> NDArray[np.int64]:
        """By stored value, [65536]: the class number, -1 where ignored, K where it is no class."""
        values = np.arange(VALUES)
        if self.reduce_zero_label:
            is_void = (values == 0) | (values == 255)
            values = np.where(is_void, self.ignore_index, values - 1)
        if self.numbering is not None:
            numbers = np.arange(VALUES)
            numbers[: self.numbered + 1] = self.ignore_index
            numbers[list(self.numbering)] = np.arange(len(self.numbering))
            values = numbers[values]
        numbers = np.minimum(values, classes)
        numbers[values == self.ignore_index] = IGNORED
        return numbers


def color_values(palette: Sequence[Color], ignore_index: int | None = None) -> dict[Color, int]:
    """Values 0, 1, … of different colours; nothing where two classes share one.

    Black and the border of Pascal VOC, where no class has them, are `ignore_index`.
    """
    if len(set(palette)) < len(palette):
        return {}
    void = {} if ignore_index is None else dict.fromkeys(((0, 0, 0), (224, 224, 192)), ignore_index)
    return void | {color: value for value, color in enumerate(palette)}


def read_picture(path: Path) -> NDArray[np.uint8]:
    """The picture in a PNG or JPEG file, upright: [H, W, 3].

    Raises:
        DataError: The file holds no picture.
    """
    try:
        with Image.open(path) as file:
            return np.array(ImageOps.exif_transpose(file).convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DataError(
            f"{path} cannot be read as a picture ({error}); replace it or remove the pair"
        ) from error


def read_labels(path: Path, colors: Mapping[Color, int]) -> NDArray[np.uint16]:
    """The stored values of a grey or palette PNG, or of the colours of another: [H, W].

    Raises:
        DataError: The file is no PNG, or holds colours and there is no table of them.
    """
    try:
        with Image.open(path) as file:
            # Pillow spreads grey values of few bits over 0…255.
            spread = {"L;2": 85, "L;4": 17}.get(_raw_mode(file), 1)
            values = np.asarray(file.convert("RGB") if file.mode in ("RGB", "RGBA") else file)
            mode = file.mode
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DataError(
            f"{path} cannot be read as a label map ({error}); replace it or remove the pair"
        ) from error
    if mode in ("1", "L", "P", "I;16", "I"):
        return (values // spread).astype(np.uint16) if spread > 1 else values.astype(np.uint16)
    if mode not in ("RGB", "RGBA") or not colors:
        raise DataError(
            f"{path} holds colours ({mode}) and nothing says which class each stands for; "
            "store class numbers, or add colours to the set's class file"
        )
    return _values_of_colors(values, colors)


def _raw_mode(file: Image.Image) -> str:
    argument = file.tile[0][3] if file.tile else ""
    return argument if isinstance(argument, str) else ""


def _values_of_colors(pixels: NDArray[np.uint8], colors: Mapping[Color, int]) -> NDArray[np.uint16]:
    weights = np.array([1 << 16, 1 << 8, 1])
    found, places = np.unique(pixels @ weights, return_inverse=True)
    numbers = {int(np.dot(color, weights)): value for color, value in colors.items()}
    values = np.array([numbers.get(int(color), UNKNOWN) for color in found], dtype=np.uint16)
    return values[places.reshape(pixels.shape[:2])]
