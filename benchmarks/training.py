#!/usr/bin/env python3
"""Time training steps of hfgd and PyTorch in turn on the same network and print the ratios.

    make build
    pip install ./python
    python benchmarks/training.py hfgd-mobilenet_v2-os4 --batch 8 --size 257x257 --threads 2

A step is the forward pass in training mode, the losses (cross entropy of teacher and student, CAR),
the backward pass and AdamW's update, of a batch of noise that is in memory. PyTorch runs
`python/hfgd_torch` eagerly in float32, NCHW and channels-last. A round is a few steps of each
engine, one after the other, each in a process of its own (`training_peer.py`), so that a machine
whose speed drifts slows all alike; the first steps of each process do not count.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

from engines import add_engine_options, in_turn, parsed

PEER = pathlib.Path(__file__).resolve().parent / "training_peer.py"
SEED = 1
ENGINES = ("hfgd", "pytorch", "pytorch-nhwc")


def timed(engine: str, args: argparse.Namespace) -> dict[str, float]:
    """The median milliseconds of an engine's steps and its peak memory in megabytes."""
    options = ["--batch", str(args.batch), "--threads", str(args.threads), "--runs", str(args.runs)]
    if engine == "hfgd":
        command = [
            args.program, "bench", args.preset, "--random", str(SEED), "--training", "--json",
            "--size", args.size, "--warmup", str(args.warm_up), *options,
        ]  # fmt: skip
        report = json.loads(subprocess.check_output(command))
        return {
            "median": report["step_milliseconds"]["median"],
            "peak_mb": report["peak_bytes"] / 1e6,
        }
    command = [
        sys.executable, "-W", "ignore", PEER, engine, args.preset, args.size,
        "--warm-up", str(args.warm_up), *options,
    ]  # fmt: skip
    report = json.loads(subprocess.check_output(command).splitlines()[-1])
    return {"median": statistics.median(report["milliseconds"]), "peak_mb": report["peak_mb"]}


def show(rounds: list[dict[str, dict[str, float]]], args: argparse.Namespace) -> None:
    """Prints each engine's median over the rounds and hfgd's median ratio to it."""
    print(f"{args.preset}, {args.batch} pictures of {args.size}, {args.threads} threads")
    for engine in args.engines:
        times = [r[engine]["median"] for r in rounds]
        median = statistics.median(times)
        peak = max(r[engine]["peak_mb"] for r in rounds)
        line = (
            f"{engine:14} step {median:8.1f} ms   rounds {min(times):8.1f} … {max(times):8.1f}   "
            f"{1e3 * args.batch / median:6.1f} pictures/s   peak {peak:6.0f} MB"
        )
        if engine != "hfgd" and "hfgd" in args.engines:
            ratio = statistics.median(r["hfgd"]["median"] / r[engine]["median"] for r in rounds)
            line += f"   hfgd takes {ratio:.3f} of it"
        print(line)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("preset")
    parser.add_argument("--size", default="257x257", metavar="WxH")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    add_engine_options(parser, ENGINES, ENGINES, "steps")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")
    return parsed(parser, ENGINES)


def main() -> None:
    """Takes the engines in turn."""
    args = arguments()
    rounds = in_turn(args, lambda engine: timed(engine, args))
    if args.json:
        figures = {"preset": args.preset, "size": args.size, "batch": args.batch, "rounds": rounds}
        print(json.dumps(figures))
    else:
        show(rounds, args)


if __name__ == "__main__":
    main()
