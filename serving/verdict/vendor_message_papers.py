"""Papers of a dispute by the names that the vendor knows: type, printed number, pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from data.labels import DOCUMENT_ID_NAMES
from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.matching.evidence.delivery_papers import BACKUP_TYPES, Rank, rank_of
from serving.matching.findings.records import Evidence
from serving.matching.invoice.agreements import is_other_order
from serving.matching.pairing.article_names import normalise_code
from serving.verdict.vendor_message_keys import PAPER_KINDS
from serving.verdict.vendor_message_words import Words

BILL_KINDS = ("invoice", "corrected_invoice", "credit_memo", "debit_memo", "receipt")
# The printed number of a type that the labels have none for.
_BILL_NUMBER = "invoice_id"


def kind_of(document: ExtractedDocument) -> str:
    """Return the type of a paper, "other" where a message has no word for it."""
    kind = str(document.document_type.value)
    return kind if kind in PAPER_KINDS else "other"


def number_of_paper(document: ExtractedDocument) -> str | None:
    """Return the printed number, None where none was read."""
    name = DOCUMENT_ID_NAMES.get(str(document.document_type.value), _BILL_NUMBER)
    leaf = document.fields.get(name) or document.fields.get("document_id")
    return None if leaf is None else leaf.text


@dataclass(frozen=True, slots=True)
class PaperNames:
    """The documents of a dispute, named in the language of `words`."""

    documents: Mapping[str, ExtractedDocument]
    words: Words
    data: OrderData

    def title(self, document: ExtractedDocument) -> str:
        """Return type and number."""
        return self.words.text(f"papers.{kind_of(document)}", number=number_of_paper(document))

    def cite(self, evidence: Sequence[Evidence], kinds: Iterable[str] = PAPER_KINDS) -> list[str]:
        """Return the papers of these places with their pages, each once; order data is none."""
        pages: dict[str, set[int]] = {}
        allowed = frozenset(kinds)
        for place in evidence:
            document = self.documents.get(place.document_id)
            if document is not None and kind_of(document) in allowed:
                numbers = pages.setdefault(place.document_id, set())
                numbers.update(() if place.page is None else (place.page + 1,))
        return [self._with_pages(name, sorted(numbers)) for name, numbers in pages.items()]

    def _with_pages(self, name: str, pages: Sequence[int]) -> str:
        title = self.title(self.documents[name])
        if not pages:
            return title
        shown = self.words.both([str(page) for page in pages])
        return self.words.text(
            "paper_pages", paper=title, pages=self.words.plural("pages", len(pages), pages=shown)
        )

    def bills(self) -> list[ExtractedDocument]:
        """Return invoices, credit and debit memos."""
        return [paper for paper in self.documents.values() if kind_of(paper) in BILL_KINDS]

    def bills_in(self, evidence: Iterable[Evidence]) -> list[ExtractedDocument]:
        """Return the bills among the papers of these places, each once."""
        names = dict.fromkeys(place.document_id for place in evidence)
        cited = (self.documents[name] for name in names if name in self.documents)
        return [paper for paper in cited if kind_of(paper) in BILL_KINDS]

    def bill_numbered(self, number: str) -> list[ExtractedDocument]:
        """Return the bills of a printed number, as matching compares them."""
        code = normalise_code(number)
        return [
            paper for paper in self.bills() if normalise_code(number_of_paper(paper) or "") == code
        ]

    def of_other_orders(self) -> list[str]:
        """Return a sentence for each delivery paper that names another order."""
        sentences = []
        for document in self.documents.values():
            leaf = document.fields.get("purchase_order")
            if kind_of(document) in BACKUP_TYPES and is_other_order(leaf, self.data.order):
                order = None if leaf is None else leaf.text
                title = self.title(document)
                sentences.append(self.words.text("other_order", paper=title, order=order))
        return sentences

    def weakness(self, document: ExtractedDocument) -> str:
        """Return the key of the reason why a delivery paper is no proof."""
        rank = rank_of(document)
        if rank == Rank.CARRIER_SIGNED:
            return "weak.carrier"
        if rank == Rank.SHIPPER_COUNT:
            return "weak.shipper"
        return "weak.unsigned" if kind_of(document) == "proof_of_delivery" else "weak.own"
