"""Writes the golden tensors that the Swift tests compare with; see README.md."""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path

import torch
from safetensors.torch import save_file

from hfgd_torch import preset, randomized
from hfgd_torch.presets import GOLDEN_PRESETS
from hfgd_torch.random_weights import uniform
from op_goldens import op_goldens
from protocol_goldens import protocol_goldens

SEED = 7
INPUT_SHAPE = (1, 3, 65, 33)
QUERY_STEP = 8
"""Of masks' class scores those of every eighth query are kept."""
LARGEST_FILE = 120_000
REFINED = "hfgd-mobilenet_v2-os4"
"""The preset that gets a golden of its own with a second student at output stride 2."""
GOLDENS = Path(__file__).resolve().parents[1] / "Tests" / "CoreTests" / "Goldens"


def nhwc(x: torch.Tensor, step: int = 1) -> torch.Tensor:
    """[N, C, H, W] → [N, H', W', C] in float32, of every step-th row and column."""
    return x[:, :, ::step, ::step].permute(0, 2, 3, 1).float().contiguous()


def deviation(x: torch.Tensor, reference: torch.Tensor) -> float:
    """max|x - reference| / max|reference|, the measure of agreement."""
    return ((x - reference).abs().max() / reference.abs().max()).item()


def write(path: Path, tensors: dict[str, torch.Tensor], metadata: dict[str, str]) -> None:
    """Writes one file.

    Raises:
        ValueError: The file is larger than a golden may be.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # One entry: several come out in an order that changes from run to run.
    save_file(tensors, path, metadata={"golden": json.dumps(metadata, sort_keys=True)})
    if path.stat().st_size > LARGEST_FILE:
        raise ValueError(f"{path} has {path.stat().st_size} bytes, expected {LARGEST_FILE} at most")


@torch.inference_mode()
def model_golden(
    name: str, refine_stride: int | None = None
) -> tuple[dict[str, torch.Tensor], dict[str, str], str]:
    """Outputs of a preset computed in double precision, metadata, and a line for the terminal."""
    config = dataclasses.replace(preset(name), refine_stride=refine_stride)
    model = randomized(config, SEED)
    image = torch.from_numpy(uniform("input", INPUT_SHAPE, SEED))
    single = model(image.float())
    double = model.double()(image)

    step = {1: 8, 2: 2}.get(config.output_stride, 1)
    outputs = {"student": nhwc(double.student, step)}
    measured = [f"student {deviation(single.student, double.student):.1e}"]
    if double.teacher is not None:
        outputs["teacher"] = nhwc(double.teacher)
        measured.append(f"teacher {deviation(single.teacher, double.teacher):.1e}")
    if double.auxiliary is not None:
        outputs["auxiliary"] = nhwc(double.auxiliary)
        measured.append(f"auxiliary {deviation(single.auxiliary, double.auxiliary):.1e}")
    if double.refined is not None:
        outputs["refined"] = nhwc(double.refined, 2)
        measured.append(f"refined {deviation(single.refined, double.refined):.1e}")
    if double.groups:
        masks, classes = double.groups[-1]
        outputs |= {"masks": nhwc(masks), "classes": classes[:, ::QUERY_STEP].float().contiguous()}
        measured.append(f"masks {deviation(single.groups[-1].masks, masks):.1e}")
    metadata = {
        "preset": name,
        "seed": str(SEED),
        "input": "u of the tensor named input, NCHW " + json.dumps(INPUT_SHAPE),
        "layout": "NHWC",
        "step": str(step),
        "computed_in": "float64",
        "torch": torch.__version__.partition("+")[0],
    }
    variation = double.student.std(dim=(2, 3)).mean() / double.student.abs().max()
    measured.append(f"(varies over the picture by {variation.item():.1e} of its maximum)")
    return outputs, metadata, "  ".join([f"{name:24}", *measured])


def main() -> None:
    """Writes the goldens of models and of single operations."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", metavar="PRESET", help="write the golden of one preset only")
    only = parser.parse_args().only

    print("float32 PyTorch against float64, max|Δ| / max|reference|")
    for name in [only] if only else GOLDEN_PRESETS:
        outputs, metadata, line = model_golden(name)
        write(GOLDENS / "models" / f"{name}.safetensors", outputs, metadata)
        print(line)
    if not only:
        outputs, metadata, line = model_golden(REFINED, refine_stride=2)
        write(GOLDENS / "models" / f"{REFINED}-refined.safetensors", outputs, metadata)
        print(line)
        tensors, parameters = op_goldens(SEED)
        metadata = {"seed": str(SEED), "torch": torch.__version__.partition("+")[0]}
        write(GOLDENS / "ops" / "ops.safetensors", tensors, metadata)
        (GOLDENS / "ops" / "ops.json").write_text(json.dumps(parameters, indent=2) + "\n")
        print(f"{len(parameters)} operations")
        goldens = protocol_goldens(SEED)
        write(GOLDENS / "inference" / "protocols.safetensors", goldens, metadata)
        print(f"{len(goldens)} protocols and resizes")


if __name__ == "__main__":
    main()
