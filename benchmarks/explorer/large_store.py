#!/usr/bin/env python3
"""How soon the explorer knows a store of 10 000 images: from its start to a list of all that have a figure.

    make build
    python benchmarks/explorer/large_store.py

The first run makes a data set of small pictures and has `hfgd eval` count all of them (two minutes or so); --keep FOLDER
keeps both for the next time. Needs no packages.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

from latency import ROWS, Session, text

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MODEL = ["fcn-mobilenet_v2", "--random", "1"]


def make(folder: pathlib.Path, images: int, program: str) -> None:
    """A data set of links to one small drawn scene, counted into a store."""
    if (folder / "results.sqlite").exists():
        return
    scenes = folder / "scenes"
    subprocess.run(
        [program, "scenes", "--count", "1", "--size", "48x36", "-o", str(scenes), "--quiet"],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    sources = {
        "val": next(path for path in scenes.rglob("*") if path.parent.name == "val"),
        "valannot": next(path for path in scenes.rglob("*") if path.parent.name == "valannot"),
    }
    for name, source in sources.items():
        (folder / "data" / name).mkdir(parents=True)
        for i in range(images):
            shutil.copy(source, folder / "data" / name / f"image-{i:05}{source.suffix}")
    command = [program, "eval", *MODEL, "--data", str(folder / "data"), "--dataset", "camvid"]
    store = ["--store", str(folder / "results.sqlite"), "--resume", "--json"]
    subprocess.run([*command, *store], check=True, stdout=subprocess.DEVNULL)


def start(folder: pathlib.Path, images: int, program: str) -> float:
    """Seconds until a list of the images whose figure is known holds all of them."""
    os.environ["HFGD_STORE"] = str(folder / "results.sqlite")
    data = ["--data", str(folder / "data"), "--dataset", "camvid"]
    session = Session([program, "explore", *MODEL, *data])
    typed = False
    for frame in session.frames(20):
        session.draw(frame)
        if not typed:
            os.write(session.fd, b"/aAcc>=0")
            typed = True
        if f"{images} of {images}" in text(session.screen.cells, ROWS - 1):
            seconds = frame.end - session.start
            os.write(session.fd, b"\x1b")
            session.settle(0.1)
            session.quit()
            return seconds
    sys.exit("the explorer does not show what the store holds")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=str(ROOT / ".build/release/hfgd"))
    parser.add_argument("--images", type=int, default=10000)
    parser.add_argument("--starts", type=int, default=10)
    parser.add_argument("--keep", type=pathlib.Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.keep or pathlib.Path(temporary)
        make(folder, args.images, args.program)
        size = (folder / "results.sqlite").stat().st_size
        times = [1000 * start(folder, args.images, args.program) for _ in range(args.starts)]
        print(f"{args.images} images, {size / args.images:.0f} bytes each")
        print(f"median {statistics.median(times):.0f} ms, slowest {max(times):.0f} ms")


if __name__ == "__main__":
    main()
