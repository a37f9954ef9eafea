"""Recomputes the numbers of `hfgd lens features`, `attention` and `scatter --method pca` in NumPy.

    hfgd lens features MODEL a.png --npy features.npy --json > features.json
    python3 Tests/numpy/check_features.py features features.json features.npy

    hfgd lens attention MODEL a.png --at 12,34 --npy input.npy --json > attention.json
    python3 Tests/numpy/check_features.py attention attention.json input.npy MODEL

    hfgd lens scatter MODEL --data DIR --method pca --images 1 --json > scatter.json
    python3 Tests/numpy/check_features.py scatter scatter.json features.npy

The features of the last are those of the only image, at the stride that was sampled. Exit status 1 and a line for each
difference where something does not agree.
"""

import json
import sys

import numpy as np
from check_tokens import tensor

# Covariances are sums in double precision on both sides; numbers are printed with nine digits.
VARIANCE = 1e-8
# A component is as exact as its eigenvalue stands apart from the next: 1e-7 where they differ by a tenth.
COMPONENT = 1e-6
# Coordinates are float32 and printed with five digits.
COORDINATE = 2e-5
# Queries and keys are float32 sums of some hundred products each, of which the scores are made.
WEIGHT = 1e-5


def principal(points, count):
    """Mean, covariance's largest eigenvalues with their vectors, and trace; signs as the program has them."""
    mean = points.mean(0)
    centred = points - mean
    covariance = centred.T @ centred / max(1, len(points) - 1)
    values, vectors = np.linalg.eigh(covariance)
    vectors = vectors.T[::-1][:count]
    peaks = np.abs(vectors).argmax(1)
    vectors = vectors * np.sign(vectors[np.arange(len(vectors)), peaks])[:, None]
    return mean, values[::-1][:count], vectors, np.trace(covariance)


def inside(cells, padded, size):
    """How many cells of a line lie in the picture: the grid's corners are those of the padded picture."""
    return int((np.arange(cells) * (padded - 1) / max(1, cells - 1) <= size - 1).sum())


def check_features(compare, report, path):
    features = np.load(path).astype(np.float64)
    d, h, w = features.shape
    compare("grid", [report["dimensions"], report["grid_height"], report["grid_width"]], [d, h, w], 0)
    rows = inside(h, report["padded_height"], report["height"])
    columns = inside(w, report["padded_width"], report["width"])
    points = features[:, :rows, :columns].reshape(d, -1).T
    compare("cells", report["cells"], len(points), 0)
    mean, values, vectors, trace = principal(points, 3)
    compare("total variance", report["total_variance"], trace, VARIANCE * max(1, trace))
    compare("explained variance", report["explained_variance"], values / trace, VARIANCE)
    compare("mean", report["mean"], mean, VARIANCE)
    compare("components", report["components"], vectors, COMPONENT)
    coordinates = (points - mean) @ vectors.T
    ranges = np.percentile(coordinates, [1, 99], axis=0).T
    compare("ranges", report["ranges"], ranges, COORDINATE * np.abs(ranges).max())


def softmax(scores):
    exponentials = np.exp(scores - scores.max())
    return exponentials / exponentials.sum()


def check_attention(compare, report, path, model):
    x = np.load(path).astype(np.float64)
    column, row = report["cell"]
    c, h, w = x.shape
    is_context = report["layer"] == "context"
    name = "context.attention" if is_context else "axial"
    if not is_context and report["refined"]:
        name = "refine.axial"

    def projection(part):
        weight, bias = tensor(model, f"{name}.{part}.weight"), tensor(model, f"{name}.{part}.bias")
        return np.einsum("oc,chw->ohw", weight.reshape(len(weight), c), x) + bias[:, None, None]

    query, key = projection("query"), projection("key")
    heads = len(report["heads"])
    depth = len(query) // heads
    # The axial layer divides scores by the root of a head's depth, the context's does not.
    scale = 1 if is_context else depth**-0.5
    parts = ["grid"] if is_context else ["row", "column"]
    expected = {part: [] for part in parts}
    for head in range(heads):
        channels = slice(head * depth, (head + 1) * depth)
        q, k = query[channels, row, column], key[channels]
        lines = [k.reshape(depth, -1)] if is_context else [k[:, row, :], k[:, :, column]]
        for part, line in zip(parts, lines):
            weights = softmax(scale * (q @ line))
            compare(f"{part} of head {head + 1}", report["heads"][head][part], weights, WEIGHT)
            expected[part].append(weights)
    inner = []
    for place, part in enumerate(parts):
        weights = np.mean(expected[part], 0)
        if report["head"] is not None:
            weights = expected[part][report["head"] - 1]
        compare(f"{part} shown", report["weights"][part], weights, WEIGHT)
        perplexity = np.exp(-(weights * np.log(weights)).sum())
        compare(f"{part}'s perplexity", report["weights"]["perplexity"][place], perplexity, 1e-3)
        columns = inside(w, report["padded_width"], report["width"])
        rows = inside(h, report["padded_height"], report["height"])
        if is_context:
            seen = weights.reshape(h, w)[:rows, :columns]
        else:
            seen = weights[: columns if part == "row" else rows]
        compare(f"{part}'s padding", report["padding_shares"][place], 1 - seen.sum(), WEIGHT)
        inner.append(seen.max())
    compare("peak", report["peak"], max(inner), WEIGHT)


def check_scatter(compare, report, path):
    features = np.load(path).astype(np.float64)
    points, stride = report["points"], report["sampling_stride"]
    y, x = np.array(points["y"]) // stride, np.array(points["x"]) // stride
    vectors = features[:, y, x].T
    mean, _, components, _ = principal(vectors, 2)
    coordinates = (vectors - mean) @ components.T
    model = report["models"][0]
    scale = np.abs(coordinates).max()
    compare("u", model["u"], coordinates[:, 0], COORDINATE * scale)
    compare("v", model["v"], coordinates[:, 1], COORDINATE * scale)
    distances = ((vectors[:, None] - vectors[None]) ** 2).sum(2)
    np.fill_diagonal(distances, np.inf)
    nearest = np.argsort(distances, axis=1, kind="stable")[:, :14]
    labels = np.array(points["class"])
    same = (labels[nearest] == labels[:, None]).mean(1)
    agreement = [same[labels == k["index"]].mean() for k in report["classes"] if k["pixels"]]
    found = [v for v in model["same_class_neighbours"] if v is not None]
    # Neighbours at one distance may change places: a few of a class's thousands.
    compare("same-class neighbours", found, agreement, 2e-3)
    counts = [int((labels == k["index"]).sum()) for k in report["classes"]]
    compare("counts", [k["pixels"] for k in report["classes"]], counts, 0)


def main():
    kind, path, *files = sys.argv[1:]
    with open(path) as file:
        report = json.load(file)
    faults = []

    def compare(what, found, expected, tolerance):
        found, expected = np.asarray(found, np.float64), np.asarray(expected, np.float64)
        if found.shape != expected.shape:
            faults.append(f"{what}: shape {found.shape}, not {expected.shape}")
        elif found.size and not (error := np.abs(found - expected).max()) <= tolerance:
            faults.append(f"{what}: off by {error:.3g}")

    checks = {"features": check_features, "attention": check_attention, "scatter": check_scatter}
    checks[kind](compare, report, *files)
    print("\n".join(faults) or f"{kind}: all numbers agree")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
