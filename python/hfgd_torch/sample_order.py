"""Which samples make the batch of each step: a function of the seed, as in `hfgd train`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from hfgd_torch.random_weights import MASK, splitmix64


class Place(NamedTuple):
    """A place in a batch: the number of a sample, and how often all samples came before."""

    sample: int
    epoch: int


@dataclass(frozen=True)
class SampleOrder:
    """Every epoch is a new shuffle of all samples; a batch may span the end of one.

    Attributes:
        count: How many samples there are.
        batch: How many of them a step takes, over all processes.
        seed: What the shuffles follow from.
    """

    count: int
    batch: int
    seed: int

    def places(self, step: int, rank: int = 0, processes: int = 1) -> list[Place]:
        """The samples of step `step`, from 0: the share of process `rank`."""
        start = step * self.batch
        first = start + rank * self.batch // processes
        last = start + (rank + 1) * self.batch // processes
        places = (divmod(place, self.count) for place in range(first, last))
        return [
            Place(_shuffled(self.count, self.seed, epoch)[index], epoch) for epoch, index in places
        ]


@lru_cache(maxsize=2)
def _shuffled(count: int, seed: int, epoch: int) -> list[int]:
    """All samples as an epoch takes them (Fisher and Yates)."""
    samples = list(range(count))
    draws = splitmix64(seed_of([seed, epoch]), count - 1)
    for last, draw in zip(range(count - 1, 0, -1), draws, strict=True):
        other = index_below(last + 1, int(draw))
        samples[last], samples[other] = samples[other], samples[last]
    return samples


def seed_of(seeds: Sequence[int]) -> int:
    """The state of a generator that several numbers decide, each of them wholly."""
    state = 0
    for seed in seeds:
        state = int(splitmix64(state, 1)[0]) ^ (seed & MASK)
    return state


def index_below(count: int, draw: int) -> int:
    """One of 0 … count - 1 from 64 random bits: the high word of a product."""
    return draw * count >> 64


def fraction(draw: int) -> float:
    """A number in [0, 1) of 53 bits from 64 random ones."""
    return (draw >> 11) * 2.0**-53
