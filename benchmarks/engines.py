"""What the benchmarks that take engines in turn have in common."""

from __future__ import annotations

import argparse
import pathlib
import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

ROOT = pathlib.Path(__file__).resolve().parent.parent

Figures = TypeVar("Figures")


def add_engine_options(
    parser: argparse.ArgumentParser, known: Sequence[str], usual: Sequence[str], timed: str
) -> None:
    """Which engines, how many threads, how often: `timed` is what a run is called."""
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--runs", type=int, default=5, help=f"timed {timed} of each engine in a round"
    )
    parser.add_argument(
        "--warm-up", type=int, default=2, help=f"{timed} before the clock counts"
    )
    parser.add_argument("--engines", default=",".join(usual), help=", ".join(known))
    parser.add_argument("--program", default=ROOT / ".build/release/hfgd", type=pathlib.Path)


def parsed(parser: argparse.ArgumentParser, known: Sequence[str]) -> argparse.Namespace:
    """The command line, its engines as a list; ends the program where one is unknown."""
    args = parser.parse_args()
    args.engines = args.engines.split(",")
    if unknown := set(args.engines) - set(known):
        parser.error(f"no engine {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    return args


def in_turn(args: argparse.Namespace, timed: Callable[[str], Figures]) -> list[dict[str, Figures]]:
    """The figures of every engine in each of the rounds."""
    rounds = []
    for number in range(args.rounds):
        print(f"round {number + 1} of {args.rounds}", file=sys.stderr)
        rounds.append({engine: timed(engine) for engine in args.engines})
    return rounds
