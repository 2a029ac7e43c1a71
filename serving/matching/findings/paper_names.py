"""Names of papers in a sentence: type, printed number and cited pages."""

import re
from collections.abc import Iterable, Mapping, Sequence

from data.labels import DOCUMENT_ID_NAMES
from data.records import ExtractedDocument
from serving.matching.findings.records import Evidence

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


def title_of(document: ExtractedDocument) -> str:
    """Return type and printed number ("packing slip 4711"); the id where no number was read."""
    kind = str(document.document_type.value)
    # Bills of types that the labels do not have are numbered as invoices are.
    leaf = document.fields.get(DOCUMENT_ID_NAMES.get(kind, "invoice_id"))
    number = leaf.text if leaf is not None else None
    return f"{TYPE_NAMES.get(kind, kind.replace('_', ' '))} {number or document.document_id}"


def name_papers(sentence: str, titles: Mapping[str, str]) -> str:
    """Return the sentence with papers by their titles instead of their ids.

    An id that is a plain word is replaced only where it leads the sentence or names a line.

    >>> name_papers("scan-1.pdf line 2: misread", {"scan-1.pdf": "invoice RE-7"})
    'invoice RE-7 line 2: misread'
    """
    for name in sorted(titles, key=len, reverse=True):
        end = r"(?=:| line \d| is | says | bills )" if name.isalpha() else r"(?![\w-])"
        start = "^" if name.isalpha() else r"(?<![\w-])"
        title = titles[name].replace("\\", r"\\")
        sentence = re.sub(f"{start}{re.escape(name)}{end}", title, sentence)
    return sentence


class Papers:
    """The documents of a dispute by their titles, to be cited in sentences."""

    def __init__(self, documents: Iterable[ExtractedDocument]) -> None:
        self._documents = {document.document_id: document for document in documents}

    @property
    def titles(self) -> dict[str, str]:
        """Titles by document id."""
        return {name: title_of(document) for name, document in self._documents.items()}

    def cite(self, places: Sequence[tuple[str, int | None]]) -> str:
        """Return the papers of these (document id, page from 0) with their pages from 1."""
        pages: dict[str, set[int]] = {}
        for name, page in places:
            if name in self._documents:
                pages.setdefault(name, set()).update(() if page is None else (page + 1,))
        titles = self.titles
        return ", ".join(titles[name] + _pages(sorted(pages[name])) for name in pages)

    def cite_evidence(self, evidence: Sequence[Evidence]) -> str:
        """Return the papers of these places with their pages, order data left out."""
        return self.cite([(place.document_id, place.page) for place in evidence])


def _pages(numbers: Sequence[int]) -> str:
    if not numbers:
        return ""
    shown = ", ".join(map(str, numbers))
    return f" (page {shown})" if len(numbers) == 1 else f" (pages {shown})"
