"""How far a picture drawn in cells is from the original: pixel by pixel, and as seen from a distance."""

import numpy as np

from cells import CELL_WIDTH

_LIGHT = np.arange(256) / 255
_LIGHT = np.where(_LIGHT <= 0.04045, _LIGHT / 12.92, ((_LIGHT + 0.055) / 1.055) ** 2.4)
_LIGHT = _LIGHT.astype(np.float32)

# Björn Ottosson, "A perceptual color space for image processing", 2020.
_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    np.float32,
)
_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    np.float32,
)


def light(samples):
    """Light 0…1 of sRGB samples 0…255 (IEC 61966-2-1)."""
    return _LIGHT[samples]


def srgb(light):
    """sRGB 0…255, not rounded, of light 0…1."""
    light = np.clip(light, 0, 1)
    return 255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def oklab(light):
    """Oklab coordinates of light."""
    return np.cbrt(np.maximum(light, 0) @ _LMS.T) @ _OKLAB.T


def blurred(light, sigma=CELL_WIDTH / 2):
    """Light [h, w, 3] seen from a distance: a Gaussian of half a cell's width; edges are extended."""
    radius = int(np.ceil(3 * sigma))
    weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    weights = (weights / weights.sum()).astype(np.float32)
    for axis in (0, 1):
        padding = [(radius, radius) if a == axis else (0, 0) for a in range(3)]
        padded = np.pad(light, padding, mode="edge")
        size = light.shape[axis]
        light = sum(
            weight * (padded[i : i + size] if axis == 0 else padded[:, i : i + size])
            for i, weight in enumerate(weights)
        )
    return light


class Appearance:
    """What a picture of sRGB samples 0…255 looks like: pixel by pixel, and `eye`, from a distance."""

    def __init__(self, samples):
        plain = light(samples)
        eye = blurred(plain)
        self.srgb = {"": srgb(plain), "eye ": srgb(eye)}
        self.oklab = {"": oklab(plain), "eye ": oklab(eye)}

    def distances(self, other):
        """PSNR in dB of the sRGB samples, and ΔE, 100 × the mean distance in Oklab."""
        result = {}
        for view in self.srgb:
            error = np.mean((self.srgb[view] - other.srgb[view]) ** 2, dtype=np.float64)
            result[view + "PSNR"] = 10 * np.log10(255**2 / max(error, 1e-12))
        for view in self.oklab:
            offset = np.linalg.norm(self.oklab[view] - other.oklab[view], axis=-1)
            result[view + "ΔE"] = 100 * np.mean(offset, dtype=np.float64)
        return result
