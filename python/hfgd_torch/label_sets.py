"""The names and colours of the label sets that presets are made for."""

from __future__ import annotations

from dataclasses import dataclass

from hfgd_torch.config import Color


@dataclass(frozen=True)
class LabelSet:
    """K class names, K colours and the label value that is not judged."""

    names: tuple[str, ...]
    palette: tuple[Color, ...]
    ignore_index: int


def voc_color(label: int) -> Color:
    """The colour of a label in the Pascal VOC map: its bits dealt to r, g, b from the top."""
    red = green = blue = 0
    for bit in range(7, -1, -1):
        red |= (label & 1) << bit
        green |= (label >> 1 & 1) << bit
        blue |= (label >> 2 & 1) << bit
        label >>= 3
    return red, green, blue


CAMVID_11 = LabelSet(
    names=(
        "Sky", "Building", "Pole", "Road", "Pavement", "Tree",
        "SignSymbol", "Fence", "Car", "Pedestrian", "Bicyclist",
    ),
    palette=(
        (128, 128, 128), (128, 0, 0), (192, 192, 128), (128, 64, 128), (60, 40, 222), (128, 128, 0),
        (192, 128, 128), (64, 64, 128), (64, 0, 128), (64, 64, 0), (0, 128, 192),
    ),
    ignore_index=11,
)  # fmt: skip

# The stored label 0 is the background, which the 59-class protocol ignores: index = label - 1.
PASCAL_CONTEXT_59 = LabelSet(
    names=(
        "aeroplane", "bag", "bed", "bedclothes", "bench", "bicycle", "bird", "boat", "book",
        "bottle", "building", "bus", "cabinet", "car", "cat", "ceiling", "chair", "cloth",
        "computer", "cow", "cup", "curtain", "dog", "door", "fence", "floor", "flower", "food",
        "grass", "ground", "horse", "keyboard", "light", "motorbike", "mountain", "mouse",
        "person", "plate", "platform", "pottedplant", "road", "rock", "sheep", "shelves",
        "sidewalk", "sign", "sky", "snow", "sofa", "table", "track", "train", "tree", "truck",
        "tvmonitor", "wall", "water", "window", "wood",
    ),
    palette=tuple(voc_color(label) for label in range(1, 60)),
    ignore_index=255,
)  # fmt: skip

CITYSCAPES_19 = LabelSet(
    names=(
        "road", "sidewalk", "building", "wall", "fence", "pole", "traffic light", "traffic sign",
        "vegetation", "terrain", "sky", "person", "rider", "car", "truck", "bus", "train",
        "motorcycle", "bicycle",
    ),
    palette=(
        (128, 64, 128), (244, 35, 232), (70, 70, 70), (102, 102, 156), (190, 153, 153),
        (153, 153, 153), (250, 170, 30), (220, 220, 0), (107, 142, 35), (152, 251, 152),
        (70, 130, 180), (220, 20, 60), (255, 0, 0), (0, 0, 142), (0, 0, 70), (0, 60, 100),
        (0, 80, 100), (0, 0, 230), (119, 11, 32),
    ),
    ignore_index=255,
)  # fmt: skip

CITYSCAPES_IDS = (7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33)
"""The ids, of 0…33, of Cityscapes' 19 classes; all others are ignored."""
