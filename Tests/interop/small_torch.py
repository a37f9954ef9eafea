"""Small files that torch.save, torch.jit and timm's trainer write."""

from __future__ import annotations

import argparse
import io
import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import timm.utils
import torch
from described import described
from hfgd_torch.random_weights import uniform
from weights import SEED, randomize


def tensor(name: str, *shape: int) -> torch.Tensor:
    """A float32 tensor whose values follow from its name."""
    return torch.from_numpy(uniform(name, shape, SEED).astype(np.float32))


def all_dtypes() -> dict[str, torch.Tensor]:
    """A tensor of each dtype, and the shapes at the edge."""
    integers = {
        torch.int64: 2**53,
        torch.int32: 2**31 - 1,
        torch.int16: 2**15 - 1,
        torch.int8: 127,
    }
    reals = (torch.float64, torch.float32, torch.float16, torch.bfloat16)
    u = torch.from_numpy(uniform("values", (2, 3), SEED))
    return {
        **{str(dtype).partition(".")[2]: u.to(dtype) for dtype in reals},
        **{
            str(dtype).partition(".")[2]: torch.tensor([-largest, -1, 0, largest], dtype=dtype)
            for dtype, largest in integers.items()
        },
        "uint8": torch.tensor([[0, 1], [254, 255]], dtype=torch.uint8),
        "bool": torch.tensor([True, False, True]),
        "complex64": torch.tensor([1 + 2j, -0.5 - 0.25j], dtype=torch.complex64),
        "scalar": torch.tensor(3.5),
        "counter": torch.tensor(12345),
        "empty": torch.zeros(0),
        "empty_rows": torch.zeros(0, 3, 2),
    }


def rare_dtypes() -> dict[str, torch.Tensor]:
    """Dtypes whose storages have no type of their own in a file."""
    u = tensor("values", 2, 3)
    return {
        "uint64": torch.tensor([0, 2**53], dtype=torch.uint64),
        "uint32": torch.tensor([0, 2**32 - 1], dtype=torch.uint32),
        "uint16": torch.tensor([0, 2**16 - 1], dtype=torch.uint16),
        "float8_e4m3fn": u.to(torch.float8_e4m3fn),
        "float8_e5m2": u.to(torch.float8_e5m2),
    }


def views() -> dict[str, torch.Tensor]:
    """Tensors that share one storage."""
    base = tensor("base", 4, 6)
    return {
        "base": base,
        "tied": base,
        "transposed": base.t(),
        "rows": base[1:3],
        "columns": base[:, 2:5],
        "every_other": base[::2, 1::3],
        "one": base[2, 3],
        "expanded": base[:, :1].expand(4, 5),
        "permuted": tensor("permuted", 2, 3, 2, 2).to(memory_format=torch.channels_last),
        "parameter": torch.nn.Parameter(tensor("parameter", 3)),
        "constant": torch.nn.Parameter(tensor("constant", 2), requires_grad=False),
    }


def network() -> torch.nn.Module:
    """A convolution and its batch norm, with weights of their own."""
    body = torch.nn.Sequential(
        OrderedDict(conv=torch.nn.Conv2d(3, 4, 3, bias=False), bn=torch.nn.BatchNorm2d(4))
    )
    model = torch.nn.Sequential(OrderedDict(stem=body))
    randomize(model)
    return model


def state() -> OrderedDict[str, torch.Tensor]:
    """What a model's state_dict is: an OrderedDict with the attribute _metadata."""
    return network().state_dict()


def prefixed(prefix: str) -> OrderedDict[str, torch.Tensor]:
    """The same behind a prefix."""
    return OrderedDict((prefix + name, value) for name, value in state().items())


def averaged() -> OrderedDict[str, torch.Tensor]:
    """Weights that differ from the raw ones as an average's do."""
    return OrderedDict(
        (name, 0.875 * value if value.is_floating_point() else value)
        for name, value in state().items()
    )


def mmengine_ema() -> dict[str, Any]:
    """What mmengine's EMAHook saves: weights and average exchanged, and the average's steps."""
    return {
        "meta": {},
        "state_dict": averaged(),
        "ema_state_dict": OrderedDict(steps=torch.tensor(7), **prefixed("module.")),
    }


def training() -> dict[str, Any]:
    """What a training script saves to go on later."""
    model = network()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "epoch": 3,
        "best": 0.75,
        "args": argparse.Namespace(lr=1e-3, data=Path("data"), sizes=(1, 2), seed=None),
        "device": torch.device("cpu"),
        "dtype": torch.float32,
        "size": torch.Size([1, 2]),
        "done": {1, 2},
        "big": 2**70,
        "bytes": b"\x00\xff",
        "text": "naïve Δ",
        "flags": [True, False, None],
    }


def mmseg_0() -> dict[str, Any]:
    """The dictionary that mmsegmentation 0.x saved with mmcv 1.x."""
    return {
        "meta": {
            "env_info": "sys.platform: linux",
            "seed": 0,
            "exp_name": "fpn_r50.py",
            "mmseg_version": "0.30.0",
            "config": "norm_cfg = dict(type='SyncBN', requires_grad=True)\n",
            "CLASSES": ("road", "sidewalk"),
            "PALETTE": [[128, 64, 128], [244, 35, 232]],
            "epoch": 2,
            "iter": 80000,
            "mmcv_version": "1.7.0",
            "time": "Tue Jan  3 12:00:00 2023",
            "hook_msgs": {},
        },
        "state_dict": prefixed("backbone."),
        "optimizer": {"state": {}, "param_groups": [{"lr": 0.01, "params": [0, 1, 2]}]},
    }


def numpy_inside() -> dict[str, Any]:
    """NumPy's scalars and arrays beside a tensor."""
    return {
        "weight": tensor("weight", 2, 2),
        "array": uniform("array", (2, 3), SEED).astype(np.float32),
        "fortran": np.asfortranarray(uniform("fortran", (2, 3), SEED)),
        "best": np.float64(0.75),
        "count": np.int64(3),
        "flag": np.bool_(True),
    }


def timm_ema(folder: Path) -> dict[str, Any]:
    """A checkpoint of timm's trainer that has averaged weights too."""
    model = network()
    ema = timm.utils.ModelEmaV3(model, decay=0.5)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(1.5)
    ema.update(model)
    saver = timm.utils.CheckpointSaver(
        model,
        torch.optim.SGD(model.parameters(), lr=0.1),
        model_ema=ema,
        checkpoint_dir=str(folder),
        max_history=1,
    )
    saver.save_checkpoint(epoch=1, metric=50.0)
    (folder / "last.pth.tar").unlink()
    (folder / "checkpoint-1.pth.tar").unlink()
    (folder / "model_best.pth.tar").rename(folder / "timm-ema.pth.tar")
    return torch.load(folder / "timm-ema.pth.tar", weights_only=False)


def torch_files(folder: Path) -> dict[str, Any]:
    """Zip files, and some of them as streams of pickles too."""
    contents: dict[str, Any] = {
        "dtypes": all_dtypes(),
        "rare-dtypes": rare_dtypes(),
        "views": views(),
        "state": state(),
        "training": training(),
        "numpy": numpy_inside(),
        "wrapped-module": {"model": prefixed("module."), "epoch": 1},
        "wrapped-compiled": {"model_state_dict": prefixed("_orig_mod.")},
        "wrapped-deep": {"state_dict": {"teacher": prefixed("model.")}},
        "wrapped-ema": {"state_dict": state(), "ema": averaged()},
        "wrapped-ema-state": {"ema_state_dict": averaged(), "state_dict": state(), "meta": {}},
        "wrapped-score": {
            "epoch": 3,
            "arch": "network",
            "state_dict": prefixed("module."),
            "best_acc1": torch.tensor(61.5),
        },
        "mmengine-ema": mmengine_ema(),
        "wrapped-ema-only": {"ema_state_dict": prefixed("module."), "iter": 7},
        "mmseg-0.x": mmseg_0(),
        "tensor": tensor("alone", 2, 2),
        "list": [tensor("first", 2), (tensor("second", 1, 2), {"third": tensor("third", 1)})],
        "nothing": {},
    }
    expected = {}
    for name, content in contents.items():
        torch.save(content, folder / f"{name}.pth")
        expected[f"{name}.pth"] = described(content)
    for name in ("dtypes", "views", "training", "numpy"):
        file = f"{name}-legacy.pth"
        torch.save(contents[name], folder / file, _use_new_zipfile_serialization=False)
        expected[file] = described(contents[name])
    for protocol in (3, 4, 5):
        file = f"training-protocol-{protocol}.pth"
        torch.save(contents["training"], folder / file, pickle_protocol=protocol)
        expected[file] = described(contents["training"])
    file = "views-protocol-4-legacy.pth"
    torch.save(
        contents["views"],
        folder / file,
        pickle_protocol=4,
        _use_new_zipfile_serialization=False,
    )
    expected[file] = described(contents["views"])
    sparse = {"dense": tensor("dense", 2, 2), "sparse": torch.eye(3).to_sparse()}
    torch.save(sparse, folder / "sparse.pth")
    expected["sparse.pth"] = described(sparse)
    expected["timm-ema.pth.tar"] = described(timm_ema(folder))
    rezipped(folder / "views.pth", folder / "views-deflated.pth", zipfile.ZIP_DEFLATED)
    expected["views-deflated.pth"] = described(contents["views"])
    return expected


def rezipped(source: Path | BinaryIO, target: Path, method: int, without: str = "\0") -> None:
    """What unpacking and zipping again makes of a file, less the entries of one extension."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if not name.endswith(without):
                info = zipfile.ZipInfo(name)
                info.compress_type = method
                new.writestr(info, old.read(name))


def refused_files(folder: Path) -> dict[str, Any]:
    """Files that hold code, or no weights."""
    module = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3)).eval()
    randomize(module)
    torch.save(module, folder / "module.pth")
    torch.save({"model": module, "epoch": 1}, folder / "module-wrapped.pth")
    traced = io.BytesIO()
    torch.jit.save(torch.jit.trace(module, torch.zeros(1, 2)), traced)
    # The debugging entries hold the paths of this machine's Python files.
    rezipped(traced, folder / "scripted.pt", zipfile.ZIP_STORED, without=".debug_pkl")
    exported = torch.export.export(module, (torch.zeros(1, 2),))
    for node in exported.graph.nodes:
        node.meta.pop("stack_trace", None)
    torch.export.save(exported, folder / "exported.pt2")
    (folder / "plain.pkl").write_bytes(pickle.dumps({"model": {"weight": np.zeros(2)}}))
    with zipfile.ZipFile(folder / "other.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("notes.txt"), "no weights\n")
    return {
        "module.pth": {"refused": "a whole nn.Module"},
        "module-wrapped.pth": {"refused": "a whole nn.Module in a dictionary"},
        "scripted.pt": {"refused": "TorchScript"},
        "exported.pt2": {"refused": "an exported program"},
        "plain.pkl": {"refused": "a pickle that torch.save did not write"},
        "other.zip": {"refused": "a zip file without weights"},
    }
