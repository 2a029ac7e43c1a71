"""Hashes that say which code, weights and documents a number belongs to: 16 hex digits each."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import data
import training
from data.corpora.truth import TrueDocument


def code_hash() -> str:
    """Over the Python files of `data` and `training`, by path."""
    digest = hashlib.sha256()
    for package in (data, training):
        root = Path(str(package.__file__)).parent
        for source in sorted(root.rglob("*.py")):
            digest.update(source.relative_to(root.parent).as_posix().encode())
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def weights_hash(checkpoint: Path) -> str:
    """Over all weight shards and the calibration of a checkpoint folder."""
    digest = hashlib.sha256()
    for part in (*sorted(checkpoint.glob("*.safetensors")), checkpoint / "calibration.json"):
        digest.update(part.read_bytes() if part.is_file() else b"none")
    return digest.hexdigest()[:16]


def corpus_hash(documents: Sequence[TrueDocument]) -> str:
    """Over the truth and the files of the documents, in order."""
    digest = hashlib.sha256()
    for one in documents:
        truth = (
            one.document_id,
            one.document_type,
            sorted(one.fields.items()),
            sorted(one.fields_visible),
            [(sorted(item.values.items()), sorted(item.visible)) for item in one.items],
            [sorted(item.values.items()) for item in one.excluded],
            one.places,
            one.entities,
        )
        digest.update(repr(truth).encode())
        digest.update(b"" if one.path is None else one.path.read_bytes())
    return digest.hexdigest()[:16]
