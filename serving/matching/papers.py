"""The papers of a dispute sorted: invoices, joined where they came in parts, and delivery papers.

What is set aside is told as a problem: second scans of one sheet, types that are not compared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from data.order_records import OrderData
from data.records import ExtractedDocument, LineItem, Problem
from serving.matching.evidence.delivery_papers import BACKUP_TYPES
from serving.matching.invoice.agreements import is_other_order
from serving.matching.invoice.duplicates import drop_second_scans
from serving.matching.invoice.split_files import Bill, join_parts
from serving.matching.pairing.billed_line import SILENT_TYPES

BILLING_TYPES = frozenset({"invoice", "corrected_invoice", "credit_memo", "receipt"})
# The buyer's own papers: order data comes as data, a debit memo is a deduction that exists.
IGNORED_TYPES = frozenset({"purchase_order", "debit_memo"})


# A type recognised with at least this contradicts what a client states.
_SURE_TYPE = 0.8


@dataclass(frozen=True, slots=True)
class SortedPapers:
    """The documents of a dispute by what they are for, and what is wrong with them."""

    documents: tuple[ExtractedDocument, ...]
    bills: tuple[Bill, ...]
    delivery_papers: tuple[ExtractedDocument, ...]
    problems: tuple[Problem, ...]


def with_stated_types(
    documents: Sequence[ExtractedDocument], data: OrderData
) -> list[ExtractedDocument]:
    """Return the documents as what the client states that they are, which wins over recognition.

    A contradiction is a problem of the document. The name of a file counts for all its documents.
    """
    return [_with_stated_type(document, data.attachments) for document in documents]


def _with_stated_type(document: ExtractedDocument, stated: Mapping[str, str]) -> ExtractedDocument:
    name = document.document_id
    whole, _, number = name.rpartition("#")
    keys = (name, *((whole,) if number.isdigit() else ()))
    kind = next((stated[key] for key in keys if key in stated), None)
    recognised = document.document_type
    if kind is None or (kind == recognised.value and recognised.confidence == 1):
        return document
    changed = replace(document, document_type=replace(recognised, value=kind, confidence=1.0))
    if kind == recognised.value or recognised.confidence < _SURE_TYPE:
        return changed
    words = [str(text).replace("_", " ") for text in (kind, recognised.value)]
    sentence = f"you state that it is of type {words[0]!r}; it reads like type {words[1]!r}"
    return replace(changed, problems=(*document.problems, Problem("type_contradicted", sentence)))


def sort_papers(documents: Sequence[ExtractedDocument], data: OrderData) -> SortedPapers:
    """Sort the documents of a dispute; delivery papers of another order are left out."""
    billing = [document for document in documents if document.document_type.value in BILLING_TYPES]
    originals, repeated = drop_second_scans(billing)
    bills = join_parts(originals)
    delivery_papers = [
        document
        for document in documents
        if document.document_type.value in BACKUP_TYPES
        and not is_other_order(document.fields.get("purchase_order"), data.order)
    ]
    problems = [
        *data.problems,
        *(problem for document in documents for problem in _problems(document)),
    ]
    if not any(_items(bill.document) for bill in bills):
        names = ", ".join(document.document_id for document in documents) or "no document"
        sentence = "no billed line was read: nothing can be concluded"
        repeated = [*repeated, Problem("unread", f"{names}: {sentence}")]
    return SortedPapers(
        tuple(documents), tuple(bills), tuple(delivery_papers), (*problems, *repeated)
    )


def _items(document: ExtractedDocument) -> list[LineItem]:
    return [item for item in document.line_items if item.line_type not in SILENT_TYPES]


def _problems(document: ExtractedDocument) -> list[Problem]:
    """The document's own problems, and why it is not used where it is not."""
    problems = [
        replace(problem, message=f"{document.document_id}: {problem.message}")
        for problem in document.problems
    ]
    kind = document.document_type.value
    is_used = kind in BILLING_TYPES | BACKUP_TYPES | IGNORED_TYPES
    if not is_used and document.line_items:
        sentence = (
            f"{document.document_id}: lines were read on a document of type {kind!r}, "
            "which is not compared"
        )
        problems.append(Problem("document_not_used", sentence))
    if kind in BILLING_TYPES and not _items(document):
        problems.append(Problem("unread", f"{document.document_id}: no line was read"))
    return problems
