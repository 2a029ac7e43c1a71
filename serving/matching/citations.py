"""How a paper is named in a sentence: what it is, its number, and the pages that say it."""

from collections.abc import Iterable, Sequence

from data.labels import DOCUMENT_ID_NAMES
from data.records import ExtractedDocument
from serving.matching.backup import Statement
from serving.matching.findings import Evidence

# What each type is called in a sentence.
TYPE_NAMES = {
    "invoice": "invoice",
    "credit_memo": "credit memo",
    "receipt": "receipt",
    "bill_of_lading": "bill of lading",
    "delivery_note": "delivery note",
    "packing_slip": "packing slip",
    "proof_of_delivery": "proof of delivery",
}


class Papers:
    """The documents of a dispute by the names that people know them by."""

    def __init__(self, documents: Iterable[ExtractedDocument]) -> None:
        self._documents = {one.document_id: one for one in documents}

    def title(self, document_id: str) -> str:
        """Type and printed number, such as "packing slip 4711"; the id where nothing is known."""
        document = self._documents.get(document_id)
        if document is None:
            return document_id
        kind = str(document.document_type.value)
        leaf = document.fields.get(DOCUMENT_ID_NAMES.get(kind, "document_id"))
        number = leaf.text if leaf is not None else None
        return f"{TYPE_NAMES.get(kind, kind)} {number or document_id}"

    def invoices(self) -> list[str]:
        """Titles of all invoices and credit memos, each once."""
        billing = ("invoice", "credit_memo", "receipt")
        names = [
            self.title(name)
            for name, one in self._documents.items()
            if one.document_type.value in billing
        ]
        return list(dict.fromkeys(names))

    def is_paper(self, document_id: str) -> bool:
        """Whether it is a document and not order data."""
        return document_id in self._documents

    def cite(self, statement: Statement) -> str:
        """The papers behind a statement with their pages (from 1)."""
        return self._join([(name, leaf.page) for name, _, leaf in statement.places])

    def cite_evidence(self, evidence: Sequence[Evidence]) -> str:
        """The papers of these places with their pages (from 1), order data left out."""
        places = [(one.document_id, one.page) for one in evidence if self.is_paper(one.document_id)]
        return self._join(places)

    def _join(self, places: Sequence[tuple[str, int | None]]) -> str:
        pages: dict[str, set[int]] = {}
        for name, page in places:
            pages.setdefault(name, set()).update(() if page is None else (page + 1,))
        return ", ".join(
            self.title(name) + _pages(sorted(numbers)) for name, numbers in pages.items()
        )


def _pages(numbers: Sequence[int]) -> str:
    if not numbers:
        return ""
    shown = ", ".join(map(str, numbers))
    return f" (page {shown})" if len(numbers) == 1 else f" (pages {shown})"
