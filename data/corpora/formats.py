"""Corpora of any format we read, opened by name or recognised by what lies in the folder."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

from data.corpora import folder
from data.corpora.truth import CorpusError, TrueDocument

FORMATS: dict[str, Callable[[Path], Iterator[TrueDocument]]] = {
    "folder": folder.read_corpus,
}


def open_corpus(
    path: Path, format_name: str | None = None, limit: int | None = None
) -> Iterator[TrueDocument]:
    """The documents of a corpus, the first `limit` of them.

    Without a name the format is recognised. Raises `CorpusError` for an unknown format, and
    while reading for a document that does not keep to it.
    """
    name = format_name or recognise(path)
    if name not in FORMATS:
        raise CorpusError(f"unknown corpus format {name!r}, want one of {', '.join(FORMATS)}")
    return itertools.islice(FORMATS[name](path), limit)


def recognise(path: Path) -> str:
    """The name of the format that lies there."""
    return "folder"
