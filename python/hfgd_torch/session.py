"""A run under way: its folder, its trainer, and what is told of it."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

import torch

from hfgd_torch import distributed
from hfgd_torch.arguments import request_of
from hfgd_torch.atomic_files import FileError, remove_drafts, write_text
from hfgd_torch.engine import Engine
from hfgd_torch.errors import DataError, RunError
from hfgd_torch.interrupt import Interrupt
from hfgd_torch.plan import Plan, plan
from hfgd_torch.progress import Progress
from hfgd_torch.request import Request
from hfgd_torch.run_folder import RunFolder
from hfgd_torch.run_log import RunLog, StepReport, validation_line
from hfgd_torch.trainer import Judgement, Trainer
from hfgd_torch.version import __version__

SCHEMA = "hfgd_torch.train/1"
INTERRUPTED = 130
"""The exit status of a run that was asked to stop and can go on."""


class Session:
    """A run under way; of several processes the first one writes and tells."""

    def __init__(
        self, arguments: argparse.Namespace, device: torch.device, interrupt: Interrupt
    ) -> None:
        """Makes the folder of a new run, or opens that of a run that goes on.

        Raises:
            UserError: What was asked for cannot be done.
        """
        self._interrupt = interrupt
        self._prints_log, self._is_quiet = arguments.json, arguments.quiet
        self._folder = RunFolder(arguments.output)
        self._log: RunLog | None = None
        self._is_begun = self._folder.last.exists()
        request, planned = distributed.together(lambda: self._opened(arguments))
        config, recipe = planned.config.to_json(), planned.recipe.to_members()
        distributed.check_agreement(
            [config, recipe, planned.fingerprint, self._is_begun],
            "arguments, data and the run's folder have to be the same on all machines",
        )
        on_gpu = device.type == "cuda"
        lays_out = arguments.channels_last
        engine = Engine(
            device=device,
            amp=request.amp,
            accumulate=request.accumulate,
            channels_last=on_gpu if lays_out is None else lays_out,
            compile=arguments.compile,
            workers=(4 if on_gpu else 0) if arguments.workers is None else arguments.workers,
        )
        self._trainer = Trainer(planned, self._folder, engine)
        if self._is_begun:
            distributed.together(self._trainer.resume)
            distributed.check_agreement(
                self._trainer.standing(),
                f"{self._folder.last} has to be the same file on all machines",
            )
        if self._log:
            self._log.rewind(self._trainer.step, self._trainer.validated)
        self._progress = Progress(planned.config.classes, arguments.quiet)

    def _opened(self, arguments: argparse.Namespace) -> tuple[Request, Plan]:
        """What is asked for, what it means, and the folder ready for it."""
        folder = self._folder
        if self._is_begun and not arguments.resume:
            raise RunError(
                f"{folder.path} holds a run already; go on with it by --resume, or choose another "
                "--output"
            )
        record = _record(folder) if arguments.resume else None
        begun = record and Request.from_record(record, str(folder.request))
        request = request_of(arguments, begun)
        if self._is_begun and begun and (differences := begun.differences(request)):
            lines = "".join(f"\n  {difference}" for difference in differences)
            raise RunError(
                f"the run in {folder.path} was begun with other arguments:{lines}\n"
                "leave them out to go on with it, or choose another --output"
            )
        planned = plan(request)
        if self._is_begun and record and record["fingerprint"] != planned.fingerprint:
            raise DataError(
                f"the data of the run in {folder.path} are not what they were at its beginning; "
                "put them back, or choose another --output"
            )
        if distributed.is_first():
            self._begin(request, planned)
        return request, planned

    def _begin(self, request: Request, planned: Plan) -> None:
        """Takes hold of the folder, and writes down what the run follows from."""
        try:
            self._folder.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileError(
                f"{self._folder.path} cannot be made ({error}); choose another --output"
            ) from error
        self._log = RunLog(self._folder)
        remove_drafts(self._folder.path)
        if not self._is_begun:
            members = {
                "schema": SCHEMA,
                "version": __version__,
                "fingerprint": planned.fingerprint,
                **request.to_record(),
            }
            write_text(self._folder.request, json.dumps(members, indent=2) + "\n")

    def run(self) -> int:
        """Makes the steps that are left; gives the exit status.

        Raises:
            UserError: The run cannot go on.
        """
        trainer, folder = self._trainer, self._folder
        is_done = trainer.is_over and folder.model.exists()
        try:
            is_over = is_done or trainer.run(lambda: self._interrupt.is_requested, self._tell)
            distributed.meet()
        finally:
            self._progress.finish()
        if not distributed.is_first():
            return 0 if is_over else INTERRUPTED
        if not is_over:
            print(
                f"hfgd-train: interrupted after step {trainer.step} of "
                f"{trainer.plan.recipe.steps}, which is saved; hfgd-train -o {folder.path} "
                "--resume goes on",
                file=sys.stderr,
            )
            return INTERRUPTED
        if not self._is_quiet:
            best = trainer.best
            reached = f"mIoU {best.mean_iou:.2f} after step {best.step}: " if best else ""
            note = "the run is finished: " if is_done else ""
            print(f"{note}{reached}{folder.model}", file=sys.stderr)
        return 0

    def _tell(self, report: StepReport | Judgement) -> None:
        if isinstance(report, StepReport):
            self._progress.step(report)
            line = report.line()
        else:
            self._progress.validation(report.validation, report.is_best)
            classes = self._trainer.plan.config.classes
            line = validation_line(report.validation, classes, report.is_best)
        if self._log:
            self._log.append(line)
        if self._prints_log:
            try:
                print(json.dumps(line, ensure_ascii=False), flush=True)
            except OSError as error:
                raise FileError(
                    f"standard output cannot be written ({error}); give it a reader, and resume"
                ) from error


def _record(folder: RunFolder) -> dict[str, Any] | None:
    """What the run in a folder was begun with; None where there is none."""
    if not folder.request.exists():
        return None
    try:
        record = json.loads(folder.request.read_text())
        if record["schema"] == SCHEMA:
            return {key: record[key] for key in ("fingerprint", "request", "engine")}
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise RunError(
        f"{folder.request} is not the record of a run of this program; go on with a run of hfgd by "
        "hfgd train --resume, or choose another --output"
    )
