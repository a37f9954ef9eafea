"""Inference by the rules of others: windows, scales and mirror images, as their sources do it.

`authors` follows iSeg (`core_model.py`, `core_inference.py`), `mmseg` follows mmsegmentation
(`encoder_decoder.py`, `seg_tta.py`) and mmcv's `Resize`. Both give scores at the picture's size.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from hfgd_torch.inference import padded_length
from hfgd_torch.layers import size_of

Network = Callable[[Tensor], Tensor]
"""Normalised pictures [1, 3, H, W] → logits on a coarser grid."""
Window = tuple[int, int]
"""Height and width."""


def authors(
    network: Network,
    image: Tensor,
    crop: Window,
    window: Window,
    scales: list[float],
) -> Tensor:
    """Logits [1, K, H, W] of a normalised picture: padded first, averaged with mirror images."""
    height, width = size_of(image)
    sides = [
        side if length <= side else padded_length(length)
        for length, side in zip((height, width), crop, strict=True)
    ]
    canvas = F.pad(image, (0, sides[1] - width, 0, sides[0] - height))
    total = torch.zeros(())
    for flip in (False, True):
        x = canvas.flip(3) if flip else canvas
        for scale in scales:
            sizes = [int(scale * side) for side in sides]
            sizes = [
                size + 1 if size % 2 == 0 and side % 2 != 0 else size
                for size, side in zip(sizes, sides, strict=True)
            ]
            scaled = F.interpolate(x, tuple(sizes), mode="bilinear", align_corners=True)
            crops = [min(w, size) for w, size in zip(window, sizes, strict=True)]
            starts = [_authors_starts(n, c) for n, c in zip(sizes, crops, strict=True)]
            logits = _slide(network, scaled, crops, starts, align_corners=True)
            logits = F.interpolate(logits, tuple(sides), mode="bilinear", align_corners=True)
            total = total + (logits.flip(3) if flip else logits)
    return total[:, :, :height, :width] / (2 * len(scales))


def _authors_starts(length: int, crop: int) -> list[int]:
    stride = 2 * crop // 3
    times = (length - crop) // stride + 1
    starts = [i * stride for i in range(times)]
    return starts if starts[-1] + crop >= length else [*starts, length - crop]


def mmseg(
    network: Network,
    picture: NDArray[np.uint8],
    normalise: Callable[[NDArray[np.uint8]], Tensor],
    window: Window,
    stride: Window,
    scales: list[float],
) -> Tensor:
    """Probabilities [1, K, H, W] of a picture [H, W, 3], averaged with mirror images."""
    height, width = picture.shape[:2]
    total = torch.zeros(())
    for scale in scales:
        box = (int(width * scale + 0.5), int(height * scale + 0.5))
        factor = min(max(box) / max(height, width), min(box) / min(height, width))
        new_size = (int(width * factor + 0.5), int(height * factor + 0.5))
        scaled = cv2.resize(picture, new_size, interpolation=cv2.INTER_LINEAR)
        for flip in (False, True):
            x = normalise(np.ascontiguousarray(scaled[:, ::-1]) if flip else scaled)
            crops, starts = [], []
            for n, c, s in zip(size_of(x), window, stride, strict=True):
                crops.append(min(c, n))
                grids = max(n - c + s - 1, 0) // s + 1
                starts.append([max(min(i * s + c, n) - c, 0) for i in range(grids)])
            logits = _slide(network, x, crops, starts, align_corners=False)
            logits = logits.flip(3) if flip else logits
            logits = F.interpolate(logits, (height, width), mode="bilinear", align_corners=False)
            total = total + logits.softmax(1)
    return total / (2 * len(scales))


def _slide(
    network: Network,
    x: Tensor,
    crops: list[int],
    starts: list[list[int]],
    align_corners: bool,
) -> Tensor:
    """Logits of all windows at the size of x, divided by how many windows hold a pixel."""
    total, hits = torch.zeros(()), x.new_zeros((1, 1, *size_of(x)))
    for top in starts[0]:
        for left in starts[1]:
            rows, columns = slice(top, top + crops[0]), slice(left, left + crops[1])
            logits = F.interpolate(
                network(x[:, :, rows, columns]),
                tuple(crops),
                mode="bilinear",
                align_corners=align_corners,
            )
            right, bottom = x.shape[3] - columns.stop, x.shape[2] - rows.stop
            total = total + F.pad(logits, (left, right, top, bottom))
            hits[:, :, rows, columns] += 1
    return total / hits
