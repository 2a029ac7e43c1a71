"""SHA-256 of a file, stamped on its documents, to recognise a file that is sent again."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from data.records import ExtractedDocument


def stamp_documents(
    documents: Iterable[ExtractedDocument], content: bytes
) -> tuple[ExtractedDocument, ...]:
    """Return the documents of a file with the file's SHA-256."""
    digest = hashlib.sha256(content).hexdigest()
    return tuple(replace(document, file_sha256=digest) for document in documents)
