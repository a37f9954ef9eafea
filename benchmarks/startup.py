#!/usr/bin/env python3
"""From the start of the process to the first result, against one steady-state inference.

    make build
    pip install ./python
    python benchmarks/startup.py hfgd-resnet50_beta-os4 --size 513x513 --threads 2 --rounds 5

Writes a checkpoint with the preset's random weights and runs `hfgd bench` on it. Both times are of
one process: the first label map counts from the moment at which the kernel made the process (in
steps of 10 ms, rounded against hfgd), the steady state is the median of the runs after it. What the
start costs is their difference. The checkpoint is in the page cache. The exit status is 1 where the
median over the rounds is larger than --limit.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SEED = 1


def write_checkpoint(preset: str, dtype: str, path: pathlib.Path) -> None:
    """Writes a preset's random weights; kernels as `dtype`, vectors in float32."""
    sys.path.insert(0, str(ROOT / "python"))
    import torch
    from hfgd_torch import preset as preset_named
    from hfgd_torch import randomized
    from hfgd_torch.checkpoint import save_checkpoint

    save_checkpoint(randomized(preset_named(preset), SEED), path, getattr(torch, dtype))


def main() -> None:
    """Writes the checkpoint, takes the rounds, prints and judges."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("preset", nargs="?", default="hfgd-resnet50_beta-os4")
    parser.add_argument("--size", default="513x513", metavar="WxH")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5, help="steady-state runs of a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--dtype", choices=["float32", "float16", "bfloat16"], default="float32")
    parser.add_argument("--limit", type=float, default=250, metavar="MS")
    parser.add_argument("--program", default=ROOT / ".build/release/hfgd", type=pathlib.Path)
    args = parser.parse_args()
    differences = []
    with tempfile.TemporaryDirectory() as folder:
        checkpoint = pathlib.Path(folder) / "model.safetensors"
        write_checkpoint(args.preset, args.dtype, checkpoint)
        size = checkpoint.stat().st_size / 1e6
        print(f"{args.preset}, {args.dtype}, {size:.0f} MB, {args.size}, {args.threads} threads")
        command = [
            args.program, "bench", checkpoint, "--size", args.size, "--json", "--warmup", "1",
            "--runs", str(args.runs), "--threads", str(args.threads),
        ]  # fmt: skip
        for _ in range(args.rounds):
            report = json.loads(subprocess.check_output(command))
            first, steady = report["first_milliseconds"], report["milliseconds"]
            differences.append(first - steady)
            print(
                f"first {first:7.0f} ms   steady {steady:7.0f} ms   "
                f"start {differences[-1]:6.0f} ms"
            )
    start = statistics.median(differences)
    print(f"start: median {start:.0f} ms, wanted at most {args.limit:.0f} ms")
    sys.exit(1 if start > args.limit else 0)


if __name__ == "__main__":
    main()
