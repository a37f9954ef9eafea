"""Plain transformers and SegViT's masks, and the losses of these, against their formulas."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from hfgd_torch.mask_losses import class_loss, mask_loss, presence
from hfgd_torch.random_weights import uniform
from hfgd_torch.segvit import AttentionToMask, MaskGroup, SegViT, ShrunkSegViT, classified
from hfgd_torch.taps import Taps
from hfgd_torch.vit import SIZES, VisionTransformer, halved

K = 5


def values(name: str, shape: tuple[int, ...]) -> Tensor:
    """Random numbers in [-2, 2)."""
    return torch.from_numpy(2 * uniform(name, shape, 3))


GROUP = MaskGroup(values("masks", (2, K, 2, 3)), values("classes", (2, K, K + 1)))
# -1 … 3 in the first picture: class 4 is absent; nothing in the second.
LABELS = torch.from_numpy(np.floor(2.5 * uniform("labels", (2, 25, 41), 3) + 1.5).astype(np.int64))
LABELS[1] = -1


def resized_mask(mask: Tensor, y: int, x: int) -> float:
    """The value of a mask [h, w] at a pixel, bilinear with half-pixel centres."""
    places = []
    for position, size in ((y, mask.shape[0]), (x, mask.shape[1])):
        place = min(max((position + 0.5) / 16 - 0.5, 0), size - 1)
        first = min(int(place), max(size - 2, 0))
        places.append((first, min(first + 1, size - 1), place - first))
    (top, bottom, down), (left, right, across) = places
    upper = (1 - across) * mask[top, left] + across * mask[top, right]
    lower = (1 - across) * mask[bottom, left] + across * mask[bottom, right]
    return ((1 - down) * upper + down * lower).item()


def sigmoid(x: float) -> float:
    """1 / (1 + e⁻ˣ)."""
    return 1 / (1 + math.exp(-x))


def test_presence() -> None:
    """Classes of each picture; ignored pixels have none."""
    assert presence(LABELS, K).tolist() == [[True, True, True, True, False], [False] * K]


def test_class_loss() -> None:
    """The weighted mean of torch's own cross entropy."""
    targets = torch.tensor([[0, 1, 2, 3, K], [K] * K])
    weights = torch.tensor([1.0] * K + [0.1], dtype=torch.float64)
    expected = F.cross_entropy(GROUP.classes.transpose(1, 2), targets, weights)
    assert class_loss(GROUP, LABELS).item() == pytest.approx(expected.item())


def test_mask_loss() -> None:
    """Focal loss and dice, pixel by pixel, of the masks that there are."""
    total = 0.0
    for k in range(4):
        points = [
            (sigmoid(resized_mask(GROUP.masks[0, k], y, x)), int(LABELS[0, y, x]) == k)
            for y in range(25)
            for x in range(41)
        ]
        focal = sum(
            -0.25 * (1 - p) ** 2 * math.log(p) if inside else -0.75 * p**2 * math.log(1 - p)
            for p, inside in points
        )
        shared = sum(p for p, inside in points if inside)
        union = sum(p + inside for p, inside in points)
        total += 20 * focal / len(points) + 1 - (2 * shared + 1) / (union + 1)
    assert mask_loss(GROUP, LABELS).item() == pytest.approx(total / 4)
    assert mask_loss(GROUP, torch.full_like(LABELS, -1)).item() == 0


def test_classified() -> None:
    """The logarithm of shares of the classes times masks, at a pixel."""
    logits = classified(GROUP, (25, 41))
    assert logits.shape == (2, K, 25, 41)
    shares = GROUP.classes[1].softmax(-1)
    expected = sum(
        shares[q, 2].item() * sigmoid(resized_mask(GROUP.masks[1, q], 7, 40)) for q in range(K)
    )
    assert logits[1, 2, 7, 40].item() == pytest.approx(math.log(expected))


def test_masks_are_mean_scores() -> None:
    """A mask is the scaled product of whole queries and keys over the number of heads."""
    attention = AttentionToMask(64)
    queries, pixels = values("q", (2, 3, 64)).float(), values("p", (2, 7, 64)).float()
    _, masks = attention(queries, pixels)
    expected = attention.q(queries) @ attention.k(pixels).transpose(1, 2) / (2 * math.sqrt(32))
    assert torch.allclose(masks, expected, atol=1e-6)


def test_halved() -> None:
    """The class token and every second row and column."""
    x = torch.arange(1 + 3 * 5)[None, :, None]
    assert halved(x, (3, 5)).flatten().tolist() == [0, 1, 3, 5, 11, 13, 15]


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("is_shrunk", [False, True])
def test_shapes(name: str, is_shrunk: bool) -> None:
    """Grids are rounded up, and masks are on that of the patches."""
    with torch.device("meta"):
        backbone = VisionTransformer(name, is_shrunk)
        channels = backbone.tap_channels[-1]
        decoder = ShrunkSegViT(channels, 64, K, 40) if is_shrunk else SegViT(channels, 64, K)
        taps = backbone(torch.empty(2, 3, 70, 33))
    fine, coarse = (2, channels, 5, 3), (2, channels, 3, 2)
    expected = Taps(fine, fine, coarse, coarse) if is_shrunk else Taps(fine, fine, fine, fine)
    assert Taps(*(tuple(tap.shape) for tap in taps)) == expected
    groups = decoder(taps)
    assert len(groups) == 3
    for group in groups:
        assert group.masks.shape == (2, K, 5, 3)
        assert group.classes.shape == (2, K, K + 1)


def test_masks_add_up() -> None:
    """Without attention to the pixels of a tap its masks are those of the tap before."""
    torch.manual_seed(1)
    decoder = SegViT(64, 32, K)
    with torch.no_grad():
        decoder.taps[1].layers[-1].cross_attn.q.weight.zero_()
        decoder.taps[1].layers[-1].cross_attn.q.bias.zero_()
    features = values("features", (2, 64, 3, 4)).float()
    first, second, third = decoder(Taps(features, features, features, features))
    assert torch.equal(first.masks, second.masks)
    assert not torch.allclose(second.masks, third.masks)
    assert not torch.allclose(first.classes, second.classes)
