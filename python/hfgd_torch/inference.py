"""From a picture of any size to logits of that size."""

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


def network_input(picture: Image.Image, normalization: InputNormalization) -> Tensor:
    """A normalised picture, padded right and bottom with 0, the mean: [1, 3, 32k + 1, 32k + 1]."""
    rgb = torch.from_numpy(np.array(picture.convert("RGB"), dtype=np.float32))
    x = (rgb - torch.tensor(normalization.mean)) / torch.tensor(normalization.std)
    right = padded_length(picture.width) - picture.width
    bottom = padded_length(picture.height) - picture.height
    return F.pad(x.permute(2, 0, 1)[None], (0, right, 0, bottom))


def at_picture_size(logits: Tensor, picture: Image.Image) -> Tensor:
    """Logits [1, K, h, w] resized to the padded size and cropped: [1, K, H, W]."""
    padded = (padded_length(picture.height), padded_length(picture.width))
    return resized(logits, padded)[:, :, : picture.height, : picture.width]


@torch.inference_mode()
def prediction(model: HFGD, picture: Image.Image) -> Prediction:
    """What a model gives for one picture, its logits at the network's strides."""
    return model(network_input(picture, model.config.input))
