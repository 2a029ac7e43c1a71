"""Documents that a checkpoint learned from, by content: `learned_from.json` beside its weights.

A document is known by the SHA-256 of its file, or of its words where the corpus brings no file
(`data.corpora.shards`). So a copy under another name in another folder is still the same document.

    {"documents": [sha256, ...], "calibrated_on": [sha256, ...], "complete": true}

`documents` are those that the weights saw, in this training and in those it started from;
`complete` is false where one of these kept no record.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, StrictStr, ValidationError

from data.corpora.published.formats import open_corpus
from data.corpora.shards.training_page import document_hash
from data.corpora.truth import TrueDocument
from training.network.checkpoint_seal import CheckpointError, seal

LEARNED_FROM = "learned_from.json"


@dataclass(frozen=True, slots=True)
class LearnedFrom:
    """The hashes of documents that weights were trained on, and that calibration was fitted on."""

    documents: frozenset[str] = frozenset()
    calibrated_on: frozenset[str] = frozenset()
    complete: bool = True

    def to_json(self) -> str:
        """Return the text of `learned_from.json`: hashes in order, so that it never varies."""
        values = {
            "documents": sorted(self.documents),
            "calibrated_on": sorted(self.calibrated_on),
            "complete": self.complete,
        }
        return json.dumps(values, indent=1) + "\n"


class _Stored(BaseModel):
    model_config = ConfigDict(extra="forbid")
    documents: list[StrictStr]
    calibrated_on: list[StrictStr] = []
    complete: bool = True


def read_learned_from(checkpoint: Path) -> LearnedFrom | None:
    """Return what a checkpoint learned from; None where it keeps no record.

    Raises `CheckpointError` for a record that does not keep to the format.
    """
    path = checkpoint / LEARNED_FROM
    if not path.is_file():
        return None
    try:
        stored = _Stored.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise CheckpointError(f"{path}: {place}: {first['msg']}") from error
    return LearnedFrom(
        frozenset(stored.documents), frozenset(stored.calibrated_on), stored.complete
    )


def write_learned_from(checkpoint: Path, learned: LearnedFrom) -> None:
    """Write the record into a checkpoint folder and seal the folder again."""
    (checkpoint / LEARNED_FROM).write_text(learned.to_json())
    seal(checkpoint)


def hashed_documents(
    corpus: Path, format_name: str | None = None
) -> Iterator[tuple[TrueDocument, str]]:
    """Yield the documents of a corpus with their hashes; raises `CorpusError` as `open_corpus`."""
    return hash_documents(open_corpus(corpus, format_name))


def hash_documents(documents: Iterable[TrueDocument]) -> Iterator[tuple[TrueDocument, str]]:
    """Yield documents with their hashes."""
    return ((document, document_hash(document)) for document in documents)


def role_of(digest: str, learned: LearnedFrom) -> str:
    """Return `trained`, `calibrated` or `neither`: how a document was used for fitting, if it was.

    A document of both was trained on.
    """
    if digest in learned.documents:
        return "trained"
    return "calibrated" if digest in learned.calibrated_on else "neither"
