"""The seal of a checkpoint folder: which files belong to it, and their SHA-256.

`manifest.json` names every file but itself and the model card, which people may correct. Whoever
loads a folder checks it first, so that a missing, exchanged, cut or added file is one sentence and
never a reader that reads a little differently from the one that was measured.
"""

import hashlib
import json
from pathlib import Path, PurePosixPath

MANIFEST = "manifest.json"
_UNSEALED = frozenset({MANIFEST, "README.md"})


class CheckpointError(ValueError):
    """The folder holds no checkpoint this version can read."""


def seal(folder: Path) -> None:
    """Write the manifest of what lies in the folder now."""
    listed = {"files": {name: _sha256(folder / name) for name in _present(folder)}}
    (folder / MANIFEST).write_text(json.dumps(listed, indent=1) + "\n")


def check_seal(folder: Path) -> None:
    """Raise CheckpointError unless the folder holds exactly what was sealed."""
    path = folder / MANIFEST
    if not path.is_file():
        raise CheckpointError(f"{folder}: no {MANIFEST}; a checkpoint folder holds one")
    try:
        files = json.loads(path.read_text())["files"]
        wanted = {str(name): str(digest) for name, digest in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(f"{path}: must hold an object with `files`: {error}") from error
    present = _present(folder)
    if missing := sorted(set(wanted) - set(present)):
        raise CheckpointError(f"{folder}: {missing[0]} is missing; copy the whole folder again")
    if added := sorted(set(present) - set(wanted)):
        raise CheckpointError(f"{folder}: {added[0]} is not in {MANIFEST}; take it out")
    for name, digest in sorted(wanted.items()):
        seen = _sha256(folder / name)
        if seen != digest:
            raise CheckpointError(
                f"{folder / name}: SHA-256 begins {seen[:12]}, wanted {digest[:12]};"
                " it was changed or cut after it was sealed"
            )


def _present(folder: Path) -> list[str]:
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(
        str(PurePosixPath(path))
        for path in files
        if str(path) not in _UNSEALED and not path.name.startswith(".")
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
