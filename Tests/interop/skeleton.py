"""Files without their weights: what is left when tensors that follow from formulas are cut out.

A skeleton is NAME.json and NAME.bin. The JSON lists the checkpoint's files, the one to open
first, each with its size, its SHA-256 and its pieces in order:

    {"literal": n}                  the next n bytes of NAME.bin
    {"fill": byte, "count": n}      n times one byte
    {"repeat": offset, "count": n}  n bytes of the file itself, from offset on
    {"name": …, "seed": …, "offset": a, "scale": b, "absolute": …, "count": n, "dtype": "F32"}
                                    n numbers a + b·u or a + b·|u|, little endian
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from weights import Formula

Piece = dict[str, Any]

SHORTEST_RUN = 64
"""Shorter runs of one byte stay literal: a piece of its own would take as much."""


def write_skeleton(
    stem: Path, folder: Path, files: list[str], formulas: list[Formula], repeated: set[bytes]
) -> int:
    """Writes STEM.json and STEM.bin for files of a folder; returns their size in bytes.

    Args:
        stem: Where to write, without an extension.
        folder: Where the files lie.
        files: Their names, the one to open first.
        formulas: All tensors to cut out; each is in one of the files.
        repeated: Contents of other tensors, of which the files may hold several copies.

    Raises:
        ValueError: A tensor is in none of the files, or the skeleton does not give a file back.
    """
    missing = {rule.name: rule for rule in formulas}
    literals = bytearray()
    entries = []
    for name in files:
        data = (folder / name).read_bytes()
        holes = sorted([*_tensors(data, missing), *_copies(data, repeated)], key=lambda h: h[0])
        start = len(literals)
        pieces = list(_pieces(data, holes, literals))
        digest = hashlib.sha256(data).hexdigest()
        rebuilt = rebuild(pieces, bytes(literals[start:]))
        if hashlib.sha256(rebuilt).hexdigest() != digest:
            raise ValueError(f"the skeleton of {name} does not give the file back")
        entries.append({"file": name, "bytes": len(data), "sha256": digest, "pieces": pieces})
    if missing:
        raise ValueError(f"no file of {stem.name} holds {', '.join(missing)}")
    text = json.dumps({"files": entries}, separators=(",", ":"))
    stem.with_suffix(".json").write_text(text.replace('{"literal"', '\n{"literal"') + "\n")
    stem.with_suffix(".bin").write_bytes(literals)
    return len(text) + len(literals)


def rebuild(pieces: Iterable[Piece], literals: bytes) -> bytes:
    """The file of a list of pieces."""
    file, used = bytearray(), 0
    for piece in pieces:
        if "literal" in piece:
            file += literals[used : used + piece["literal"]]
            used += piece["literal"]
        elif "fill" in piece:
            file += bytes([piece["fill"]]) * piece["count"]
        elif "repeat" in piece:
            file += file[piece["repeat"] : piece["repeat"] + piece["count"]]
        else:
            values = {key: value for key, value in piece.items() if key != "dtype"}
            file += Formula(**values).values().astype("<f4").tobytes()
    return bytes(file)


def _tensors(data: bytes, missing: dict[str, Formula]) -> Iterator[tuple[int, Piece]]:
    """Where the file holds tensors, which then no longer count as missing."""
    end = 0
    for rule in list(missing.values()):
        values = rule.values().astype("<f4").tobytes()
        at = data.find(values, end)  # most writers keep the order
        if at < 0:
            at = data.find(values)
        if at >= 0:
            end = at + len(values)
            del missing[rule.name]
            yield (
                at,
                {
                    "name": rule.name,
                    "seed": rule.seed,
                    "offset": rule.offset,
                    "scale": rule.scale,
                    "absolute": rule.absolute,
                    "count": rule.count,
                    "dtype": "F32",
                },
            )


def _copies(data: bytes, repeated: set[bytes]) -> Iterator[tuple[int, Piece]]:
    """Where the file holds what it held before."""
    for values in repeated:
        first = data.find(values)
        at = data.find(values, first + len(values)) if first >= 0 else -1
        while at >= 0:
            yield at, {"repeat": first, "count": len(values)}
            at = data.find(values, at + len(values))


def _pieces(data: bytes, holes: list[tuple[int, Piece]], literals: bytearray) -> Iterator[Piece]:
    """Holes and what lies between them, whose bytes are appended to the literals."""
    end = 0
    for at, hole in [*holes, (len(data), None)]:
        if at < end:
            raise ValueError(f"two tensors share the byte {at}")
        yield from _between(data[end:at], literals)
        if hole:
            yield hole
            end = at + hole["count"] * (4 if "dtype" in hole else 1)


def _between(data: bytes, literals: bytearray) -> Iterator[Piece]:
    end = 0
    for run in re.finditer(rb"(.)\1{%d,}" % (SHORTEST_RUN - 1), data, re.DOTALL):
        yield from _literal(data[end : run.start()], literals)
        yield {"fill": data[run.start()], "count": run.end() - run.start()}
        end = run.end()
    yield from _literal(data[end:], literals)


def _literal(data: bytes, literals: bytearray) -> Iterator[Piece]:
    if data:
        literals += data
        yield {"literal": len(data)}
