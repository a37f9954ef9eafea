"""Writes the goldens of one training step that the Swift tests compare with; see README.md.

    python training_goldens.py [--only CASE]

Also prints how far PyTorch's own float32 is from them.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor, nn

from hfgd_torch import HFGD, preset, randomized
from hfgd_torch.axial import AxialAttention
from hfgd_torch.contexts import SelfAttention
from hfgd_torch.layers import BatchNorm, set_momentum
from hfgd_torch.losses import IGNORED, LossOptions, loss_terms
from hfgd_torch.optimizers import optimizer as made_by
from hfgd_torch.presets import EVEN_GOLDEN_PRESETS, GOLDEN_PRESETS
from hfgd_torch.random_weights import fnv1a_64, splitmix64, uniform
from hfgd_torch.recipe import PLAIN

SEED = 7
INPUT_SHAPE = (2, 3, 65, 97)
EVEN_SHAPE = (1, 3, 306, 50)
"""One picture, no multiple of any stride, and so tall that dilated taps meet data on all grids."""
SMALL_EVEN_SHAPE = (1, 3, 66, 98)
"""For deformable convolutions, which have a corner wherever they sample."""
POOLED = ("ppm", "aspp")
"""Contexts that normalise a single pixel of each picture; a batch must have two."""
SAMPLES = 24
EVEN_SAMPLES = 8
BATCH_NORM_MOMENTUM = 0.01
SHIFT = 3.0
"""What is added to the bias of each batch norm, which keeps most values off the corners of ReLU.

Near 0 rounding alone moves values from one side to the other: gradients that float32 computes are
then 5 % off, in PyTorch as anywhere. With the shift ReLUs cut off a few values in a thousand.
"""
QUERY_SCALE = 0.125
"""What the kernel of each query is multiplied by, so that no softmax saturates."""
FLOOR = 1e-3
"""The part of the largest gradient's norm that a difference is measured by at least.

Some gradients are 0 but for rounding, as that of a key's bias, which the softmax takes out.
"""
DISTURBANCE = 1e-6
"""The part of the largest value that is added to outputs of convolutions to see what that changes.

Where a value lies so near the tie of a max pool, a corner of ReLU or the grid of a deformable
convolution that rounding takes it to the other side, gradients jump, in any engine.
"""
LARGEST_FILE = 100_000
GOLDENS = Path(__file__).resolve().parents[1] / "Tests" / "CoreTests" / "Goldens" / "training"


SEEDS = {
    "mmseg_fpn-resnet50_v1c": 8,
    "mmseg_fpn-resnet101_v1c": 10,
    "fapn-mobilenet_v2": 19,
    "fapn+fcn+hfgm-mobilenet_v2": 8,
}
"""Even cases where another seed than 7 is much less sensitive."""


@dataclass(frozen=True)
class Case:
    """One model and its loss; the preset's name is that of the file unless there are variants."""

    preset: str
    refine_stride: int | None = None
    stop_gradients: bool = True
    losses: LossOptions = field(default_factory=lambda: LossOptions(car_intra=0, car_inter=0))
    shape: tuple[int, int, int, int] = INPUT_SHAPE
    samples: int = SAMPLES
    seed: int = SEED

    @property
    def is_even(self) -> bool:
        """Whether pictures are of the even size; what SGD does is then left out."""
        return self.shape != INPUT_SHAPE


def even_shape(name: str) -> tuple[int, int, int, int]:
    """The even pictures of a preset."""
    if "fapn" in name:
        return SMALL_EVEN_SHAPE
    return (2 if any(context in name for context in POOLED) else 1, *EVEN_SHAPE[1:])


HFGD_PRESET = "hfgd-mobilenet_v2-os4"
ODD_CASES = {
    # The files of 101 layers would be too large.
    name: Case(name)
    for name in GOLDEN_PRESETS
    if "101" not in name
} | {
    f"{HFGD_PRESET}-refined": Case(HFGD_PRESET, refine_stride=2, losses=LossOptions()),
    f"{HFGD_PRESET}-unstopped": Case(
        HFGD_PRESET,
        refine_stride=2,
        stop_gradients=False,
        losses=LossOptions(
            mean="valid_pixels", teacher_weight=0.4, student_weight=0.8, ignored_in_c2p=False
        ),
    ),
    "sfpn-mobilenet_v2-focal-dice": Case(
        "sfpn-mobilenet_v2",
        losses=LossOptions(mean="valid_pixels", focal_gamma=2.0, dice_weight=0.5),
    ),
}
EVEN_CASES = {
    f"even/{name}": Case(
        name,
        losses=LossOptions(),
        shape=even_shape(name),
        samples=EVEN_SAMPLES,
        seed=SEEDS.get(name, SEED),
    )
    for name in EVEN_GOLDEN_PRESETS
    # Layers of the large ones are those of the others.
    if not name.endswith("_large")
}
CASES = ODD_CASES | EVEN_CASES


@dataclass
class Step:
    """What one training step did: all by the names of a checkpoint, in the order of the model."""

    terms: dict[str, float]
    gradients: dict[str, Tensor]
    steps: dict[str, Tensor]
    statistics: dict[str, Tensor]


def golden_labels(classes: int, case: Case) -> Tensor:
    """⌊(u + 1) · 5 K / 8⌋, u of the tensor `labels`; where that is K or more, -1: a fifth."""
    n, _, height, width = case.shape
    numbers = np.floor((uniform("labels", (n, height, width), case.seed) + 1) * (0.625 * classes))
    return torch.from_numpy(np.where(numbers < classes, numbers, IGNORED).astype(np.int64))


def sample_indices(name: str, count: int, samples: int) -> NDArray[np.int64]:
    """Which elements of a tensor are kept, of `count` in row-major (OIHW) order; some may repeat.

    The outputs of SplitMix64 whose seed is FNV-1a-64("sample." + name) xor 7, modulo `count`.
    """
    outputs = splitmix64(fnv1a_64(f"sample.{name}") ^ SEED, samples)
    return (outputs % np.uint64(count)).astype(np.int64)


@torch.no_grad()
def milder(model: HFGD) -> HFGD:
    """A random model whose gradients rounding does not change much: see SHIFT and QUERY_SCALE."""
    for module in model.modules():
        if isinstance(module, BatchNorm):
            module.bias += SHIFT
        if isinstance(module, SelfAttention | AxialAttention):
            module.query.weight *= QUERY_SCALE
    return model


def disturb(model: HFGD) -> None:
    """Adds noise to the outputs of all convolutions from now on: see DISTURBANCE."""
    generator = torch.Generator().manual_seed(SEED)

    def noisy(_module: nn.Module, _inputs: object, y: Tensor) -> Tensor:
        noise = torch.randn(y.shape, generator=generator, dtype=y.dtype)
        return y + DISTURBANCE * y.detach().abs().max() * noise

    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            module.register_forward_hook(noisy)


def training_step(case: Case, dtype: torch.dtype, is_disturbed: bool = False) -> Step:
    """One step of the plain recipe from random weights, made milder."""
    config = dataclasses.replace(preset(case.preset), refine_stride=case.refine_stride)
    model = milder(randomized(config, case.seed)).to(dtype).train()
    if is_disturbed:
        disturb(model)
    model.stop_gradients = case.stop_gradients
    set_momentum(model, BATCH_NORM_MOMENTUM)
    before = {name: p.detach().clone() for name, p in model.named_parameters()}

    optimizer = made_by(model, PLAIN)
    image = torch.from_numpy(uniform("input", case.shape, case.seed)).to(dtype)
    terms = loss_terms(model(image), golden_labels(len(config.classes), case), case.losses)
    sum(terms.values()).backward()
    optimizer.step()

    gradients = {
        name: torch.zeros_like(p) if p.grad is None else p.grad
        for name, p in model.named_parameters()
    }
    return Step(
        terms={name: term.item() for name, term in terms.items()},
        gradients=gradients,
        steps={name: p.detach() - before[name] for name, p in model.named_parameters()},
        statistics=dict(model.named_buffers()),
    )


def sampled(tensors: dict[str, Tensor], samples: int) -> Tensor:
    """The kept elements of each tensor: [tensors, samples] in float32."""
    rows = [t.flatten()[sample_indices(name, t.numel(), samples)] for name, t in tensors.items()]
    return torch.stack(rows).float()


def norms(tensors: dict[str, Tensor]) -> Tensor:
    """L2 norms of whole tensors: [tensors] in float32."""
    return torch.stack([t.norm() for t in tensors.values()]).float()


def write(path: Path, case: Case, step: Step) -> None:
    """Writes one golden.

    Raises:
        ValueError: The file is larger than a golden may be.
    """
    tensors = {
        "gradients": sampled(step.gradients, case.samples),
        "gradient_norms": norms(step.gradients),
    }
    if case.is_even:
        disturbed = training_step(case, torch.float64, is_disturbed=True).gradients
        change = sampled(disturbed, case.samples) - tensors["gradients"]
        tensors["gradient_noise"] = change.norm(dim=1)
        tensors["gradient_norm_noise"] = (norms(disturbed) - tensors["gradient_norms"]).abs()
    else:
        tensors |= {
            "steps": sampled(step.steps, case.samples),
            "step_norms": norms(step.steps),
        }
    if step.statistics:  # Plain transformers have none.
        tensors["statistics"] = sampled(step.statistics, case.samples)
    losses = dataclasses.asdict(case.losses)
    # Both weights of CAR are 1 where it has a part.
    losses = {key: value for key, value in losses.items() if not key.startswith("car_")}
    metadata = {
        "preset": case.preset,
        "refine_stride": case.refine_stride,
        "stop_gradients": case.stop_gradients,
        "losses": losses | {"car": case.losses.car},
        "seed": case.seed,
        "input_shape": case.shape,
        "shift": SHIFT,
        "query_scale": QUERY_SCALE,
        "recipe": {
            "optimizer": "sgd",
            "learning_rate": 0.01,
            "momentum": 0.9,
            "weight_decay": 1e-4,
            "batch_norm_momentum": BATCH_NORM_MOMENTUM,
        },
        "terms": step.terms,
        "loss": math.fsum(step.terms.values()),
        "parameters": list(step.gradients),
        "statistics": list(step.statistics),
        "torch": torch.__version__.partition("+")[0],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path, metadata={"golden": json.dumps(metadata, sort_keys=True)})
    if path.stat().st_size > LARGEST_FILE:
        raise ValueError(f"{path} has {path.stat().st_size} bytes, expected {LARGEST_FILE} at most")


def disagreement(name: str, samples: int, single: Step, double: Step) -> str:
    """How far float32 is from float64, as a line for the terminal: the worst of each kind.

    Gradients are compared as |Δ| / (|g| + FLOOR · G), in L2 over the tensor, g the reference and G
    the largest norm of all; the kept elements likewise, with √(kept / all) · G.
    """
    largest = max(g.norm().item() for g in double.gradients.values())
    whole, kept = {}, {}
    for tensor, g in double.gradients.items():
        difference = single.gradients[tensor].double() - g
        indices = sample_indices(tensor, g.numel(), samples)
        part = min(1.0, samples / g.numel()) ** 0.5
        whole[tensor] = (difference.norm() / (g.norm() + FLOOR * largest)).item()
        kept[tensor] = (
            difference.flatten()[indices].norm()
            / (g.flatten()[indices].norm() + FLOOR * part * largest)
        ).item()
    statistics = max(
        (
            ((single.statistics[n].double() - s).norm() / s.norm()).item()
            for n, s in double.statistics.items()
        ),
        default=0.0,
    )
    terms = max(abs(single.terms[n] / term - 1) for n, term in double.terms.items())
    return (
        f"{name:36} loss {terms:.0e}  gradients {max(whole.values()):.0e} "
        f"({max(whole, key=whole.__getitem__)}), kept elements {max(kept.values()):.0e}, "
        f"median {median(whole.values()):.0e}  statistics {statistics:.0e}"
    )


def main() -> None:
    """Writes all goldens, or one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", metavar="CASE", choices=CASES, help="write one golden only")
    only = parser.parse_args().only
    for name, case in CASES.items() if only is None else [(only, CASES[only])]:
        double = training_step(case, torch.float64)
        write(GOLDENS / f"{name}.safetensors", case, double)
        single = training_step(case, torch.float32)
        print(disagreement(name, case.samples, single, double), flush=True)


if __name__ == "__main__":
    main()
