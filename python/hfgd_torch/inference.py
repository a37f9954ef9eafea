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


def padded_input(pixels: Tensor, normalization: InputNormalization) -> Tensor:
    """Pixels [H, W, 3] in 0…255, normalised and padded right and bottom with 0, the mean.

    The result is [1, 3, 32k + 1, 32k + 1].
    """
    mean, std = (pixels.new_tensor(n) for n in (normalization.mean, normalization.std))
    x = ((pixels - mean) / std).permute(2, 0, 1)[None]
    height, width = pixels.shape[:2]
    return F.pad(x, (0, padded_length(width) - width, 0, padded_length(height) - height))


def network_input(picture: Image.Image, normalization: InputNormalization) -> Tensor:
    """A normalised picture, padded right and bottom with 0, the mean: [1, 3, 32k + 1, 32k + 1]."""
    pixels = torch.from_numpy(np.array(picture.convert("RGB"), dtype=np.float32))
    return padded_input(pixels, normalization)


def logits_at(logits: Tensor, size: tuple[int, int]) -> Tensor:
    """Logits [1, K, h, w] resized to the padded size and cropped to size: [1, K, H, W]."""
    height, width = size
    padded = resized(logits, (padded_length(height), padded_length(width)))
    return padded[:, :, :height, :width]


def at_picture_size(logits: Tensor, picture: Image.Image) -> Tensor:
    """Logits [1, K, h, w] resized to the padded size and cropped: [1, K, H, W]."""
    return logits_at(logits, (picture.height, picture.width))


@torch.inference_mode()
def prediction(model: HFGD, picture: Image.Image) -> Prediction:
    """What a model gives for one picture, its logits at the network's strides."""
    return model(network_input(picture, model.config.input))
