"""From a picture of any size to logits of that size, as the models' own rules have it.

HFGD's models see a padded picture whose corners are those of their grids; with `align_corners`
False, mmsegmentation's see the picture itself, which their grids cover from edge to edge.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from hfgd_torch.config import InputNormalization
from hfgd_torch.layers import resized
from hfgd_torch.model import HFGD, Prediction


def padded_length(length: int) -> int:
    """The smallest 32k + 1 that is not less than a length: grids of all strides then align."""
    return -(-(length - 1) // 32) * 32 + 1


def padded_input(
    pixels: Tensor, normalization: InputNormalization, align_corners: bool = True
) -> Tensor:
    """Pixels [H, W, 3] in 0…255, normalised and padded right and bottom with 0, the mean.

    The result is [1, 3, 32k + 1, 32k + 1]. Without aligned corners it is not padded: [1, 3, H, W].
    """
    mean, std = (pixels.new_tensor(n) for n in (normalization.mean, normalization.std))
    x = ((pixels - mean) / std).permute(2, 0, 1)[None]
    if not align_corners:
        return x
    height, width = pixels.shape[:2]
    return F.pad(x, (0, padded_length(width) - width, 0, padded_length(height) - height))


def network_input(
    picture: Image.Image, normalization: InputNormalization, align_corners: bool = True
) -> Tensor:
    """A picture as the network sees it: see `padded_input`."""
    pixels = torch.from_numpy(np.array(picture.convert("RGB"), dtype=np.float32))
    return padded_input(pixels, normalization, align_corners)


def logits_at(logits: Tensor, size: tuple[int, int], align_corners: bool = True) -> Tensor:
    """Logits [1, K, h, w] resized to that of the network's input and cropped: [1, K, H, W]."""
    height, width = size
    if not align_corners:
        return resized(logits, size, align_corners)
    padded = resized(logits, (padded_length(height), padded_length(width)))
    return padded[:, :, :height, :width]


def at_picture_size(logits: Tensor, picture: Image.Image, align_corners: bool = True) -> Tensor:
    """Logits [1, K, h, w] at the size of a picture: see `logits_at`."""
    return logits_at(logits, (picture.height, picture.width), align_corners)


@torch.inference_mode()
def prediction(model: HFGD, picture: Image.Image) -> Prediction:
    """What a model gives for one picture, its logits at the network's strides."""
    return model(network_input(picture, model.config.input, model.config.align_corners))
