"""Data sets: pictures with label maps, and the classes that they tell apart."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hfgd_torch.config import Color
from hfgd_torch.errors import DataError
from hfgd_torch.label_maps import Encoding, read_labels, read_picture
from hfgd_torch.label_sets import LabelSet

CHECKSUM_BYTES = 24
"""What a PNG ends with: the checksum of its last part, and the end mark."""


@dataclass(frozen=True)
class Sample:
    """A picture with its labels, which are read when they are asked for."""

    name: str
    picture: Path
    label: Path
    encoding: Encoding
    colors: dict[Color, int]

    def read(self, classes: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """The picture [H, W, 3], and of each pixel [H, W] the class, -1 if ignored, K if none.

        Raises:
            DataError: A file cannot be read, or their sizes differ.
        """
        picture = read_picture(self.picture)
        labels = read_labels(self.label, self.colors)
        if labels.shape != picture.shape[:2]:
            sizes = [f"{shape[1]}×{shape[0]}" for shape in (picture.shape, labels.shape)]
            raise DataError(
                f"{self.picture} is {sizes[0]} pixels large, expected labels of that size, found "
                f"{sizes[1]}; correct one of them or remove the pair"
            )
        return picture, self.encoding.table(classes)[labels]


@dataclass(frozen=True)
class DataSet:
    """The samples of one part of a data set; `labels` is None where nothing names the classes."""

    kind: str
    root: Path
    split: str
    labels: LabelSet | None
    ignore_index: int
    samples: tuple[Sample, ...]

    @cached_property
    def fingerprint(self) -> str:
        """What changes with the files: names, sizes, and the ends of labels, their checksums.

        Raises:
            DataError: A file is not there, or cannot be read.
        """
        digest = hashlib.blake2b(digest_size=8)
        digest.update(f"{self.kind}\n{self.split}\n".encode())
        for sample in self.samples:
            try:
                sizes = sample.picture.stat().st_size, sample.label.stat().st_size
                digest.update(f"{sample.name}\0{sizes}\0{sample.encoding}\n".encode())
                with sample.label.open("rb") as file:
                    file.seek(max(0, sizes[1] - CHECKSUM_BYTES))
                    digest.update(file.read())
            except OSError as error:
                raise DataError(
                    f"{sample.label} or its picture cannot be read ({error}); make both readable, "
                    "or remove the pair"
                ) from error
        return digest.hexdigest()

    def joined(self, other: DataSet) -> DataSet:
        """This set's samples and then those of another, which must have the same classes.

        Raises:
            DataError: The classes differ, or a label that one ignores is a class of the other.
        """
        classes = len(self.labels.names) if self.labels else 0
        ignored = {self.ignore_index, other.ignore_index}
        is_class_ignored = len(ignored) > 1 and min(ignored) < classes
        names = [labels.names if labels else None for labels in (self.labels, other.labels)]
        if names[0] != names[1] or is_class_ignored:
            raise DataError(
                f"{self.root} and {other.root} differ in their classes or in the label that is "
                "not counted; use sets of the same classes together, or give an ignore index"
            )
        split = f"{self.split} + {other.kind} {other.split}"
        return replace(self, split=split, samples=self.samples + other.samples)
