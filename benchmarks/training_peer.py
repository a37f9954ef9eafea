#!/usr/bin/env python3
"""Training steps of PyTorch in a process of their own; `training.py` runs it.

    training_peer.py ENGINE PRESET WxH --batch N --threads N --warm-up N --runs N

Prints one line of JSON: the milliseconds of each step and the process's peak memory in megabytes.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import sys
import time

from peer import peak_megabytes

SEED = 1
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "python"))


def measure(args: argparse.Namespace) -> dict[str, object]:
    """Times forward pass, losses, backward pass and AdamW's update on one batch of noise."""
    import torch
    from hfgd_torch import preset, randomized
    from hfgd_torch.losses import LossOptions, loss_terms
    from hfgd_torch.optimizers import optimizer
    from hfgd_torch.recipe import ADVANCED

    torch.set_num_threads(args.threads)
    generator = torch.Generator().manual_seed(SEED)
    order = torch.channels_last if args.engine == "pytorch-nhwc" else torch.contiguous_format
    width, height = map(int, args.size.split("x"))
    config = preset(args.preset)
    images = torch.randn(args.batch, 3, height, width, generator=generator).to(memory_format=order)
    labels = torch.randint(
        -1, len(config.classes), (args.batch, height, width), generator=generator
    )
    model = randomized(config, SEED).to(memory_format=order).train()
    updates = optimizer(model, ADVANCED)

    times = []
    for _ in range(args.warm_up + args.runs):
        start = time.perf_counter()
        updates.zero_grad()
        sum(loss_terms(model(images), labels, LossOptions()).values()).backward()
        updates.step()
        times.append(1e3 * (time.perf_counter() - start))
    return {"milliseconds": times[args.warm_up :], "peak_mb": peak_megabytes()}


def main() -> None:
    """Times one engine."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("engine", choices=("pytorch", "pytorch-nhwc"))
    parser.add_argument("preset")
    parser.add_argument("size", metavar="WxH")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--warm-up", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5)
    print(json.dumps(measure(parser.parse_args())))


if __name__ == "__main__":
    main()
