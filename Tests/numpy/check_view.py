"""Recomputes the numbers of `hfgd lens view --json` from exported logits, in NumPy.

    hfgd lens view MODEL whole.png --region X,Y,WxH --scale S --json > view.json
    hfgd predict MODEL whole.png -o . --format logits
    hfgd predict MODEL cut.png -o . --format logits --scales S
    python3 Tests/numpy/check_view.py view.json whole.logits.npy cut.logits.npy

where cut.png is the region with its context, as far as the picture goes. Exit status 1 and a line for each difference.
"""

import json
import sys

import numpy as np

# The two largest logits of a pixel may be equal to the last bit of float32 after resizing; then either class is right.
CLOSE = 1e-5


def main():
    with open(sys.argv[1]) as file:
        view = json.load(file)
    whole, cut = (np.load(path) for path in sys.argv[2:4])
    x, y, size = view["region"].split(",")
    left, top = int(x), int(y)
    width, height = (int(side) for side in size.split("x"))
    right, bottom = left + width, top + height
    context = view["context"]
    column, row = left - max(0, left - context), top - max(0, top - context)
    parts = [whole[:, top:bottom, left:right], cut[:, row : row + height, column : column + width]]
    labels = [part.argmax(0) for part in parts]
    unsure = 0
    for part in parts:
        best = np.sort(part, axis=0)[-2:]
        unsure += int((best[1] - best[0] <= CLOSE * np.abs(best[1])).sum())

    failures = []

    def expect(what, found, expected):
        if abs(found - expected) > unsure:
            failures.append(f"{what}: {found}, not {expected} (±{unsure})")

    expect("pixels", view["pixels"], width * height)
    expect("different", view["different"], int((labels[0] != labels[1]).sum()))
    for k, entry in enumerate(view["classes"]):
        expect(f"{entry['name']}, whole", entry["whole"], int((labels[0] == k).sum()))
        expect(f"{entry['name']}, part", entry["part"], int((labels[1] == k).sum()))
    if unsure > width * height // 1000:
        failures.append(f"{unsure} pixels are undecided")
    print("\n".join(failures))
    sys.exit(1 if failures else 0)


main()
