"""Recomputes every number of `hfgd tokens --json` from the checkpoints themselves, in NumPy.

    hfgd tokens A.safetensors B.safetensors --json > tokens.json
    python3 Tests/numpy/check_tokens.py tokens.json

The safetensors files are read here, with nothing but their description of the format. Exit status 1 and a line
for each difference where something does not agree.
"""

import json
import struct
import sys

import numpy as np

# Both sides work in double precision; only the order of their sums differs: D products of about 1 lose D units in the
# last place at worst, 256 · 2⁻⁵², and the softmax takes that on as a relative error.
TOLERANCE = 1e-12

DTYPES = {"F64": np.float64, "F32": np.float32, "F16": np.float16}


def tensor(path, name):
    """The tensor `name` of a safetensors file, in double precision."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        entry = json.loads(file.read(length))[name]
        begin, end = entry["data_offsets"]
        file.seek(8 + length + begin)
        data = file.read(end - begin)
    if entry["dtype"] == "BF16":
        values = (np.frombuffer(data, np.uint16).astype(np.uint32) << 16).view(np.float32)
    else:
        values = np.frombuffer(data, DTYPES[entry["dtype"]])
    return values.reshape(entry["shape"]).astype(np.float64)


def softmax(scores):
    """Along rows."""
    exponentials = np.exp(scores - scores.max(1, keepdims=True))
    return exponentials / exponentials.sum(1, keepdims=True)


def clustered(distances):
    """The leaves of average linkage, from the definition: means over all pairs of members."""
    clusters = [[i] for i in range(len(distances))]
    while len(clusters) > 1:
        means = [
            (distances[np.ix_(a, b)].mean(), i, j)
            for i, a in enumerate(clusters)
            for j, b in enumerate(clusters)
            if i < j
        ]
        _, i, j = min(means)
        clusters[i] += clusters.pop(j)
    return clusters[0]


def main():
    with open(sys.argv[1]) as file:
        report = json.load(file)
    faults = []

    def compare(what, found, expected):
        found, expected = np.array(found), np.array(expected)
        if found.shape != expected.shape:
            faults.append(f"{what}: shape {found.shape}, not {expected.shape}")
        elif (error := np.abs(found - expected).max()) > TOLERANCE:
            faults.append(f"{what}: off by {error:.3g}")

    assert report["schema"] == "hfgd.tokens/1", report["schema"]
    matrices, cosines = [], []
    for model in report["models"]:
        w = tensor(model["model"], "tokens.weight")
        name = model["name"]
        compare(f"{name} width", model["width"], w.shape[1])
        assert len(report["classes"]) == len(w)
        tau = 1 if report["scale"] == "one" else 1 / np.sqrt(w.shape[1])
        compare(f"{name} tau", model["tau"], tau)
        lengths = np.linalg.norm(w, axis=1)
        compare(f"{name} lengths", model["lengths"], lengths)
        dependency = softmax(tau * (w @ w.T))
        compare(f"{name} confidence", model["confidence"], np.diag(dependency))
        compare(f"{name} mean", model["mean_confidence"], np.diag(dependency).mean())
        cosines.append((w / lengths[:, None]) @ (w / lengths[:, None]).T)
        matrices.append(dependency if report["values"] == "softmax" else cosines[-1])
        compare(f"{name} matrix", model["matrix"], matrices[-1])
    if len(matrices) > 1:
        compare("difference", report["difference"], matrices[1] - matrices[0])
    classes = len(report["classes"])
    order = clustered(1 - cosines[0]) if report["order_by"] == "clustered" else list(range(classes))
    if report["order"] != order:
        faults.append(f"order: {report['order']}, not {order}")

    print("\n".join(faults) or f"{len(matrices)} models, {classes} classes: all numbers agree")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
