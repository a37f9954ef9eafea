"""What a small file holds, as the tests expect to read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

DTYPES = {
    "float64": "F64",
    "float32": "F32",
    "float16": "F16",
    "float8_e4m3fn": "F8_E4M3",
    "float8_e5m2": "F8_E5M2",
    "bfloat16": "BF16",
    "int64": "I64",
    "int32": "I32",
    "int16": "I16",
    "int8": "I8",
    "uint64": "U64",
    "uint32": "U32",
    "uint16": "U16",
    "uint8": "U8",
    "bool": "BOOL",
    "complex64": "C64",
}
"""What safetensors calls a dtype."""
NOT_IN_NUMPY = (torch.bfloat16, torch.float8_e4m3fn, torch.float8_e5m2)

KeyPath = tuple[str, ...]


def described(content: Any) -> dict[str, Any]:  # noqa: ANN401
    """The tensors of an object, and what cannot be read as one."""
    tensors, other = [], []
    for path, value in leaves(content, ()):
        entry = entry_of(value)
        if entry:
            tensors.append({"path": path, **entry})
        else:
            other.append(path)
    return {"tensors": tensors, "other": other}


def leaves(content: Any, path: KeyPath) -> Iterator[tuple[KeyPath, torch.Tensor | np.ndarray]]:  # noqa: ANN401
    """The tensors and arrays in dictionaries and lists, depth first."""
    if isinstance(content, torch.Tensor | np.ndarray):
        yield path, content
    elif isinstance(content, dict):
        for key, value in content.items():
            yield from leaves(value, (*path, str(key)))
    elif isinstance(content, list | tuple):
        for index, value in enumerate(content):
            yield from leaves(value, (*path, str(index)))


def entry_of(value: torch.Tensor | np.ndarray) -> dict[str, Any] | None:
    """Dtype, shape and values; nothing where there is no dense array of numbers."""
    if isinstance(value, torch.Tensor):
        if value.is_sparse:
            return None
        value = value.detach()
        dtype = DTYPES[str(value.dtype).partition(".")[2]]
        array = (value.float() if value.dtype in NOT_IN_NUMPY else value).numpy()
    else:
        if value.dtype.name not in DTYPES:
            return None
        dtype, array = DTYPES[value.dtype.name], value
    numbers = array.reshape(-1)
    if dtype == "C64":
        numbers = numbers.view(np.float32)
    return {"dtype": dtype, "shape": list(array.shape), "values": numbers.tolist()}
