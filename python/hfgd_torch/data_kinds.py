"""The data sets that are known by their folders, and the ways in which others may lie."""

from __future__ import annotations

from dataclasses import dataclass

from hfgd_torch.ade20k import ADE20K_150
from hfgd_torch.label_maps import Encoding
from hfgd_torch.label_sets import (
    CAMVID_11,
    CITYSCAPES_19,
    CITYSCAPES_IDS,
    PASCAL_CONTEXT_59,
    LabelSet,
)

LABEL_FOLDERS = ("labels", "annotations", "masks")
ENDINGS = (
    "", "_labelTrainIds", "_label", "_labels", "_mask", "_masks", "_gt", "_seg", "_L",
)  # fmt: skip
PLAIN = Encoding()
COMMON_SPLITS = frozenset(
    ("train", "training", "val", "valid", "validation", "dev", "test", "testing", "trainval")
)


@dataclass(frozen=True)
class Labels:
    """Label files beside images: in `folder`, called as those but for the ends of the names."""

    folder: str
    image_suffix: str = ""
    suffix: str = ""
    encoding: Encoding = PLAIN


@dataclass(frozen=True)
class Layout:
    """How files lie in folders; `{split}` in a path stands for the split's name.

    Attributes:
        images: The folder of the images.
        labels: Where the labels may be; the first that labels most of the images counts.
        list: A list of the split's images.
        is_list_optional: Whether the split may come without its list.
        splits: The names that a split may have; None for any.
        names: What the names of the images look like, where folders alone do not tell.
    """

    images: str
    labels: tuple[Labels, ...]
    list: str | None = None
    is_list_optional: bool = False
    splits: frozenset[str] | None = None
    names: str = ""

    @property
    def description(self) -> str:
        """What is looked for."""
        folders = dict.fromkeys(form.folder for form in self.labels)
        parts = [self.images, " or ".join(folders)]
        if self.list and not self.is_list_optional:
            parts.append(self.list)
        return " + ".join(parts)


@dataclass(frozen=True)
class Kind:
    """A data set that has a name; `labels` is None where the folder or the model must tell."""

    name: str
    labels: LabelSet | None
    layouts: tuple[Layout, ...]
    wrappings: tuple[str, ...] = ()


def _named(*folders: str) -> tuple[Labels, ...]:
    """Labels in any of the folders, by each of the usual endings of their names."""
    cityscapes = ("_gtFine_labelTrainIds", "")
    return tuple(
        form
        for folder in folders
        for form in (
            *(Labels(folder, suffix=ending) for ending in ENDINGS),
            *(Labels(folder, "_leftImg8bit", ending) for ending in cityscapes),
        )
    )


_IDS = Encoding(numbering=CITYSCAPES_IDS, numbered=33)
_REDUCED = Encoding(reduce_zero_label=True)

CITYSCAPES = Kind(
    "cityscapes",
    CITYSCAPES_19,
    (
        Layout(
            "leftImg8bit/{split}",
            tuple(
                Labels(f"{folder}/{{split}}", "_leftImg8bit", f"_{folder}_{ending}", encoding)
                for folder in ("gtFine", "gtCoarse")
                for ending, encoding in (("labelTrainIds", PLAIN), ("labelIds", _IDS))
            ),
        ),
        Layout(
            "images",
            (Labels("labels"), Labels("labels", "_leftImg8bit")),
            list="{split}.txt",
            names=r"[a-z-]+_[0-9]{6}_[0-9]{6}",
        ),
    ),
)

ADE20K = Kind(
    "ade20k",
    ADE20K_150,
    (
        Layout(
            "images/{split}",
            (Labels("annotations/{split}", encoding=_REDUCED),),
            splits=frozenset(("training", "validation")),
            names="ADE_",
        ),
    ),
    wrappings=("ADEChallengeData2016",),
)

PASCAL_CONTEXT = Kind(
    "pascal_context",
    PASCAL_CONTEXT_59,
    (
        Layout(
            "JPEGImages",
            (Labels("SegmentationClassContext", encoding=_REDUCED),),
            list="ImageSets/SegmentationContext/{split}.txt",
        ),
        Layout(
            "images",
            (Labels("labels", encoding=_REDUCED),),
            list="{split}.txt",
            names=r"20(0[7-9]|10)_[0-9]{6}$",
        ),
    ),
    wrappings=("VOCdevkit/VOC2010", "VOC2010"),
)

CAMVID = Kind(
    "camvid",
    CAMVID_11,
    (
        Layout(
            "{split}",
            (Labels("{split}annot"),),
            list="{split}.txt",
            is_list_optional=True,
            names="0001TP_|0006R0_|0016E5_|Seq05VD_",
        ),
    ),
    wrappings=("CamVid",),
)

FOLDERS = Kind(
    "folders",
    None,
    (
        Layout("{split}", (Labels("{split}annot"),), list="{split}.txt", is_list_optional=True),
        Layout(
            "images/{split}",
            _named(*(f"{folder}/{{split}}" for folder in LABEL_FOLDERS)),
            splits=COMMON_SPLITS,
        ),
        Layout("{split}/images", _named(*(f"{{split}}/{folder}" for folder in LABEL_FOLDERS))),
        Layout("images", _named(*LABEL_FOLDERS), list="{split}.txt", is_list_optional=True),
        Layout(
            "JPEGImages",
            (Labels("SegmentationClass"),),
            list="ImageSets/Segmentation/{split}.txt",
        ),
    ),
)

KINDS = {kind.name: kind for kind in (CITYSCAPES, ADE20K, PASCAL_CONTEXT, CAMVID, FOLDERS)}
"""In the order in which a folder is compared with them."""
