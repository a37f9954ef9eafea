"""Files that appear whole or not at all, on the disk and not only in its cache."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from safetensors import SafetensorError

from hfgd_torch.errors import UserError

DRAFT = ".draft-"
"""What the names of files begin with until they are whole."""


class FileError(UserError):
    """A file that cannot be written."""

    status = 1


@contextmanager
def drafted(path: Path) -> Iterator[Path]:
    """A new file in the folder of `path`, which takes that name once the block has written it.

    Raises:
        FileError: The system refuses to write; what stood at `path` is still there.
    """
    target = path.resolve()
    draft = target.with_name(f"{DRAFT}{secrets.token_hex(8)}")
    try:
        draft.touch()
        mode = (target if target.exists() else draft).stat().st_mode & 0o777
        yield draft
        draft.chmod(mode)  # Some writers make files that nobody else may read.
        _synchronised(draft)
        draft.replace(target)
        with suppress(OSError):  # Some file systems cannot; the bytes themselves are safe.
            _synchronised(target.parent)
    except BaseException as error:
        with suppress(OSError):
            draft.unlink()
        if not isinstance(error, OSError | SafetensorError):
            raise
        raise FileError(
            f"{path} cannot be written ({error}); make room or choose another folder"
        ) from error


def write_text(path: Path, text: str) -> None:
    """Writes a whole file.

    Raises:
        FileError: The system refuses to write.
    """
    with drafted(path) as draft:
        draft.write_text(text)


def remove_drafts(folder: Path) -> None:
    """Removes the drafts that killed processes left behind; nobody may be writing there."""
    for draft in folder.glob(f"{DRAFT}*"):
        draft.unlink()


def _synchronised(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
