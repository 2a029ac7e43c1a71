"""Parsing of a posted dispute's JSON, and the fingerprint of a whole request."""

import hashlib
import json
from collections.abc import Iterable

from data.exchange.order_files import OrderJsonBroken, parse_order_data
from data.json_values import load_exact_json
from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.store.jobs import StoredFile
from serving.wire.document_json import documents_from_json

Documents = tuple[ExtractedDocument, ...]


def parse_dispute(text: str) -> tuple[OrderData, Documents]:
    """Return order data and already read documents from a dispute's JSON.

    Raises `OrderDataError`.
    """
    try:
        content = load_exact_json(text)
    except (ValueError, RecursionError) as error:
        raise OrderJsonBroken(f"dispute: not JSON ({str(error)[:120]})") from None
    documents: Documents = ()
    if isinstance(content, dict) and "documents" in content:
        documents = tuple(documents_from_json(content.pop("documents"), "dispute: documents"))
    return parse_order_data(content, names=["dispute"]), documents


def fingerprint(
    kind: str, dispute: str, files: Iterable[StoredFile], description: object = None
) -> str:
    """Return the SHA-256 of a request's content; the order of keys and white space do not count.

    `description` is anything else of it as JSON, such as the client's reference.
    """
    try:
        parameters = json.loads(dispute) if dispute else None
    except (ValueError, RecursionError):
        parameters = dispute  # refused elsewhere; here it only needs a fingerprint
    request = {
        "kind": kind,
        "dispute": parameters,
        "files": [[file.name, file.sha256] for file in files],
    }
    if description is not None:
        request["description"] = description
    canonical = json.dumps(request, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
