"""Makes expected.json: what the field's tools say about random label maps.

    python3 -m venv .venv && .venv/bin/pip install numpy==2.3.5 torch==2.15.0 mmsegmentation==1.2.2 \
        mmcv-lite==2.1.0 ftfy regex cityscapesScripts==2.3.0 torchmetrics==1.9.0 opencv-python==5.0.0.93
    .venv/bin/python Tests/CoreTests/Goldens/metrics/make_metrics.py

The maps are not stored: they follow from a seed, here and in `PeerTests.swift`. cityscapesScripts needs numpy before
2.4, mmsegmentation 1.2.2 needs mmcv before 2.2. Boundary IoU is taken with OpenCV's erosion, class by class.
"""

import json
import math
import pathlib
import tempfile

import cv2
import numpy as np
import torch
from cityscapesscripts.evaluation import evalPixelLevelSemanticLabeling as cityscapes
from cityscapesscripts.helpers.labels import labels as cityscapes_labels
from mmseg.evaluation.metrics import IoUMetric
from PIL import Image
from torchmetrics.functional.classification.calibration_error import _ce_compute

FOLDER = pathlib.Path(__file__).resolve().parent
IGNORED = 255


def splitmix64(seed, count):
    """The first `count` numbers of the SplitMix64 generator."""
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def pick(values, draws):
    return np.array(values, dtype=np.int64)[(draws % np.uint64(len(values))).astype(np.int64)]


def maps(seed, width, height, cell, truths, predictions):
    """Truth in square cells; the prediction is the truth two columns to the left, or in one of four pixels a draw."""
    columns, rows = -(-width // cell), -(-height // cell)
    draws = splitmix64(seed, columns * rows + width * height)
    cells = pick(truths, draws[: columns * rows]).reshape(rows, columns)
    y, x = np.mgrid[:height, :width]
    truth = cells[y // cell, x // cell]
    draws = draws[columns * rows :].reshape(height, width)
    prediction = np.where(draws % np.uint64(4) == 0, pick(predictions, draws >> np.uint64(32)), truth[y, np.maximum(x - 2, 0)])
    return prediction, truth


def images(case):
    return [
        maps(case["seed"] + i, case["width"], case["height"], case["cell"], case["truths"], case["predictions"])
        for i in range(case["images"])
    ]


def listed(values):
    """Numbers for JSON, which has no NaN."""
    return [None if math.isnan(value) else float(value) for value in values]


def mmseg(case):
    """mmsegmentation's summary in percent, as it is printed, and its numbers per class."""
    classes = case["classes"]
    names = ["mIoU", "mDice", "mFscore"]
    metric = IoUMetric(ignore_index=IGNORED, iou_metrics=names)
    metric.dataset_meta = {"classes": [str(k) for k in range(classes)]}
    results = [
        metric.intersect_and_union(torch.from_numpy(prediction), torch.from_numpy(truth), classes, IGNORED)
        for prediction, truth in images(case)
    ]
    areas = [sum(image) for image in zip(*results)]
    per_class = metric.total_area_to_metrics(*areas, metrics=names)
    return {
        "summary": {key: round(float(value), 2) for key, value in metric.compute_metrics(results).items()},
        "classes": {
            key: [None if np.isnan(v) else round(float(v), 2) for v in np.round(per_class[key] * 100, 2)]
            for key in ["IoU", "Acc", "Dice", "Fscore", "Precision", "Recall"]
        },
    }


def boundary(case, ratio):
    """Boundary IoU per class: bands by erosion of each class's mask, ignored pixels removed afterwards."""
    both, either = np.zeros(case["classes"]), np.zeros(case["classes"])
    for prediction, truth in images(case):
        height, width = truth.shape
        d = max(1, round(ratio * math.sqrt(height**2 + width**2)))

        def band(mask):
            padded = cv2.copyMakeBorder(mask.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
            eroded = cv2.erode(padded, np.ones((3, 3), np.uint8), iterations=d)[1:-1, 1:-1]
            return mask & (eroded == 0)

        for k in range(case["classes"]):
            a, b = band(truth == k) & (truth != IGNORED), band(prediction == k) & (truth != IGNORED)
            both[k] += (a & b).sum()
            either[k] += (a | b).sum()
    with np.errstate(invalid="ignore"):
        return {"d": d, "ratio": ratio, "iou": listed(both / either)}


def calibration(case):
    """ECE and MCE of torchmetrics; confidences are 24 bits of a draw, so never 1, where it has a bin of its own."""
    confidences, right = [], []
    for i, (prediction, truth) in enumerate(images(case)):
        draws = splitmix64(case["seed"] + 1000 + i, truth.size).reshape(truth.shape)
        confidence = (draws >> np.uint64(40)).astype(np.float64) / 2**24
        confidences.append(confidence[truth != IGNORED])
        right.append((prediction == truth)[truth != IGNORED])
    confidences = torch.from_numpy(np.concatenate(confidences))
    right = torch.from_numpy(np.concatenate(right)).double()
    edges = torch.linspace(0, 1, 16, dtype=torch.float64)
    return {norm: float(_ce_compute(confidences, right, edges, norm=kind)) for norm, kind in [("ECE", "l1"), ("MCE", "max")]}


def street(case):
    """cityscapesScripts' result, NaN as null; instances are those of a class in one cell, every fifth cell is a group."""
    instanced = {label.id for label in cityscapes_labels if label.hasInstances}
    truths, predictions = [], []
    with tempfile.TemporaryDirectory() as folder:
        for i, (prediction, truth) in enumerate(images(case)):
            height, width = truth.shape
            y, x = np.mgrid[:height, :width]
            cell = y // case["cell"] * -(-width // case["cell"]) + x // case["cell"]
            single = np.isin(truth, list(instanced)) & (cell % 5 != 4)
            instances = np.where(single, truth * 1000 + cell, truth)
            stem = f"{folder}/a_{i:06}_000000_gtFine_"
            Image.fromarray(truth.astype(np.uint8)).save(stem + "labelIds.png")
            Image.fromarray(instances.astype(np.uint16)).save(stem + "instanceIds.png")
            Image.fromarray(prediction.astype(np.uint8)).save(f"{folder}/a_{i:06}_000000_pred.png")
            truths.append(stem + "labelIds.png")
            predictions.append(f"{folder}/a_{i:06}_000000_pred.png")
        cityscapes.args.quiet, cityscapes.args.JSONOutput = True, False
        result = cityscapes.evaluateImgLists(predictions, truths, cityscapes.args)
    text = json.dumps(result, default=lambda value: value.item())
    return json.loads(text, parse_constant=lambda name: None)


def case(name, classes, seed, width, height, count, cell, truths, predictions):
    return {
        "name": name, "classes": classes, "seed": seed, "width": width, "height": height, "images": count,
        "cell": cell, "truths": truths, "predictions": predictions,
    }  # fmt: skip


def main():
    every = list(range(19))
    cases = [
        case("all classes", 19, 1, 97, 61, 5, 7, every + [IGNORED], every),
        case("two classes", 2, 20, 33, 47, 3, 5, [0, 1], [0, 1]),
        case("absent classes", 11, 40, 64, 48, 4, 9, [0, 1, 3, 4, IGNORED], [0, 1, 3, 5, 6]),
        case("out of range", 7, 60, 51, 39, 4, 6, [0, 1, 2, 3, 4, 9, 200, IGNORED], [0, 1, 2, 5, 8, 254, IGNORED]),
        case("many classes", 150, 80, 211, 163, 6, 13, list(range(0, 150, 2)) + [IGNORED], list(range(150))),
    ]
    for entry in cases:
        entry["mmseg"] = mmseg(entry)
        entry["boundary"] = boundary(entry, 0.02 if entry["width"] < 200 else 0.005)
        entry["calibration"] = calibration(entry)
    ids = case("label ids", 34, 100, 120, 80, 4, 8, list(range(34)), list(range(34)))
    ids["cityscapes"] = street(ids)
    few = case("few label ids", 34, 120, 90, 70, 2, 10, [1, 7, 11, 24, 24, 26, 26, 29], [7, 11, 24, 25, 26, 28, 30])
    few["cityscapes"] = street(few)
    text = json.dumps({"cases": cases + [ids, few]}, separators=(",", ":"))
    (FOLDER / "expected.json").write_text(text.replace('{"name"', '\n{"name"') + "\n")


if __name__ == "__main__":
    main()
