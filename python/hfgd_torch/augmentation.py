"""What is done to a sample before the network sees it, as `hfgd train` does it.

In this order: the picture is scaled by one of a few factors; contrast, saturation and brightness
are changed; what lacks of the crop is padded at the right and at the bottom, with the mean colour
and with ignored labels; the crop is cut out; it is mirrored left to right, or not; it is
normalised. Resizing is bilinear with aligned corners, of labels to the nearest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hfgd_torch.config import InputNormalization
from hfgd_torch.losses import IGNORED
from hfgd_torch.random_weights import splitmix64
from hfgd_torch.recipe import Recipe
from hfgd_torch.sample_order import fraction, index_below

Pixels = NDArray[np.float32]
LIMITS = (0.0, 256.0)
"""Where changed colours are kept; the authors' limits."""
DRAWS = 10
"""Random numbers that a sample takes, whatever of the augmentation is switched on."""


@dataclass(frozen=True)
class Draw:
    """What was drawn for one sample.

    Attributes:
        width: Of the scaled picture, as `height`.
        height: In pixels.
        contrast: The factor about the mean colour; None where it does not change, as the next two.
        saturation: The factor on that of HSV.
        brightness: What is added to the values 0…255.
        left: Where the crop begins on the scaled picture, as `top`.
        top: In pixels.
        is_mirrored: Whether the crop is mirrored left to right.
    """

    width: int
    height: int
    contrast: np.float32 | None
    saturation: np.float32 | None
    brightness: np.float32 | None
    left: int
    top: int
    is_mirrored: bool


def draw(state: int, width: int, height: int, recipe: Recipe) -> Draw:
    """What happens to a picture of width × height: the same for the same state of the generator."""
    scale, *colors, left, top, mirror = map(int, splitmix64(state, DRAWS))

    def change(index: int, spread: float, probability: float, centre: float) -> np.float32 | None:
        happens, u = (fraction(bits) for bits in colors[2 * index : 2 * index + 2])
        if happens >= probability or spread == 0:
            return None
        return np.float32(centre + spread * (2 * u - 1))

    factor = recipe.scales[index_below(len(recipe.scales), scale)]
    scaled = max(1, int(factor * width)), max(1, int(factor * height))
    return Draw(
        width=scaled[0],
        height=scaled[1],
        contrast=change(0, recipe.contrast, recipe.contrast_probability, 1),
        saturation=change(1, recipe.saturation, recipe.saturation_probability, 1),
        brightness=change(2, recipe.brightness, recipe.brightness_probability, 0),
        left=index_below(max(0, scaled[0] - recipe.crop.width) + 1, left),
        top=index_below(max(0, scaled[1] - recipe.crop.height) + 1, top),
        is_mirrored=fraction(mirror) < recipe.flip_probability,
    )


class Neighbours(NamedTuple):
    """For samples of a resized line the two that each lies between, the share of the second."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    share: Pixels

    @property
    def nearest(self) -> NDArray[np.int64]:
        """The nearer one; halfway the second."""
        return np.where(self.share < 0.5, self.first, self.second)


def neighbours(size: int, resized: int, positions: NDArray[np.int64]) -> Neighbours:
    """Where positions on a line that was resized with aligned corners lie on the line of `size`."""
    steps = max(resized - 1, 1)
    span = size - 1 if resized > 1 else 0
    first, rest = np.divmod(positions * span, steps)
    share = (rest / steps).astype(np.float32)
    return Neighbours(first, np.minimum(first + 1, size - 1), share)


def augmented(
    picture: NDArray[np.uint8],
    labels: NDArray[np.int64],
    drawn: Draw,
    recipe: Recipe,
    normalization: InputNormalization,
) -> tuple[Pixels, NDArray[np.int64]]:
    """The crop [H, W, 3] of a picture, 0 where it is padded, and that of its labels, there -1."""
    width, height = recipe.crop
    columns = np.arange(drawn.left, drawn.left + min(width, drawn.width - drawn.left))
    rows = np.arange(drawn.top, drawn.top + min(height, drawn.height - drawn.top))
    across = neighbours(picture.shape[1], drawn.width, columns)
    down = neighbours(picture.shape[0], drawn.height, rows)
    pixels = _colored(_resized(picture, across, down), picture, drawn)
    mean, std = (np.array(n, dtype=np.float32) for n in (normalization.mean, normalization.std))

    crop = np.zeros((height, width, 3), dtype=np.float32)
    target = np.full((height, width), IGNORED)
    crop[: len(rows), : len(columns)] = (pixels - mean) / std
    target[: len(rows), : len(columns)] = labels[down.nearest[:, None], across.nearest]
    return (crop[:, ::-1], target[:, ::-1]) if drawn.is_mirrored else (crop, target)


def _resized(picture: NDArray[np.uint8], across: Neighbours, down: Neighbours) -> Pixels:
    """The pixels at rows and columns between those of a picture."""
    left, right = across.first[0], across.second[-1] + 1
    band = picture[:, left:right]
    above, below = band[down.first].astype(np.float32), band[down.second]
    lines = above + (below - above) * down.share[:, None, None]
    before, behind = lines[:, across.first - left], lines[:, across.second - left]
    return before + (behind - before) * across.share[:, None]


def _colored(pixels: Pixels, picture: NDArray[np.uint8], drawn: Draw) -> Pixels:
    """Pixels 0…255 with contrast, saturation and brightness as they were drawn."""
    if drawn.contrast is not None:
        mean = scaled_mean(picture, drawn.width, drawn.height)
        pixels = np.clip((pixels - mean) * drawn.contrast + mean, *LIMITS)
    if drawn.saturation is not None:
        pixels = saturated(pixels, drawn.saturation)
    if drawn.brightness is not None:
        pixels = np.clip(pixels + drawn.brightness, *LIMITS)
    return pixels


def scaled_mean(picture: NDArray[np.uint8], width: int, height: int) -> Pixels:
    """The mean colour [3] of a picture scaled to width × height, without scaling it."""
    columns = _attention(picture.shape[1], width)
    rows = _attention(picture.shape[0], height)
    lines = rows @ picture.reshape(picture.shape[0], -1)
    total = columns @ lines.reshape(-1, 3)
    return (total / (width * height)).astype(np.float32)


def _attention(size: int, resized: int) -> NDArray[np.float64]:
    """How much each sample of a line of `size` counts in the line resized."""
    found = neighbours(size, resized, np.arange(resized))
    share = found.share.astype(np.float64)
    return np.bincount(found.first, 1 - share, size) + np.bincount(found.second, share, size)


def saturated(pixels: Pixels, factor: np.float32) -> Pixels:
    """Colours [..., 3] of the same hue and value, of `factor` times the saturation, up to 1.

    With value V and saturation S a channel of HSV is V - S·k for a k of the hue alone, so S → S·f
    is c → V - f · (V - c).
    """
    value = pixels.max(axis=-1, keepdims=True)
    spread = value - pixels.min(axis=-1, keepdims=True)
    largest = np.divide(value, spread, out=np.ones_like(value), where=spread > 0)
    return value - (value - pixels) * np.minimum(factor, largest)
