"""Batch norm and losses of a batch that two processes share, against the whole in one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch import Tensor

from hfgd_torch import distributed
from hfgd_torch.car import car_terms
from hfgd_torch.layers import BatchNorm
from hfgd_torch.losses import cross_entropy, dice
from hfgd_torch.mask_losses import class_loss, mask_loss
from hfgd_torch.random_weights import uniform
from hfgd_torch.segvit import MaskGroup

PROCESSES = 2
CLASSES = 3
SHAPE = (4, 6, 5, 7)
Compute = Callable[..., dict[str, Tensor]]
LAYOUTS = {"NCHW": torch.contiguous_format, "NHWC": torch.channels_last}


def values(name: str, shape: tuple[int, ...] = SHAPE) -> Tensor:
    """Random numbers about 3, so that means are not small."""
    return torch.from_numpy(uniform(name, shape, 3) + 3)


def labels() -> Tensor:
    """-1 … 1, so that class 2 is absent; the last picture has no class at all."""
    numbers = (values("labels", (4, 5, 7)) - 3 + 1) * 1.5 - 1
    numbers = numbers.floor().long()
    numbers[3] = -1
    return numbers


def computed(share: slice, dtype: torch.dtype, layout: str) -> dict[str, Tensor]:
    """A step of batch norm and of the losses on a share of the batch, with their gradients."""
    bn = BatchNorm(SHAPE[1], 1e-3).double()
    with torch.no_grad():
        bn.weight.copy_(values("weight", (SHAPE[1],)))
        bn.bias.copy_(values("bias", (SHAPE[1],)))
    if dtype != torch.float64:
        bn.float()
    x = values("x")[share].to(dtype).contiguous(memory_format=LAYOUTS[layout]).requires_grad_()
    y = bn(x)
    # Not of x alone: what is below the loss is the same in all processes.
    y.backward((values("gradient")[share] - 3).to(dtype))
    features = values("features")[share].requires_grad_()
    logits = values("logits", (4, CLASSES, 5, 7))[share].requires_grad_()
    truth = labels()[share]
    losses = [
        cross_entropy(logits, truth, "valid_pixels"),
        cross_entropy(logits, truth, "all_pixels"),
        dice(logits, truth),
        *car_terms(features, truth, CLASSES, ignored_in_c2p=False).values(),
        *car_terms(features, truth, CLASSES, ignored_in_c2p=True).values(),
        *car_terms(features, truth, CLASSES, True, intra_form="mean_square").values(),
    ]
    # The mean over the processes is DistributedDataParallel's.
    (torch.stack(losses).sum() / distributed.count()).backward()
    return {
        "y": y.detach(),
        "x.grad": x.grad,
        "weight.grad": distributed.total(bn.weight.grad),
        "bias.grad": distributed.total(bn.bias.grad),
        "running_mean": bn.running_mean,
        "running_var": bn.running_var,
        "losses": torch.stack(losses).detach(),
        "features.grad": features.grad,
        "logits.grad": logits.grad,
    }


def computed_of_masks(share: slice) -> dict[str, Tensor]:
    """The losses of masks on a share of the batch, whose second half has no class at all."""
    masks = values("masks", (4, CLASSES, 2, 3))[share].requires_grad_()
    classes = values("classes", (4, CLASSES, CLASSES + 1))[share].requires_grad_()
    truth = ((values("labels", (4, 25, 41)) - 3 + 1) * 1.5 - 1).floor().long()
    truth[2:] = -1
    group = MaskGroup(masks, classes)
    losses = torch.stack([loss(group, truth[share]) for loss in (mask_loss, class_loss)])
    (losses.sum() / distributed.count()).backward()
    return {"losses": losses.detach(), "masks.grad": masks.grad, "classes.grad": classes.grad}


def process(rank: int, folder: str, compute: Compute, *arguments: object) -> None:
    """One of the processes."""
    torch.set_num_threads(1)
    store = f"file://{folder}/store"
    dist.init_process_group("gloo", init_method=store, rank=rank, world_size=PROCESSES)
    size = SHAPE[0] // PROCESSES
    found = compute(slice(rank * size, (rank + 1) * size), *arguments)
    torch.save(found, f"{folder}/{rank}.pt")
    # Gloo ends a process whose partner leaves in the middle of its last exchange.
    dist.barrier()
    dist.destroy_process_group()


@pytest.mark.parametrize(
    ("dtype", "layout", "tolerance"),
    [
        (torch.float64, "NCHW", 1e-12),
        (torch.float32, "NHWC", 1e-5),
        (torch.bfloat16, "NCHW", 2e-2),
    ],
)
def test_shares_make_the_whole(
    dtype: torch.dtype, layout: str, tolerance: float, tmp_path: Path
) -> None:
    """Output, gradients, running statistics and losses; CAR's centres and dice's sums, too."""
    mp.spawn(process, (str(tmp_path), computed, dtype, layout), nprocs=PROCESSES)
    shares = [torch.load(tmp_path / f"{rank}.pt") for rank in range(PROCESSES)]
    for name, expected in computed(slice(None), dtype, layout).items():
        is_of_pictures = len(expected) == SHAPE[0] and expected.ndim == 4
        found = torch.cat([s[name] for s in shares]) if is_of_pictures else shares[0][name]
        largest = expected.abs().max()
        assert (found - expected).abs().max() <= tolerance * largest, name
        assert largest > 0, name
    assert torch.equal(shares[0]["losses"], shares[1]["losses"])


def test_a_share_without_masks_keeps_step(tmp_path: Path) -> None:
    """Where all labels of a process are ignored it still takes part in all sums, both ways."""
    mp.spawn(process, (str(tmp_path), computed_of_masks), nprocs=PROCESSES)
    shares = [torch.load(tmp_path / f"{rank}.pt") for rank in range(PROCESSES)]
    for name, expected in computed_of_masks(slice(None)).items():
        found = shares[0][name] if name == "losses" else torch.cat([s[name] for s in shares])
        torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-15)
        assert expected.abs().max() > 0, name
    assert torch.equal(shares[0]["losses"], shares[1]["losses"])
