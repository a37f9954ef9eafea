#!/usr/bin/env python3
"""Time hfgd, PyTorch, ONNX Runtime and OpenVINO in turn on the same network and print the ratios.

    make build
    pip install './python[peers]'
    python benchmarks/peers.py hfgd-resnet50_beta-os4 --size 513x513 --threads 2 --rounds 5
    python benchmarks/peers.py hfgd-resnet50_beta-os4 --check

All run the same network with the same random weights; the other engines get it from
`python/hfgd_torch`, PyTorch as it is, the others as an ONNX file written from it. What is timed is
the network alone, from the normalised picture of noise to the logits at the output stride. A round
is a few runs of each engine, one after the other, each in a process of its own (`peer.py`), so that
a machine whose speed drifts slows all alike. `--check` times nothing and compares the engines'
logits on one picture.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

from engines import add_engine_options, in_turn, parsed

PEER = pathlib.Path(__file__).resolve().parent / "peer.py"
SEED = 1
FLOAT32 = ("hfgd", "pytorch", "pytorch-nhwc", "onnxruntime", "openvino")
BFLOAT16 = ("hfgd-bf16", "openvino-bf16")
ENGINES = FLOAT32 + BFLOAT16
# The largest difference of logits over the largest logit.
TOLERANCE = {"float32": 1e-3, "bf16": 5e-2}


def precision(engine: str) -> str:
    """What an engine computes in."""
    return "bf16" if engine in BFLOAT16 else "float32"


def hfgd(engine: str, args: argparse.Namespace, command: str, *options: str) -> bytes:
    """What a command of hfgd prints, run on the network."""
    return subprocess.check_output(
        [
            args.program, command, args.preset, *options, "--random", str(SEED), "--json",
            "--threads", str(args.threads),
            *(["--precision", "bf16"] if precision(engine) == "bf16" else []),
        ]  # fmt: skip
    )


def peer(*words: str) -> bytes:
    """What a command of `peer.py` prints."""
    return subprocess.check_output([sys.executable, "-W", "ignore", PEER, *words])


def timed(engine: str, args: argparse.Namespace, folder: pathlib.Path) -> dict[str, object]:
    """The milliseconds of each of an engine's runs and its peak memory in megabytes."""
    if engine.startswith("hfgd"):
        options = (
            "--size", args.size, "--runs", str(args.runs), "--warmup", str(args.warm_up)
        )  # fmt: skip
        report = json.loads(hfgd(engine, args, "bench", *options))
        return {"milliseconds": report["network_runs"], "peak_mb": report["peak_bytes"] / 1e6}
    return json.loads(
        peer(
            "run", str(folder), engine, "--threads", str(args.threads), "--runs", str(args.runs),
            "--warm-up", str(args.warm_up),
        ).splitlines()[-1]
    )  # fmt: skip


def check(args: argparse.Namespace, folder: pathlib.Path) -> bool:
    """Prints how far the engines' logits are from PyTorch's; whether all are near enough."""
    for engine in dict.fromkeys(("pytorch", *args.engines)):
        if engine.startswith("hfgd"):
            output = folder / engine
            options = (str(folder / "noise.png"), "-o", str(output), "--format", "logits")
            hfgd(engine, args, "predict", *options)
            (output / "noise.logits.npy").rename(folder / f"{engine}.npy")
        else:
            peer(
                "run", str(folder), engine, "--threads", str(args.threads), "--runs", "1",
                "--warm-up", "0", "--keep-logits",
            )  # fmt: skip
    distances = json.loads(peer("compare", str(folder)).splitlines()[-1])
    is_right = True
    for engine, distance in distances.items():
        limit = TOLERANCE[precision(engine)]
        verdict = "right" if distance["difference"] < limit else f"WRONG, the limit is {limit:g}"
        is_right = is_right and distance["difference"] < limit
        print(
            f"{engine:14} max|Δ| / max|logit| {distance['difference']:.1e}   "
            f"same labels {100 * distance['labels']:8.4f} %   {verdict}"
        )
    return is_right


def show(rounds: list[dict[str, dict[str, object]]], args: argparse.Namespace) -> None:
    """Prints each engine's median over all rounds, and the median over the rounds of its ratio."""
    print(f"{args.preset} at {args.size}, {args.threads} threads")
    medians = [{e: statistics.median(r[e]["milliseconds"]) for e in args.engines} for r in rounds]
    for engine in args.engines:
        times = [time for r in rounds for time in r[engine]["milliseconds"]]
        peak = max(r[engine]["peak_mb"] for r in rounds)
        line = (
            f"{engine:14} median {statistics.median(times):8.1f} ms   fastest {min(times):8.1f}   "
            f"slowest {max(times):8.1f}   peak {peak:6.0f} MB"
        )
        own = "hfgd-bf16" if precision(engine) == "bf16" else "hfgd"
        if engine != own and own in args.engines:
            ratio = statistics.median(m[own] / m[engine] for m in medians)
            line += f"   {own} takes {ratio:.3f} of it"
        print(line)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("preset")
    parser.add_argument("--size", default="513x513", metavar="WxH")
    parser.add_argument("--rounds", type=int, default=5)
    add_engine_options(parser, ENGINES, FLOAT32, "runs")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")
    parser.add_argument("--check", action="store_true", help="compare the logits instead")
    return parsed(parser, ENGINES)


def main() -> None:
    """Takes the engines in turn."""
    args = arguments()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        if args.check or not all(engine.startswith("hfgd") for engine in args.engines):
            peer("prepare", str(folder), args.preset, args.size)
        if args.check:
            sys.exit(0 if check(args, folder) else 1)
        rounds = in_turn(args, lambda engine: timed(engine, args, folder))
    if args.json:
        print(json.dumps({"preset": args.preset, "size": args.size, "rounds": rounds}))
    else:
        show(rounds, args)


if __name__ == "__main__":
    main()
