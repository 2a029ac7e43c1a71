"""The message to the vendor: what is claimed, repaid or still needed, in the vendor's language.

Only claims are stated; open findings stay in the house until a person has looked. Nothing in it is
a sentence of a finding: templates that a person can edit put codes and numbers into words.
"""

from collections.abc import Sequence
from dataclasses import replace

from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.verdict.records import Verdict
from serving.verdict.vendor_message_answers import AnswerTexts, wanted_kind
from serving.verdict.vendor_message_claims import ClaimTexts, told_claims
from serving.verdict.vendor_message_language import choose_language
from serving.verdict.vendor_message_papers import PaperNames
from serving.verdict.vendor_message_templates import Templates, shipped_templates
from serving.verdict.vendor_message_words import Words, capital

# Claims on a whole invoice, and bills of a stranger: no paper on the delivery is needed for them.
_WHOLE_INVOICE = frozenset({"DUPLICATE_INVOICE", "PO_CLOSED", "PO_NOT_FOUND", "VENDOR_MISMATCH"})
_SETTLED = frozenset({"repay", "partly_repay", "uphold"})


def write_message(
    verdict: Verdict,
    documents: Sequence[ExtractedDocument],
    data: OrderData,
    templates: Templates | None = None,
) -> Verdict:
    """Return the verdict with its message, "" where there is nothing to write to the vendor.

    Without `templates` the shipped ones are used.
    """
    parts = _Parts(verdict, documents, data)
    return replace(verdict, message=parts.message(templates or shipped_templates()))


class _Parts:
    """The parts of a verdict that a message is written from."""

    def __init__(
        self, verdict: Verdict, documents: Sequence[ExtractedDocument], data: OrderData
    ) -> None:
        self._data, self._documents, self._lines = data, documents, verdict.lines
        self._variances, self._settlements = verdict.variances, verdict.settlements
        self._rounding = verdict.rounding
        self._claims = told_claims(verdict.variances)

    def message(self, templates: Templates) -> str:
        """Return the message, "" where there is nothing to write to the vendor."""
        language = choose_language(self._data.language, self._documents, templates)
        words = Words(templates[language], self._rounding)
        known = {document.document_id: document for document in self._documents}
        papers = PaperNames(known, words, self._data)
        parts = [
            *ClaimTexts(papers, self._lines).paragraphs(self._claims),
            *AnswerTexts(papers).paragraphs(self._settlements),
            *self._needed(words),
        ]
        return "\n\n".join([self._about(papers), *parts]) if parts else ""

    def _about(self, papers: PaperNames) -> str:
        """Return orders and bills that the message is about: those cited, else all."""
        words, data = papers.words, self._data
        cited = [bill for claim in self._claims for bill in papers.bills_in(claim.evidence)]
        for settlement in self._settlements:
            cited += papers.bill_numbered(settlement.claim.invoice_id)
        titles = list(dict.fromkeys(papers.title(bill) for bill in cited or papers.bills()))
        numbers = list(
            dict.fromkeys(line.po_number or data.order.po_number for line in data.order.lines)
        )
        orders = words.plural("orders", len(numbers), numbers=words.both(numbers))
        return capital(words.text("about", orders=orders, papers=words.both(titles)))

    def _needed(self, words: Words) -> list[str]:
        """Return the paragraph on papers that are still needed, besides those of the answers."""
        kinds = [
            wanted_kind(place.raw_text or "")
            for variance in self._variances
            if variance.code == "EVIDENCE_MISSING"
            for place in variance.evidence
            if place.field == "required_documents" and self._is_needed(place.raw_text or "")
        ]
        if not kinds:
            return []
        rows = [
            words.text("still_needed_row", paper=words.text(f"wanted.{kind}"))
            for kind in dict.fromkeys(kinds)
        ]
        return ["\n".join([words.text("still_needed"), *(f"- {row}" for row in rows)])]

    def _is_needed(self, kind: str) -> bool:
        claimed = {variance.code for variance in self._variances if variance.state == "claim"}
        if claimed & _WHOLE_INVOICE:
            return False
        if any(kind in settlement.missing for settlement in self._settlements):
            return False
        settled = [settlement.decision in _SETTLED for settlement in self._settlements]
        # The order may require a paper that no short payment depends on.
        return kind in self._data.order.required_documents or not settled or not all(settled)
