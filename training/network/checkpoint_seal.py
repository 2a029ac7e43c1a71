"""The seal of a checkpoint folder: a manifest of its files with their SHA-256.

`manifest.json` names every file but itself and the model card, which people may correct. Loading a
folder checks it first, so that a missing, exchanged, cut or added file is an error and never a
model that reads a little differently from the one that was measured.
"""

import hashlib
import json
from pathlib import Path, PurePosixPath

MANIFEST = "manifest.json"
_UNSEALED = frozenset({MANIFEST, "README.md"})


class CheckpointError(ValueError):
    """A folder without a checkpoint that this version can read."""


def seal(folder: Path) -> None:
    """Write the manifest of the files that are in the folder now."""
    listed = {"files": {name: _sha256(folder / name) for name in _sealable_files(folder)}}
    (folder / MANIFEST).write_text(json.dumps(listed, indent=1) + "\n")


def check_seal(folder: Path) -> None:
    """Raise CheckpointError unless the folder holds exactly the files that were sealed."""
    path = folder / MANIFEST
    if not path.is_file():
        raise CheckpointError(f"{folder}: no {MANIFEST}; a checkpoint folder holds one")
    try:
        files = json.loads(path.read_text())["files"]
        expected = {str(name): str(digest) for name, digest in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(f"{path}: must hold an object with `files`: {error}") from error
    present = _sealable_files(folder)
    if missing := sorted(set(expected) - set(present)):
        raise CheckpointError(f"{folder}: {missing[0]} is missing; copy the whole folder again")
    if added := sorted(set(present) - set(expected)):
        raise CheckpointError(f"{folder}: {added[0]} is not in {MANIFEST}; remove it")
    for name, digest in sorted(expected.items()):
        actual = _sha256(folder / name)
        if actual != digest:
            raise CheckpointError(
                f"{folder / name}: SHA-256 begins {actual[:12]}, expected {digest[:12]};"
                " the file was changed or cut after it was sealed"
            )


def _sealable_files(folder: Path) -> list[str]:
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(
        str(PurePosixPath(path))
        for path in files
        if str(path) not in _UNSEALED and not path.name.startswith(".")
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
