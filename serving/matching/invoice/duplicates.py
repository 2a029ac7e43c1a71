"""Invoices that were had before: sent twice with another number, or filed twice.

Vendor and number alone are not enough, and an exact match of both misses every slip of print: what
is compared is the number as print and OCR may change it, with amount, date, order and lines. A
partial shipment, a credit memo with the invoice's number, a corrected invoice and a monthly charge
are no copies.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from rapidfuzz.distance import OSA

from data.order_records import OrderData, PastInvoice
from data.records import ExtractedDocument, Field, Problem
from serving.matching.findings.arithmetic import rounded, to_decimal
from serving.matching.findings.records import Doubt, Finding, Nature, cell_evidence
from serving.matching.invoice.agreements import whole_document
from serving.matching.invoice.split_files import Bill, number_of
from serving.matching.invoice.sums import whole_amount
from serving.matching.pairing.assignment import normalise_code
from serving.matching.pairing.billed_line import certainty
from serving.matching.rules.context import Context
from serving.matching.rules.decide import is_claimable

# Print and OCR confuse these.
_LOOKALIKES = str.maketrans("OISBZ", "01582")
_NEAR_DAYS, _FAR_DAYS = 7, 120
# Shorter numbers are too easily alike; numbers this close in sequence are two invoices.
_LEAST_LENGTH, _SEQUENCE = 6, 50


@dataclass(frozen=True, slots=True)
class FoundCopy:
    """A document that bills, or may bill, what was billed before."""

    document_id: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Copies:
    """What is known of copies. `copies` are not compared: their goods are billed elsewhere.

    `doubts` bar claims, by document id. `seen` are sentences on files that were had before, with
    what was decided then.
    """

    found: tuple[FoundCopy, ...] = ()
    copies: frozenset[str] = frozenset()
    doubts: tuple[tuple[str, Doubt], ...] = ()
    seen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
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


def folded_number(text: str) -> str:
    """A document number without what print, typing and OCR change.

    >>> folded_number("INV-00l5O") == folded_number("inv 00150")
    True
    """
    # A small L is a 1 as well; capital L stays one.
    return normalise_code(text.replace("l", "1")).translate(_LOOKALIKES).lstrip("0")


def find_copies(
    documents: Sequence[ExtractedDocument], data: OrderData, context: Context
) -> Copies:
    """Which of these invoices are copies of one another or of an earlier invoice."""
    past = [_past(one) for one in data.invoices]
    earlier: list[_Known] = []
    found: list[FoundCopy] = []
    copies, doubts, seen = set[str](), list[tuple[str, Doubt]](), list[str]()
    hashes = {one.file_sha256: one for one in data.invoices if one.file_sha256}
    for document in documents:
        known = hashes.get(document.file_sha256 or "")
        if known is not None:
            copies.add(document.document_id)
            result = f", decided then: {known.result}" if known.result else ""
            name = document.document_id
            seen.append(f"{name} came in the same file as invoice {known.invoice_id}{result}")
            continue
        own = _of(document)
        if own is None:
            continue
        for other in (*earlier, *past):
            judged = _judge(own, other)
            if judged is None:
                continue
            nature, why = judged
            finding = _finding(document, other, why, nature, context)
            found.append(FoundCopy(document.document_id, finding))
            if is_claimable(finding, context.policy):
                copies.add(document.document_id)
            else:
                doubts.append((document.document_id, _doubt(finding.explanation)))
            break
        else:
            correction = next((one for one in earlier if _corrects(own, one)), None)
            if correction is not None:
                said = f"{own.name} corrects {correction.name}: which of them counts?"
                doubts.append((document.document_id, _doubt(said)))
                doubts.append((correction.document_id or "", _doubt(said)))
            earlier.append(own)
    return Copies(tuple(found), frozenset(copies), tuple(doubts), tuple(seen))


def _doubt(sentence: str) -> Doubt:
    return Doubt("copy", sentence, "invoice")


def without_copies(
    documents: Sequence[ExtractedDocument],
) -> tuple[list[ExtractedDocument], list[Problem]]:
    """The documents without second scans of one sheet; and a problem per one that was left out.

    The same file given twice is no problem: it counts once.
    """
    kept: list[ExtractedDocument] = []
    problems: list[Problem] = []
    for document in documents:
        twin = next((other for other in kept if _same_sheet(document, other)), None)
        if twin is None:
            kept.append(document)
        elif document.file_sha256 is None or document.file_sha256 != twin.file_sha256:
            sentence = f"{document.document_id} is the same invoice as {twin.document_id}"
            problems.append(Problem("duplicate_document", f"{sentence}; it counts once"))
    return kept, problems


def _same_sheet(one: ExtractedDocument, other: ExtractedDocument) -> bool:
    """Whether two documents print the same: number and date to the letter, and every line."""
    if one.document_type.value != other.document_type.value:
        return False
    if content_of(one) != content_of(other):
        return False
    numbers = number_of(one), number_of(other)
    if None in numbers:
        return bool(one.line_items)
    texts = {leaf.text for document in (one, other) if (leaf := document.fields.get("invoice_id"))}
    return len(texts) == 1 and one.value("invoice_date") == other.value("invoice_date")


def invoice_versions(bills: Sequence[Bill], copies: Collection[str]) -> list[Problem]:
    """A problem for each two bills with one number and other lines: one of them is not right."""
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
                        "invoice_in_two_documents", f"{sentence}, with other lines: which is right?"
                    )
                )
                break
    return problems


def _of(document: ExtractedDocument) -> _Known | None:
    leaf, day = document.fields.get("invoice_id"), document.value("invoice_date")
    if leaf is None or not leaf.text:
        return None
    order, original = (
        document.fields.get("purchase_order"),
        document.fields.get("original_invoice_id"),
    )
    names = ("invoice_id", "invoice_total", "invoice_date")
    cells = ((name, document.fields.get(name)) for name in names)
    return _Known(
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


def _past(one: PastInvoice) -> _Known:
    total = None if one.invoice_total is None else Fraction(one.invoice_total)
    return _Known(
        f"invoice {one.invoice_id}", one.invoice_id, one.document_type, total, one.invoice_date,
        one.po_number, None,
    )  # fmt: skip


def content_of(document: ExtractedDocument) -> tuple[object, ...]:
    """What a document bills, place and confidence left aside."""
    names = ("product_code", "description", "quantity", "unit_price", "amount")
    return tuple(
        tuple(leaf.value if (leaf := item.field(name)) else None for name in names)
        for item in document.line_items
    )


def _corrects(own: _Known, other: _Known) -> bool:
    if own.document_type == "credit_memo" or own.original is None:
        return False
    return folded_number(own.original) == folded_number(other.number)


def _judge(own: _Known, other: _Known) -> tuple[Nature, str] | None:
    """(difference or question, what agrees) where the invoice is or may be a copy of the other."""
    if own.document_type != other.document_type or own.total is None:
        return None
    if own.total != other.total or _corrects(own, other):
        return None
    first, second = folded_number(own.number), folded_number(other.number)
    days = None if own.day is None or other.day is None else abs((own.day - other.day).days)
    same_lines = None if other.lines is None or own.lines is None else own.lines == other.lines
    same_order = None
    if own.order and other.order:
        same_order = normalise_code(own.order) == normalise_code(other.order)
    if same_lines is False or same_order is False or (days is not None and days > _FAR_DAYS):
        return None
    if first == second:
        if _is_itself(own, other, days):
            return None
        near = days is not None and days <= _NEAR_DAYS
        agree = _agreeing(days, same_lines, same_order)
        said = f"the same number but for print, the same total{agree}"
        return ("difference" if near else "question"), said
    if not _alike(first, second) or days is None or days > _NEAR_DAYS or not same_lines:
        return None
    return (
        "question",
        f"almost the same number, the same total{_agreeing(days, same_lines, same_order)}",
    )


def _is_itself(own: _Known, other: _Known, days: int | None) -> bool:
    """Whether the history may simply know this very invoice: same number to the letter and day."""
    same = normalise_code(own.number) == normalise_code(other.number)
    return other.document_id is None and same and days in (0, None)


def _agreeing(days: int | None, same_lines: bool | None, same_order: bool | None) -> str:
    parts = [] if days is None else [f"{days} days apart"]
    parts += ["the same lines"] if same_lines else []
    parts += ["the same order"] if same_order else []
    return "".join(f", {part}" for part in parts)


def _alike(one: str, other: str) -> bool:
    """Whether two folded numbers are one slip apart, and not neighbours in a sequence."""
    if min(len(one), len(other)) < _LEAST_LENGTH or OSA.distance(one, other) != 1:
        return False
    shared = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    ends = one[shared:], other[shared:]
    if all(end.isdecimal() for end in ends) and len(one) == len(other):
        return abs(int(ends[0]) - int(ends[1])) > _SEQUENCE
    return True


def _finding(
    document: ExtractedDocument, other: _Known, why: str, nature: Nature, context: Context
) -> Finding:
    own = _of(document)
    cells = {} if own is None else dict(own.cells)
    cells |= {f"{other.name} {name}": cell for name, cell in other.cells}
    shown = rounded(to_decimal(whole_amount(document) or Fraction(0)), context.currency)
    finding = whole_document(
        document,
        context,
        "DUPLICATE_INVOICE",
        (
            f"the whole invoice: {shown}",
            f"{document.document_id} bills what {other.name} bills: {why}.",
            "Do not pay it again."
            if nature == "difference"
            else "Find out whether it was paid before.",
        ),
        names=("invoice_id", "invoice_date"),
        confidence=certainty(cells),
        nature=nature,
    )
    theirs = tuple(
        cell_evidence(other.document_id, name, cell)
        for name, cell in other.cells
        if other.document_id is not None
    )
    return replace(finding, evidence=(*finding.evidence, *theirs))
