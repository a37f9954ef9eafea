#!/usr/bin/env python3
"""Time a backbone and its parts with hfgd and PyTorch in turn and print the ratios.

    make build
    pip install ./python
    python benchmarks/backbones.py convnext_tiny --size 513x513 --threads 2

All run the backbone of the preset `fcn-NAME`, or `segvit-NAME`, with random weights, on a
normalised picture of noise; PyTorch runs that of `python/hfgd_torch` eagerly in float32, NCHW and
channels-last. The parts are timed in the same runs: hfgd reports each step
(`hfgd bench --steps`), PyTorch's modules have hooks that read the clock. `products` is what is no
other part: 1×1 convolutions with their GELU and sums, patches and their merging.

A round is a few runs of each engine, one after the other, each in a process of its own, so that a
machine whose speed drifts slows all alike; the ratio is the median over the rounds.
"""

from __future__ import annotations

import argparse
import collections
import json
import statistics
import subprocess
import sys
import time

from engines import ROOT, add_engine_options, in_turn, parsed

SEED = 1
ENGINES = ("hfgd", "pytorch", "pytorch-nhwc")
WHOLE = "backbone"
# Words of hfgd's steps that make a part; what has none of them is a product.
PARTS = {
    "depthwise": "7×7 depthwise",
    "attention in": "window attention",
    "attention,": "attention",
    "norm": "layer norm",
}
REST = "products"
sys.path.insert(0, str(ROOT / "python"))


def part(step: str) -> str:
    """The part that a step of hfgd belongs to, by what it does."""
    operation = step.split(": ", 1)[1]
    return next((name for word, name in PARTS.items() if word in operation), REST)


def preset_of(backbone: str) -> str:
    """The preset whose backbone is timed: plain transformers are SegViT's."""
    return f"segvit-{backbone}" if backbone.startswith("vit") else f"fcn-{backbone}"


def hfgd(args: argparse.Namespace) -> dict[str, float]:
    """Median milliseconds of the parts of hfgd."""
    command = [
        args.program, "bench", preset_of(args.backbone), "--random", str(SEED), "--steps", "--json",
        "--size", args.size, "--threads", str(args.threads), "--runs", str(args.runs),
        "--warmup", str(args.warm_up),
    ]  # fmt: skip
    report = json.loads(subprocess.check_output(command))
    times: dict[str, float] = collections.defaultdict(float)
    for step in report["modules"]:
        if step["name"].startswith("backbone."):
            times[part(step["name"])] += step["milliseconds"]
    times[WHOLE] = sum(times.values())
    return times


def pytorch(engine: str, args: argparse.Namespace) -> dict[str, float]:
    """Median milliseconds of the parts of PyTorch."""
    import torch
    from hfgd_torch import preset, randomized
    from hfgd_torch.swin import WindowAttention
    from hfgd_torch.vit import Attention

    torch.set_num_threads(args.threads)
    torch.set_grad_enabled(False)
    backbone = randomized(preset(preset_of(args.backbone)), SEED).eval().backbone
    order = torch.channels_last if engine == "pytorch-nhwc" else torch.contiguous_format
    backbone = backbone.to(memory_format=order)
    width, height = map(int, args.size.split("x"))
    generator = torch.Generator().manual_seed(SEED)
    image = torch.randn(1, 3, height, width, generator=generator).to(memory_format=order)

    times: dict[str, float] = {}
    starts = {}

    def watch(module: torch.nn.Module, name: str, sign: int = 1) -> None:
        def start(*_: object) -> None:
            starts[module] = time.perf_counter()

        def stop(*_: object) -> None:
            passed = 1e3 * (time.perf_counter() - starts[module])
            times[name] = times.get(name, 0) + sign * passed

        module.register_forward_pre_hook(start)
        module.register_forward_hook(stop)

    watch(backbone, WHOLE)
    for module in backbone.modules():
        if isinstance(module, torch.nn.Conv2d) and module.groups > 1:
            watch(module, "7×7 depthwise")
        elif isinstance(module, torch.nn.LayerNorm):
            watch(module, "layer norm")
        elif isinstance(module, WindowAttention | Attention):
            name = "window attention" if isinstance(module, WindowAttention) else "attention"
            watch(module, name)
            watch(module.qkv, name, -1)
            watch(module.proj, name, -1)
    runs = []
    for _ in range(args.warm_up + args.runs):
        times.clear()
        backbone(image)
        runs.append({**times, REST: 2 * times[WHOLE] - sum(times.values())})
    runs = runs[args.warm_up :]
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def timed(engine: str, args: argparse.Namespace) -> dict[str, float]:
    """One engine's medians, from a process of its own."""
    if engine == "hfgd":
        return hfgd(args)
    command = [
        sys.executable, "-W", "ignore", __file__, args.backbone, "--alone", engine,
        "--size", args.size, "--threads", str(args.threads), "--runs", str(args.runs),
        "--warm-up", str(args.warm_up),
    ]  # fmt: skip
    return json.loads(subprocess.check_output(command).splitlines()[-1])


def show(rounds: list[dict[str, dict[str, float]]], args: argparse.Namespace) -> None:
    """A row for each part: medians of the engines and the median of hfgd's ratio to each."""
    print(f"{args.backbone} at {args.size}, {args.threads} threads: ms (hfgd's part of it)")
    print(f"{'':18}" + "".join(f"{engine:>20}" for engine in args.engines))
    parts = [WHOLE, *PARTS.values(), REST]
    for name in parts:
        if name not in rounds[0][args.engines[0]]:
            continue
        line = f"{name:18}"
        for engine in args.engines:
            cell = f"{statistics.median(r[engine][name] for r in rounds):.1f}"
            if engine != "hfgd" and "hfgd" in args.engines:
                ratios = [r["hfgd"][name] / r[engine][name] for r in rounds]
                cell += f" ({statistics.median(ratios):.2f})"
            line += f"{cell:>20}"
        print(line)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("backbone", help="convnext_tiny, swin_tiny, vit_base")
    parser.add_argument("--size", default="513x513", metavar="WxH")
    parser.add_argument("--rounds", type=int, default=5)
    add_engine_options(parser, ENGINES, ENGINES, "runs")
    parser.add_argument("--alone", choices=ENGINES, help="time one engine here; prints JSON")
    return parsed(parser, ENGINES)


def main() -> None:
    """Takes the engines in turn."""
    args = arguments()
    if args.alone:
        print(json.dumps(hfgd(args) if args.alone == "hfgd" else pytorch(args.alone, args)))
        return
    rounds = in_turn(args, lambda engine: timed(engine, args))
    show(rounds, args)


if __name__ == "__main__":
    main()
