"""Small files that NumPy writes: archives with and without compression, and single arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from described import described
from hfgd_torch.random_weights import uniform
from weights import SEED


def numpy_files(folder: Path) -> dict[str, Any]:
    """All of them, and what is in them."""
    u = uniform("values", (2, 3), SEED)
    reals = {
        "float64": u,
        "float32": u.astype(np.float32),
        "float16": u.astype(np.float16),
        "fortran": np.asfortranarray(u.astype(np.float32)),
        "big_endian": u.astype(">f4"),
        "int64": np.array([-(2**53), 2**53]),
        "int32": np.array([-(2**31), 2**31 - 1], np.int32),
        "int16": np.array([-(2**15), 2**15 - 1], np.int16),
        "int8": np.array([-128, 127], np.int8),
        "uint64": np.array([0, 2**53], np.uint64),
        "uint32": np.array([0, 2**32 - 1], np.uint32),
        "uint16": np.array([0, 2**16 - 1], np.uint16),
        "uint8": np.array([[0, 255]], np.uint8),
        "bool": np.array([True, False]),
        "complex64": np.array([1 + 2j, -0.5j], np.complex64),
        "scalar": np.array(2.5, np.float32),
        "empty": np.zeros((0, 3), np.float32),
        "a/b.weight": u[:1].astype(np.float32),
    }
    others = {
        "names": np.array(["road", "sidewalk"]),
        "record": np.array([(1, 0.5)], dtype=[("id", "<i4"), ("score", "<f8")]),
    }
    objects = {"weight": u.astype(np.float32), "object": np.array([None, {}], object)}
    np.savez(folder / "plain.npz", **reals, **others)
    np.savez_compressed(folder / "compressed.npz", **reals, **others)
    np.savez(folder / "objects.npz", **objects)
    np.save(folder / "array.npy", reals["float32"])
    np.save(folder / "fortran.npy", reals["fortran"])
    with (folder / "version-3.npy").open("wb") as file:
        np.lib.format.write_array(file, reals["float16"], version=(3, 0))
    archive = described({**reals, **others})
    return {
        "plain.npz": archive,
        "compressed.npz": archive,
        "objects.npz": described(objects),
        "array.npy": described(reals["float32"]),
        "fortran.npy": described(reals["fortran"]),
        "version-3.npy": described(reals["float16"]),
    }
