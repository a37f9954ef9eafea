#!/usr/bin/env python3
"""How soon lenses follow the mouse and a change of tokens, and what memory they take while one browses.

    make build
    python benchmarks/explorer/lenses.py --data camvid/val

The explorer runs on a pseudo terminal of 160x50 cells. Similarity: the mouse moves over the picture; a move's time is from
the moment it is written to the last byte of the frame whose picture has changed. Stream: moves are written as fast
as the frames come, and frames are counted. What if: the first class, Sky, is masked by a key and let in again by the next,
until the frame whose picture has changed. Memory: the resident set while 500 images are paged through with the similarity lens on, features and all.
Needs no packages.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import statistics
import sys
import tempfile
import time

from latency import COLUMNS, ROOT, ROWS, Session, percentile

#: The part of the screen that certainly is picture, whatever its shape.
LEFT, RIGHT, TOP, BOTTOM = 60, 100, 10, 38


def picture_changed(before: list, after: list) -> bool:
    """Whether cells of the picture, a fiftieth of the screen, are others."""
    changed = sum(
        a != b for y in range(2, ROWS - 5) for a, b in zip(before[y], after[y], strict=True)
    )
    return changed > 0.02 * COLUMNS * ROWS


def move(column: int, row: int) -> str:
    """The mouse over a cell, as terminals report it."""
    return f"\x1b[<35;{column};{row}M"


def positions(count: int) -> list[tuple[int, int]]:
    """Cells that lie far apart, one after the other."""
    return [
        (LEFT + (i * 17) % (RIGHT - LEFT), TOP + (i * 11) % (BOTTOM - TOP)) for i in range(count)
    ]


def follow(session: Session, moves: int) -> tuple[list[float], int]:
    """Seconds from each move of the mouse to its heat map, and how many had none."""
    times, missed = [], 0
    for column, row in positions(moves):
        seconds = session.press(move(column, row), picture_changed)
        if seconds is None:
            missed += 1
        else:
            times.append(seconds)
        session.settle(0.02)
    return times, missed


def stream(session: Session, seconds: float) -> float:
    """Heat maps a second while the mouse never rests: a move every 5 ms."""
    begin, frames, sent = time.perf_counter(), 0, 0
    places = positions(1 + int(seconds / 0.005))
    while (now := time.perf_counter()) - begin < seconds:
        column, row = places[sent]
        os.write(session.fd, move(column, row).encode())
        sent += 1
        for frame in session.frames(max(0.0, 0.005 - (time.perf_counter() - now))):
            # A frame with a new map has thousands of bytes, one with a new position some dozens.
            frames += len(frame.data) > 4000
    return frames / (time.perf_counter() - begin)


def mask(session: Session, presses: int) -> tuple[list[float], int]:
    """Seconds from masking a class, or letting it in again, to the frame with the new picture, and how many had none."""
    os.write(session.fd, b"w")
    session.settle(1.5)
    times, missed = [], 0
    for _ in range(presses):
        seconds = session.press("x", picture_changed)
        if seconds is None:
            missed += 1
        else:
            times.append(seconds)
        session.settle(0.02)
    return times, missed


def resident(session: Session) -> float:
    """Mebibytes of the process's resident set."""
    for line in pathlib.Path(f"/proc/{session.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def browse(command: list[str], data: pathlib.Path, images: int) -> list[float]:
    """The resident set after every fifty images."""
    sources = [p for p in sorted(data.rglob("*")) if p.suffix in {".jpg", ".png"}]
    sizes = []
    with tempfile.TemporaryDirectory() as folder:
        for i in range(images):
            source = sources[i % len(sources)]
            os.symlink(source.resolve(), f"{folder}/image-{i:04}{source.suffix}")
        session = Session([*command, "--data", folder])
        session.settle(2)
        os.write(session.fd, b"a")
        os.write(session.fd, move(LEFT, TOP).encode())
        session.settle(1)
        for i in range(images - 1):
            os.write(session.fd, b"n")
            session.settle(0.15)
            if i % 50 == 49:
                sizes.append(resident(session))
        session.quit()
    return sizes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=str(ROOT / ".build/release/hfgd"))
    parser.add_argument(
        "--model", default=str(ROOT / "samples/models/hfgd-mobilenet_v2-camvid.safetensors")
    )
    parser.add_argument("--data", default=str(ROOT / "samples/scenes"), help="pictures of 480x360")
    parser.add_argument("--os", help="hold this output stride")
    parser.add_argument("--moves", type=int, default=200)
    parser.add_argument("--images", type=int, default=500)
    parser.add_argument("--skip-memory", action="store_true")
    args = parser.parse_args()
    command = [args.program, "explore", args.model]
    session = Session([*command, "--data", args.data])
    session.settle(2)
    for _ in range({None: 0, "32": 1, "4": 2, "2": 3}[args.os]):
        os.write(session.fd, b"o")
        session.settle(0.1)
    os.write(session.fd, b"a")
    session.settle(2)
    similarity, missed = follow(session, args.moves)
    rate = stream(session, 5)
    os.write(session.fd, b"3")
    session.settle(0.5)
    sliders, without = mask(session, args.moves)
    session.quit()
    failed = missed + without > 0 or rate < 20
    print(f"{'':12} {'n':>5} {'median':>8} {'p95':>8} {'p99':>8} {'slowest':>8}  limit   (ms)")
    for kind, values in {"similarity": similarity, "what if": sliders}.items():
        if not values:
            print(f"{kind:12} no answer")
            continue
        ms = [1000 * v for v in values]
        failed = failed or percentile(ms, 0.95) > 50
        print(
            f"{kind:12} {len(ms):5} {statistics.median(ms):8.1f} {percentile(ms, 0.95):8.1f} "
            f"{percentile(ms, 0.99):8.1f} {max(ms):8.1f}  50"
        )
    print(f"{missed + without} without an answer; {rate:.0f} heat maps a second under a moving mouse")
    if not args.skip_memory:
        sizes = browse(command, pathlib.Path(args.data), args.images)
        print("resident after each 50 images, MiB: " + " ".join(f"{size:.0f}" for size in sizes))
    sys.exit(5 if failed else 0)


if __name__ == "__main__":
    main()
