"""How well pictures in cells of text resemble the originals: hfgd beside chafa and timg.

Every tool prints every picture of a folder in the same number of cells; what it printed is read back into the pixels
that a terminal shows (8 × 16 a cell) and compared with the original at that size. See docs/performance.md.
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
from distance import Appearance

ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "TERM": "xterm-256color",
    "COLORTERM": "truecolor",
    "LANG": "C.UTF-8",
}
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


def original(path, size, enlargement):
    """The picture at `size` pixels, by one of Pillow's filters."""
    return Image.open(path).convert("RGB").resize(size, Image.Resampling[enlargement.upper()])


def cells_that_fit(path, size):
    """The columns and rows of the largest grid with the picture's sides; a cell is twice as high as wide."""
    columns, rows = map(int, size.split("x"))
    width, height = Image.open(path).size
    scale = min(columns / width, 2 * rows / height)
    return round(width * scale), round(height * scale / 2)


def measured(path, commands, enlargement, prepared):
    """Name → grid and distances of what each command shows of the picture at `path`.

    `prepared` is the number of cells for which the picture is enlarged beforehand, or None.
    """
    appearances, results = {}, {}
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        shown_path = path
        if prepared:
            columns, rows = prepared
            size = columns * CELL_WIDTH, rows * CELL_HEIGHT
            original(path, size, enlargement).save(file.name)
            shown_path = file.name
        for name, command in commands.items():
            printed = subprocess.run(
                [*command, shown_path], check=True, capture_output=True, env=ENVIRONMENT
            )
            shown = pixels(printed.stdout.decode())
            height, width = shown.shape[:2]
            if (width, height) not in appearances:
                picture = original(path, (width, height), enlargement)
                appearances[width, height] = Appearance(np.asarray(picture))
            grid = f"{width // CELL_WIDTH}×{height // CELL_HEIGHT}"
            results[name] = grid, appearances[width, height].distances(Appearance(shown))
    return results


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
    parser.add_argument(
        "--enlargement", choices=("bicubic", "bilinear", "nearest", "lanczos"), default="bicubic",
        help="how the original is enlarged to 8 × 16 pixels a cell",
    )  # fmt: skip
    options = parser.parse_args()
    paths = sorted(
        p for p in options.folder.iterdir() if p.suffix.lower() in (".png", ".jpg", ".jpeg")
    )[:: options.every]
    if not paths:
        sys.exit(f"{options.folder} holds no PNG or JPEG picture.")

    commands = renderers(options.hfgd, options.size)
    with concurrent.futures.ProcessPoolExecutor() as pool:
        results = list(
            pool.map(
                measured,
                map(str, paths),
                [commands] * len(paths),
                [options.enlargement] * len(paths),
                [cells_that_fit(path, options.size) if options.prepared else None for path in paths],
            )
        )
    columns = list(results[0][next(iter(commands))][1])
    print(f"{len(paths)} pictures of {options.folder.name}, averaged")
    print(f"{'':28}{'cells':>8}" + "".join(f"{column:>10}" for column in columns))
    for name in commands:
        means = [np.mean([result[name][1][column] for result in results]) for column in columns]
        grid = results[0][name][0]
        print(f"{name:28}{grid:>8}" + "".join(f"{mean:10.2f}" for mean in means))


if __name__ == "__main__":
    main()
