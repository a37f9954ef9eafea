"""Recomputes every number of `hfgd lens teacher --json` from exported logits and the labels, in NumPy.

    hfgd predict MODEL a.png -o teacher --format logits --os 32
    hfgd predict MODEL a.png -o student --format logits --os 2
    hfgd lens teacher MODEL a.png --truth a_labels.png --os 2 --npy kl.npy --json > teacher.json
    python3 Tests/numpy/check_teacher.py teacher.json teacher/a.logits.npy student/a.logits.npy kl.npy a_labels.png

Needs Pillow for the labels; without a label map, as with a picture alone, the split is not looked at. Exit status 1
and a line for each difference where something does not agree.
"""

import json
import sys

import numpy as np

# KL: float32 logits up to about 20 in size, each exponential and logarithm within some units in the last place.
DIVERGENCE_TOLERANCE = 2e-5
# Printed with seven digits after the point, a mean over rounded values.
MEAN_TOLERANCE = 2e-6
# Rates are printed with four digits after the point, in percent.
RATE_TOLERANCE = 1e-4


def log_softmax(logits):
    """Along classes, the first axis, in double precision."""
    logits = logits.astype(np.float64)
    shifted = logits - logits.max(0)
    return shifted - np.log(np.exp(shifted).sum(0))


def main():
    with open(sys.argv[1]) as file:
        report = json.load(file)
    teacher, student, divergence = (np.load(path) for path in sys.argv[2:5])
    faults = []

    def compare(what, found, expected, tolerance=0.0):
        if found is None or expected is None:
            if found is not expected:
                faults.append(f"{what}: {found}, not {expected}")
        elif abs(found - expected) > tolerance:
            faults.append(f"{what}: {found}, not {expected}")

    p, q = log_softmax(student), log_softmax(teacher)
    kl = (np.exp(p) * (p - q)).sum(0)
    compare("largest difference of KL", np.abs(divergence[0] - kl).max(), 0, DIVERGENCE_TOLERANCE)
    compare("mean KL", report["mean_divergence"], kl.mean(), MEAN_TOLERANCE)
    first, second = teacher.argmax(0), student.argmax(0)
    compare("pixels", report["pixels"], first.size)
    compare("disagreements", report["disagreements"], (first != second).sum())

    if len(sys.argv) > 5:
        from PIL import Image

        truth = np.array(Image.open(sys.argv[5]))

        def split(what, found, mask):
            right, fine = (first == truth) & mask, (second == truth) & mask
            counts = {
                "both_right": (right & fine).sum(),
                "fixed": (fine & ~right).sum(),
                "broken": (right & ~fine).sum(),
                "both_wrong": (mask & ~right & ~fine).sum(),
            }
            for name, count in counts.items():
                compare(f"{what} {name}", found[name], count)
            for rate, part, rest in [
                ("rescue_rate", "fixed", "both_wrong"),
                ("damage_rate", "broken", "both_right"),
            ]:
                whole = counts[part] + counts[rest]
                expected = 100 * counts[part] / whole if whole else None
                compare(f"{what} {rate}", found[rate], expected, RATE_TOLERANCE)

        classes = report["classes"]
        split("all", report["all"], truth < len(classes))
        for k, found in enumerate(classes):
            split(found["class"], found, truth == k)

    print("\n".join(faults) or f"{first.size} pixels: all numbers agree")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
