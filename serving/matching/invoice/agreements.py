"""Checks of an invoice's header against its order: number, vendor, currency, payment terms."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from data.order_records import OrderData, PurchaseOrder
from data.records import ExtractedDocument, Field
from data.values.currencies import read_currencies
from serving.matching.findings.arithmetic import to_decimal
from serving.matching.findings.records import Doubt, Evidence, Finding, FindingText, cell_evidence
from serving.matching.invoice.order_terms import agreed_rate, printed_currency
from serving.matching.invoice.payment_terms import read_terms
from serving.matching.invoice.sums import CHARGE_ROWS, vendor_error_probability, whole_amount
from serving.matching.pairing.article_names import normalise_code
from serving.matching.pairing.billed_line import SILENT_TYPES, credit_sign, weak_cells
from serving.matching.pairing.order_line import is_live
from serving.matching.rules.context import Context
from serving.matching.rules.decide import is_claimable

# Letters and digits that print and OCR confuse.
_LOOKALIKES = str.maketrans("OISBZ", "01582")
# What stands between the numbers of several orders.
_BETWEEN_NUMBERS = re.compile(r"[,;/&+]|\s")
# Legal forms: no part of a company's name.
_LEGAL_FORM = re.compile(
    r"ab|ag|as|bhd|bv|co|company|corp|corporation|eg|eirl|ek|gmbh|inc|incorporated|kft|kg|lda|"
    r"llc|llp|limited|ltd|mbh|nv|oy|plc|pte|pty|sa|sarl|sas|sdn|se|sl|spa|sp|srl|ug|zoo"
)
# Letters and digits of the shortest order number that another number may begin with.
_SHORTEST_NUMBER = 5
# Names this alike (0..100) are one vendor's, names less alike than the second another's.
_SAME_NAME, _OTHER_NAME = 90.0, 62.0


@dataclass(frozen=True, slots=True)
class HeaderCheck:
    """The findings on a document's header. `doubts` bar every claim on it.

    `wrong` True: the document is not for this order, vendor or currency, or asks for nothing that
    is due; its lines are not compared.
    """

    findings: tuple[Finding, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    wrong: bool = False


def header_evidence(document: ExtractedDocument, names: Sequence[str]) -> tuple[Evidence, ...]:
    """Return the places of these header values, as far as they were read."""
    return tuple(
        cell_evidence(document.document_id, name, leaf)
        for name in names
        if (leaf := document.fields.get(name)) is not None and leaf.value is not None
    )


def order_evidence(order: PurchaseOrder, name: str, value: object) -> Evidence:
    """Return the order's value under a key, as the other side of a finding."""
    return Evidence(order.po_number, name, None if value is None else str(value), 1.0)


def whole_document_finding(
    document: ExtractedDocument,
    context: Context,
    code: str,
    text: FindingText,
    names: Sequence[str] = (),
) -> Finding:
    """Return a finding on the whole document, certain until its caller says how sure it is.

    `names` are the header values that it rests on.
    """
    whole, sign = whole_amount(document), credit_sign(document) or 1
    return Finding(
        code=code,
        quantity=None,
        amount=None if whole is None else to_decimal(whole * sign),
        currency=context.currency,
        formula=text.formula,
        explanation=text.explanation,
        action=text.action,
        confidence=1.0,
        evidence=header_evidence(document, (*names, "invoice_total")),
    )


def check_agreements(document: ExtractedDocument, data: OrderData, context: Context) -> HeaderCheck:
    """Return the findings of the first check that bars the document, else all doubts; and terms."""
    header = HeaderCheck()
    for check in (_check_vendor, _check_order, _check_closed, _check_currency):
        more = check(document, data, context)
        doubts = (*header.doubts, *more.doubts)
        header = HeaderCheck((*header.findings, *more.findings), doubts, more.wrong)
        if header.wrong:
            break
    terms = check_terms(document, data.order, context)
    findings = (*header.findings, *(() if terms is None else (terms,)))
    stated = tuple(
        replace(finding, evidence=(*finding.evidence, order_evidence(data.order, name, value)))
        for finding in findings
        for name, value in (_order_value(data.order, finding.code),)
    )
    return replace(header, findings=stated)


def _order_value(order: PurchaseOrder, code: str) -> tuple[str, object]:
    """Return the key and value of the order that a header finding is measured against."""
    return {
        "PO_NOT_FOUND": ("po_number", order.po_number),
        "PO_CLOSED": ("closed", str(order.closed).lower()),
        "VENDOR_MISMATCH": ("vendor_name", order.vendor_name),
        "CURRENCY_MISMATCH": ("currency", order.currency),
        "TERMS_MISMATCH": ("payment_terms", order.payment_terms),
    }[code]


def _order_number(text: str) -> str:
    return normalise_code(text).translate(_LOOKALIKES).lstrip("0")


def order_distance(printed: str, order: PurchaseOrder) -> int:
    """Return in how many characters a printed order number differs from the order's nearest one.

    Releases and prefixes ("PO 4711-1" of order 4711) name the same order, as do letters and digits
    that print confuses. An invoice over several orders may print all their numbers.
    """
    parts = [part for part in _BETWEEN_NUMBERS.split(printed) if part.strip()]
    if len(parts) > 1 and not any(order_distance(part, order) for part in parts):
        return 0
    printed_number = _order_number(printed)
    numbers = {_order_number(order.po_number)}
    numbers |= {_order_number(line.po_number) for line in order.lines if line.po_number}
    for number in numbers:
        short, long = sorted((printed_number, number), key=len)
        if len(short) >= 4 and (long.startswith(short) or long.endswith(short)):
            return 0
    return min(Levenshtein.distance(printed_number, number) for number in numbers)


def is_other_order(leaf: Field | None, order: PurchaseOrder) -> bool:
    """Return whether an order number is printed that is surely not this order's."""
    return leaf is not None and bool(leaf.text) and order_distance(leaf.text or "", order) > 1


def _check_order(document: ExtractedDocument, data: OrderData, context: Context) -> HeaderCheck:
    """Check that the printed order number is this order's; one slip apart is doubtful."""
    leaf, order = document.fields.get("purchase_order"), data.order
    distance = 0 if leaf is None or not leaf.text else order_distance(leaf.text, order)
    if leaf is None or distance == 0:
        return HeaderCheck()
    printed = f"{document.document_id}: order {leaf.text} is printed"
    sentence = f"{printed}, order {order.po_number} was provided"
    if distance == 1:
        return HeaderCheck(doubts=_doubts(f"{sentence}; they differ in one character"))
    if _is_numbered_like(document, order):
        # Broadcasters number invoices by the order, and print the agency's number for it as well.
        is_weak = leaf.confidence < context.policy.review_confidence
        alike = f"{sentence}; the invoice is numbered like the order"
        return HeaderCheck(doubts=() if is_weak else _doubts(alike))
    finding = whole_document_finding(
        document,
        context,
        "PO_NOT_FOUND",
        FindingText(
            f"{leaf.text} ≠ {order.po_number}",
            f"The invoice names order {leaf.text}; the order provided is {order.po_number}.",
            "Ask which order the invoice belongs to; do not pay it against this one.",
        ),
        names=("purchase_order",),
    )
    # Never a claim: the wrong order may have been sent along as well as billed.
    finding = replace(finding, nature="question", confidence=leaf.confidence)
    # A number that may be misread does not keep the lines from being compared; it bars claims.
    is_sure = leaf.confidence >= context.policy.review_confidence
    return HeaderCheck((finding,), _doubts(sentence), wrong=is_sure)


def _is_numbered_like(document: ExtractedDocument, order: PurchaseOrder) -> bool:
    """Return whether the invoice's own number begins with the order's: 515500-1 of 515500."""
    leaf = document.fields.get("invoice_id")
    if leaf is None or not leaf.text:
        return False
    start = re.split(r"[^0-9A-Za-z]", leaf.text.strip())[0]
    return len(start) >= _SHORTEST_NUMBER and _order_number(start) == _order_number(order.po_number)


def _doubts(sentence: str) -> tuple[Doubt, ...]:
    return (Doubt("header", sentence, "invoice"),)


def _doubt_weak_cell(finding: Finding, name: str, leaf: Field, context: Context) -> Finding:
    """Return the finding, in doubt where the header value it rests on was read badly."""
    weak = weak_cells({name: leaf}, context.policy.review_confidence)
    return finding.doubted(Doubt("reading", sentence, "cell") for sentence in weak)


def _check_currency(document: ExtractedDocument, data: OrderData, context: Context) -> HeaderCheck:
    """Check that invoice and order are in one currency, or in two with an agreed rate.

    Numbers of different currencies are never compared.
    """
    leaf, order = document.fields.get("currency"), data.order
    if leaf is None or not leaf.text or order.currency is None:
        return HeaderCheck()
    codes = read_currencies(leaf.text)
    if order.currency in codes:
        return HeaderCheck()
    if not codes:
        return HeaderCheck(
            doubts=_doubts(f"{document.document_id}: currency {leaf.text!r} is unknown")
        )
    if agreed_rate(document, order) is not None:
        return HeaderCheck()
    finding = Finding(
        code="CURRENCY_MISMATCH",
        nature="breach",
        quantity=None,
        amount=None,
        currency=None,
        formula=f"{leaf.text} ≠ {order.currency}",
        explanation=(
            f"The invoice is in {leaf.text}, the order in {order.currency}, "
            "and no exchange rate was agreed."
        ),
        action="Ask for an invoice in the order's currency.",
        confidence=leaf.confidence,
        evidence=header_evidence(document, ("currency",)),
    )
    sentence = f"{document.document_id}: currency {leaf.text} is not the order's {order.currency}"
    return HeaderCheck(
        (_doubt_weak_cell(finding, "currency", leaf, context),), _doubts(sentence), wrong=True
    )


def _check_closed(document: ExtractedDocument, data: OrderData, context: Context) -> HeaderCheck:
    """Check that the order may still be billed, or the invoice was posted before it was closed."""
    leaf = document.fields.get("invoice_id")
    number = normalise_code(leaf.text) if leaf is not None and leaf.text else None
    posted = number is not None and number in {normalise_code(b.invoice_id) for b in data.billed}
    if not data.order.closed or posted or _owes_deliveries(data):
        return HeaderCheck()
    name = data.order.po_number
    named = document.fields.get("purchase_order")
    finding = whole_document_finding(
        document,
        context,
        "PO_CLOSED",
        FindingText(
            f"order {name} is closed",
            f"Order {name} was closed before this invoice arrived: nothing is left to bill on it.",
            "Do not pay; ask the vendor which open order the invoice is for.",
        ),
        names=("purchase_order",),
    )
    if named is not None:
        finding = replace(finding, confidence=named.confidence)
    return HeaderCheck((finding,), _doubts(finding.explanation), wrong=True)


def _owes_deliveries(data: OrderData) -> bool:
    """Return whether goods came that were not billed before: a closed order still owes them."""
    left: defaultdict[str, Decimal] = defaultdict(Decimal)
    for receipt in data.receipts:
        for event in receipt.lines:
            sign = -1 if event.reversed else 1
            came = abs(event.quantity_received) if event.reversed else event.quantity_received
            left[event.po_line_number] += sign * (came - event.quantity_returned)
    for bill in data.billed:
        if is_live(bill.status):
            left[bill.po_line_number] -= bill.base_quantity
    return any(units > 0 for units in left.values())


def plain_name(name: str) -> str:
    """Return a company's name without case, punctuation and legal form.

    >>> plain_name("Kapla Hardware Co., Ltd.")
    'kapla hardware'
    """
    words = re.findall(r"\w+", re.sub(r"(?<=\b\w)\.(?=\w\b)", "", name.casefold()))
    name_words = [word for word in words if not _LEGAL_FORM.fullmatch(word)]
    return " ".join(name_words or words)


def name_likeness(name: str, other_name: str) -> float:
    """Return the likeness of two company names, 0 to 100; 100 where one is the other cut short."""
    first, second = plain_name(name), plain_name(other_name)
    if first.replace(" ", "") == second.replace(" ", ""):
        return 100.0
    short, long = sorted((first.split(), second.split()), key=len)
    if short and long[: len(short)] == short:
        return 100.0
    return float(max(fuzz.ratio(first, second), fuzz.token_sort_ratio(first, second)))


def _check_vendor(document: ExtractedDocument, data: OrderData, context: Context) -> HeaderCheck:
    """Check that the vendor who bills is the one who was ordered from.

    The same tax number settles it. A name that is a little like the vendor's is doubtful only.
    """
    leaf, order = document.fields.get("vendor_name"), data.order
    tax_id = document.fields.get("vendor_tax_id")
    printed = tax_id.text if tax_id is not None else None
    if printed and normalise_code(printed) == normalise_code(order.vendor_tax_id or ""):
        return HeaderCheck()
    if leaf is None or not leaf.text or not order.vendor_name or _bills_charges_only(document):
        return HeaderCheck()
    alike = name_likeness(leaf.text, order.vendor_name)
    if alike >= _SAME_NAME:
        return HeaderCheck()
    sentence = f"{document.document_id}: {leaf.text} bills an order placed with {order.vendor_name}"
    if alike >= _OTHER_NAME:
        return HeaderCheck(doubts=_doubts(f"{sentence}; the names are somewhat alike"))
    finding = whole_document_finding(
        document,
        context,
        "VENDOR_MISMATCH",
        FindingText(
            f"{leaf.text} ≠ {order.vendor_name}",
            f"{leaf.text} bills an order that was placed with {order.vendor_name}.",
            "Do not pay; ask both who may bill this order, and verify any new bank account.",
        ),
        names=("vendor_name",),
    )
    # Rather another name was read off the page than another company bills the order.
    finding = replace(finding, confidence=vendor_error_probability(leaf.confidence))
    weighed = _doubt_weak_cell(finding, "vendor_name", leaf, context)
    return HeaderCheck((weighed,), _doubts(sentence), wrong=is_claimable(weighed, context.policy))


def _bills_charges_only(document: ExtractedDocument) -> bool:
    """Return whether an invoice bills freight and charges alone: carriers bill in their own name.

    What was agreed on them is compared as on the vendor's own invoices.
    """
    types = {item.line_type for item in document.line_items} - SILENT_TYPES
    return bool(types) and types <= CHARGE_ROWS


def check_terms(
    document: ExtractedDocument, order: PurchaseOrder, context: Context
) -> Finding | None:
    """Return TERMS_MISMATCH where printed terms are not the agreed ones, whatever the wording.

    A claim without an amount where both were understood, else a question.
    """
    leaf = document.fields.get("payment_terms")
    if leaf is None or not leaf.text or order.payment_terms is None:
        return None
    stated, agreed = read_terms(leaf.text), read_terms(order.payment_terms)
    same_words = " ".join(leaf.text.casefold().split()) == " ".join(
        order.payment_terms.casefold().split()
    )
    if same_words or (stated is not None and stated == agreed):
        return None
    finding = Finding(
        code="TERMS_MISMATCH",
        nature="breach" if stated is not None and agreed is not None else "question",
        quantity=None,
        amount=None,
        currency=context.currency,
        formula=f"{leaf.text} ≠ {order.payment_terms}",
        explanation=(
            f"The invoice states payment terms {leaf.text!r}; {order.payment_terms!r} was agreed."
        ),
        action="Pay by the agreed terms and ask the vendor to correct theirs.",
        confidence=leaf.confidence,
        evidence=header_evidence(document, ("payment_terms",)),
    )
    return _doubt_weak_cell(finding, "payment_terms", leaf, context)


def in_invoice_currency(finding: Finding, document: ExtractedDocument, context: Context,
                        order: PurchaseOrder) -> Finding:  # fmt: skip
    """Return a finding on a whole invoice with the invoice's own currency to its money."""
    rate = agreed_rate(document, order)
    if finding.amount is None or rate == 1:
        return finding
    code = printed_currency(document, order)
    if rate is None or code is None:
        return replace(finding, amount=None, currency=None)
    return replace(finding, currency=code)
