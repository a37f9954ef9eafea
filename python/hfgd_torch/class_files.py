"""The file in a data set's folder that names its classes, in the order of the labels.

    classes.txt         a name on each line
    labelmap.txt        name:red,green,blue:parts:actions, as CVAT writes it
    label_colors.txt    red green blue name, as CamVid has it; colours may also follow the name

Lines that begin with # are comments. A class called void, unlabelled or ignore is no class: what it
labels is ignored, and the classes after it move down.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from hfgd_torch.config import Color
from hfgd_torch.errors import DataError
from hfgd_torch.label_maps import VALUES, Encoding, color_values
from hfgd_torch.label_sets import LabelSet, voc_color

NAMES = ("classes.txt", "labelmap.txt", "label_colors.txt")
VOID = {"void", "unlabelled", "unlabeled", "ignore", "ignored", "__ignore__"}


@dataclass(frozen=True)
class ClassFile:
    """What such a file says.

    Attributes:
        labels: The classes without those that mean "ignored".
        encoding: How values that number the file's lines become class numbers.
        colors: The value of each colour; empty where lines lack one or share one.
    """

    labels: LabelSet
    encoding: Encoding
    colors: dict[Color, int]


def class_file(folder: Path) -> ClassFile | None:
    """The class file of a folder, where it has one.

    Raises:
        DataError: The file cannot be read or names no classes.
    """
    for path in (folder / name for name in NAMES):
        if path.is_file():
            try:
                return _parsed(path.read_text(), path)
            except (OSError, UnicodeDecodeError) as error:
                raise DataError(f"{path} cannot be read ({error}); replace or remove it") from error
    return None


def _parsed(text: str, path: Path) -> ClassFile:
    rows = [_row(line) for line in text.splitlines() if line.strip()]
    rows = [row for row in rows if row is not None]
    kept = [value for value, (name, _) in enumerate(rows) if name.lower() not in VOID]
    if not kept or len(rows) >= VALUES:
        raise DataError(f"{path} names {len(rows)} classes; expected 1 to 65535, one on each line")
    labels = LabelSet(
        names=tuple(rows[value][0] for value in kept),
        palette=tuple(rows[value][1] or voc_color(number + 1) for number, value in enumerate(kept)),
        ignore_index=255 if len(kept) <= 255 else VALUES - 1,
    )
    is_plain = len(kept) == len(rows)
    encoding = Encoding(
        ignore_index=labels.ignore_index,
        numbering=None if is_plain else tuple(kept),
        numbered=len(rows) - 1,
    )
    palette = [color for _, color in rows if color is not None]
    colors = color_values(palette) if len(palette) == len(rows) else {}
    return ClassFile(labels, encoding, colors)


def _row(line: str) -> tuple[str, Color | None] | None:
    if line.lstrip().startswith("#"):
        return None
    name, colon, rest = line.partition(":")
    if colon:
        return " ".join(name.split()), _color(rest.partition(":")[0].split(","))
    words = re.split(r"[\s,]+", line.strip())
    if len(words) > 3:
        if color := _color(words[:3]):
            return " ".join(words[3:]), color
        if color := _color(words[-3:]):
            return " ".join(words[:-3]), color
    return " ".join(line.split()), None


def _color(words: list[str]) -> Color | None:
    numbers = [int(word) for word in words if word.strip().isdecimal()]
    if len(words) != 3 or len(numbers) != 3 or max(numbers) > 255:
        return None
    return numbers[0], numbers[1], numbers[2]
