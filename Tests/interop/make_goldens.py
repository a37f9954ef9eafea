"""Writes everybody's checkpoints, and the skeletons and goldens that the Swift tests use.

    make_goldens.py PICTURE OUTPUT [--only NAME]

The checkpoints go to OUTPUT/NAME/; see README.md.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import sys
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))

import libraries  # noqa: E402, F401  (first: it makes the others importable)
import numpy as np  # noqa: E402
import torch  # noqa: E402
from checkpoint import Checkpoint, Outputs  # noqa: E402
from hfgd_torch.random_weights import uniform  # noqa: E402
from PIL import Image  # noqa: E402
from safetensors.torch import save_file  # noqa: E402
from skeleton import write_skeleton  # noqa: E402
from small_files import write_small_files  # noqa: E402
from weights import SEED  # noqa: E402

GOLDENS = ROOT / "Tests" / "CoreTests" / "Goldens" / "interop"
SAMPLES = 2048
"""How many values of an output are kept."""
MEAN = (123.675, 116.28, 103.53)
STD = (58.395, 57.12, 57.375)
LIBRARIES = {
    "torchvision": ("torchvision",),
    "timm": ("timm",),
    "transformers": ("transformers",),
    "mmseg": ("mmsegmentation", "mmengine", "mmcv-lite", "opencv-python"),
}
"""The packages whose versions a golden names, by the family that its name begins with."""
NAMES = (
    "torchvision-resnet50",
    "torchvision-mobilenet_v2",
    "torchvision-convnext_tiny",
    "torchvision-swin_t",
    "timm-resnet50d",
    "timm-convnext_tiny",
    "timm-swin_tiny",
    "timm-vit_base",
    "transformers-resnet50",
    "transformers-convnext_tiny",
    "transformers-swin_tiny",
    "mmseg-fpn_r50",
    "mmseg-fpn_swin_tiny",
)


def writer(name: str) -> Callable[[Path], Checkpoint]:
    """The function that writes a checkpoint into a folder."""
    family = importlib.import_module(f"{name.partition('-')[0]}_checkpoints")
    return family.CHECKPOINTS[name]


def normalized(picture: Path) -> torch.Tensor:
    """The picture's RGB values [1, 3, H, W] less their mean over ImageNet, by its deviation."""
    rgb = np.asarray(Image.open(picture).convert("RGB"), np.float64)
    return torch.from_numpy((rgb - MEAN) / STD).permute(2, 0, 1)[None]


def images(checkpoint: Checkpoint, picture: Path) -> dict[str, torch.Tensor]:
    """What goes into the network, in double precision."""
    random = torch.from_numpy(uniform("input", (1, 3, *checkpoint.random_size), SEED))
    return {"random": checkpoint.padded(random), "camvid": checkpoint.padded(normalized(picture))}


@torch.inference_mode()
def computed(checkpoint: Checkpoint, picture: Path, dtype: torch.dtype) -> Outputs:
    """All outputs, as INPUT.OUTPUT, in the precision asked for."""
    checkpoint.model.to(dtype)
    found = {
        f"{name}.{output}": values
        for name, image in images(checkpoint, picture).items()
        for output, values in checkpoint.outputs(image.to(dtype)).items()
    }
    if checkpoint.predictions:
        predicted = checkpoint.predictions(picture)
        found |= {f"camvid.{output}": values for output, values in predicted.items()}
    return found


def samples(output: torch.Tensor) -> torch.Tensor:
    """Values at the indices ⌊i · count / 2048⌋ of the row-major order."""
    count = output.numel()
    return output.reshape(-1)[torch.arange(SAMPLES) * count // SAMPLES].float()


def write_golden(path: Path, checkpoint: Checkpoint, outputs: Outputs, picture: Path) -> None:
    """Writes samples of the outputs, with their shapes and sizes in the metadata."""
    packages = ("torch", *LIBRARIES[path.name.partition("-")[0]])
    metadata = {
        "computed_in": "float64",
        "inputs": {name: list(x.shape) for name, x in images(checkpoint, picture).items()},
        "layout": "NHWC",
        "multiple": checkpoint.multiple,
        "notes": checkpoint.notes,
        "outputs": {
            name: {
                "shape": list(output.shape),
                "norm": output.double().norm().item(),
                "maximum": output.abs().max().item(),
            }
            for name, output in outputs.items()
        },
        "picture": picture.name,
        "random": f"u of the tensor named input, NCHW {list(checkpoint.random_size)}",
        "samples": SAMPLES,
        "seed": SEED,
        "versions": {package: version(package).partition("+")[0] for package in packages},
    }
    text = json.dumps(metadata, sort_keys=True, ensure_ascii=False)
    tensors = {name: samples(output) for name, output in outputs.items()}
    save_file(tensors, path, metadata={"golden": text})


def repeated_buffers(checkpoint: Checkpoint) -> set[bytes]:
    """The contents of larger integer tensors, such as the indices of position biases."""
    return {
        tensor.numpy().tobytes()
        for tensor in checkpoint.model.state_dict().values()
        if not tensor.is_floating_point() and tensor.nbytes >= 1024
    }


def make(name: str, picture: Path, output: Path) -> None:
    """Writes one checkpoint, its skeleton and its golden, and a line for each output."""
    start = time.monotonic()
    folder = output / name
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = writer(name)(folder)
    size = write_skeleton(
        GOLDENS / name,
        folder,
        checkpoint.files,
        checkpoint.formulas,
        repeated_buffers(checkpoint),
    )
    whole = sum((folder / file).stat().st_size for file in checkpoint.files)
    print(f"{name}: {whole:,} bytes in {len(checkpoint.files)} files, skeleton {size:,}")
    single = computed(checkpoint, picture, torch.float32)
    double = computed(checkpoint, picture, torch.float64)
    write_golden(GOLDENS / f"{name}.golden.safetensors", checkpoint, double, picture)
    for key, reference in double.items():
        largest = reference.abs().max()
        difference = (single[key] - reference).abs().max() / largest
        shape = "×".join(map(str, reference.shape[1:]))
        print(
            f"  {key:24} {shape:14} {reference.min():10.3g} … {reference.max():<10.3g}"
            f" deviation {reference.std():9.3g}  float32 {difference:.1e}"
        )
    print(f"  {time.monotonic() - start:.0f} s", flush=True)


def main() -> None:
    """Writes all checkpoints, or one."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("picture", type=Path, help="the picture of CamVid to compute outputs of")
    parser.add_argument("output", type=Path, help="the folder for the checkpoints")
    parser.add_argument("--only", metavar="NAME", choices=NAMES, help="write one checkpoint only")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)  # the libraries tell much of what they do
    warnings.simplefilter("ignore")
    GOLDENS.mkdir(parents=True, exist_ok=True)
    for name in [arguments.only] if arguments.only else NAMES:
        make(name, arguments.picture, arguments.output)
    if not arguments.only:
        print(f"small files: {write_small_files(GOLDENS / 'small'):,} bytes")


if __name__ == "__main__":
    main()
