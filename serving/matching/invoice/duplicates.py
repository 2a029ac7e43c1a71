"""Duplicate invoices: sent again under another number, or the same file twice.

Vendor and number alone are not enough, and an exact match of both misses every slip of print: what
is compared is the number as print and OCR may change it, with amount, date, order and lines. A
partial shipment, a credit memo with the invoice's number, a corrected invoice and a monthly charge
are no copies.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from rapidfuzz.distance import OSA

from data.order_records import BilledLine, OrderData, PastInvoice
from data.records import ExtractedDocument, Field, Problem
from serving.matching.findings.arithmetic import rounded, to_decimal
from serving.matching.findings.records import Doubt, Finding, FindingText, Nature, cell_evidence
from serving.matching.invoice.agreements import whole_document_finding
from serving.matching.invoice.split_files import Bill, number_of
from serving.matching.invoice.sums import whole_amount
from serving.matching.pairing.article_names import normalise_code
from serving.matching.pairing.billed_line import certainty
from serving.matching.pairing.order_line import is_live
from serving.matching.rules.context import Context
from serving.matching.rules.decide import is_claimable

# Print and OCR confuse these.
_LOOKALIKES = str.maketrans("OISBZ", "01582")
_NEAR_DAYS, _FAR_DAYS = 7, 120
# Shorter numbers are too easily alike; numbers this close in sequence are two invoices.
_MIN_LENGTH, _SEQUENCE = 6, 50
_PAID = frozenset({"paid", "cleared", "settled", "payment sent", "paid in full"})


@dataclass(frozen=True, slots=True)
class FoundCopy:
    """A document that bills, or may bill, what was billed before."""

    document_id: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Copies:
    """Copies among invoices. `copies` are not compared: their goods are billed on the original.

    `doubts` bar claims, by document id. `repeated_files` are sentences on files that were submitted
    before, with the decision made then.
    """

    findings: tuple[FoundCopy, ...] = ()
    copies: frozenset[str] = frozenset()
    doubts: tuple[tuple[str, Doubt], ...] = ()
    repeated_files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _KnownInvoice:
    """An invoice to compare with: of this dispute or of the past."""

    name: str
    number: str
    document_type: str
    total: Fraction | None
    day: date | None
    order: str | None
    lines: tuple[object, ...] | None
    original: str | None = None
    cells: tuple[tuple[str, Field], ...] = ()
    document_id: str | None = None
    is_paid: bool = False


def folded_number(text: str) -> str:
    """Return a document number without the differences that print, typing and OCR make.

    >>> folded_number("INV-00l5O") == folded_number("inv 00150")
    True
    """
    # A small L is a 1 as well; capital L stays one.
    return normalise_code(text.replace("l", "1")).translate(_LOOKALIKES).lstrip("0")


def find_copies(
    documents: Sequence[ExtractedDocument], data: OrderData, context: Context
) -> Copies:
    """Find the invoices that are copies of one another or of an earlier invoice."""
    past = [_past_invoice(invoice) for invoice in data.invoices if is_live(invoice.result)]
    # What was deducted from an invoice is disputed with that invoice at hand.
    claimed = {normalise_code(claim.invoice_id) for claim in data.claims}
    past = [
        replace(invoice, is_paid=invoice.is_paid and normalise_code(invoice.number) not in claimed)
        for invoice in (*past, *_paid_bills(data, past))
    ]
    earlier: list[_KnownInvoice] = []
    copy_findings: list[FoundCopy] = []
    copies, doubts, repeated_files = set[str](), list[tuple[str, Doubt]](), list[str]()
    files = {invoice.file_sha256: invoice for invoice in data.invoices if invoice.file_sha256}
    for document in documents:
        filed_before = files.get(document.file_sha256 or "")
        if filed_before is not None:
            copies.add(document.document_id)
            repeated_files.append(_repeated_file(document, filed_before))
            continue
        billed = _invoice_of(document)
        if billed is None:
            continue
        for other in (*earlier, *past):
            match = _compare_invoices(billed, other)
            if match is None:
                continue
            nature, why = match
            finding = _finding(document, other, why, nature, context)
            copy_findings.append(FoundCopy(document.document_id, finding))
            if is_claimable(finding, context.policy):
                copies.add(document.document_id)
            else:
                doubts.append((document.document_id, _doubt(finding.explanation)))
            break
        else:
            doubts += _correction_doubts(document, billed, earlier)
            earlier.append(billed)
    return Copies(tuple(copy_findings), frozenset(copies), tuple(doubts), tuple(repeated_files))


def _repeated_file(document: ExtractedDocument, filed_before: PastInvoice) -> str:
    result = f", decided then: {filed_before.result}" if filed_before.result else ""
    return f"{document.document_id} is the same file as invoice {filed_before.invoice_id}{result}"


def _correction_doubts(
    document: ExtractedDocument, billed: _KnownInvoice, earlier: Sequence[_KnownInvoice]
) -> list[tuple[str, Doubt]]:
    """Return a doubt for each of two invoices of which one corrects the other."""
    corrected = next((known for known in earlier if _is_correction_of(billed, known)), None)
    if corrected is None:
        return []
    doubt = _doubt(f"{billed.name} corrects {corrected.name}: which of them applies?")
    return [(document.document_id, doubt), (corrected.document_id or "", doubt)]


def _doubt(sentence: str) -> Doubt:
    return Doubt("copy", sentence, "invoice")


def drop_second_scans(
    documents: Sequence[ExtractedDocument],
) -> tuple[list[ExtractedDocument], list[Problem]]:
    """Return the documents without second scans of one sheet, and a problem for each dropped.

    The same file given twice is no problem: it counts once.
    """
    originals: list[ExtractedDocument] = []
    problems: list[Problem] = []
    for document in documents:
        twin = next((other for other in originals if _is_same_sheet(document, other)), None)
        if twin is None:
            originals.append(document)
        elif document.file_sha256 is None or document.file_sha256 != twin.file_sha256:
            sentence = f"{document.document_id} is the same invoice as {twin.document_id}"
            problems.append(Problem("duplicate_document", f"{sentence}; it counts once"))
    return originals, problems


def _is_same_sheet(document: ExtractedDocument, other: ExtractedDocument) -> bool:
    """Return whether two documents print the same: number and date to the letter, every line."""
    if document.document_type.value != other.document_type.value:
        return False
    if content_of(document) != content_of(other):
        return False
    numbers = number_of(document), number_of(other)
    if None in numbers:
        return bool(document.line_items)
    texts = {leaf.text for paper in (document, other) if (leaf := paper.fields.get("invoice_id"))}
    return len(texts) == 1 and document.value("invoice_date") == other.value("invoice_date")


def invoice_versions(bills: Sequence[Bill], copies: Collection[str]) -> list[Problem]:
    """Return a problem for each two bills with one number and different lines."""
    problems = []
    live = [bill.document for bill in bills if bill.document.document_id not in copies]
    for place, document in enumerate(live):
        for other in live[:place]:
            number, kind = number_of(document), document.document_type.value
            same = number is not None and number == number_of(other)
            if same and kind == other.document_type.value:
                sentence = f"{document.document_id} is the same invoice as {other.document_id}"
                problems.append(
                    Problem(
                        "invoice_in_two_documents",
                        f"{sentence}, with different lines: which is right?",
                    )
                )
                break
    return problems


def _invoice_of(document: ExtractedDocument) -> _KnownInvoice | None:
    leaf, day = document.fields.get("invoice_id"), document.value("invoice_date")
    if leaf is None or not leaf.text:
        return None
    order, original = (
        document.fields.get("purchase_order"),
        document.fields.get("original_invoice_id"),
    )
    names = ("invoice_id", "invoice_total", "invoice_date")
    cells = ((name, document.fields.get(name)) for name in names)
    return _KnownInvoice(
        name=document.document_id,
        number=leaf.text,
        document_type=str(document.document_type.value),
        total=whole_amount(document),
        day=day if isinstance(day, date) else None,
        order=None if order is None else order.text,
        lines=content_of(document),
        original=None if original is None else original.text,
        cells=tuple((name, cell) for name, cell in cells if cell is not None),
        document_id=document.document_id,
    )


def _past_invoice(invoice: PastInvoice) -> _KnownInvoice:
    total = None if invoice.invoice_total is None else Fraction(invoice.invoice_total)
    return _KnownInvoice(
        name=f"invoice {invoice.invoice_id}",
        number=invoice.invoice_id,
        document_type=invoice.document_type,
        total=total,
        day=invoice.invoice_date,
        order=invoice.po_number,
        lines=None,
        is_paid=_is_paid(invoice.result),
    )


def _is_paid(status: str | None) -> bool:
    """Return whether an earlier bill of that status was paid."""
    return status is not None and status.strip().casefold() in _PAID


def _paid_bills(data: OrderData, past: Sequence[_KnownInvoice]) -> list[_KnownInvoice]:
    """Return earlier bills that only the lines of the history name, and call paid."""
    known = {invoice.number for invoice in past}
    bills: defaultdict[str, list[BilledLine]] = defaultdict(list)
    for bill in data.billed:
        if bill.invoice_id not in known and _is_paid(bill.status):
            bills[bill.invoice_id].append(bill)
    return [
        _KnownInvoice(
            name=f"invoice {number}",
            number=number,
            document_type="invoice",
            total=sum((Fraction(line.amount or 0) for line in lines), Fraction(0)),
            day=None,
            order=lines[0].po_number,
            lines=None,
            is_paid=True,
        )
        for number, lines in bills.items()
    ]


def content_of(document: ExtractedDocument) -> tuple[object, ...]:
    """Return the content of a document's lines, without places and confidences."""
    names = ("product_code", "description", "quantity", "unit_price", "amount")
    return tuple(
        tuple(leaf.value if (leaf := item.field(name)) else None for name in names)
        for item in document.line_items
    )


def _is_correction_of(invoice: _KnownInvoice, other: _KnownInvoice) -> bool:
    if invoice.document_type == "credit_memo" or invoice.original is None:
        return False
    return folded_number(invoice.original) == folded_number(other.number)


def _compare_invoices(invoice: _KnownInvoice, other: _KnownInvoice) -> tuple[Nature, str] | None:
    """Return (difference or question, what agrees) where the invoice is or may be a copy."""
    if invoice.document_type != other.document_type or invoice.total is None:
        return None
    if invoice.total != other.total or _is_correction_of(invoice, other):
        return None
    first, second = folded_number(invoice.number), folded_number(other.number)
    days = None if invoice.day is None or other.day is None else abs((invoice.day - other.day).days)
    same_lines = (
        None if other.lines is None or invoice.lines is None else invoice.lines == other.lines
    )
    same_order = None
    if invoice.order and other.order:
        same_order = normalise_code(invoice.order) == normalise_code(other.order)
    if same_lines is False or same_order is False or (days is not None and days > _FAR_DAYS):
        return None
    if first == second:
        if _is_itself(invoice, other, days):
            return None
        near = _is_sure_copy(invoice, other, days)
        agree = _agreement_text(days, same_lines, same_order)
        agreement = f"the same number except for its print, the same total{agree}"
        return ("difference" if near else "question"), agreement
    if not _is_one_slip_apart(first, second) or days is None or days > _NEAR_DAYS or not same_lines:
        return None
    return (
        "question",
        f"almost the same number, the same total{_agreement_text(days, same_lines, same_order)}",
    )


def _is_same_text(invoice: _KnownInvoice, other: _KnownInvoice) -> bool:
    return invoice.number.strip().casefold() == other.number.strip().casefold()


def _is_sure_copy(invoice: _KnownInvoice, other: _KnownInvoice, days: int | None) -> bool:
    """Return whether an invoice with the same number but for its print is surely a copy.

    The history may hold the invoice at hand in another spelling, unless it says that it was paid.
    """
    is_near = days is not None and days <= _NEAR_DAYS
    if other.is_paid:
        return is_near or _is_same_text(invoice, other)
    is_past = other.document_id is None and not _is_same_text(invoice, other)
    return is_near and not (is_past and days == 0)


def _is_itself(invoice: _KnownInvoice, other: _KnownInvoice, days: int | None) -> bool:
    """Return whether the history may hold this very invoice: same number to the letter and day.

    An invoice that was paid is no invoice to be paid.
    """
    same = _is_same_text(invoice, other)
    return other.document_id is None and same and days in (0, None) and not other.is_paid


def _agreement_text(days: int | None, same_lines: bool | None, same_order: bool | None) -> str:
    parts = [] if days is None else [f"{days} days apart"]
    parts += ["the same lines"] if same_lines else []
    parts += ["the same order"] if same_order else []
    return "".join(f", {part}" for part in parts)


def _is_one_slip_apart(number: str, other_number: str) -> bool:
    """Return whether two folded numbers are one slip apart, and not neighbours in a sequence."""
    if min(len(number), len(other_number)) < _MIN_LENGTH or OSA.distance(number, other_number) != 1:
        return False
    shared = next(
        (n for n, (a, b) in enumerate(zip(number, other_number, strict=False)) if a != b), 0
    )
    ends = number[shared:], other_number[shared:]
    if all(end.isdecimal() for end in ends) and len(number) == len(other_number):
        return abs(int(ends[0]) - int(ends[1])) > _SEQUENCE
    return True


def _finding(
    document: ExtractedDocument, other: _KnownInvoice, why: str, nature: Nature, context: Context
) -> Finding:
    invoice = _invoice_of(document)
    cells = {} if invoice is None else dict(invoice.cells)
    cells |= {f"{other.name} {name}": cell for name, cell in other.cells}
    shown = rounded(to_decimal(whole_amount(document) or Fraction(0)), context.currency)
    finding = whole_document_finding(
        document,
        context,
        "DUPLICATE_INVOICE",
        FindingText(
            f"the whole invoice: {shown}",
            f"{document.document_id} bills what {other.name} bills: {why}.",
            "Do not pay it again."
            if nature == "difference"
            else "Find out whether it was paid before.",
        ),
        names=("invoice_id", "invoice_date"),
    )
    theirs = tuple(
        cell_evidence(other.document_id, name, cell)
        for name, cell in other.cells
        if other.document_id is not None
    )
    return replace(
        finding,
        nature=nature,
        confidence=certainty(cells),
        evidence=(*finding.evidence, *theirs),
    )
