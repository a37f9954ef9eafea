"""Small files of every shape that PyTorch, NumPy and safetensors write, and what is in them.

`expected.json` lists, for each file, its tensors in the order in which they are written: the path
of keys that leads to it, dtype (as safetensors calls it), shape and values in row-major order as
float64 (re and im in turn for complex numbers). `other` are paths of what looks like a tensor and
is none that can be read; `refused` says why a file is none of weights.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from described import described
from huggingface_hub import save_torch_state_dict
from small_numpy import numpy_files
from small_torch import refused_files, tensor, torch_files


def write_small_files(folder: Path) -> int:
    """Writes all files and `expected.json`; returns their size in bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    expected = {
        **torch_files(folder),
        **refused_files(folder),
        **numpy_files(folder),
        **sharded_files(folder),
    }
    text = json.dumps(expected, separators=(",", ":"), sort_keys=True)
    (folder / "expected.json").write_text(text.replace('},"', '},\n"') + "\n")
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def sharded_files(folder: Path) -> dict[str, Any]:
    """Two shards and their index, of safetensors and, all names behind a prefix, of PyTorch."""
    content = {"a.weight": tensor("a.weight", 4, 8), "b.weight": tensor("b.weight", 4, 8)}
    (folder / "sharded").mkdir(exist_ok=True)
    save_torch_state_dict(content, folder / "sharded", max_shard_size=160)
    return {
        "sharded/model.safetensors.index.json": described(content),
        "sharded-torch/pytorch_model.bin.index.json": sharded_torch(folder / "sharded-torch"),
    }


def sharded_torch(folder: Path) -> dict[str, Any]:
    """Two shards as transformers wrote them with torch.save, and their index."""
    folder.mkdir(exist_ok=True)
    names = ["model.a.weight", "model.b.weight"]
    content = {name: tensor(name, 4, 8) for name in names}
    files = {name: f"pytorch_model-{i + 1:05}-of-00002.bin" for i, name in enumerate(names)}
    for name, file in files.items():
        torch.save({name: content[name]}, folder / file)
    index = {"metadata": {"total_size": 256}, "weight_map": files}
    text = json.dumps(index, indent=2) + "\n"
    (folder / "pytorch_model.bin.index.json").write_text(text)
    return described(content)
