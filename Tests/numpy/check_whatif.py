"""Recomputes every number of `hfgd lens what-if --json` from features and tokens, in NumPy.

    hfgd lens what-if A.safetensors a.png --truth a_labels.png --npy a.npy … --json > what-if.json
    python3 Tests/numpy/check_whatif.py what-if.json A.safetensors a.npy a_labels.npy [B.safetensors]

The features are those of the one picture, [D, h, w] on the network's grid; the labels are an array [H, W] of class
numbers, or [1, H, W]; B holds swapped tokens. Exit status 1 and a line for each difference where something does not agree.
"""

import json
import sys

import numpy as np

from check_tokens import tensor

# The program computes logits in float32: sums of D products, each relative to 2⁻²⁴, for logits of some tens and D of a
# few hundred less than 1e-4 in all. A pixel whose two best classes (or sums of probabilities) are nearer than that to
# each other may go either way, and every count by as many pixels as there are such.
TOLERANCE = 1e-4
# Percentages are printed with four decimals.
PERCENT = 0.5e-4 + 1e-9


def resized(grid, height, width):
    """[K, h, w] at height × width, bilinear with aligned corners, in double precision."""

    def line(size, wanted):
        position = np.arange(wanted) * ((size - 1) / (wanted - 1) if wanted > 1 else 0)
        first = np.minimum(position.astype(int), size - 1)
        return first, np.minimum(first + 1, size - 1), position - first

    a, b, share = line(grid.shape[1], height)
    grid = grid[:, a] * (1 - share)[:, None] + grid[:, b] * share[:, None]
    a, b, share = line(grid.shape[2], width)
    return grid[:, :, a] * (1 - share) + grid[:, :, b] * share


def padded(size):
    """The smallest 32k + 1 that is not less."""
    return (max(size, 1) + 30) // 32 * 32 + 1


def margin(values):
    """How far the largest of each pixel leads before the second."""
    top = np.sort(values, axis=0)
    return top[-1] - top[-2]


def main():
    with open(sys.argv[1]) as file:
        report = json.load(file)
    assert report["schema"] == "hfgd.lens.what-if/1", report["schema"]
    checkpoint, features, truth = sys.argv[2], np.load(sys.argv[3]), np.load(sys.argv[4]).squeeze().astype(int)
    height, width = truth.shape
    edit = report["edit"]
    names = report["class_names"]
    ignored = report["ignore_index"]

    def logits(path):
        w, b = tensor(path, "tokens.weight"), tensor(path, "tokens.bias")
        grid = np.einsum("kd,dhw->khw", w, features.astype(np.float64)) + b[:, None, None]
        return resized(grid, padded(height), padded(width))[:, :height, :width]

    before = logits(checkpoint)
    after = logits(sys.argv[5]) if edit["tokens_of"] else before.copy()
    for name, value in edit["bias"].items():
        after[names.index(name)] += value
    after /= edit["temperature"]
    for name in edit["masked"]:
        after[names.index(name)] = -10_000
    standing = np.arange(len(names))
    called = dict(enumerate(names))
    for group in edit["merged"]:
        members = sorted(names.index(name) for name in group["classes"])
        standing[members] = members[0]
        called[members[0]] = group["name"]
    shares = np.exp(after - after.max(0))
    shares /= shares.sum(0)
    sums = np.zeros_like(shares)
    np.add.at(sums, standing, shares)

    maps = {"before": before.argmax(0), "after": after.argmax(0), "summed": sums.argmax(0)}
    open_pixels = {
        "before": int((margin(before) < TOLERANCE).sum()),
        "after": int((margin(after) < TOLERANCE).sum()),
        "summed": int((margin(sums) < TOLERANCE).sum()),
    }
    faults = []

    def compare(what, found, expected, tolerance):
        if abs(found - expected) > tolerance:
            faults.append(f"{what}: {found}, not {expected}")

    changed = int((maps["before"] != maps["after"]).sum())
    slack = open_pixels["before"] + open_pixels["after"]
    compare("changed", report["changed"], changed, slack)
    compare("pixels", report["pixels"], truth.size, 0)

    counted = truth != ignored
    everyone = np.arange(len(names))

    def check(key, prediction, standing, slack):
        if key not in report:
            faults.append(f"{key} is missing")
            return
        true, found = standing[truth[counted]], standing[prediction[counted]]
        rows = [k for k in range(len(names)) if standing[k] == k]
        ious = []
        for k, row in zip(rows, report[key]["classes"]):
            name = names[k] if standing is everyone else called[k]
            if row["class"] != name:
                faults.append(f"{key}: {row['class']}, not {name}")
            both = int(((true == k) & (found == k)).sum())
            compare(f"{key} {row['class']} intersection", row["intersection"], both, slack)
            of_truth, predicted = int((true == k).sum()), int((found == k).sum())
            compare(f"{key} {row['class']} truth", row["truth"], of_truth, 0)
            compare(f"{key} {row['class']} predicted", row["predicted"], predicted, slack)
            union = row["truth"] + row["predicted"] - row["intersection"]
            if union:
                ious.append(100 * row["intersection"] / union)
                compare(f"{key} {row['class']} IoU", row["IoU"], ious[-1], PERCENT)
            elif row["IoU"] is not None:
                faults.append(f"{key} {row['class']} IoU: {row['IoU']} of nothing")
        compare(f"{key} mIoU", report[key]["mIoU"], np.mean(ious), PERCENT)

    check("before", maps["before"], standing, open_pixels["before"])
    check("after", maps["after"], standing, open_pixels["after"])
    if edit["merged"]:
        check("after_summed", maps["summed"], standing, open_pixels["summed"])
        check("before_unmerged", maps["before"], everyone, open_pixels["before"])
        check("after_unmerged", maps["after"], everyone, open_pixels["after"])
    print(
        "\n".join(faults)
        or f"{truth.size} pixels, {open_pixels} too close to call: all numbers agree"
    )
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
