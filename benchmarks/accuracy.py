#!/usr/bin/env python3
r"""Compare the logits and labels of `hfgd predict` with PyTorch's in double precision.

    make build
    python benchmarks/accuracy.py samples/models/hfgd-mobilenet_v2-camvid.safetensors camvid/val \
      --labels camvid/valannot
    python benchmarks/accuracy.py hfgd-resnet50_beta-os4 --noise 513x513 --isa baseline

A checkpoint is run on the pictures of a folder; a preset has random weights, the same in both
programs, and --noise makes a picture of noise. A picture's difference is max|Δ| / max|reference|
over its logits at the picture's size; its agreement is the part of its pixels with equal labels.
--labels adds the mIoU of both, over the true labels of all pictures.
Ends with status 1 where they are not what the precision promises. Needs the packages of
python/pyproject.toml.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator

import numpy as np
import torch
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "python"))

from hfgd_torch import HFGD, PRESET_NAMES, load_checkpoint, preset, randomized  # noqa: E402
from hfgd_torch.inference import at_picture_size, network_input  # noqa: E402

SEED = 1
# The largest difference and the least agreement that a precision promises.
PROMISES = {"f32": (1e-3, 0.9995), "bf16": (float("inf"), 0.995)}
# Pictures that hfgd segments in one call: their logits lie on the disk until they are compared.
BATCH = 16


def our_logits(
    args: argparse.Namespace, pictures: list[pathlib.Path]
) -> Iterator[tuple[pathlib.Path, np.ndarray]]:
    """Each picture with hfgd's logits `[K, H, W]` at its size."""
    model = [args.model, "--random", str(SEED)] if args.model in PRESET_NAMES else [args.model]
    precision = [] if args.precision == "f32" else ["--precision", args.precision]
    environment = os.environ | ({"HFGD_ISA": args.isa} if args.isa else {})
    for first in range(0, len(pictures), BATCH):
        batch = pictures[first : first + BATCH]
        with tempfile.TemporaryDirectory() as out:
            subprocess.run(
                [args.hfgd, "predict", *model, *batch, "--output", out, "--format", "logits",
                 "--quiet", *precision],
                check=True, env=environment,
            )  # fmt: skip
            for picture in batch:
                yield picture, np.load(pathlib.Path(out) / f"{picture.stem}.logits.npy")


@torch.inference_mode()
def reference_logits(model: HFGD, path: pathlib.Path) -> np.ndarray:
    """What the model, in double precision, gives for a picture: `[K, H, W]` at its size."""
    picture = Image.open(path)
    align_corners = model.config.align_corners
    prediction = model(network_input(picture, model.config.input, align_corners).double())
    finest = prediction.student if prediction.refined is None else prediction.refined
    return at_picture_size(finest, picture, align_corners)[0].numpy()


class ConfusionMatrix:
    """Pixels by true and by predicted class, those of the ignored label left out."""

    def __init__(self, classes: int, ignore_index: int) -> None:
        """No pixel yet."""
        self.counts = np.zeros((classes, classes), dtype=np.int64)
        self.ignore_index = ignore_index

    def add(self, truth: np.ndarray, logits: np.ndarray) -> None:
        """Counts the pixels of a picture: labels `[H, W]`, logits `[K, H, W]`."""
        classes = len(self.counts)
        counted = truth != self.ignore_index
        pairs = truth[counted].astype(np.int64) * classes + logits.argmax(0)[counted]
        self.counts += np.bincount(pairs, minlength=classes**2).reshape(classes, classes)

    @property
    def miou(self) -> float:
        """Mean IoU in percent over the classes that occur."""
        hits = np.diag(self.counts)
        unions = self.counts.sum(axis=0) + self.counts.sum(axis=1) - hits
        return float(100 * np.mean(hits[unions > 0] / unions[unions > 0]))


def chosen_pictures(args: argparse.Namespace, folder: pathlib.Path) -> list[pathlib.Path]:
    """Every n-th picture of the folder, or one of noise that is written to `folder`."""
    if args.noise:
        width, height = map(int, args.noise.split("x"))
        samples = np.random.default_rng(SEED).integers(0, 256, (height, width, 3), dtype=np.uint8)
        Image.fromarray(samples).save(folder / "noise.png")
        return [folder / "noise.png"]
    pictures = sorted(args.pictures.glob("*.png")) if args.pictures else []
    if not pictures:
        sys.exit(f"no PNG pictures in {args.pictures}; give a folder that has some, or --noise")
    return pictures[:: args.every]


def main() -> int:
    """Compares picture after picture and prints the worst and the median."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", metavar="MODEL|PRESET")
    parser.add_argument("pictures", nargs="?", type=pathlib.Path, help="a folder of PNG pictures")
    parser.add_argument("--noise", metavar="WxH", help="one picture of noise instead of a folder")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="every N-th picture")
    parser.add_argument(
        "--labels", type=pathlib.Path, metavar="FOLDER", help="label maps of the same names"
    )
    parser.add_argument("--isa", help="the instruction set to use: one that HFGD_ISA may name")
    parser.add_argument("--precision", choices=PROMISES, default="f32")
    parser.add_argument("--hfgd", default=ROOT / ".build/release/hfgd", help="the program")
    args = parser.parse_args()

    named = args.model in PRESET_NAMES
    model = randomized(preset(args.model), SEED) if named else load_checkpoint(args.model)
    model = model.double().eval()
    differences, agreements = [], []
    matrices = [
        ConfusionMatrix(len(model.config.classes), model.config.ignore_index) for _ in range(2)
    ]
    with tempfile.TemporaryDirectory() as folder:
        for picture, logits in our_logits(args, chosen_pictures(args, pathlib.Path(folder))):
            reference = reference_logits(model, picture)
            differences.append(np.abs(logits - reference).max() / np.abs(reference).max())
            agreements.append((logits.argmax(0) == reference.argmax(0)).mean())
            if args.labels:
                truth = np.array(Image.open(args.labels / picture.name))
                for matrix, scores in zip(matrices, (logits, reference), strict=True):
                    matrix.add(truth, scores)

    pictures = "1 picture" if len(differences) == 1 else f"{len(differences)} pictures"
    print(f"{model.config.name}, {args.precision}, {args.isa or 'the best set'}, {pictures}")
    print(f"difference  median {statistics.median(differences):.2e}   worst {max(differences):.2e}")
    print(
        f"agreement   mean {statistics.mean(agreements):.5%}   "
        f"median {statistics.median(agreements):.5%}   worst {min(agreements):.5%}"
    )
    if args.labels:
        ours, theirs = (matrix.miou for matrix in matrices)
        print(f"mIoU        hfgd {ours:.2f}   PyTorch {theirs:.2f}")
    most, least = PROMISES[args.precision]
    return 0 if max(differences) < most and statistics.mean(agreements) >= least else 1


if __name__ == "__main__":
    sys.exit(main())
