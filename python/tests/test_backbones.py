"""Backbones against torchvision's and timm's: features and gradients, in double precision.

The goldens that the Swift tests compare with are those of the backbones here.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from hfgd_torch import HFGD, preset
from hfgd_torch.initial_weights import CLASSIFIERS
from hfgd_torch.random_weights import uniform

Features = Callable[[Tensor], dict[str, Tensor]]


def torchvision_model(name: str, nodes: dict[str, str]) -> tuple[nn.Module, Features]:
    """A model of torchvision without weights, and what it computes at nodes."""
    models = pytest.importorskip("torchvision.models", reason="torchvision is not installed")
    extraction = pytest.importorskip("torchvision.models.feature_extraction")
    model = models.get_model(name, weights=None)
    extractor = extraction.create_feature_extractor(model, nodes, suppress_diff_warning=True)
    return model.double(), lambda image: extractor.train(model.training)(image)


def timm_model(name: str, places: dict[str, int], **options: object) -> tuple[nn.Module, Features]:
    """A model of timm without weights, and what its stages or blocks compute."""
    timm = pytest.importorskip("timm", reason="timm is not installed")
    model = timm.create_model(name, **options).double()

    def features(image: Tensor) -> dict[str, Tensor]:
        found = model.forward_intermediates(
            image, indices=list(places.values()), intermediates_only=True, norm=False
        )
        return dict(zip(places, found, strict=True))

    return model, features


def resnet(name: str) -> tuple[nn.Module, Features]:
    """A ResNet of torchvision."""
    return torchvision_model(name, {f"layer{stage}": f"c{stage + 1}" for stage in range(1, 5)})


def stages(name: str) -> tuple[nn.Module, Features]:
    """A model of timm with four stages."""
    return timm_model(name, {f"c{stage + 2}": stage for stage in range(4)}, drop_path_rate=0)


def mobilenet_v2() -> tuple[nn.Module, Features]:
    """The last on each grid; c5 is the wide convolution behind the blocks."""
    nodes = {"features.3": "c2", "features.6": "c3", "features.13": "c4", "features.18": "c5"}
    return torchvision_model("mobilenet_v2", nodes)


def vit_base() -> tuple[nn.Module, Features]:
    """With positions for the picture's own grid, so that none are resized."""
    places = {"c2": 2, "c3": 5, "c4": 7, "c5": 11}
    return timm_model("vit_base_patch16_384", places, img_size=384)


CASES: dict[str, tuple[Callable[[], tuple[nn.Module, Features]], tuple[int, int]]] = {
    "fcn-resnet50": (lambda: resnet("resnet50"), (97, 66)),
    "fcn-resnet101": (lambda: resnet("resnet101"), (66, 97)),
    "fcn-mobilenet_v2": (mobilenet_v2, (97, 66)),
    "fcn-convnext_tiny": (lambda: stages("convnext_tiny"), (96, 64)),
    "fcn-convnext_small": (lambda: stages("convnext_small"), (64, 96)),
    "fcn-swin_tiny": (lambda: stages("swin_tiny_patch4_window7_224"), (224, 224)),
    "fcn-swin_small": (lambda: stages("swin_small_patch4_window7_224"), (224, 224)),
    "segvit-vit_base": (vit_base, (384, 384)),
}


@pytest.mark.parametrize("name", CASES)
def test_features_and_gradients_are_those_of_the_library(name: str) -> None:
    """In training, where batch norm takes the statistics of two pictures."""
    make, size = CASES[name]
    library, features = make()
    ours = HFGD(preset(name)).backbone.double()
    ours.load_state_dict(_weights(library), strict=True)
    library.train()
    ours.train()
    image = torch.from_numpy(uniform("input", (2, 3, *size), 7))

    theirs = features(image)
    taps = ours(image)._asdict()
    assert theirs.keys() == taps.keys()
    losses = []
    for found in (taps, theirs):
        factors = (torch.from_numpy(uniform(c, tuple(x.shape), 7)) for c, x in found.items())
        losses.append(sum((x * f).mean() for x, f in zip(found.values(), factors, strict=True)))
    for tap, expected in theirs.items():
        torch.testing.assert_close(taps[tap], expected, rtol=1e-9, atol=1e-9)

    for loss in losses:
        loss.backward()
    expected = dict(library.named_parameters())
    largest = max(p.grad.norm() for p in expected.values() if p.grad is not None)
    for parameter, tensor in ours.named_parameters():
        difference = (tensor.grad - expected[parameter].grad).norm()
        assert difference <= 1e-9 * largest, parameter


def _weights(library: nn.Module) -> dict[str, Tensor]:
    """Random values in place of a library's, in the model too; what classifies is left out."""
    with torch.no_grad():
        for name, tensor in library.named_parameters():
            scale = 0.5 if tensor.dim() == 1 else tensor[0].numel() ** -0.5
            tensor.copy_(scale * torch.from_numpy(uniform(name, tuple(tensor.shape), 3)))
            if tensor.dim() == 1 and name.endswith("weight"):
                tensor += 1
    return {
        name: tensor
        for name, tensor in library.state_dict().items()
        if not name.startswith(CLASSIFIERS) and not name.endswith("num_batches_tracked")
    }
