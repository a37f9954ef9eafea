"""The batches of a run, and the pictures of a validation, read by processes of their own."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from hfgd_torch import distributed
from hfgd_torch.augmentation import augmented, draw
from hfgd_torch.config import InputNormalization
from hfgd_torch.data import DataSet
from hfgd_torch.errors import DataError
from hfgd_torch.losses import IGNORED
from hfgd_torch.recipe import Recipe
from hfgd_torch.sample_order import Place, SampleOrder, seed_of

Item = tuple[Tensor, Tensor]
"""A picture and its labels."""


@dataclass(frozen=True)
class _Crops(Dataset[Item | DataError]):
    """Augmented samples by their places: [3, H, W] normalised, [H, W] with -1 where ignored."""

    data: DataSet
    recipe: Recipe
    classes: int
    normalization: InputNormalization

    def __getitem__(self, place: Place) -> Item | DataError:
        try:
            picture, labels = self.data.samples[place.sample].read(self.classes)
        except DataError as error:
            return error
        state = seed_of([self.recipe.seed, place.epoch, place.sample])
        drawn = draw(state, picture.shape[1], picture.shape[0], self.recipe)
        labels[labels == self.classes] = IGNORED
        crop, target = augmented(picture, labels, drawn, self.recipe, self.normalization)
        return _tensor(crop).permute(2, 0, 1), _tensor(target)


@dataclass(frozen=True)
class _Pictures(Dataset[Item | DataError]):
    """Samples as they are: [H, W, 3] in 0…255, [H, W] with -1 where ignored, K for no class."""

    data: DataSet
    classes: int

    def __getitem__(self, index: int) -> Item | DataError:
        try:
            picture, labels = self.data.samples[index].read(self.classes)
        except DataError as error:
            return error
        return _tensor(picture), _tensor(labels)


def training_batches(
    data: DataSet,
    recipe: Recipe,
    classes: int,
    normalization: InputNormalization,
    first_step: int,
    workers: int,
    pin_memory: bool,
) -> Iterator[Item]:
    """This process's share of each batch from a step on: [n, 3, H, W] and [n, H, W].

    A batch follows from the data, the recipe and the step alone, wherever a run is resumed.

    Raises:
        DataError: A sample cannot be read.
    """
    order = SampleOrder(len(data.samples), recipe.batch, recipe.seed)
    rank, processes = distributed.rank(), distributed.count()
    loader = DataLoader(
        _Crops(data, recipe, classes, normalization),
        batch_sampler=_Shares(order, rank, processes, range(first_step, recipe.steps)),
        collate_fn=_stacked,
        num_workers=workers,
        pin_memory=pin_memory,
        worker_init_fn=partial(_undisturbed, os.getpid()),
    )
    return _checked(loader)


def validation_pictures(
    data: DataSet, classes: int, workers: int, pin_memory: bool
) -> Iterator[Item | None]:
    """This process's share of the samples, one after the other: [H, W, 3] and [H, W].

    All processes get equally many: those whose share is smaller None at the end.

    Raises:
        DataError: A sample cannot be read.
    """
    share = range(distributed.rank(), len(data.samples), distributed.count())
    loader = DataLoader(
        _Pictures(data, classes),
        sampler=share,
        batch_size=None,
        num_workers=workers,
        pin_memory=pin_memory,
        worker_init_fn=partial(_undisturbed, os.getpid()),
    )
    yield from _checked(loader)
    if len(share) * distributed.count() < len(data.samples):
        yield None


@dataclass(frozen=True)
class _Shares:
    """The places of one process, step by step."""

    order: SampleOrder
    rank: int
    processes: int
    steps: range

    def __iter__(self) -> Iterator[list[Place]]:
        for step in self.steps:
            yield self.order.places(step, self.rank, self.processes)

    def __len__(self) -> int:
        return len(self.steps)


def _checked(loader: DataLoader[Item | DataError]) -> Iterator[Item]:
    """What a loader gives; a failure in one of its processes is raised here, as it was told."""
    for item in loader:
        if isinstance(item, DataError):
            raise item
        yield item


def _stacked(items: list[Item | DataError]) -> Item | DataError:
    for item in items:
        if isinstance(item, DataError):
            return item
    images, labels = zip(*items, strict=True)
    return torch.stack(images), torch.stack(labels)


def _tensor(values: NDArray[np.generic]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(values))


def _undisturbed(trainer: int, _: int) -> None:
    """Keeps a worker from signals that are meant for the process that trains, and started it.

    Ctrl-C reaches all processes of a terminal, SIGTERM all of a group under torchrun and all of a
    job under Slurm. A worker that died of it would take the run along before it is saved.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    threading.Thread(target=_end_when_told, args=(trainer,), daemon=True).start()


def _end_when_told(trainer: int) -> None:
    """Ends this process at a SIGTERM of the trainer's own, its last means to end a worker."""
    while signal.sigwaitinfo({signal.SIGTERM}).si_pid != trainer:
        pass
    os._exit(0)
