"""Documents that a checkpoint learned from, by content: `learned_from.json` beside its weights.

A document is known by the SHA-256 of its file, or of its own JSON line where the corpus brings
words and no file. So a copy under another name in another folder is still the same document.

    {"documents": [sha256, ...], "calibrated_on": [sha256, ...], "complete": true}

`documents` are those that the weights saw, in this training and in those it started from;
`complete` is false where one of these kept no record. A document counts as seen when any of its
pages may have been drawn: to say it of one too many is the harmless mistake.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, StrictStr, ValidationError

from data.corpora.checked_json import read_lines
from data.corpora.published.formats import open_corpus
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


class TaughtCorpus(Protocol):
    """A corpus of a training recipe (`training.learning.recipe.RealCorpus`)."""

    @property
    def path(self) -> Path: ...
    @property
    def kind(self) -> str: ...
    @property
    def leave_out(self) -> Mapping[str, Sequence[str]]: ...


class TaughtRecipe(Protocol):
    """A training recipe, as far as it names documents (`training.learning.recipe.Recipe`)."""

    @property
    def labels(self) -> str: ...
    @property
    def corpora(self) -> Sequence[TaughtCorpus]: ...
    @property
    def start_from(self) -> Path | None: ...


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


def learned_documents(recipe: TaughtRecipe) -> list[str]:
    """Return the hashes of all documents that a training by this recipe learns from, in order."""
    return sorted(learned_from_recipe(recipe).documents)


def learned_from_recipe(recipe: TaughtRecipe) -> LearnedFrom:
    """Return what the weights of this recipe learn from: its corpora, and its start's documents.

    `leave_out` is obeyed as training obeys it. Generated pages (`kind: read`) are no documents.
    """
    hashes: set[str] = set()
    for corpus in recipe.corpora:
        if corpus.kind == "read":
            continue
        obeyed = recipe.labels == "tags" and corpus.kind == "folder"
        leave_out = corpus.leave_out if obeyed else {}
        hashes |= {
            digest
            for document, digest in hashed_documents(corpus.path)
            if not is_left_out(document, leave_out)
        }
    learned = LearnedFrom(frozenset(hashes))
    if recipe.start_from is None:
        return learned
    before = read_learned_from(recipe.start_from)
    if before is None:
        return replace(learned, complete=False)
    return LearnedFrom(learned.documents | before.documents, before.calibrated_on, before.complete)


def is_left_out(document: TrueDocument, leave_out: Mapping[str, Sequence[str]]) -> bool:
    """True where a manifest key of the document has a value that is left out."""
    return any(str(document.extra.get(key)) in values for key, values in leave_out.items())


def hashed_documents(
    corpus: Path, format_name: str | None = None
) -> Iterator[tuple[TrueDocument, str]]:
    """Yield the documents of a corpus with their hashes; raises `CorpusError` as `open_corpus`."""
    return hash_documents(open_corpus(corpus, format_name), corpus)


def hash_documents(
    documents: Iterable[TrueDocument], corpus: Path
) -> Iterator[tuple[TrueDocument, str]]:
    """Yield documents of one corpus with their hashes.

    Where a corpus has neither files nor lines of its own, its words stand for the document.
    """
    lines: Mapping[int, str] | None = None
    for document in documents:
        if document.path is not None:
            yield document, _sha256_of_file(document.path)
            continue
        if lines is None:
            lines = _lines_of(corpus)
        # The line as it is, but for the line end, which copies of a file may change
        text = lines.get(document.line, "").strip() or _words_of(document)
        yield document, hashlib.sha256(text.encode()).hexdigest()


def _sha256_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _lines_of(corpus: Path) -> Mapping[int, str]:
    """Return by number the lines of a corpus of one JSON object a line; none of another one."""
    files = [corpus] if corpus.is_file() else sorted(corpus.glob("*.jsonl.gz"))
    if len(files) != 1 or not files[0].name.endswith(".jsonl.gz"):
        return {}
    return dict(read_lines(files[0]))


def _words_of(document: TrueDocument) -> str:
    if document.read_corpus_pages is None:
        return document.document_id
    return repr([page.words for page in document.read_corpus_pages()])


def count_seen(hashes: Iterable[str], learned: LearnedFrom) -> dict[str, Any]:
    """Count documents the weights were trained on, others calibration was fitted on, the rest."""
    counts = {"trained": 0, "calibrated": 0, "neither": 0}
    for digest in hashes:
        counts[role_of(digest, learned)] += 1
    return {**counts, "complete": learned.complete}


def role_of(digest: str, learned: LearnedFrom) -> str:
    """Return `trained`, `calibrated` or `neither`: how a document was used for fitting, if it was.

    A document of both was trained on.
    """
    if digest in learned.documents:
        return "trained"
    return "calibrated" if digest in learned.calibrated_on else "neither"
