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


def network_input(
    picture: Image.Image, normalization: InputNormalization, align_corners: bool = True
) -> Tensor:
    """A normalised picture, padded right and bottom with 0, the mean: [1, 3, 32k + 1, 32k + 1].

    Without aligned corners it is not padded: [1, 3, H, W].
    """
    rgb = torch.from_numpy(np.array(picture.convert("RGB"), dtype=np.float32))
    x = (rgb - torch.tensor(normalization.mean)) / torch.tensor(normalization.std)
    x = x.permute(2, 0, 1)[None]
    if not align_corners:
        return x
    right = padded_length(picture.width) - picture.width
    bottom = padded_length(picture.height) - picture.height
    return F.pad(x, (0, right, 0, bottom))


def at_picture_size(logits: Tensor, picture: Image.Image, align_corners: bool = True) -> Tensor:
    """Logits [1, K, h, w] resized to the size of the network's input and cropped: [1, K, H, W]."""
    if not align_corners:
        return resized(logits, (picture.height, picture.width), align_corners)
    padded = (padded_length(picture.height), padded_length(picture.width))
    return resized(logits, padded)[:, :, : picture.height, : picture.width]


@torch.inference_mode()
def prediction(model: HFGD, picture: Image.Image) -> Prediction:
    """What a model gives for one picture, its logits at the network's strides."""
    return model(network_input(picture, model.config.input, model.config.align_corners))
