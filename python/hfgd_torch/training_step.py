"""One update of the weights: forward pass, losses, backward pass, clipping, optimiser."""

from __future__ import annotations

import dataclasses
import inspect
import math
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from hfgd_torch import distributed, optimizers
from hfgd_torch.config import ModelConfig
from hfgd_torch.engine import Engine
from hfgd_torch.errors import DivergedError
from hfgd_torch.layers import set_momentum
from hfgd_torch.losses import LossOptions, Summand, summands
from hfgd_torch.model import HFGD, Prediction
from hfgd_torch.plan import Part
from hfgd_torch.recipe import Recipe
from hfgd_torch.segvit import MaskGroup

_SYNC_BUFFERS = next(
    name
    for name in ("forward_sync_buffers", "broadcast_buffers")  # PyTorch 2.13; before
    if name in inspect.signature(DistributedDataParallel).parameters
)


MOST_SKIPPED = 50
"""Steps in a row that fp16 may overflow in; its scale is then 2⁻⁵⁰ of what it was before."""


@dataclass(frozen=True)
class Measured:
    """What a step found, the same in all processes.

    Attributes:
        loss: Of the whole batch.
        terms: Its summands before their weights, by the names of `losses.summands`.
        gradient_norms: Of each branch before clipping; not finite where fp16 overflowed, and the
            step was skipped.
    """

    loss: float
    terms: dict[str, float]
    gradient_norms: dict[str, float]


class TrainingStep:
    """A model and what moves it.

    Attributes:
        model: The model, in training mode but for what is not trained.
        optimizer: What moves its parameters.
        scaler: What keeps the gradients of fp16 from vanishing; idle in other precisions.
    """

    def __init__(self, model: HFGD, recipe: Recipe, part: Part, engine: Engine) -> None:
        self.model = model
        self._recipe, self._part, self._engine = recipe, part, engine
        self._losses = LossOptions.of(recipe)
        model.to(engine.device, engine.dtype, memory_format=engine.memory_format)
        model.stop_gradients = recipe.stop_gradients
        model.stop_auxiliary = recipe.stop_auxiliary
        set_momentum(model, recipe.running_momentum)
        if part == "refinement":
            model.requires_grad_(False)
            model.refine.requires_grad_(True)
        self.optimizer = optimizers.optimizer(model, recipe)
        self.scaler = torch.amp.GradScaler(engine.device.type, enabled=engine.amp == "fp16")
        self._skipped = 0
        self._branches = branches_of(model)
        self._network = self._wrapped()
        self.to_training_mode()

    def _wrapped(self) -> nn.Module:
        """The model as steps run it: its gradients averaged over the processes, and compiled."""
        network: nn.Module = self.model
        if distributed.count() > 1:
            device = self._engine.device
            network = DistributedDataParallel(
                network,
                device_ids=[device] if device.type == "cuda" else None,
                gradient_as_bucket_view=True,
                # No loss reaches norms of outputs in guided models and those without an upsampler.
                find_unused_parameters=self.model.config.output_norm,
                **{_SYNC_BUFFERS: False},  # Running statistics are the same in all processes.
            )
        return torch.compile(network) if self._engine.compile else network

    def to_training_mode(self) -> None:
        """Batch norms take the statistics of batches, those that are not trained their own."""
        if self._part == "refinement":
            self.model.eval()
            self.model.refine.train()
        else:
            self.model.train()

    def __call__(self, images: Tensor, labels: Tensor, rate: float) -> Measured:
        """Moves the weights by this process's share of a batch.

        Args:
            images: [n, 3, H, W], normalised.
            labels: [n, H, W], -1 where ignored.
            rate: The learning rate.

        Raises:
            DivergedError: A loss or a gradient is not finite, of fp16 too often; nothing was moved.
        """
        optimizers.set_rate(self.optimizer, rate)
        self.optimizer.zero_grad()
        images, labels = self._engine.moved(images), labels.to(self._engine.device)
        loss, terms = self._gradients(images, labels)
        self.scaler.unscale_(self.optimizer)
        norms = self._clipped()
        # The one time that the host waits for the device.
        numbers = torch.stack([loss, *terms.values(), *norms.values()]).tolist()
        measured = Measured(
            numbers[0],
            dict(zip(terms, numbers[1:], strict=False)),
            dict(zip(norms, numbers[1 + len(terms) :], strict=True)),
        )
        self._check_finite(measured)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        return measured

    def _gradients(self, images: Tensor, labels: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """The loss and its summands; their gradients stand at the parameters afterwards."""
        pieces = self._engine.accumulate
        losses: list[Tensor] = []
        values: dict[str, list[Tensor]] = {}
        for piece in zip(images.chunk(pieces), labels.chunk(pieces), strict=True):
            is_last = len(losses) == pieces - 1
            with nullcontext() if is_last else self._unsynchronised():
                parts = self._summands(*piece)
                loss = torch.stack([part.weight * part.value for part in parts.values()]).sum()
                self.scaler.scale(loss / pieces).backward()
            losses.append(loss.detach())
            for name, part in parts.items():
                values.setdefault(name, []).append(part.value.detach())
        return torch.stack(losses).mean(), {n: torch.stack(v).mean() for n, v in values.items()}

    def _unsynchronised(self) -> AbstractContextManager[None]:
        """Gradients stay in each process, for a block."""
        return self._network.no_sync() if distributed.count() > 1 else nullcontext()

    def _summands(self, images: Tensor, labels: Tensor) -> dict[str, Summand]:
        with self._engine.autocast():
            prediction = self._network(images)
        if self._part == "refinement":
            prediction = dataclasses.replace(
                prediction,
                student=prediction.refined,
                teacher=None,
                refined=None,
                context_features=None,
                guess=None,
            )
        return summands(
            _of_type(prediction, self._engine.dtype),
            labels,
            self._losses,
            is_guided=self.model.config.guidance,
        )

    def _clipped(self) -> dict[str, Tensor]:
        """The norm of each branch's gradients, which are clipped by themselves.

        So the teacher trains as if it were alone, whatever its students do.
        """
        norms = {}
        for branch, parameters in self._branches.items():
            gradients = [p.grad for p in parameters.values() if p.grad is not None]
            norm = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(gradients)))
            if (maximum := self._recipe.clip_norm) is not None:
                torch._foreach_mul_(gradients, (maximum / norm).clamp(max=1.0))
            norms[branch] = norm
        return norms

    def _check_finite(self, measured: Measured) -> None:
        for name, value in measured.terms.items():
            if not math.isfinite(value):
                raise DivergedError(f"the loss {name} is {value}")
        if self.scaler.is_enabled():
            self._check_skipped(measured)
            return
        for branch, norm in measured.gradient_norms.items():
            if not math.isfinite(norm):
                name = first_not_finite(
                    {n: p.grad for n, p in self._branches[branch].items() if p.grad is not None}
                )
                raise DivergedError(f"the gradient of {name or branch} is not finite")

    def _check_skipped(self, measured: Measured) -> None:
        """An overflow of fp16 lowers its scale, and the step is skipped: the usual thing, at times.

        Where it goes on the gradients are not finite at any scale.
        """
        is_finite = all(map(math.isfinite, measured.gradient_norms.values()))
        self._skipped = 0 if is_finite else self._skipped + 1
        if self._skipped >= MOST_SKIPPED:
            raise DivergedError(f"{MOST_SKIPPED} steps in a row overflowed fp16 and were skipped")


def branches_of(model: HFGD) -> dict[str, dict[str, nn.Parameter]]:
    """The trained parameters of a model by the part whose loss moves them, and by name."""
    branches: dict[str, dict[str, nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            branches.setdefault(_branch(name, model.config), {})[name] = parameter
    return branches


def _branch(name: str, config: ModelConfig) -> str:
    """`teacher`, `student` or `refinement`; a model without guidance is one."""
    students = {"refine": "refinement", "upsampler": "student", "axial": "student"}
    return students.get(name.partition(".")[0], "teacher") if config.guidance else "teacher"


def first_not_finite(tensors: dict[str, Tensor]) -> str | None:
    """The name of the first tensor that holds a NaN or an infinity."""
    if not tensors:
        return None
    finite = torch.stack([tensor.isfinite().all() for tensor in tensors.values()])
    return next((n for n, ok in zip(tensors, finite.tolist(), strict=True) if not ok), None)


def _of_type(prediction: Prediction, dtype: torch.dtype) -> Prediction:
    """A prediction whose tensors are of a type: losses are never computed in half precision."""
    parts = {f.name: getattr(prediction, f.name) for f in dataclasses.fields(prediction)}
    tensors = {n: part.to(dtype) for n, part in parts.items() if isinstance(part, Tensor)}
    groups = tuple(MaskGroup(*(part.to(dtype) for part in group)) for group in prediction.groups)
    return dataclasses.replace(prediction, **tensors, groups=groups)
