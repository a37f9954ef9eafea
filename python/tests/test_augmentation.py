"""Which samples make a batch, and what is done to them."""

from __future__ import annotations

import colorsys
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from hfgd_torch.augmentation import Draw, augmented, draw, saturated, scaled_mean
from hfgd_torch.config import InputNormalization
from hfgd_torch.random_weights import uniform
from hfgd_torch.recipe import ADVANCED, PLAIN, Recipe
from hfgd_torch.recipe_forms import Crop
from hfgd_torch.sample_order import Place, SampleOrder, seed_of

SIZE = (23, 17)
"""Width and height of the picture."""
PICTURE = ((uniform("picture", (17, 23, 3), 1) + 1) * 128).astype(np.uint8)
LABELS = np.arange(17 * 23).reshape(17, 23) % 5
AS_IT_IS = InputNormalization(mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))
QUIET = replace(PLAIN, scales=(1.0,), brightness=0.0, flip_probability=0.0)


def drawn(**changes: object) -> Draw:
    """A draw that changes nothing but what is named."""
    nothing = Draw(*SIZE, None, None, None, left=0, top=0, is_mirrored=False)
    return replace(nothing, **changes)


def cut(draw: Draw, crop: Crop) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """The crop of the picture, not normalised."""
    return augmented(PICTURE, LABELS, draw, replace(PLAIN, crop=crop), AS_IT_IS)


def test_a_crop_is_a_part_of_the_picture() -> None:
    """Where nothing is scaled; mirrored it is read from its right end."""
    crop, labels = cut(drawn(left=4, top=3), Crop(9, 11))
    assert np.array_equal(crop, PICTURE[3:14, 4:13])
    assert np.array_equal(labels, LABELS[3:14, 4:13])
    mirrored, mirrored_labels = cut(drawn(left=4, top=3, is_mirrored=True), Crop(9, 11))
    assert np.array_equal(mirrored, crop[:, ::-1])
    assert np.array_equal(mirrored_labels, labels[:, ::-1])


def test_what_lacks_is_padded() -> None:
    """With the mean colour, which is 0 when normalised, and with ignored labels."""
    normalization = InputNormalization(mean=(10.0, 20.0, 30.0), std=(2.0, 4.0, 5.0))
    recipe = replace(PLAIN, crop=Crop(33, 32))
    crop, labels = augmented(PICTURE, LABELS, drawn(is_mirrored=True), recipe, normalization)
    assert crop.shape == (32, 33, 3)
    expected = (PICTURE[:, ::-1] - np.array([10, 20, 30])) / np.array([2, 4, 5])
    np.testing.assert_allclose(crop[:17, 10:], expected, rtol=1e-6)
    assert not crop[17:].any()
    assert not crop[:, :10].any()
    assert (labels[17:] == -1).all()
    assert (labels[:, :10] == -1).all()


@pytest.mark.parametrize("size", [(11, 8), (46, 34), (23, 1), (40, 17)])
def test_scaling_is_bilinear_with_aligned_corners(size: tuple[int, int]) -> None:
    """As PyTorch's; a crop of the scaled picture is a part of it."""
    width, height = size
    x = torch.from_numpy(PICTURE).permute(2, 0, 1)[None].double()
    whole = F.interpolate(x, (height, width), mode="bilinear", align_corners=True)
    expected = whole[0].permute(1, 2, 0).numpy()
    crop, labels = cut(drawn(width=width, height=height), Crop(width, height))
    np.testing.assert_allclose(crop, expected, atol=1e-3)
    rows = np.floor(np.arange(height) * 16 / max(height - 1, 1) + 0.5).astype(int)
    columns = np.floor(np.arange(width) * 22 / (width - 1) + 0.5).astype(int)
    assert np.array_equal(labels, LABELS[rows[:, None], columns])
    part = drawn(width=width, height=height, left=3)
    assert np.array_equal(cut(part, Crop(5, height))[0], crop[:, 3:8])


def test_contrast_is_about_the_mean_of_the_scaled_picture() -> None:
    """The mean is that of the pixels that were made; values stay within 0…256."""
    scaled = drawn(width=31, height=40)
    plain, _ = cut(scaled, Crop(31, 40))
    mean = scaled_mean(PICTURE, 31, 40)
    np.testing.assert_allclose(mean, plain.mean(axis=(0, 1)), rtol=1e-5)
    changed, _ = cut(replace(scaled, contrast=np.float32(1.5)), Crop(31, 40))
    np.testing.assert_allclose(
        changed, np.clip((plain - mean) * 1.5 + mean, 0, 256), rtol=1e-4, atol=1e-3
    )
    bright, _ = cut(drawn(brightness=np.float32(-40.0)), Crop(*SIZE))
    assert np.array_equal(bright, np.maximum(PICTURE.astype(np.float32) - 40, 0))


@pytest.mark.parametrize("factor", [0.0, 0.6, 1.0, 1.5])
def test_saturation_is_that_of_hsv(factor: float) -> None:
    """Hue and value stay."""
    colours = np.concatenate([PICTURE[0], [[7, 7, 7], [0, 0, 0]]]).astype(np.float32)
    for colour, found in zip(colours, saturated(colours, np.float32(factor)), strict=True):
        hue, saturation, value = colorsys.rgb_to_hsv(*(colour / 255).tolist())
        expected = colorsys.hsv_to_rgb(hue, min(1, saturation * factor), value)
        np.testing.assert_allclose(found / 255, expected, atol=1e-5)


def test_a_switch_changes_nothing_but_its_own_step() -> None:
    """A sample takes as many random numbers whatever is switched on."""
    state = seed_of([0, 1, 2])
    recipe = replace(ADVANCED, crop=Crop(9, 9))
    whole = draw(state, *SIZE, recipe)
    assert replace(whole, contrast=None) == draw(state, *SIZE, replace(recipe, contrast=0.0))
    assert replace(whole, is_mirrored=False) == draw(
        state, *SIZE, replace(recipe, flip_probability=0.0)
    )
    assert draw(state, *SIZE, QUIET) == drawn()


def test_draws_are_spread() -> None:
    """Each scale, both halves of each range, all places of the crop."""
    recipe = replace(ADVANCED, crop=Crop(17, 17), scales=(0.5, 1.0, 2.0), contrast_probability=0.5)
    draws = [draw(seed_of([3, 0, n]), *SIZE, recipe) for n in range(400)]
    assert {d.width for d in draws} == {11, 23, 46}
    assert {d.left for d in draws if d.width == 23} == set(range(7))
    assert 120 < sum(d.contrast is None for d in draws) < 280
    factors = [float(d.contrast) for d in draws if d.contrast is not None]
    assert 0.5 <= min(factors) < 0.6
    assert 1.4 < max(factors) <= 1.5
    shifts = [float(d.brightness) for d in draws if d.brightness is not None]
    assert -32 <= min(shifts) < -25
    assert 25 < max(shifts) <= 32
    assert 120 < sum(d.is_mirrored for d in draws) < 280


def test_every_epoch_has_every_sample_once() -> None:
    """In another order; a batch may span the end of one."""
    order = SampleOrder(count=7, batch=4, seed=5)
    places = [place for step in range(7) for place in order.places(step)]
    epochs = [[p.sample for p in places if p.epoch == epoch] for epoch in range(4)]
    assert all(sorted(samples) == list(range(7)) for samples in epochs)
    assert epochs[0] != epochs[1]
    assert {place.epoch for place in order.places(1)} == {0, 1}
    assert SampleOrder(1, 2, 0).places(0) == [Place(0, 0), Place(0, 1)]


def test_processes_take_shares_of_the_same_batch() -> None:
    """Their shares, one after the other, are the batch."""
    order = SampleOrder(count=10, batch=6, seed=1)
    for step in range(3):
        shares = [order.places(step, rank, 3) for rank in range(3)]
        assert [len(share) for share in shares] == [2, 2, 2]
        assert [place for share in shares for place in share] == order.places(step)


def test_the_seed_decides() -> None:
    """The same order for the same seed, another for another."""
    assert SampleOrder(50, 50, 1).places(3) == SampleOrder(50, 50, 1).places(3)
    assert SampleOrder(50, 50, 1).places(3) != SampleOrder(50, 50, 2).places(3)
    states = {seed_of([0, 1, 2]), seed_of([0, 2, 1]), seed_of([1, 0, 2]), seed_of([0, 1])}
    assert len(states) == 4


def test_recipes_draw_what_they_say() -> None:
    """The plain one changes brightness alone, of 32 at most, and all scales."""
    recipe = Recipe(crop=Crop(9, 9))
    draws = [draw(seed_of([0, 0, n]), *SIZE, recipe) for n in range(50)]
    assert all(d.contrast is None and d.saturation is None for d in draws)
    assert any(d.brightness is not None for d in draws)
