"""Times a model in PyTorch on the CPU: the peer of `hfgd bench`. Prints one line of JSON."""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import time
from pathlib import Path

import torch

from hfgd_torch import (
    HFGD,
    PRESET_NAMES,
    CheckpointError,
    load_checkpoint,
    preset,
    randomized,
)
from hfgd_torch.inference import padded_length
from hfgd_torch.layers import resized
from hfgd_torch.random_weights import uniform

SEED = 7


def picture_size(text: str) -> tuple[int, int]:
    """(width, height) of WxH."""
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        raise argparse.ArgumentTypeError(f"{text!r} is no size, expected WxH such as 513x513")
    return int(width), int(height)


def count(text: str) -> int:
    """A positive integer."""
    if not (text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is no positive integer")
    return int(text)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", metavar="MODEL|PRESET", help="a checkpoint, or a preset's name")
    parser.add_argument("--size", type=picture_size, default=(513, 513), metavar="WxH")
    parser.add_argument("--threads", type=count, default=torch.get_num_threads(), metavar="N")
    parser.add_argument("--runs", type=count, default=5, metavar="R")
    parser.add_argument("--warm-up", type=count, default=2, metavar="R")
    parser.add_argument("--argmax", action="store_true", help="also resize to the input and argmax")
    parser.add_argument("--channels-last", action="store_true", help="hold tensors as NHWC")
    parser.add_argument("--compile", choices=["yes", "no"], default="no", help="torch.compile")
    return parser.parse_args()


def loaded_model(name: str) -> HFGD:
    """The preset of a name with random weights, or else the checkpoint at a path."""
    if name in PRESET_NAMES:
        return randomized(preset(name), SEED)
    try:
        return load_checkpoint(Path(name))
    except CheckpointError as error:
        sys.exit(f"{error}\nexpected a checkpoint or one of {', '.join(PRESET_NAMES)}")


@torch.inference_mode()
def main() -> None:
    """Warms up, measures, prints."""
    options = arguments()
    torch.set_num_threads(options.threads)
    width, height = options.size
    padded = (padded_length(height), padded_length(width))
    image = torch.from_numpy(uniform("input", (1, 3, *padded), SEED)).float()
    model = loaded_model(options.model)
    name = model.config.name
    if options.channels_last:
        image = image.to(memory_format=torch.channels_last)
        model = model.to(memory_format=torch.channels_last)
    run = torch.compile(model) if options.compile == "yes" else model

    milliseconds = []
    for _ in range(options.warm_up + options.runs):
        start = time.perf_counter()
        logits = run(image).student
        if options.argmax:
            resized(logits, padded).argmax(dim=1)
        milliseconds.append((time.perf_counter() - start) * 1e3)
    measured = milliseconds[options.warm_up :]
    report = {
        "model": name,
        "size": f"{width}x{height}",
        "padded": f"{padded[1]}x{padded[0]}",
        "threads": options.threads,
        "runs": options.runs,
        "argmax": options.argmax,
        "channels_last": options.channels_last,
        "compile": options.compile == "yes",
        "torch": torch.__version__,
        "median_ms": round(statistics.median(measured), 1),
        "min_ms": round(min(measured), 1),
        "max_ms": round(max(measured), 1),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
