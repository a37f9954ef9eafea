"""Recomputes every number of `hfgd lens similarity --json` from exported features and the checkpoint, in NumPy.

    hfgd lens features MODEL a.png --npy features.npy --json > features.json
    hfgd predict MODEL a.png -o . --format logits
    hfgd lens similarity MODEL a.png --at 12,34 --npy cosines.npy --json > similarity.json
    python3 Tests/numpy/check_similarity.py MODEL similarity.json features.json features.npy a.logits.npy cosines.npy

Exit status 1 and a line for each difference where something does not agree.
"""

import json
import re
import sys

import numpy as np
from check_tokens import tensor

# Sums of some hundred float32 products each, relative to vectors of length 1, and values printed with six digits.
TOLERANCE = 5e-6
# Logits are sums of as many products, of about 10.
LOGIT_TOLERANCE = 1e-4
# Pixels that lie that near to a border between two classes may fall on either side: a share of all pixels in percent.
SHARE_TOLERANCE = 0.02


def resized(grid, padded, size):
    """`grid` [C, h, w] bilinearly resized with aligned corners to `padded` and cut to `size`, (height, width) each."""

    def line(values, length, count):
        position = np.arange(count) * (values.shape[-1] - 1) / max(length - 1, 1)
        first = np.minimum(position.astype(int), values.shape[-1] - 1)
        second = np.minimum(first + 1, values.shape[-1] - 1)
        share = position - first
        return values[..., first] * (1 - share) + values[..., second] * share

    columns = line(grid, padded[1], size[1])
    return line(columns.swapaxes(1, 2), padded[0], size[0]).swapaxes(1, 2)


def main():
    checkpoint, similarity, info, features, logits, cosines = sys.argv[1:]
    with open(similarity) as file:
        report = json.load(file)
    with open(info) as file:
        info = json.load(file)
    features, logits, cosines = (np.load(path) for path in (features, logits, cosines))
    features = features.astype(np.float64)
    faults = []

    def compare(what, found, expected, tolerance):
        error = np.abs(np.asarray(found, dtype=np.float64) - expected).max()
        if not error <= tolerance:
            faults.append(f"{what}: off by {error:.3g}")

    w, b = tensor(checkpoint, "tokens.weight"), tensor(checkpoint, "tokens.bias")
    size, padded = (info["height"], info["width"]), (info["padded_height"], info["padded_width"])
    # Features, tokens and logits belong together.
    made = np.einsum("kd,dhw->khw", w, features) + b[:, None, None]
    compare("logits", logits, resized(made, padded, size), LOGIT_TOLERANCE * np.abs(made).max())

    numbers = [int(n) for n in re.findall(r"\d+", report["probe"])]
    if report["probe"].startswith("token of "):
        names = read_classes(checkpoint)
        probe = w[names.index(report["probe"].removeprefix("token of "))]
    else:
        pixels = resized(features, padded, size)
        if report["probe"].startswith("pixel "):
            probe = pixels[:, numbers[1], numbers[0]]
        else:
            x, y, width, height = numbers
            probe = pixels[:, y : y + height, x : x + width].mean((1, 2))
    compare("probe", report["probe_features"], probe, TOLERANCE * max(1, np.abs(probe).max()))

    lengths = np.linalg.norm(features, axis=0)
    unit = features / np.where(lengths > 0, lengths, 1)
    expected = resized((np.tensordot(probe, unit, 1) / np.linalg.norm(probe))[None], padded, size)[0]
    found = report["images"][-1]
    compare("cosines", cosines[0], expected, TOLERANCE)
    compare("lowest", found["lowest"], expected.min(), TOLERANCE)
    compare("mean", found["mean"], expected.mean(), TOLERANCE)
    compare("highest", found["highest"], expected.max(), TOLERANCE)
    x, y = found["highest_at"]
    compare("the highest's place", expected[y, x], expected.max(), TOLERANCE)

    directions = w / np.linalg.norm(w, axis=1, keepdims=True)
    nearest = resized(np.einsum("kd,dhw->khw", directions, unit), padded, size).argmax(0)
    share = 100 * (nearest != logits.argmax(0)).mean()
    compare("nearest to another class", found["nearest_to_another_class"], share, SHARE_TOLERANCE)

    print("\n".join(faults) or f"{expected.size} pixels: all numbers agree")
    sys.exit(1 if faults else 0)


def read_classes(checkpoint):
    """The names of the classes in a checkpoint."""
    with open(checkpoint, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        metadata = json.loads(file.read(length))["__metadata__"]
    return json.loads(metadata["hfgd.config"])["classes"]


if __name__ == "__main__":
    main()
