"""Lists of the images of a split: one on each line, perhaps with its label behind it.

Lists carry the paths of other machines, so only the end of a path counts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Set
from pathlib import Path

from hfgd_torch.errors import DataError


def listed(path: Path, images: Set[str], suffix: str) -> list[str]:
    """The images that a list names, in its order.

    Args:
        path: The list.
        images: The names that there are: paths without extension and `suffix`.
        suffix: What images have at the end of their names in the list.

    Raises:
        DataError: The list cannot be read, names nothing, or names what is not there.
    """
    try:
        lines = [line.strip() for line in path.read_text().splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read ({error}); correct or remove the list") from error
    by_ending = _by_ending(images)
    names, missing = [], []
    for line in lines:
        # A name may hold blanks, so the whole line is tried before its first word.
        entries = (line, line.split()[0])
        found = next((n for entry in entries if (n := _image(entry, by_ending, suffix))), None)
        if found:
            names.append(found)
        else:
            missing.append(entries[1])
    if missing:
        raise DataError(
            f"{path} names files that are not there, or that several could be: {few(missing)}; "
            "correct or remove the list"
        )
    if not names:
        raise DataError(f"{path} names no image; name one on each line, or remove the list")
    return names


def _by_ending(images: Set[str]) -> dict[str, str]:
    """The images by their names and by all ends of their paths that no other has."""
    endings = [(name[start:], name) for name in images for start in _starts(name)]
    counts = Counter(ending for ending, _ in endings)
    unique = {ending: name for ending, name in endings if counts[ending] == 1}
    return unique | {name: name for name in images}


def _image(entry: str, by_ending: dict[str, str], suffix: str) -> str | None:
    """The image whose name is the longest end of a path, with or without its extension."""
    for start in _starts(entry):
        end = entry[start:]
        for candidate in (re.sub(r"\.[^./]*$", "", end), end):
            if found := by_ending.get(candidate.removesuffix(suffix)):
                return found
    return None


def _starts(path: str) -> list[int]:
    """Where the parts of a path begin."""
    return [0] + [match.end() for match in re.finditer("/", path)]


def few(names: list[str]) -> str:
    """The first three names, and how many there are where there are more."""
    more = f", … ({len(names)} in all)" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
