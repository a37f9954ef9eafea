#!/usr/bin/env python3
"""Time FaPN's deformable convolutions with hfgd and torchvision in turn and print the ratios.

    make build
    pip install torchvision
    python benchmarks/deformable.py --size 513x513 --threads 1

hfgd runs the preset `fapn-resnet50_beta` with random weights on noise and reports each step
(`hfgd bench --steps`); torchvision's `deform_conv2d` runs on random maps of the same shapes: 256
channels in and out, 3×3, one group of offsets, factors and a bias, in float32. Both start from
offsets and logits that are there already; the logistic function of the logits is torchvision's
caller's and is not timed.

A round is a few runs of both, one after the other, so that a machine whose speed drifts slows both
alike; the ratio is the median over the rounds.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import re
import statistics
import subprocess
import sys
import time

import torch
from torchvision.ops import deform_conv2d

ROOT = pathlib.Path(__file__).resolve().parent.parent
CHANNELS = 256
TAPS = 9


def hfgd(args: argparse.Namespace) -> list[float]:
    """Median milliseconds of the deformable convolutions of hfgd, from fine to coarse."""
    command = [
        args.program, "bench", "fapn-resnet50_beta", "--random", "1", "--steps", "--json",
        "--size", args.size, "--threads", str(args.threads), "--runs", str(args.runs),
    ]  # fmt: skip
    report = json.loads(subprocess.check_output(command))
    times = {
        int(match[1]): step["milliseconds"]
        for step in report["modules"]
        if (match := re.match(r"upsampler\.align\.(\d)\.conv: .*deformable", step["name"]))
    }
    return [times[level] for level in sorted(times)]


def torchvision(size: tuple[int, int], args: argparse.Namespace) -> float:
    """Median milliseconds of torchvision's on a map of `size` (height, width)."""
    x = torch.randn(1, CHANNELS, *size)
    offsets = torch.randn(1, 2 * TAPS, *size)
    masks = torch.rand(1, TAPS, *size)
    weight, bias = torch.randn(CHANNELS, CHANNELS, 3, 3), torch.randn(CHANNELS)
    times = []
    for run in range(args.runs + 1):
        start = time.perf_counter()
        deform_conv2d(x, offsets, weight, bias, padding=1, mask=masks)
        if run > 0:
            times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times)


def main() -> None:
    """Runs the rounds and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", default="513x513", help="WIDTHxHEIGHT of the picture")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--program", default=str(ROOT / ".build/release/hfgd"))
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.set_grad_enabled(False)
    torch.manual_seed(1)

    width, height = map(int, args.size.split("x"))
    grids = [(-(-height // stride), -(-width // stride)) for stride in (4, 8, 16)]
    rounds = []
    for number in range(args.rounds):
        rounds.append((hfgd(args), [torchvision(grid, args) for grid in grids]))
        print(f"round {number + 1} of {args.rounds}", file=sys.stderr)
    print(f"{'grid':>9} {'hfgd':>9} {'torchvision':>12}  ratio")
    for level, (rows, columns) in enumerate(grids):
        ours, theirs = ([times[side][level] for times in rounds] for side in (0, 1))
        ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
        print(
            f"{f'{columns}×{rows}':>9} {statistics.median(ours):9.2f} "
            f"{statistics.median(theirs):12.2f}  {ratio:.2f}"
        )


if __name__ == "__main__":
    main()
