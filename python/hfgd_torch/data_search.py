"""Finding the data set in a folder: its kind, its layout, and which label belongs to which picture.

The kinds, layouts and rules are those of `docs/datasets.md`, as far as `data_kinds` has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from hfgd_torch.class_files import NAMES, ClassFile, class_file
from hfgd_torch.config import Color
from hfgd_torch.data import DataSet, Sample
from hfgd_torch.data_kinds import KINDS, Kind, Layout
from hfgd_torch.errors import DataError
from hfgd_torch.label_maps import Encoding, color_values
from hfgd_torch.label_sets import LabelSet
from hfgd_torch.split_lists import few, listed

PICTURES = (".png", ".jpg", ".jpeg")
UNDIVIDED = "all"
"""The name of the only split of a set that is not divided."""


@dataclass(frozen=True)
class DataRequest:
    """What is asked for of a folder; None leaves it as the kind has it."""

    split: str
    kind: str | None = None
    ignore_index: int | None = None
    reduce_zero_label: bool | None = None
    labels: LabelSet | None = None


class NoSplitError(DataError):
    """A data set without the split that is asked for."""


def open_data(root: Path, request: DataRequest) -> DataSet:
    """The split of the data set in a folder.

    Raises:
        NoSplitError: The folder has other splits than the one that is asked for.
        DataError: The folder is laid out in no known way, or labels are missing.
    """
    if root.is_file():
        raise DataError(f"{root} is a file; unpack archives and give the folder of the data set")
    if not root.is_dir():
        raise DataError(f"{root} is not a folder; give the folder that holds the data set")
    available: set[str] = set()
    looked: dict[str, None] = {}
    for kind, layout, place, classes in _candidates(root, request.kind):
        looked.setdefault(f"{kind.name}: {layout.description}")
        splits = list(_splits(layout, place))
        available.update(splits)
        split = _chosen(request.split, splits)
        if split is None:
            continue
        files = _paired(layout, place, split)
        if request.kind is None and not files.fit(layout):
            continue
        return _data_set(kind, root, split, classes, files, request)
    if available:
        raise NoSplitError(
            f"{root} has no split {request.split}, found {', '.join(sorted(available))}; "
            "give the name of a split that it has"
        )
    lines = "".join(f"\n  {line}" for line in looked)
    raise DataError(f"{root} is laid out as none of these:{lines}\nsee docs/datasets.md")


def _candidates(
    root: Path, kind_name: str | None
) -> Iterator[tuple[Kind, Layout, Path, ClassFile | None]]:
    """Every layout of every kind in every place, in the order in which they are tried."""
    tops = [root]
    for _ in range(2):
        entries = _entries(tops[-1])
        if len(entries) != 1 or not entries[0].is_dir():
            break
        tops.append(entries[0])
    named = [(top, class_file(top)) for top in tops]
    # What holds nothing but a folder that names classes is a wrapping, and that folder no split.
    first = next((i for i, (_, classes) in enumerate(named) if classes), 0)
    for top, classes in named[first:]:
        for kind in [KINDS[kind_name]] if kind_name else KINDS.values():
            # A set that names its own classes is none of the known ones, whatever its folders are.
            if kind_name is None and classes and kind.labels:
                continue
            for place in [top, *(top / wrapping for wrapping in kind.wrappings)]:
                for layout in kind.layouts:
                    yield kind, layout, place, classes


def _entries(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]


def _splits(layout: Layout, place: Path) -> Iterator[str]:
    """The splits of a layout that a place holds."""
    template = layout.images if "{split}" in layout.images else layout.list
    before, _, after = (template or "").partition("{split}")
    pattern = f"{before}*{after}" if template else None
    found = False
    for path in sorted(place.glob(pattern)) if pattern else ():
        relative = path.relative_to(place).as_posix()
        split = relative.removeprefix(before).removesuffix(after)
        is_wanted = split in layout.splits if layout.splits else True
        is_file = path.is_file() and template == layout.list and path.name not in NAMES
        if is_wanted and (path.is_dir() or is_file) and _holds(layout, place, split):
            found = True
            yield split
    is_whole = template == layout.list and layout.is_list_optional and not found
    if is_whole and _holds(layout, place, UNDIVIDED):
        yield UNDIVIDED


def _holds(layout: Layout, place: Path, split: str) -> bool:
    folders = [form.folder for form in layout.labels]
    return _at(place, layout.images, split).is_dir() and any(
        _at(place, folder, split).is_dir() for folder in folders
    )


def _at(place: Path, template: str, split: str) -> Path:
    return place / template.replace("{split}", split)


def _chosen(wanted: str, splits: list[str]) -> str | None:
    """The split that is called or means `wanted`: val for validation, val2017 and the like."""

    def meaning(name: str) -> str:
        stem = re.sub("[0-9]+$", "", name.lower())
        synonyms = {"training": "train", "testing": "test"}
        return {**synonyms, **dict.fromkeys(("validation", "valid", "dev"), "val")}.get(stem, stem)

    if wanted in splits:
        return wanted
    return next((split for split in splits if meaning(split) == meaning(wanted)), None)


@dataclass(frozen=True)
class _Files:
    """The files of a split, paired by name.

    Attributes:
        names: In the list's order or alphabetical.
        images: The pictures by their names.
        labels: The label maps by the names of their pictures; perhaps not of all.
        folder: Where the labels are.
        encoding: How they store classes.
    """

    names: list[str]
    images: dict[str, Path]
    labels: dict[str, Path]
    folder: Path
    encoding: Encoding

    def fit(self, layout: Layout) -> bool:
        """Whether the first and the last image may belong to the layout's set."""
        ends = (min(self.names), max(self.names))
        return all(re.match(layout.names, name.rpartition("/")[2]) for name in ends)

    def samples(self, encoding: Encoding, colors: dict[Color, int]) -> tuple[Sample, ...]:
        """The samples.

        Raises:
            DataError: An image has no label.
        """
        if missing := [name for name in self.names if name not in self.labels]:
            raise DataError(
                f"{self.folder} lacks the labels of some images: {few(missing)}; add a PNG of the "
                "same name for each"
            )
        return tuple(
            Sample(name, self.images[name], self.labels[name], encoding, colors)
            for name in self.names
        )


def _paired(layout: Layout, place: Path, split: str) -> _Files:
    """The files of a split, by the form of labels that labels most images."""
    folder = _at(place, layout.images, split)
    pictures = _files(folder, PICTURES)
    if not pictures:
        raise DataError(f"{folder} holds no PNG or JPEG image; give the folder above the split's")
    most, form, images, labels = -1, layout.labels[0], {}, {}
    listings: dict[str, list[tuple[str, Path]]] = {}
    for candidate in layout.labels:
        if candidate.folder not in listings:
            listings[candidate.folder] = _files(_at(place, candidate.folder, split), (".png",))
        found = _by_name(listings[candidate.folder], candidate.suffix)
        named = _by_name(pictures, candidate.image_suffix)
        if (count := len(named.keys() & found.keys())) > most:
            most, form, images, labels = count, candidate, named, found
    names = sorted(images)
    if layout.list and (list_ := _at(place, layout.list, split)).is_file():
        names = listed(list_, images.keys(), form.image_suffix)
    return _Files(names, images, labels, _at(place, form.folder, split), form.encoding)


def _files(folder: Path, extensions: tuple[str, ...]) -> list[tuple[str, Path]]:
    """The files below a folder by their paths without extension, hidden ones apart."""
    found = []
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        relative = path.relative_to(folder)
        is_hidden = any(part.startswith(".") for part in relative.parts)
        if path.suffix.lower() in extensions and not is_hidden:
            found.append((relative.with_suffix("").as_posix(), path))
    return found


def _by_name(files: list[tuple[str, Path]], suffix: str) -> dict[str, Path]:
    named: dict[str, Path] = {}
    for stem, path in files:
        if stem.endswith(suffix):
            name = stem.removesuffix(suffix)
            if name in named:
                raise DataError(f"{path} and {named[name]} are called the same; remove one of them")
            named[name] = path
    return named


def _data_set(
    kind: Kind,
    root: Path,
    split: str,
    classes: ClassFile | None,
    files: _Files,
    request: DataRequest,
) -> DataSet:
    """The set with the classes of its kind, else of its class file, else of the request."""
    named = classes.labels if classes else request.labels
    labels = kind.labels or named
    own = classes.encoding if classes else Encoding()
    encoding = files.encoding if kind.labels else own
    void = request.ignore_index
    if void is None:
        void = labels.ignore_index if labels else 255
    encoding = replace(encoding, ignore_index=void)
    if request.reduce_zero_label is not None:
        encoding = replace(encoding, reduce_zero_label=request.reduce_zero_label)
    colors = classes.colors if classes else {}
    # Colours stand for class numbers, not for what a kind stores in their place.
    if kind.labels and encoding.is_plain:
        colors = color_values(kind.labels.palette, void) or colors
    samples = files.samples(encoding, colors)
    return DataSet(kind.name, root, split, labels, void, samples)
