#!/usr/bin/env python3
"""Opening and converting a large PyTorch checkpoint, against copying it.

    make build
    pip install torch
    python benchmarks/large_checkpoint.py --gigabytes 1

Writes a file of random float32 tensors that no model has, with torch.save, and reads it once so that
it is in the page cache. Then, in turn: `hfgd predict` up to its refusal (open, unpickle, look for a
model), `hfgd convert --raw` to safetensors, and `dd` to a file that is synchronised, as a conversion
is. Memory is the peak of the process's own pages (RssAnon): mapped pages of the file belong to the
kernel. Medians over the rounds.
"""

from __future__ import annotations

import argparse
import pathlib
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
NO_MODEL = 3
"""The exit status of `hfgd` where a checkpoint cannot be used."""


def write_checkpoint(path: pathlib.Path, gigabytes: int) -> None:
    """Tensors of 64 MiB each."""
    import torch

    tensors = {f"layer{i}.weight": torch.rand(1024, 1024, 16) for i in range(16 * gigabytes)}
    torch.save(tensors, path)


def timed(command: list[object], expected: int = 0) -> tuple[float, int]:
    """Seconds, and the largest RssAnon in KiB, of a program that ends with the expected status."""
    with tempfile.TemporaryFile("w+") as told:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command], stdout=subprocess.DEVNULL, stderr=told
        )
        status, own = pathlib.Path(f"/proc/{process.pid}/status"), 0
        while process.poll() is None:
            for line in status.read_text().splitlines():
                if line.startswith("RssAnon:"):
                    own = max(own, int(line.split()[1]))
            time.sleep(0.002)
        seconds = time.perf_counter() - start
        told.seek(0)
        found = process.returncode
        assert found == expected, f"{command[:2]}: {found}, expected {expected}\n{told.read()}"
    return seconds, own


def main() -> None:
    """Writes the checkpoint, takes the rounds, prints the medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gigabytes", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--program", default=ROOT / ".build/release/hfgd", type=pathlib.Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=ROOT) as name:
        folder = pathlib.Path(name)
        checkpoint, copy = folder / "large.pth", folder / "copy"
        write_checkpoint(checkpoint, args.gigabytes)
        timed(["cat", checkpoint])
        picture = ROOT / "samples/scenes/val/scene-1.jpg"
        commands = {
            "open": [args.program, "predict", checkpoint, picture, "-o", folder / "out"],
            "convert": [args.program, "convert", checkpoint, copy, "--raw"],
            "dd": ["dd", f"if={checkpoint}", f"of={copy}", "bs=8M", "conv=fsync"],
        }
        statuses = {"open": NO_MODEL}
        rounds: dict[str, list[tuple[float, int]]] = {name: [] for name in commands}
        for _ in range(args.rounds):
            for name, command in commands.items():
                copy.unlink(missing_ok=True)
                subprocess.run(["sync"], check=True)
                rounds[name].append(timed(command, statuses.get(name, 0)))
        print(f"{checkpoint.stat().st_size / 1e9:.2f} GB, {args.rounds} rounds")
        for name, figures in rounds.items():
            seconds = statistics.median(figure[0] for figure in figures)
            own = max(figure[1] for figure in figures)
            print(f"{name:8} {seconds * 1000:7.0f} ms   {own / 1024:5.1f} MiB of its own")


if __name__ == "__main__":
    main()
