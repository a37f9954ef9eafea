#!/usr/bin/env python3
"""Time `hfgd bench` and its PyTorch twin in turn and print the ratio of their medians.

    make build
    python benchmarks/against_pytorch.py hfgd-resnet50_beta-os4 --size 513x513 --threads 2 --rounds 5

Both run the same network with the same random weights on a picture of noise. A round is a few runs of
each, one program after the other, so that a machine whose speed drifts slows both. Needs the packages
of python/pyproject.toml.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def ours(args: argparse.Namespace) -> dict[str, float]:
    """Milliseconds (from picture to label map) and peak megabytes of one round of hfgd."""
    command = [
        ROOT / ".build/release/hfgd", "bench", args.preset, "--random", "1", "--json",
        "--size", args.size, "--threads", str(args.threads), "--runs", str(args.runs),
    ]  # fmt: skip
    report = json.loads(subprocess.check_output(command))
    return {"ms": report["milliseconds"], "mb": report["peak_bytes"] / 1e6}


def peer(args: argparse.Namespace) -> dict[str, float]:
    """Milliseconds (forward pass alone) and peak megabytes of one round of PyTorch."""
    command = [
        sys.executable, ROOT / "python/bench_peer.py", args.preset, "--size", args.size,
        "--threads", str(args.threads), "--runs", str(args.runs), *args.peer_option,
    ]  # fmt: skip
    report = json.loads(subprocess.check_output(command))
    return {"ms": report["median_ms"], "mb": report["peak_memory_mb"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("preset")
    parser.add_argument("--size", default="513x513")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5, help="runs of each program in a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--peer-option", action="append", default=[], help="passed on, such as --channels-last"
    )
    args = parser.parse_args()
    rounds = [(ours(args), peer(args)) for _ in range(args.rounds)]
    for name, index in (("hfgd", 0), ("PyTorch", 1)):
        times = [r[index]["ms"] for r in rounds]
        memory = max(r[index]["mb"] for r in rounds)
        print(
            f"{name:8} median {statistics.median(times):8.1f} ms   fastest {min(times):8.1f}   "
            f"slowest {max(times):8.1f}   peak {memory:6.0f} MB"
        )
    ratios = [a["ms"] / b["ms"] for a, b in rounds]
    print(f"ratio    median {statistics.median(ratios):.3f}   ({min(ratios):.3f} … {max(ratios):.3f})")


if __name__ == "__main__":
    main()
