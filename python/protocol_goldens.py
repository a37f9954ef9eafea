"""Golden scores of whole pictures under the protocols of others, and of OpenCV's resize."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from hfgd_torch import preset, randomized
from hfgd_torch.protocols import authors, mmseg
from hfgd_torch.random_weights import uniform

PRESET = "hfgd-mobilenet_v2-os4"
HEIGHT, WIDTH = 37, 58
SCALES = [0.5, 1.0, 1.25]
RESIZES = [(7, 5), (29, 19), (29, 18), (116, 37), (58, 37), (73, 46), (44, 28), (1, 1), (3, 80)]
"""Width and height. The last row is left out for 18 rows, so that this is exactly one half."""


def golden_picture(seed: int) -> NDArray[np.uint8]:
    """A picture of noise: (u + 1) · 128 rounded down, u of the tensor `picture`, [H, W, 3]."""
    return ((uniform("picture", (HEIGHT, WIDTH, 3), seed) + 1) * 128).astype(np.uint8)


@torch.inference_mode()
def protocol_goldens(seed: int) -> dict[str, Tensor]:
    """`authors` (logits) and `mmseg` (probabilities) as [H, W, K], `resize.WxH` as [H, W, 3]."""
    config = preset(PRESET)
    model = randomized(config, seed).double()

    def network(x: Tensor) -> Tensor:
        return model(x).student

    def normalise(picture: NDArray[np.uint8]) -> Tensor:
        x = torch.from_numpy(picture.astype(np.float64)) - torch.tensor(config.input.mean)
        return (x / torch.tensor(config.input.std)).permute(2, 0, 1)[None]

    picture = golden_picture(seed)
    scores = {
        "authors": authors(network, normalise(picture), (65, 65), (49, 41), SCALES),
        "mmseg": mmseg(network, picture, normalise, (32, 40), (21, 33), SCALES),
    }
    # Every second row and column tells as much.
    goldens = {
        name: x[0, :, ::2, ::2].permute(1, 2, 0).float().contiguous() for name, x in scores.items()
    }
    for size in RESIZES:
        source = picture[:36] if size[1] == 18 else picture
        resized = cv2.resize(source, size, interpolation=cv2.INTER_LINEAR)
        goldens[f"resize.{size[0]}x{size[1]}"] = torch.from_numpy(resized).contiguous()
    return goldens
