"""How well pictures in cells of text resemble the originals: hfgd beside chafa and timg.

Every tool prints every picture of a folder in the same number of cells; what it printed is read back into the pixels that
a terminal shows (8 × 16 a cell) and compared with the original at that size. See docs/performance.md.
"""

import argparse
import concurrent.futures
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image

from cells import CELL_HEIGHT, CELL_WIDTH, pixels
from distance import distances

CHAFA = ["chafa", "--format", "symbols", "--colors", "full", "--work", "9"]


def renderers(hfgd, size):
    """Name → the command that prints a picture, whose path is appended, in at most `size` cells."""
    chafa = {
        f"chafa {symbols} {extractor}": [
            *CHAFA, "--size", size, "--symbols", symbols, "--color-extractor", extractor,
        ]
        for symbols in ("vhalf", "block", "block+sextant")
        for extractor in ("average", "median")
    }  # fmt: skip
    timg = {
        "timg half": ["timg", "-ph", "-U", f"-g{size}"],
        "timg quarter": ["timg", "-pq", "-U", f"-g{size}"],
    }
    ours = {
        f"hfgd {glyphs}": [
            hfgd, "cells", "--color", "always", "--size", size, "--glyphs", glyphs,
        ]
        for glyphs in ("half", "quad", "blocks", "sextant")
    }  # fmt: skip
    return chafa | timg | ours


def original(path, size):
    """The picture at `size` pixels, by Pillow's bicubic filter."""
    return Image.open(path).convert("RGB").resize(size, Image.Resampling.BICUBIC)


def measured(command, path, prepared):
    """The distances of what `command` shows of the picture at `path`, or of its `prepared` enlargement."""
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "TERM": "xterm-256color",
                   "COLORTERM": "truecolor", "LANG": "C.UTF-8"}  # fmt: skip
    shown_path = path
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        if prepared:
            original(path, prepared).save(file.name)
            shown_path = file.name
        printed = subprocess.run(
            [*command, shown_path], check=True, capture_output=True, env=environment)  # fmt: skip
    shown = pixels(printed.stdout.decode())
    height, width = shown.shape[:2]
    return (width // CELL_WIDTH, height // CELL_HEIGHT), distances(
        shown, np.asarray(original(path, (width, height)))
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, help="a folder of PNG or JPEG pictures")
    parser.add_argument("--hfgd", default=".build/release/hfgd", help="the program")
    parser.add_argument("--size", default="160x50", help="the largest size in cells")
    parser.add_argument("--every", type=int, default=1, help="take every n-th picture")
    parser.add_argument(
        "--prepared", action="store_true",
        help="give the tools the picture already at 8 × 16 pixels a cell, so that only cells are compared",
    )  # fmt: skip
    options = parser.parse_args()
    paths = sorted(
        p for p in options.folder.iterdir() if p.suffix.lower() in (".png", ".jpg", ".jpeg")
    )[:: options.every]
    if not paths:
        sys.exit(f"{options.folder} holds no PNG or JPEG picture.")

    def cells_in(path):
        """The pixels of the largest grid with the picture's sides; a cell is twice as high as wide."""
        columns, rows = map(int, options.size.split("x"))
        width, height = Image.open(path).size
        scale = min(columns / width, 2 * rows / height)
        return round(width * scale) * CELL_WIDTH, round(height * scale / 2) * CELL_HEIGHT

    print(f"{len(paths)} pictures of {options.folder.name}, averaged")
    with concurrent.futures.ProcessPoolExecutor() as pool:
        for number, (name, command) in enumerate(renderers(options.hfgd, options.size).items()):
            prepared = [cells_in(path) if options.prepared else None for path in paths]
            results = list(
                pool.map(measured, [command] * len(paths), map(str, paths), prepared))  # fmt: skip
            grid, first = results[0]
            if number == 0:
                print(f"{'':28}{'cells':>8}" + "".join(f"{key:>10}" for key in first))
            means = [np.mean([row[key] for _, row in results]) for key in first]
            grid = f"{grid[0]}×{grid[1]}"
            print(f"{name:28}{grid:>8}" + "".join(f"{mean:10.2f}" for mean in means), flush=True)


if __name__ == "__main__":
    main()
