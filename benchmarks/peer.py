#!/usr/bin/env python3
"""One engine in a process of its own, so that it holds no memory but its own; `peers.py` runs it.

    peer.py prepare FOLDER PRESET WxH       writes the network and its input
    peer.py run FOLDER ENGINE               times it; prints one line of JSON
    peer.py compare FOLDER                  how far the engines' logits are apart, as JSON

FOLDER holds `noise.png`, `input.npy` (the same, normalised and padded: `[1, 3, h, w]`),
`network.onnx`, and the logits that engines leave as `ENGINE.npy`: `[1, K, h, w]` at the output
stride, those of hfgd `[K, H, W]` at the picture's size.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import sys
import time
from collections.abc import Callable

import numpy as np

SEED = 1
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "python"))

# Engines are imported where they are used: each process is to load its own alone.


def network(preset: str):
    """The PyTorch twin, cut down to the logits that are compared."""
    import torch
    from hfgd_torch import preset as preset_named
    from hfgd_torch import randomized

    class Student(torch.nn.Module):
        def __init__(self, model: torch.nn.Module) -> None:
            super().__init__()
            self.model = model

        def forward(self, image: torch.Tensor) -> torch.Tensor:
            return self.model(image).student

    return Student(randomized(preset_named(preset), SEED)).eval()


def prepare(folder: pathlib.Path, preset: str, width: int, height: int) -> None:
    """Writes a picture of noise, the network's input and the network as ONNX for this size."""
    import torch
    from hfgd_torch import preset as preset_named
    from hfgd_torch.inference import network_input
    from PIL import Image

    samples = np.random.default_rng(SEED).integers(0, 256, (height, width, 3), dtype=np.uint8)
    picture = Image.fromarray(samples)
    picture.save(folder / "noise.png")
    config = preset_named(preset)
    image = network_input(picture, config.input, config.align_corners)
    np.save(folder / "input.npy", image.numpy())
    (folder / "preset").write_text(preset)
    # The tracing exporter computes the network, whose attention takes tens of gigabytes in PyTorch at large sizes; the
    # other one does not.
    with torch.inference_mode():
        torch.onnx.export(
            network(preset), (image,), str(folder / "network.onnx"), opset_version=18,
            input_names=["image"], output_names=["logits"], dynamo=width * height > 1 << 20,
        )  # fmt: skip


def runner(engine: str, folder: pathlib.Path, threads: int) -> Callable[[], np.ndarray]:
    """A function that runs the network once on the picture and returns its logits."""
    image = np.load(folder / "input.npy")
    if engine.startswith("pytorch"):
        import torch

        torch.set_num_threads(threads)
        torch.set_grad_enabled(False)
        order = torch.channels_last if engine == "pytorch-nhwc" else torch.contiguous_format
        model = network((folder / "preset").read_text()).to(memory_format=order)
        tensor = torch.from_numpy(image).to(memory_format=order)
        return lambda: model(tensor).numpy()
    if engine == "onnxruntime":
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(
            folder / "network.onnx", options, providers=["CPUExecutionProvider"]
        )
        return lambda: session.run(None, {"image": image})[0]
    import openvino

    # OpenVINO may choose bf16 by itself, which is not float32: it is asked for by name only.
    settings = {
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": 1,
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "bf16" if engine.endswith("bf16") else "f32",
    }
    model = openvino.Core().compile_model(str(folder / "network.onnx"), "CPU", settings)
    request = model.create_infer_request()
    return lambda: request.infer({"image": image}, share_inputs=True, share_outputs=True)["logits"]


def peak_megabytes() -> float:
    """The most memory that this process has held.

    The kernel's `ru_maxrss` would begin with what the parent held when it made this process.
    """
    status = pathlib.Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) * 1024 / 1e6


def measure(args: argparse.Namespace) -> dict[str, object]:
    """Milliseconds of each run and the process's peak memory; keeps the last logits if wanted."""
    run = runner(args.engine, args.folder, args.threads)
    for _ in range(args.warm_up):
        run()
    times = []
    logits = None
    for _ in range(args.runs):
        start = time.perf_counter()
        logits = run()
        times.append(1e3 * (time.perf_counter() - start))
    peak = peak_megabytes()
    if args.keep_logits:
        np.save(args.folder / f"{args.engine}.npy", logits)
    return {"milliseconds": times, "peak_mb": peak}


def compare(folder: pathlib.Path) -> dict[str, dict[str, float]]:
    """How far each engine's logits are from PyTorch's, at the picture's size.

    `difference` is the largest over the largest logit, `labels` the part of the pixels that get
    the same class.
    """
    import torch
    from hfgd_torch import preset as preset_named
    from hfgd_torch.inference import at_picture_size
    from PIL import Image

    align_corners = preset_named((folder / "preset").read_text()).align_corners
    picture = Image.open(folder / "noise.png")
    logits = {
        path.stem: np.load(path) for path in sorted(folder.glob("*.npy")) if path.stem != "input"
    }
    for name, values in logits.items():
        if values.ndim == 4:
            full = at_picture_size(torch.from_numpy(values), picture, align_corners)
            logits[name] = full[0].numpy()
    reference = logits["pytorch"]
    scale = np.abs(reference).max()
    return {
        name: {
            "difference": float(np.abs(values - reference).max() / scale),
            "labels": float((values.argmax(0) == reference.argmax(0)).mean()),
        }
        for name, values in logits.items()
    }


def main() -> None:
    """Does what the first word says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("prepare", "run", "compare"):
        commands.add_parser(name).add_argument("folder", type=pathlib.Path)
    commands.choices["prepare"].add_argument("preset")
    commands.choices["prepare"].add_argument("size", help="WxH")
    run = commands.choices["run"]
    run.add_argument("engine")
    run.add_argument("--threads", type=int, default=2)
    run.add_argument("--runs", type=int, default=5)
    run.add_argument("--warm-up", type=int, default=2)
    run.add_argument("--keep-logits", action="store_true")
    args = parser.parse_args()
    if args.command == "prepare":
        prepare(args.folder, args.preset, *map(int, args.size.split("x")))
    else:
        print(json.dumps(measure(args) if args.command == "run" else compare(args.folder)))


if __name__ == "__main__":
    main()
