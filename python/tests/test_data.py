"""Data sets: how they are found, what their labels mean, and when they cannot be used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hfgd_torch.ade20k import ADE20K_150
from hfgd_torch.data import DataSet
from hfgd_torch.data_search import DataRequest, NoSplitError, open_data
from hfgd_torch.errors import DataError
from hfgd_torch.label_sets import CAMVID_11, CITYSCAPES_19, PASCAL_CONTEXT_59

TRAIN = DataRequest("train")


def touch(root: Path, *paths: str) -> Path:
    """Small pictures and label maps of zeros at paths below a folder; anything else is empty."""
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix in (".png", ".jpg"):
            Image.new("L", (3, 2)).save(file)
        else:
            file.touch()
    return root


def names(data: DataSet) -> list[str]:
    """Of the samples."""
    return [sample.name for sample in data.samples]


def test_camvid_is_found_by_its_names(tmp_path: Path) -> None:
    """Wrapped in a folder; its classes are known."""
    touch(tmp_path, "CamVid/train/0001TP_1.png", "CamVid/trainannot/0001TP_1.png")
    data = open_data(tmp_path, TRAIN)
    assert (data.kind, data.split, names(data)) == ("camvid", "train", ["0001TP_1"])
    assert data.labels == CAMVID_11
    assert data.ignore_index == 11


def test_cityscapes(tmp_path: Path) -> None:
    """In cities; ids are translated, train ids are better where there are as many."""
    stem = "aachen/aachen_000000_000019_"
    touch(
        tmp_path, f"leftImg8bit/val/{stem}leftImg8bit.png", f"gtFine/val/{stem}gtFine_labelIds.png"
    )
    data = open_data(tmp_path, DataRequest("val"))
    assert (data.kind, names(data)) == ("cityscapes", [stem[:-1]])
    assert data.labels == CITYSCAPES_19
    table = data.samples[0].encoding.table(19)
    assert [table[value] for value in (7, 8, 33, 0, 9, 34, 255)] == [0, 1, 18, -1, -1, 19, -1]
    touch(tmp_path, f"gtFine/val/{stem}gtFine_labelTrainIds.png")
    table = open_data(tmp_path, DataRequest("val")).samples[0].encoding.table(19)
    assert [table[value] for value in (0, 18, 19, 255)] == [0, 18, 19, -1]


def test_pascal_context_is_reduced(tmp_path: Path) -> None:
    """Label 0 is the background; the list says which images there are."""
    touch(
        tmp_path,
        *(f"JPEGImages/2008_00000{n}.jpg" for n in range(3)),
        *(f"SegmentationClassContext/2008_00000{n}.png" for n in range(2)),
    )
    lists = tmp_path / "ImageSets" / "SegmentationContext"
    lists.mkdir(parents=True)
    (lists / "train.txt").write_text("2008_000001\n/elsewhere/JPEGImages/2008_000000.jpg x.png\n")
    data = open_data(tmp_path, TRAIN)
    assert (data.kind, data.labels) == ("pascal_context", PASCAL_CONTEXT_59)
    assert names(data) == ["2008_000001", "2008_000000"]
    table = data.samples[0].encoding.table(59)
    assert [table[value] for value in (0, 1, 59, 60, 255)] == [-1, 0, 58, 59, -1]


@pytest.mark.parametrize("wrapping", ["", "ADEChallengeData2016/", "data/ADEChallengeData2016/"])
def test_ade20k_is_reduced(wrapping: str, tmp_path: Path) -> None:
    """Label 0 is no class; other names in the same folders are a set of one's own."""
    for split, name in (("training", "train"), ("validation", "val")):
        paths = f"images/{split}/ADE_{name}_01.jpg", f"annotations/{split}/ADE_{name}_01.png"
        touch(tmp_path, *(wrapping + path for path in paths))
        data = open_data(tmp_path, DataRequest(name))
        assert (data.kind, data.split, names(data)) == ("ade20k", split, [f"ADE_{name}_01"])
        assert (data.labels, data.ignore_index) == (ADE20K_150, 255)
        table = data.samples[0].encoding.table(150)
        assert [table[value] for value in (0, 1, 150, 151, 255)] == [-1, 0, 149, 150, -1]
    touch(tmp_path, *(f"{wrapping}{top}/training/a.png" for top in ("images", "annotations")))
    assert open_data(tmp_path, TRAIN).kind == "folders"
    assert open_data(tmp_path, DataRequest("train", kind="ade20k")).kind == "ade20k"


@pytest.mark.parametrize(
    "paths",
    [
        ("train/a.jpg", "trainannot/a.png"),
        ("images/train/a.jpg", "annotations/train/a_labelTrainIds.png"),
        ("train/images/s/a.jpg", "train/masks/s/a_mask.png"),
        ("images/training/a.jpg", "labels/training/a.png"),
        ("images/a.jpg", "images/b.jpg", "labels/a_mask.png", "labels/b_mask.png"),
    ],
)
def test_folders(paths: tuple[str, ...], tmp_path: Path) -> None:
    """Each layout, with classes in a file; the last has one split, and a list of it."""
    touch(tmp_path, *paths)
    (tmp_path / "classes.txt").write_text("# ours\nroad\nvoid\ntraffic light\n")
    if paths[0] == "images/a.jpg":
        (tmp_path / "train.txt").write_text("a\n")
    data = open_data(tmp_path, TRAIN)
    assert data.kind == "folders"
    assert [name.rpartition("/")[2] for name in names(data)] == ["a"]
    assert data.labels is not None
    assert data.labels.names == ("road", "traffic light")
    table = data.samples[0].encoding.table(2)
    assert [table[value] for value in (0, 1, 2, 3, 255)] == [0, -1, 1, 2, -1]


def test_changes_of_labels(tmp_path: Path) -> None:
    """Another ignored label, and labels that begin with 1."""
    touch(tmp_path, "train/a.png", "trainannot/a.png")
    labels = CAMVID_11
    request = DataRequest("train", ignore_index=3, reduce_zero_label=True, labels=labels)
    data = open_data(tmp_path, request)
    assert (data.kind, data.labels, data.ignore_index) == ("folders", labels, 3)
    table = data.samples[0].encoding.table(11)
    assert [table[value] for value in (0, 1, 4, 11, 12, 255)] == [-1, 0, -1, 10, 11, -1]


@pytest.mark.parametrize("mode", ["grey of 8 bits", "of 4", "of 2", "of 1", "of 16", "palette"])
def test_values_count_and_not_colours(mode: str, tmp_path: Path) -> None:
    """Whatever the depth."""
    touch(tmp_path, "train/a.png", "trainannot/a.png")
    values = np.array([[0, 1, 1], [1, 0, 1]], dtype=np.uint8)
    path = tmp_path / "trainannot" / "a.png"
    match mode:
        case "grey of 8 bits":
            Image.fromarray(values).save(path)
        case "of 16":
            Image.fromarray(values.astype(np.uint16)).save(path)
        case "of 1":
            Image.fromarray(values > 0).save(path)
        case "palette":
            image = Image.fromarray(values, mode="P")
            image.putpalette([9, 9, 9, 200, 0, 0])
            image.save(path)
        case _:
            write_grey(path, values, int(mode.split()[1]))
    picture, labels = open_data(tmp_path, TRAIN).samples[0].read(2)
    assert picture.shape == (2, 3, 3)
    assert np.array_equal(labels, values)


def write_grey(path: Path, values: np.ndarray, bits: int) -> None:
    """A grey PNG of few bits, which Pillow does not write."""
    import struct
    import zlib

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)

    height, width = values.shape
    rows = b""
    for row in values:
        digits = "".join(f"{value:0{bits}b}" for value in row)
        digits += "0" * (-len(digits) % 8)
        rows += b"\0" + int(digits, 2).to_bytes(len(digits) // 8, "big")
    header = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def test_colours_are_looked_up(tmp_path: Path) -> None:
    """Those of the class file, whose lines are values; what is not there is no class."""
    touch(tmp_path, "train/a.png", "trainannot/a.png")
    (tmp_path / "label_colors.txt").write_text("64 0 128 car\n0 0 0 void\n1 2 3 traffic light\n")
    colours = [[(64, 0, 128), (1, 2, 3), (0, 0, 0)], [(1, 2, 3), (9, 9, 9), (64, 0, 128)]]
    Image.fromarray(np.array(colours, dtype=np.uint8)).save(tmp_path / "trainannot" / "a.png")
    data = open_data(tmp_path, TRAIN)
    assert data.labels is not None
    assert data.labels.palette == ((64, 0, 128), (1, 2, 3))
    _, labels = data.samples[0].read(2)
    assert labels.tolist() == [[0, 1, -1], [1, 2, 0]]


def test_sets_are_joined(tmp_path: Path) -> None:
    """Sets of the same classes; each keeps its own encoding."""
    touch(tmp_path, "a/train/0001TP_1.png", "a/trainannot/0001TP_1.png")
    touch(tmp_path, "b/train/x.png", "b/trainannot/x.png")
    first = open_data(tmp_path / "a", TRAIN)
    second = open_data(tmp_path / "b", DataRequest("train", labels=first.labels))
    joined = first.joined(second)
    assert (joined.split, names(joined)) == ("train + folders train", ["0001TP_1", "x"])
    touch(tmp_path, "c/train/x.png", "c/trainannot/x.png")
    (tmp_path / "c" / "classes.txt").write_text("road\n")
    with pytest.raises(DataError, match="differ in their classes"):
        first.joined(open_data(tmp_path / "c", TRAIN))


def test_the_fingerprint_changes_with_the_labels(tmp_path: Path) -> None:
    """And with nothing else than the files."""
    touch(tmp_path, "train/a.png", "trainannot/a.png")
    before = open_data(tmp_path, TRAIN).fingerprint
    assert open_data(tmp_path, TRAIN).fingerprint == before
    Image.new("L", (3, 2), 1).save(tmp_path / "trainannot" / "a.png")
    assert open_data(tmp_path, TRAIN).fingerprint != before


def test_a_label_that_is_not_there(tmp_path: Path) -> None:
    """But for its name."""
    touch(tmp_path, "train/a.png", "trainannot/a.png", "trainannot/b.png")
    (tmp_path / "train" / "b.png").symlink_to(tmp_path / "elsewhere.png")
    with pytest.raises(DataError, match=r"b\.png or its picture cannot be read .* remove the pair"):
        _ = open_data(tmp_path, TRAIN).fingerprint


@pytest.mark.parametrize(
    ("paths", "message"),
    [
        ((), "laid out as none of these"),
        (("a.tar",), "laid out as none of these"),
        (("val/a.png", "valannot/a.png"), "has no split train, found val"),
        (("train/a.png", "train/b.png", "trainannot/a.png"), "lacks the labels of some images: b"),
        (("train/a.txt", "trainannot/a.png"), "holds no PNG or JPEG image"),
        (("train/a.png", "train/a.jpg", "trainannot/a.png"), "are called the same"),
    ],
)
def test_what_cannot_be_used_is_told(paths: tuple[str, ...], message: str, tmp_path: Path) -> None:
    """With the remedy."""
    with pytest.raises(DataError, match=message):
        open_data(touch(tmp_path, *paths), TRAIN)


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    """A missing one, and an archive, which the explorer reads and this does not."""
    with pytest.raises(DataError, match="is not a folder; give the folder"):
        open_data(tmp_path / "nothing", TRAIN)
    (tmp_path / "set.tar").touch()
    with pytest.raises(DataError, match="is a file; unpack archives"):
        open_data(tmp_path / "set.tar", TRAIN)


def test_a_missing_split_is_another_error_than_a_missing_label(tmp_path: Path) -> None:
    """So that a set without validation pictures can be trained on."""
    touch(tmp_path, "train/a.png", "trainannot/a.png")
    with pytest.raises(NoSplitError):
        open_data(tmp_path, DataRequest("val"))


def test_samples_that_cannot_be_read(tmp_path: Path) -> None:
    """Other sizes, no picture, colours that nothing explains."""
    touch(tmp_path, "train/a.png", "trainannot/a.png")
    sample = open_data(tmp_path, TRAIN).samples[0]
    Image.new("L", (4, 2)).save(sample.label)
    with pytest.raises(DataError, match=r"is 3×2 pixels large, .* found 4×2; correct one"):
        sample.read(2)
    Image.new("RGB", (3, 2)).save(sample.label)
    with pytest.raises(DataError, match=r"holds colours .* store class numbers"):
        sample.read(2)
    sample.label.write_bytes(sample.label.read_bytes()[:40])
    with pytest.raises(DataError, match="cannot be read as a label map"):
        sample.read(2)
    sample.picture.write_text("no picture")
    with pytest.raises(DataError, match="cannot be read as a picture"):
        sample.read(2)


def test_lists_name_what_is_there(tmp_path: Path) -> None:
    """A path's longest end counts; what several images could be is an error, as is nothing."""
    touch(tmp_path, *(f"{top}/{name}.png" for top in ("train", "trainannot") for name in "ab"))
    touch(tmp_path, *(f"{top}/s/a.png" for top in ("train", "trainannot")))
    listing = tmp_path / "train.txt"
    listing.write_text("/x/train/s/a.png\nb\n\na.png\n")
    assert names(open_data(tmp_path, TRAIN)) == ["s/a", "b", "a"]
    listing.write_text("c\n")
    with pytest.raises(DataError, match=r"names files that are not there.*: c; correct"):
        open_data(tmp_path, TRAIN)
    listing.write_text("\n")
    with pytest.raises(DataError, match="names no image"):
        open_data(tmp_path, TRAIN)
