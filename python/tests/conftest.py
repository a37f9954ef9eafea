"""A small data set, and the programs that tests start."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

PACKAGE = Path(__file__).resolve().parents[1]
SIZE = (96, 72)
"""Width and height of the pictures."""
SCENES = PACKAGE.parent / "samples" / "scenes"
"""Drawn street scenes with labels, which come with the repository."""

HFGD = Path(os.environ.get("HFGD", PACKAGE.parent / ".build" / "release" / "hfgd"))
"""The Swift program, for tests of both."""

Run = subprocess.CompletedProcess[str]


@pytest.fixture(scope="session")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight drawn scenes in CamVid's classes, small, as PNG: six in `train`, two in `val`."""
    root = tmp_path_factory.mktemp("scenes")
    for number, picture in enumerate(sorted((SCENES / "val").glob("*.jpg"))):
        split = "train" if number < 6 else "val"
        label = SCENES / "valannot" / f"{picture.stem}.png"
        for source, folder, filter_ in (
            (picture, split, Image.Resampling.BOX),
            (label, f"{split}annot", Image.Resampling.NEAREST),
        ):
            target = root / folder / f"0001TP_{picture.stem}.png"
            target.parent.mkdir(exist_ok=True)
            Image.open(source).resize(SIZE, filter_).save(target)
    return root


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """Of started programs: one thread, and this package."""
    paths = [str(PACKAGE), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(paths)}


@pytest.fixture(scope="session")
def train(environment: dict[str, str]) -> Callable[..., Run]:
    """`hfgd-train` with arguments, on the CPU; under torchrun where `processes` is given."""

    def run(*arguments: object, processes: int | None = None) -> Run:
        started = ["-m", "hfgd_torch.train"]
        if processes:
            started = torchrun(processes) + started
        command = [sys.executable, *started, "--device", "cpu", *map(str, arguments)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    return run


@pytest.fixture(scope="session")
def hfgd(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Run]:
    """The Swift program with arguments; what it prints has to be right."""
    if not HFGD.exists():
        pytest.skip(f"there is no {HFGD}; make build, or set HFGD to the program")
    store = tmp_path_factory.mktemp("store") / "results.sqlite"

    def run(*arguments: object) -> Run:
        command = [str(HFGD), *map(str, arguments)]
        environment = os.environ | {"HFGD_STORE": str(store), "HFGD_THREADS": "1"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done

    return run


def torchrun(processes: int) -> list[str]:
    """Arguments of Python that start a program in several processes of this machine."""
    return ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(processes)]


def places(processes: int) -> list[dict[str, str]]:
    """The variables that tell each of several processes its place, where torchrun does not."""
    with socket.create_server(("localhost", 0)) as server:
        port = server.getsockname()[1]
    common = {"MASTER_ADDR": "localhost", "MASTER_PORT": f"{port}", "WORLD_SIZE": f"{processes}"}
    return [{"RANK": f"{n}", "LOCAL_RANK": f"{n}"} | common for n in range(processes)]
