"""Writes what umap-learn makes of some points up to its layout: `pip install umap-learn`, then `python make_umap.py`.

The points are three clusters of different width, and among them some that lie in the same place. The layout itself is
the end of a chaotic process and can be compared by its properties alone.
"""

import json
from pathlib import Path

import numpy as np
from umap.umap_ import find_ab_params, fuzzy_simplicial_set, nearest_neighbors, smooth_knn_dist

NEIGHBOURS = 10

random = np.random.RandomState(7)
points = np.concatenate(
    [
        random.normal(0, 1, (40, 6)),
        random.normal(4, 0.3, (30, 6)),
        random.normal((-5, 3, 0, 0, 2, 1), 0.7, (20, 6)),
    ]
).round(3)
points[5] = points[6]
points = points.astype(np.float32)

indices, distances, _ = nearest_neighbors(points, NEIGHBOURS, "euclidean", {}, False, random)
sigmas, rhos = smooth_knn_dist(distances.astype(np.float32), float(NEIGHBOURS))
graph, _, _ = fuzzy_simplicial_set(
    points, NEIGHBOURS, random, "euclidean", knn_indices=indices, knn_dists=distances
)
graph = graph.tocsr()
graph.sort_indices()
graph = graph.tocoo()
curves = {str(d): [float(v) for v in find_ab_params(1.0, d)] for d in (0.0, 0.1, 0.25, 0.5, 0.8)}


def rounded(values):
    return [float(f"{v:.7g}") for v in np.asarray(values, np.float64).ravel()]


golden = {
    "dimensions": points.shape[1],
    "neighbours": NEIGHBOURS,
    "points": rounded(points),
    "distances": rounded(distances),
    "sigmas": rounded(sigmas),
    "rhos": rounded(rhos),
    "from": graph.row.tolist(),
    "to": graph.col.tolist(),
    "weights": rounded(graph.data),
    "curves": curves,
}
Path(__file__).with_name("umap.json").write_text(json.dumps(golden) + "\n")
