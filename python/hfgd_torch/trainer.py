"""The loop: what a run ends in follows from its plan, and its folder holds all that has come to be.

Several processes share every batch and every validation; the first of them writes and reports.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from hfgd_torch import distributed, optimizers
from hfgd_torch.batches import Item, training_batches, validation_pictures
from hfgd_torch.checkpoint import CheckpointError, faults_of, read_checkpoint, write_checkpoint
from hfgd_torch.config import ModelConfig
from hfgd_torch.engine import Engine
from hfgd_torch.errors import DivergedError, RunError
from hfgd_torch.evaluation import Validation, validate
from hfgd_torch.model import HFGD
from hfgd_torch.plan import Plan
from hfgd_torch.run_folder import RunFolder
from hfgd_torch.run_log import StepReport, term_name
from hfgd_torch.training_step import TrainingStep, first_not_finite

SCALER_KEY = "hfgd_torch.scaler"
"""Where the metadata of `last.safetensors` keep the scale of fp16's gradients."""
UPDATES_KEY = "hfgd_torch.updates"
"""And how many updates AdamW has made, where steps that fp16 skipped are none."""


@dataclass(frozen=True)
class Best:
    """When a run was at its best: mean IoU in percent at the finest output stride."""

    step: int
    mean_iou: float


@dataclass(frozen=True)
class Judgement:
    """A validation, and whether it is the best so far."""

    validation: Validation
    is_best: bool


Report = Callable[[StepReport | Judgement], None]


class Trainer:
    """A run by a plan.

    Attributes:
        step: Updates made so far.
        validated: Updates made before the last validation.
        best: The best validation so far.
    """

    def __init__(self, plan: Plan, folder: RunFolder, engine: Engine) -> None:
        """A run that begins at its start.

        Raises:
            RunError: The batch cannot be cut into equal shares.
        """
        processes = distributed.count()
        if plan.recipe.batch % (processes * engine.accumulate):
            raise RunError(
                f"a batch of {plan.recipe.batch} is no multiple of {processes} processes times "
                f"{engine.accumulate} pieces; change --batch, --accumulate or the number of "
                "processes"
            )
        self.plan, self.folder, self.engine = plan, folder, engine
        self.step, self.validated = 0, 0
        self.best: Best | None = None
        self._update = TrainingStep(_made(plan), plan.recipe, plan.part, engine)
        self.model = self._update.model

    def resume(self) -> None:
        """Goes on from where the run in the folder was last saved; before the first step.

        Raises:
            CheckpointError: What was saved is not of this run.
        """
        stored = read_checkpoint(self.folder.last)
        remedy = "give the folder of a run that this program began, or start a new one with --from"
        held = replace(stored.config, metrics={}, training={})
        # As they are written: a size that is named and usual is as if it were not named.
        if held.to_json() != self.plan.config.to_json():
            raise CheckpointError(f"{stored.path} holds another model; {remedy}")
        expected = {name: tuple(t.shape) for name, t in self.model.state_dict().items()}
        if faults := faults_of(expected, stored.tensors):
            raise CheckpointError("\n  ".join([f"{stored.path}:", *faults]) + f"\n{remedy}")
        state = stored.config.training
        try:
            self.step, self.validated = state["step"], state["validated"]
            if best := state.get("best"):
                self.best = Best(best["step"], best["mIoU"])
            self.model.load_state_dict(stored.tensors)
            updates = int(stored.metadata.get(UPDATES_KEY, self.step))
            optimizers.restore(
                self._update.optimizer, self.model, self.plan.recipe, stored.optimizer, updates
            )
            if self._update.scaler.is_enabled():
                self._update.scaler.load_state_dict(json.loads(stored.metadata[SCALER_KEY]))
        except (KeyError, TypeError, ValueError) as error:
            raise CheckpointError(
                f"{stored.path} lacks what a run goes on from ({error}); {remedy}"
            ) from error

    def standing(self) -> tuple[object, ...]:
        """Where the run stands: what all processes have to agree on, the tensors as a checksum."""
        digest = hashlib.blake2b(digest_size=8)
        for tensor in self.model.state_dict().values():
            digest.update(tensor.cpu().flatten().view(torch.uint8).numpy())
        return self.step, self.validated, self.best, digest.hexdigest()

    @property
    def is_over(self) -> bool:
        """Whether all updates are made."""
        return self.step >= self.plan.recipe.steps

    def run(self, is_cancelled: Callable[[], bool], report: Report) -> bool:
        """Makes the steps that are left.

        Args:
            is_cancelled: Asked between steps; where it is true in any process, the run is saved and
                ends.
            report: Told of every step and validation, in the first process.

        Returns:
            Whether the run is over; it can else go on.

        Raises:
            DivergedError: A loss, a gradient or a tensor is no longer finite.
            UserError: A sample cannot be read, or a file not be written.
        """
        torch.backends.cudnn.benchmark = True
        # Float32 is float32: by itself cuDNN rounds what it convolves to TF32 (10 bits) for speed.
        torch.backends.cudnn.allow_tf32 = self.engine.amp != "none"
        batches: Iterator[Item] | None = None
        while True:
            if self._is_validation_due():
                is_validated = self._validate(is_cancelled, report)
                self._save_last()
                if not is_validated:
                    return False
            if self.is_over:
                break
            if distributed.any_of(is_cancelled()):
                self._save_last()
                return False
            start = time.perf_counter()
            batches = batches or self._batches()
            step = self._step(*next(batches), start)
            if distributed.is_first():
                report(step)
            if self._is_due(self.plan.recipe.checkpoint_every) or self.is_over:
                self._save_last()
        self._finish()
        return True

    def _batches(self) -> Iterator[Item]:
        """What is left of the batches."""
        return training_batches(
            self.plan.training,
            self.plan.recipe,
            len(self.plan.config.classes),
            self.plan.config.input,
            first_step=self.step,
            workers=self.engine.workers,
            pin_memory=self.engine.device.type == "cuda",
        )

    def _is_due(self, interval: int) -> bool:
        return interval > 0 and self.step % interval == 0

    def _is_validation_due(self) -> bool:
        """A validation that was given up is due again when the run goes on."""
        is_new = self.plan.validation is not None and 0 < self.step != self.validated
        return is_new and (self._is_due(self.plan.recipe.validate_every) or self.is_over)

    def _step(self, images: Tensor, labels: Tensor, start: float) -> StepReport:
        """One update, of a batch that was asked for at the time `start`."""
        rate = self.plan.recipe.rate(self.step)
        try:
            measured = self._update(images, labels, rate)
        except DivergedError as error:
            raise self._diverged(f"step {self.step + 1}: {error}") from error
        self.step += 1
        config = self.plan.config
        is_refinement = self.plan.part == "refinement"
        student = config.refine_stride if is_refinement else config.output_stride
        return StepReport(
            step=self.step,
            steps=self.plan.recipe.steps,
            samples=self.plan.recipe.batch,
            loss=measured.loss,
            terms={term_name(name, student): value for name, value in measured.terms.items()},
            learning_rate=rate,
            gradient_norms=measured.gradient_norms,
            seconds=time.perf_counter() - start,
        )

    def _validate(self, is_cancelled: Callable[[], bool], report: Report) -> bool:
        """Looks at the validation pictures; False where that was given up."""
        self._check_finite()
        pictures = validation_pictures(
            self.plan.validation,
            len(self.plan.config.classes),
            workers=self.engine.workers,
            pin_memory=self.engine.device.type == "cuda",
        )
        # Pictures may be of many sizes: the fastest kernel is not worth a search for each.
        torch.backends.cudnn.benchmark = False
        self.model.eval()
        validation = validate(self.model, pictures, self.step, self.engine, is_cancelled)
        self._update.to_training_mode()
        torch.backends.cudnn.benchmark = True
        if validation is None:
            return False
        is_best = validation.mean_iou > (self.best.mean_iou if self.best else -1)
        self.validated = self.step
        if is_best:
            self.best = Best(self.step, validation.mean_iou)
            if distributed.is_first():
                write_checkpoint(self._described(), self.model.state_dict(), self.folder.best)
        if distributed.is_first():
            report(Judgement(validation, is_best))
        return True

    def _check_finite(self) -> None:
        """Running variances, too, overflow while the loss is sound."""
        if name := first_not_finite(self.model.state_dict()):
            raise self._diverged(f"step {self.step}: {name} is not finite")

    def _diverged(self, what: str) -> DivergedError:
        return DivergedError(
            f"{what}; the run stands where it was last saved: lower learning_rate, or set "
            "clip_norm or warm_up (or --amp bf16 in place of fp16), and begin it anew"
        )

    def _save_last(self) -> None:
        """Saves where the run stands."""
        self._check_finite()
        if not distributed.is_first():
            return
        update, recipe = self._update, self.plan.recipe
        write_checkpoint(
            self._described(),
            self.model.state_dict(),
            self.folder.last,
            optimizer=optimizers.moments(update.optimizer, self.model, recipe),
            metadata=self._state_of_half_precision(),
        )

    def _state_of_half_precision(self) -> dict[str, str]:
        """What fp16 goes on from besides; nothing of other precisions."""
        scaler = self._update.scaler.state_dict()
        if not scaler:
            return {}
        updates = optimizers.updates(self._update.optimizer)
        counted = {} if updates is None else {UPDATES_KEY: str(updates)}
        return {SCALER_KEY: json.dumps(scaler)} | counted

    def _finish(self) -> None:
        """Writes what the run made: the best model, or the last one where none was validated."""
        if not distributed.is_first():
            return
        config, state = self._described(), self.model.state_dict()
        if self.best:
            best = read_checkpoint(self.folder.best)
            config, state = best.config, best.tensors
        write_checkpoint(config, state, self.folder.model, weights=torch.float16)

    def _described(self) -> ModelConfig:
        """The configuration with what the model reached and how it was made, as `hfgd` has it."""
        training: dict[str, Any] = {
            "step": self.step,
            "validated": self.validated,
            "data": f"{self.plan.training.kind} {self.plan.training.split}",
            "samples": len(self.plan.training.samples),
            "start": self.plan.start_name,
        }
        metrics = {}
        if self.best:
            training["best"] = {"step": self.best.step, "mIoU": self.best.mean_iou}
            metrics["mIoU"] = round(self.best.mean_iou, 2)
        training["recipe"] = self.plan.recipe.to_members()
        return replace(self.plan.config, metrics=metrics, training=training)


def _made(plan: Plan) -> HFGD:
    """The model with its first weights."""
    with torch.device("meta"):
        model = HFGD(plan.config)
    model.load_state_dict({name: t.clone() for name, t in plan.start.items()}, assign=True)
    return model
