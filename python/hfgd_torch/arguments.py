"""The command line of `hfgd-train`, and what is asked for with it."""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
from pathlib import Path
from typing import NoReturn

from hfgd_torch import documents
from hfgd_torch.config import CONTEXTS, UPSAMPLERS
from hfgd_torch.data_kinds import KINDS
from hfgd_torch.engine import HALVES
from hfgd_torch.errors import RunError, UserError
from hfgd_torch.presets import PRESET_NAMES
from hfgd_torch.recipe import recipe_named
from hfgd_torch.request import GUIDANCE, NO_SPLIT, Request
from hfgd_torch.version import __version__

RECIPE_FLAGS = (
    "steps", "batch", "crop", "learning_rate", "seed", "validate_every", "checkpoint_every",
)  # fmt: skip

DESCRIPTION = """\
Train a model on labelled pictures, on a GPU, on many under torchrun, or on a CPU.

RUN is the folder of the run. It gets

  run.json           what was asked for
  log.jsonl          a line of JSON per step and per validation
  last.safetensors   where the run stands, with the optimiser's memory
  best.safetensors   the model where validation was best
  model.safetensors  at the end: the best model, kernels as F16

which hfgd opens as its own: hfgd explore, eval and predict take the checkpoints,
hfgd curves RUN draws the log. Recipes, keys and data sets are those of hfgd train
(docs/training.md, docs/datasets.md).

Ctrl-C finishes the step and saves; so does SIGTERM. A run that was stopped or
killed goes on with --resume."""

EXAMPLES = """\
examples:
  hfgd-train --data camvid -o runs/a --weights mobilenet_v2.safetensors \\
    --steps 4000 --batch 8 --crop 257x257 --learning-rate 0.02
  hfgd-train -o runs/a --resume
  hfgd-train --data context -o runs/b --preset hfgd-resnet50-os4 \\
    --weights resnet50-11ad3fa6.pth --recipe advanced --amp bf16
  torchrun --nproc-per-node 8 -m hfgd_torch.train --data cityscapes -o runs/c \\
    --recipe my.yaml --amp bf16 --workers 8
  torchrun --nnodes 4 --nproc-per-node 8 --rdzv-backend c10d \\
    --rdzv-endpoint HOST:29500 -m hfgd_torch.train --data cityscapes -o runs/d
  hfgd-train --data camvid -o runs/e --from runs/a/model.safetensors --refine-alone
"""


class _Parser(argparse.ArgumentParser):
    """Of the processes of torchrun the first alone tells what is wrong with their arguments."""

    def error(self, message: str) -> NoReturn:
        if os.environ.get("RANK", "0") != "0":
            sys.exit(UserError.status)
        super().error(message)


def parser() -> argparse.ArgumentParser:
    """The arguments; what is not given is None, so that a resumed run is asked for nothing anew."""
    p = _Parser(
        prog="hfgd-train",
        usage="hfgd-train --data DIR -o RUN [options]\n       hfgd-train -o RUN --resume",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    p.add_argument("--version", action="version", version=f"hfgd_torch {__version__}")
    p.add_argument(
        "-o", "--output", "--out", required=True, type=Path, metavar="RUN", help="the run's folder"
    )
    p.add_argument(
        "--resume",
        action="store_true",
        help="go on with the run in the folder, by what it was begun with; begin it if there is "
        "none",
    )

    data = p.add_argument_group("data")
    data.add_argument(
        "--data", action="append", metavar="DIR", help="a data set's folder; may be repeated"
    )
    data.add_argument("--dataset", choices=KINDS, help="its kind (default: as the folders look)")
    data.add_argument("--split", help="the part to train on (default: train)")
    data.add_argument(
        "--val-split", help=f"the part to validate on, or {NO_SPLIT} (default: val if there is one)"
    )
    data.add_argument("--ignore-index", type=_label, metavar="N", help="the label not counted")
    data.add_argument(
        "--reduce-zero-label",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="label 0 is no class, and class k is stored as k + 1",
    )

    model = p.add_argument_group("model")
    model.add_argument("--preset", metavar="NAME", help=f"such as {', '.join(PRESET_NAMES)}")
    model.add_argument(
        "--from", dest="from_", metavar="CHECKPOINT", help="start from its model and weights"
    )
    model.add_argument(
        "--weights",
        metavar="FILE",
        help="the backbone's weights, .safetensors or .pth, by torchvision's names, or timm's of "
        "ConvNeXt, Swin and plain transformers",
    )
    model.add_argument("--guidance", choices=GUIDANCE, help="the ablation of guidance")
    model.add_argument("--context", choices=CONTEXTS, help="another context")
    model.add_argument("--upsampler", choices=UPSAMPLERS, help="another upsampler")
    model.add_argument(
        "--refine", action="store_true", default=None, help="add a second student, at stride 2"
    )
    model.add_argument(
        "--refine-alone", action="store_true", default=None, help="train it alone, on --from"
    )

    recipe = p.add_argument_group("recipe")
    recipe.add_argument("--recipe", metavar="NAME", help="plain, advanced, or a YAML or JSON file")
    recipe.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="another value for a key"
    )
    recipe.add_argument("--steps", metavar="N", help="updates of the weights")
    recipe.add_argument("--batch", metavar="N", help="samples of a step, over all processes")
    recipe.add_argument("--crop", metavar="WxH", help="what is cut out of a sample")
    recipe.add_argument("--learning-rate", metavar="RATE", help="at the start")
    recipe.add_argument("--seed", metavar="N", help="what all that is random follows from")
    recipe.add_argument("--validate-every", metavar="N", help="steps; 0: only at the end")
    recipe.add_argument("--checkpoint-every", metavar="N", help="steps; 0: only at the end")

    engine = p.add_argument_group("engine")
    engine.add_argument("--device", help="cuda, cuda:1, cpu, … (default: a GPU where there is one)")
    engine.add_argument(
        "--amp",
        choices=("none", *HALVES),
        help="half precision in the network (default: none, all is float32)",
    )
    engine.add_argument(
        "--accumulate",
        type=_positive,
        metavar="N",
        help="compute a batch in N pieces, for less memory; what is taken of a batch (batch norm, "
        "CAR, Dice, means over valid pixels, SegViT's losses) is then taken of each piece",
    )
    engine.add_argument("--workers", type=_count, metavar="N", help="processes that read samples")
    engine.add_argument(
        "--channels-last",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="lay maps out as NHWC (default: on a GPU)",
    )
    engine.add_argument("--compile", action="store_true", help="compile the network")

    told = p.add_argument_group("reports")
    told.add_argument("--json", action="store_true", help="print the log on standard output")
    told.add_argument("-q", "--quiet", action="store_true", help="nothing but errors")
    return p


def _label(text: str) -> int:
    return _in_range(text, 0, 65535)


def _count(text: str) -> int:
    return _in_range(text, 0, 1024)


def _positive(text: str) -> int:
    return _in_range(text, 1, 4096)


def _in_range(text: str, low: int, high: int) -> int:
    if not text.isdecimal() or not low <= int(text) <= high:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {low} to {high}")
    return int(text)


def request_of(arguments: argparse.Namespace, begun: Request | None) -> Request:
    """What is asked for, the rest as the run was begun with.

    Raises:
        RunError: Arguments are missing or contradict each other.
        UserError: The recipe cannot be used.
    """
    base = begun or Request()
    names = [f.name for f in dataclasses.fields(Request) if f.name != "recipe"]
    given = {name: value for name in names if (value := getattr(arguments, name)) is not None}
    if begun is None and "data" not in given:
        raise RunError("--data is missing; give the folder of the data set, or --resume")
    if given.get("from_") and ("preset" in given or "weights" in given):
        raise RunError("--from brings its own model and weights; leave out --preset and --weights")
    if given.get("refine_alone") and not (given.get("from_") or base.from_):
        raise RunError("--refine-alone builds on a trained model; give it with --from")
    if "data" in given:
        given["data"] = tuple(given["data"])
    recipe = recipe_named(arguments.recipe) if arguments.recipe else base.recipe
    changes = {}
    for change in arguments.set:
        key, sign, value = change.partition("=")
        if not sign:
            raise RunError(f"--set {change} is not of the form KEY=VALUE; write --set dice=1")
        changes[key] = value
    changes |= {key: value for key in RECIPE_FLAGS if (value := getattr(arguments, key))}
    source = "the recipe's changes"
    members = {key: documents.parsed(v, f"{source}, {key}") for key, v in changes.items()}
    if members:
        recipe = recipe.changed(members, source)
    return dataclasses.replace(base, **given, recipe=recipe).canonical()
