"""Writes the golden tensors that the Swift tests compare with; see README.md."""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path

import torch
from safetensors.torch import save_file

from hfgd_torch import preset, randomized
from hfgd_torch.presets import EVEN_GOLDEN_PRESETS, GOLDEN_PRESETS
from hfgd_torch.random_weights import uniform
from op_goldens import op_goldens
from protocol_goldens import protocol_goldens

SEED = 7
ODD_SHAPE = (1, 3, 65, 33)
EVEN_SHAPE = (2, 3, 306, 50)
"""Two pictures, no multiple of any stride, and so tall that dilated taps meet data on all grids."""
QUERY_STEP = 8
"""Of masks' class scores those of every eighth query are kept."""
LARGEST_FILE = 120_000
REFINED = "hfgd-mobilenet_v2-os4"
"""The preset that gets a golden of its own with a second student at output stride 2."""
GOLDENS = Path(__file__).resolve().parents[1] / "Tests" / "CoreTests" / "Goldens"
MODELS = GOLDENS / "models"


def nhwc(x: torch.Tensor, step: int = 1, first: int = 0) -> torch.Tensor:
    """[N, C, H, W] → [N, H', W', C] in float32, of every step-th row and column from `first` on."""
    kept = x[:, :, first::step, first::step]
    return kept.permute(0, 2, 3, 1).float().contiguous()


def grid_of(output_stride: int, shape: tuple[int, ...]) -> tuple[int, int]:
    """Every which row and column is kept of what stands at a stride, and the first of them.

    Of tall pictures it is one in 32 pixels.
    """
    if shape == ODD_SHAPE:
        return {1: 8, 2: 2}.get(output_stride, 1), 0
    step = max(1, 32 // output_stride)
    return step, step // 2


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
    name: str, shape: tuple[int, ...] = ODD_SHAPE, refine_stride: int | None = None
) -> tuple[dict[str, torch.Tensor], dict[str, str], str]:
    """Outputs of a preset computed in double precision, metadata, and a line for the terminal."""
    config = dataclasses.replace(preset(name), refine_stride=refine_stride)
    model = randomized(config, SEED)
    image = torch.from_numpy(uniform("input", shape, SEED))
    single = model(image.float())
    double = model.double()(image)

    stages = {
        "student": (config.output_stride, single.student, double.student),
        "teacher": (config.backbone_stride, single.teacher, double.teacher),
        "auxiliary": (config.backbone_stride, single.auxiliary, double.auxiliary),
        "refined": (2, single.refined, double.refined),
    }
    outputs, measured = {}, []
    for stage, (stride, x, reference) in stages.items():
        if reference is not None:
            outputs[stage] = nhwc(reference, *grid_of(stride, shape))
            measured.append(f"{stage} {deviation(x, reference):.1e}")
    if double.groups:
        masks, classes = double.groups[-1]
        outputs["masks"] = nhwc(masks, *grid_of(config.backbone_stride, shape))
        outputs["classes"] = classes[:, ::QUERY_STEP].float().contiguous()
        measured.append(f"masks {deviation(single.groups[-1].masks, masks):.1e}")
    metadata = {
        "preset": name,
        "seed": str(SEED),
        "shape": json.dumps(shape),
        "input": "u of the tensor named input, NCHW of that shape",
        "layout": "NHWC",
        "computed_in": "float64",
        "torch": torch.__version__.partition("+")[0],
    }
    variation = double.student.std(dim=(2, 3)).mean() / double.student.abs().max()
    measured.append(f"(varies over the picture by {variation.item():.1e} of its maximum)")
    return outputs, metadata, "  ".join([f"{name:24}", *measured])


def main() -> None:
    """Writes the goldens of models and of single operations."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only",
        metavar="PRESET",
        choices=EVEN_GOLDEN_PRESETS,
        help="write the goldens of one preset only",
    )
    only = parser.parse_args().only

    print("float32 PyTorch against float64, max|Δ| / max|reference|")
    sets = ((ODD_SHAPE, GOLDEN_PRESETS, MODELS), (EVEN_SHAPE, EVEN_GOLDEN_PRESETS, MODELS / "even"))
    for shape, names, folder in sets:
        for name in names if only is None else {only}.intersection(names):
            outputs, metadata, line = model_golden(name, shape)
            write(folder / f"{name}.safetensors", outputs, metadata)
            print(line, flush=True)
    if not only:
        outputs, metadata, line = model_golden(REFINED, refine_stride=2)
        write(MODELS / f"{REFINED}-refined.safetensors", outputs, metadata)
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
