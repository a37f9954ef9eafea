#!/usr/bin/env python3
"""Time hfgd, PyTorch, ONNX Runtime and OpenVINO in turn on the same network and print the ratios.

    make build
    python benchmarks/peers.py hfgd-resnet50_beta-os4 --size 513x513 --threads 2 --rounds 5

All run the same network with the same random weights on the same picture of noise; the other engines get it
from `python/hfgd_torch`, PyTorch as it is, the others as an ONNX file written from it. What is timed is the forward
pass to the logits at the output stride. A round is a few runs of each engine, one after the other, each in a
process of its own, so that a machine whose speed drifts slows all alike. Needs the packages of
python/pyproject.toml with its extra `peers`.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SEED = 1
FLOAT32 = ("hfgd", "pytorch", "pytorch-nhwc", "onnxruntime", "openvino")
BFLOAT16 = ("hfgd-bf16", "openvino-bf16")
ENGINES = FLOAT32 + BFLOAT16


def picture_size(text: str) -> tuple[int, int]:
    """(width, height) of WxH."""
    width, _, height = text.partition("x")
    return int(width), int(height)


def network(preset: str):
    """The PyTorch twin, cut down to the logits that are compared."""
    import torch

    sys.path.insert(0, str(ROOT / "python"))
    from hfgd_torch import preset as preset_named
    from hfgd_torch import randomized

    class Student(torch.nn.Module):
        def __init__(self, model: torch.nn.Module) -> None:
            super().__init__()
            self.model = model

        def forward(self, image: torch.Tensor) -> torch.Tensor:
            return self.model(image).student

    return Student(randomized(preset_named(preset), SEED)).eval()


def padded(length: int) -> int:
    """The smallest 32k + 1 that is not less than a length."""
    return -(-(length - 1) // 32) * 32 + 1


def noise(size: tuple[int, int]):
    """A picture [1, 3, h, w] in [-1, 1), at its padded size."""
    import numpy

    shape = (1, 3, padded(size[1]), padded(size[0]))
    return numpy.random.default_rng(SEED).uniform(-1, 1, shape).astype(numpy.float32)


def export(preset: str, size: tuple[int, int], path: pathlib.Path) -> None:
    """Write the network as ONNX, for this size."""
    import torch

    with torch.inference_mode():
        torch.onnx.export(
            network(preset), (torch.from_numpy(noise(size)),), str(path), opset_version=18,
            input_names=["image"], output_names=["logits"], dynamo=False,
        )  # fmt: skip


def runner(engine: str, args: argparse.Namespace):
    """A function that runs the network once on the picture."""
    image = noise(args.size)
    if engine.startswith("pytorch"):
        import torch

        torch.set_num_threads(args.threads)
        torch.set_grad_enabled(False)
        order = torch.channels_last if engine == "pytorch-nhwc" else torch.contiguous_format
        model = network(args.preset).to(memory_format=order)
        tensor = torch.from_numpy(image).to(memory_format=order)
        return lambda: model(tensor)
    if engine == "onnxruntime":
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = args.threads
        session = onnxruntime.InferenceSession(
            args.onnx, options, providers=["CPUExecutionProvider"]
        )
        return lambda: session.run(None, {"image": image})
    import openvino

    core = openvino.Core()
    settings = {
        "INFERENCE_NUM_THREADS": args.threads,
        "NUM_STREAMS": 1,
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "bf16" if engine.endswith("bf16") else "f32",
    }
    request = core.compile_model(args.onnx, "CPU", settings).create_infer_request()
    return lambda: request.infer({"image": image}, share_inputs=True, share_outputs=True)


def measure(engine: str, args: argparse.Namespace) -> dict[str, object]:
    """Milliseconds of each run and the process's peak megabytes; runs in a process of its own."""
    run = runner(engine, args)
    for _ in range(args.warm_up):
        run()
    times = []
    for _ in range(args.runs):
        start = time.perf_counter()
        run()
        times.append(1e3 * (time.perf_counter() - start))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    return {"milliseconds": times, "peak_mb": peak}


def ours(engine: str, args: argparse.Namespace) -> dict[str, object]:
    """The same of hfgd."""
    command = [
        args.program, "bench", args.preset, "--random", str(SEED), "--json",
        "--size", f"{args.size[0]}x{args.size[1]}", "--threads", str(args.threads),
        "--runs", str(args.runs), "--warmup", str(args.warm_up),
    ]  # fmt: skip
    if engine.endswith("bf16"):
        command += ["--precision", "bf16"]
    report = json.loads(subprocess.check_output(command))
    return {
        "milliseconds": report["network_runs"],
        "peak_mb": report["peak_bytes"] / 1e6,
    }


def theirs(engine: str, args: argparse.Namespace, onnx: pathlib.Path) -> dict[str, object]:
    """The same of a peer."""
    command = [
        sys.executable, __file__, args.preset, "--size", f"{args.size[0]}x{args.size[1]}",
        "--threads", str(args.threads), "--runs", str(args.runs), "--warm-up", str(args.warm_up),
        "--onnx", str(onnx), "--worker", engine,
    ]  # fmt: skip
    # The bf16 that a peer may choose by itself is not float32: it is asked for by name only.
    environment = os.environ | {"OMP_NUM_THREADS": str(args.threads)}
    return json.loads(subprocess.check_output(command, env=environment).splitlines()[-1])


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("preset")
    parser.add_argument("--size", type=picture_size, default=(513, 513), metavar="WxH")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5, help="timed runs of each engine in a round")
    parser.add_argument("--warm-up", type=int, default=2, help="runs before the clock counts")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--engines", default=",".join(FLOAT32), help=", ".join(ENGINES))
    parser.add_argument("--program", default=ROOT / ".build/release/hfgd", type=pathlib.Path)
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")
    parser.add_argument("--onnx", help=argparse.SUPPRESS)
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    args = parser.parse_args()
    args.engines = args.engines.split(",")
    if unknown := set(args.engines) - set(ENGINES):
        parser.error(f"no engine {', '.join(sorted(unknown))}; there are {', '.join(ENGINES)}")
    return args


def main() -> None:
    """Takes the engines in turn and prints medians and ratios."""
    args = arguments()
    if args.worker:
        print(json.dumps(measure(args.worker, args)))
        return
    rounds: list[dict[str, dict[str, object]]] = []
    with tempfile.TemporaryDirectory() as folder:
        onnx = pathlib.Path(folder) / "network.onnx"
        if any(e.startswith(("onnx", "openvino")) for e in args.engines):
            export(args.preset, args.size, onnx)
        for number in range(args.rounds):
            print(f"round {number + 1} of {args.rounds}", file=sys.stderr)
            rounds.append(
                {e: ours(e, args) if e.startswith("hfgd") else theirs(e, args, onnx) for e in args.engines}
            )
    if args.json:
        print(json.dumps({"preset": args.preset, "size": args.size, "rounds": rounds}))
        return
    print(f"{args.preset} at {args.size[0]}x{args.size[1]}, {args.threads} threads")
    medians = [{e: statistics.median(r[e]["milliseconds"]) for e in args.engines} for r in rounds]
    for engine in args.engines:
        times = [t for r in rounds for t in r[engine]["milliseconds"]]
        line = (
            f"{engine:14} median {statistics.median(times):8.1f} ms   fastest {min(times):8.1f}   "
            f"slowest {max(times):8.1f}   peak {max(r[engine]['peak_mb'] for r in rounds):6.0f} MB"
        )
        own = "hfgd-bf16" if engine.endswith("bf16") else "hfgd"
        if engine != own and own in args.engines:
            line += f"   {own} takes {statistics.median(m[own] / m[engine] for m in medians):.3f} of it"
        print(line)


if __name__ == "__main__":
    main()
