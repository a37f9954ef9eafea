"""Processes that share a batch; a process by itself has all of it, and its sums are as they are.

torchrun starts them, or whatever else sets RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR, MASTER_PORT.

Every process minimises the loss of the whole batch: what the paper takes of a batch, such as
statistics, class centres and means over pixels, is summed over the processes inside the graph. The
gradients that then arrive are those of as many equal losses as there are processes, and the mean
over the processes that DistributedDataParallel takes is the gradient of the loss.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import torch
import torch.distributed as dist
from torch import Tensor

from hfgd_torch.errors import RunError, UserError


def count() -> int:
    """How many processes share a batch."""
    return dist.get_world_size() if dist.is_initialized() else 1


def rank() -> int:
    """The number of this process, from 0."""
    return dist.get_rank() if dist.is_initialized() else 0


def is_first() -> bool:
    """Whether this is the process that writes and reports."""
    return rank() == 0


class _Sum(torch.autograd.Function):
    """Σ over the processes; a gradient is that of all their losses."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:  # noqa: ANN401
        return total(x)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:  # noqa: ANN401
        return total(gradient)


def summed(x: Tensor) -> Tensor:
    """The sum of a tensor over the processes, through which gradients reach each of them."""
    return _Sum.apply(x) if count() > 1 else x


@torch.no_grad()
def total(x: Tensor) -> Tensor:
    """The sum of a tensor over the processes, without gradients."""
    if count() == 1:
        return x
    sum_ = x.clone(memory_format=torch.contiguous_format)
    dist.all_reduce(sum_)
    return sum_


def any_of(flag: bool) -> bool:
    """Whether the flag is true in any process; all have to ask."""
    return total(torch.tensor(int(flag))).item() > 0


def meet() -> None:
    """Waits until all processes have come here.

    Whoever started them may end all as soon as one leaves with another status than 0, so none is to
    leave while the first still writes.
    """
    any_of(False)


Result = TypeVar("Result")


def together(work: Callable[[], Result]) -> Result:
    """What `work` gives, once it has gone well in all processes.

    Raises:
        UserError: That of the first process in which it failed, in all of them.
    """
    result: Result | None = None
    failure: UserError | None = None
    try:
        result = work()
    except UserError as error:
        failure = error
    failures: list[UserError | None] = [failure]
    if count() > 1:
        failures = [None] * count()
        dist.all_gather_object(failures, failure)
    for found in failures:
        if found is not None:
            found.is_common = True
            raise found
    return result  # type: ignore[return-value]


def check_agreement(value: object, remedy: str) -> None:
    """Makes sure that all processes have the value of the first, before their sums mix.

    Raises:
        RunError: A process has another value.
    """
    if count() == 1:
        return
    values: list[object] = [None] * count()
    dist.all_gather_object(values, value)
    for other, found in enumerate(values):
        if found != values[0]:
            error = RunError(f"process {other} differs from process 0; {remedy}")
            error.is_common = True
            raise error


@contextmanager
def joined(device: str | None) -> Iterator[torch.device]:
    """Joins the processes that were started together, if any, and gives the device of this one.

    Args:
        device: Where to compute; by default a GPU of its own for each process, else the CPU.

    Raises:
        RunError: There is no such device.
    """
    own = device_of_process(device)
    is_one_of_several = "RANK" in os.environ and "WORLD_SIZE" in os.environ
    if is_one_of_several:
        dist.init_process_group("cpu:gloo,cuda:nccl" if own.type == "cuda" else "gloo")
    yield own
    # After a failure the others may wait in a sum; whoever started them ends them.
    if is_one_of_several:
        dist.destroy_process_group()


def device_of_process(name: str | None) -> torch.device:
    """The device of a name; without a number a GPU is that of the process's number here.

    Raises:
        RunError: There is no such device.
    """
    local = int(os.environ.get("LOCAL_RANK", "0"))
    name = name or ("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        if device.type == "cuda":
            device = torch.device("cuda", local if device.index is None else device.index)
            torch.cuda.set_device(device)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).partition("\n")[0]
        raise RunError(
            f"process {local} cannot compute on {name}: {reason}; give --device cpu, or start "
            "as many processes as there are GPUs (torchrun --nproc-per-node)"
        ) from error
    return device
