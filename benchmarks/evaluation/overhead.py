#!/usr/bin/env python3
"""What evaluating costs beside predicting: `hfgd eval` against `hfgd predict --format id`, in turn.

    make build
    python benchmarks/evaluation/overhead.py camvid

Both decode the same pictures and run the same model; predicting writes a PNG a picture, evaluating reads the
labels, counts, and keeps the counts in a store on disk. Needs no packages.
"""

from __future__ import annotations

import argparse
import pathlib
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=pathlib.Path, help="a data set in CamVid's layout")
    parser.add_argument("--split", default="val")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--program", default=str(ROOT / ".build/release/hfgd"))
    parser.add_argument(
        "--model", default=str(ROOT / "samples/models/hfgd-mobilenet_v2-camvid.safetensors")
    )
    args = parser.parse_args()
    times: dict[str, list[float]] = {"predict": [], "eval": [], "eval, all metrics": []}
    for _ in range(args.rounds):
        with tempfile.TemporaryDirectory() as folder:
            images = str(args.data / args.split)
            measure = [
                args.program, "eval", args.model, "--os", "4", "--data", str(args.data), "--quiet",
            ]  # fmt: skip
            commands = {
                "predict": [
                    args.program, "predict", args.model, images, "--os", "4",
                    "-o", f"{folder}/out", "--format", "id", "--quiet",
                ],
                "eval": [*measure, "--split", args.split, "--store", f"{folder}/a.sqlite"],
                "eval, all metrics": [
                    *measure, "--split", args.split, "--store", f"{folder}/b.sqlite",
                    "--metrics", "all",
                ],
            }  # fmt: skip
            for name, command in commands.items():
                times[name].append(seconds(command))
    for name, values in times.items():
        ratios = [value / base for value, base in zip(values, times["predict"], strict=True)]
        print(
            f"{name:18} {statistics.median(values):7.2f} s   "
            f"{statistics.median(ratios):.3f} of predict"
        )


if __name__ == "__main__":
    main()
