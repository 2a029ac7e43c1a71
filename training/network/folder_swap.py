"""A folder put in the place of another in one step, so that a reader always finds one of them."""

import ctypes
import os
import shutil
from pathlib import Path

_AT_FDCWD = -100  # paths are relative to the working folder
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux' renameat2


def replace_folder(new: Path, folder: Path) -> None:
    """Put the folder `new` in the place of `folder`, which is removed if it exists.

    On Linux both names are exchanged in one step. Where the system or the file system cannot, the
    old folder is moved aside first, and for a moment there is none.
    """
    if not folder.exists():
        new.rename(folder)
        return
    if not _exchange(new, folder):
        aside = folder.with_name(f"{folder.name}.old")
        shutil.rmtree(aside, ignore_errors=True)
        folder.rename(aside)
        new.rename(folder)
        new = aside
    shutil.rmtree(new, ignore_errors=True)


def _exchange(first: Path, second: Path) -> bool:
    """Exchange two names; False where that is not possible here."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if _POSIX else None
    if rename is None:
        return False
    names = (os.fsencode(first), os.fsencode(second))
    return bool(rename(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _EXCHANGE) == 0)


_POSIX = os.name == "posix"
