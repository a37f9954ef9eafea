"""Three steps and a validation in double precision, for `test_distributed`; run under torchrun.

steps.py DATA OUTPUT PRESET [KEY=VALUE …]
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch

from hfgd_torch import distributed, documents
from hfgd_torch.engine import Engine
from hfgd_torch.plan import plan
from hfgd_torch.recipe import PLAIN
from hfgd_torch.request import Request
from hfgd_torch.run_folder import RunFolder
from hfgd_torch.run_log import StepReport
from hfgd_torch.trainer import Judgement, Trainer


def main() -> None:
    """Trains, and keeps all tensors and numbers."""
    data, output, preset, *changes = sys.argv[1:]
    torch.set_num_threads(1)
    members = {key: documents.parsed(value, key) for key, value in (c.split("=") for c in changes)}
    recipe = PLAIN.changed({"steps": 3, "batch": 4, "crop": "65x65", **members}, "test")
    refines = preset.endswith("os4")
    request = Request(data=(data,), preset=preset, refine=refines, recipe=recipe)
    reports: list[StepReport | Judgement] = []
    with distributed.joined("cpu") as device:
        engine = Engine(device=device, dtype=torch.float64)
        trainer = Trainer(plan(request), RunFolder(Path(output)), engine)
        assert trainer.run(lambda: False, reports.append)
        if distributed.is_first():
            steps = [report for report in reports if isinstance(report, StepReport)]
            judgements = [report for report in reports if isinstance(report, Judgement)]
            torch.save(
                {
                    "state": trainer.model.state_dict(),
                    "losses": [[step.loss, *step.terms.values()] for step in steps],
                    "norms": [list(step.gradient_norms.values()) for step in steps],
                    "counts": [
                        torch.from_numpy(stage.counts.matrix)
                        for stage in judgements[-1].validation.stages
                    ],
                },
                f"{output}/steps.pt",
            )


if __name__ == "__main__":
    main()
