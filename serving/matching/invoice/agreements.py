"""What an invoice's header has to agree with: its order, vendor, currency and payment terms."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from data.order_records import OrderData, PurchaseOrder
from data.records import ExtractedDocument, Field
from data.values.currencies import read_currencies
from serving.matching.findings.arithmetic import rounded, to_decimal
from serving.matching.findings.records import Doubt, Evidence, Finding, Nature, cell_evidence
from serving.matching.invoice.order_terms import agreed_rate
from serving.matching.invoice.payment_terms import read_terms
from serving.matching.invoice.sums import vendors_error, whole_amount
from serving.matching.pairing.assignment import normalise_code
from serving.matching.pairing.billed_line import credit_sign, weak_cells
from serving.matching.rules.context import Context
from serving.matching.rules.decide import is_claimable

# Letters and digits that print and OCR confuse.
_LOOKALIKES = str.maketrans("OISBZ", "01582")
# What a company is, not what it is called.
_LEGAL_FORM = re.compile(
    r"ab|ag|as|bhd|bv|co|company|corp|corporation|eg|eirl|ek|gmbh|inc|incorporated|kft|kg|lda|"
    r"llc|llp|limited|ltd|mbh|nv|oy|plc|pte|pty|sa|sarl|sas|sdn|se|sl|spa|sp|srl|ug|zoo"
)
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


def places_of(document: ExtractedDocument, names: Sequence[str]) -> tuple[Evidence, ...]:
    """Where these header values stand, as far as they were read."""
    return tuple(
        cell_evidence(document.document_id, name, leaf)
        for name in names
        if (leaf := document.fields.get(name)) is not None and leaf.value is not None
    )


def order_says(order: PurchaseOrder, name: str, value: object) -> Evidence:
    """What the order states under a key, as the other side of a finding."""
    return Evidence(order.po_number, name, None if value is None else str(value), 1.0)


def whole_document(
    document: ExtractedDocument,
    context: Context,
    code: str,
    says: tuple[str, str, str],
    *,
    names: Sequence[str] = (),
    confidence: float = 1.0,
    nature: Nature = "difference",
) -> Finding:
    """A finding over all that the document asks for; `says`: formula, explanation and action."""
    whole, sign = whole_amount(document), credit_sign(document) or 1
    formula, explanation, action = says
    return Finding(
        code=code,
        nature=nature,
        quantity=None,
        amount=None if whole is None else to_decimal(whole * sign),
        currency=context.currency,
        formula=formula,
        explanation=explanation,
        action=action,
        confidence=confidence,
        evidence=places_of(document, (*names, "invoice_total")),
    )


def check_agreements(document: ExtractedDocument, data: OrderData, context: Context) -> HeaderCheck:
    """The findings of the first check that bars the document, else the doubts of all; and terms."""
    found = HeaderCheck()
    for check in (_check_vendor, _check_order, _check_closed, _check_currency):
        more = check(document, data, context)
        doubts = (*found.doubts, *more.doubts)
        found = HeaderCheck((*found.findings, *more.findings), doubts, more.wrong)
        if found.wrong:
            break
    terms = check_terms(document, data.order, context)
    findings = (*found.findings, *(() if terms is None else (terms,)))
    stated = tuple(
        replace(one, evidence=(*one.evidence, order_says(data.order, name, value)))
        for one in findings
        for name, value in (_stated(data.order, one.code),)
    )
    return replace(found, findings=stated)


def _stated(order: PurchaseOrder, code: str) -> tuple[str, object]:
    """The key and value of the order that a finding of this room is held against."""
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
    """In how many characters a printed order number differs from this order's nearest one.

    Releases and prefixes ("PO 4711-1" of order 4711) name the same order, as do letters and digits
    that print confuses.
    """
    seen = _order_number(printed)
    numbers = {_order_number(order.po_number)}
    numbers |= {_order_number(line.po_number) for line in order.lines if line.po_number}
    for number in numbers:
        short, long = sorted((seen, number), key=len)
        if len(short) >= 4 and (long.startswith(short) or long.endswith(short)):
            return 0
    return min(Levenshtein.distance(seen, number) for number in numbers)


def is_other_order(leaf: Field | None, order: PurchaseOrder) -> bool:
    """Whether an order number is printed that is surely not this order's."""
    return leaf is not None and bool(leaf.text) and order_distance(leaf.text or "", order) > 1


def _check_order(document: ExtractedDocument, data: OrderData, context: Context) -> HeaderCheck:
    """Whether the printed order number is this order's; numbers one slip apart are doubtful."""
    leaf, order = document.fields.get("purchase_order"), data.order
    distance = 0 if leaf is None or not leaf.text else order_distance(leaf.text, order)
    if leaf is None or distance == 0:
        return HeaderCheck()
    said = f"{document.document_id}: order {leaf.text} is printed, {order.po_number} is given"
    if distance == 1:
        return HeaderCheck(doubts=_doubts(f"{said}; they differ in one character"))
    finding = whole_document(
        document,
        context,
        "PO_NOT_FOUND",
        (
            f"{leaf.text} ≠ {order.po_number}",
            f"The invoice names order {leaf.text}; the order given is {order.po_number}.",
            "Ask which order the invoice belongs to; do not pay it on this one.",
        ),
        names=("purchase_order",),
        confidence=leaf.confidence,
        # Never a claim: the wrong order may have been sent along as well as billed.
        nature="question",
    )
    # A number that may be misread does not keep the lines from being compared; it bars claims.
    sure = leaf.confidence >= context.policy.review_confidence
    return HeaderCheck((finding,), _doubts(said), wrong=sure)


def _doubts(sentence: str) -> tuple[Doubt, ...]:
    return (Doubt("header", sentence, "invoice"),)


def _weighed(finding: Finding, name: str, leaf: Field, context: Context) -> Finding:
    """The finding, in doubt where the header value it rests on was read badly."""
    weak = weak_cells({name: leaf}, context.policy.review_confidence)
    return finding.doubted(Doubt("reading", sentence, "cell") for sentence in weak)


def _check_currency(document: ExtractedDocument, data: OrderData, context: Context) -> HeaderCheck:
    """Whether invoice and order are in one currency, or in two with an agreed rate.

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
            f"The invoice is in {leaf.text}, the order in {order.currency}, and no rate is agreed."
        ),
        action="Ask for an invoice in the order's currency.",
        confidence=leaf.confidence,
        evidence=places_of(document, ("currency",)),
    )
    said = f"{document.document_id}: currency {leaf.text} is not the order's {order.currency}"
    return HeaderCheck((_weighed(finding, "currency", leaf, context),), _doubts(said), wrong=True)


def _check_closed(document: ExtractedDocument, data: OrderData, context: Context) -> HeaderCheck:
    """Whether the order may still be billed. An invoice posted before it was closed may be."""
    leaf = document.fields.get("invoice_id")
    number = normalise_code(leaf.text) if leaf is not None and leaf.text else None
    posted = number is not None and number in {normalise_code(b.invoice_id) for b in data.billed}
    if not data.order.closed or posted:
        return HeaderCheck()
    name = data.order.po_number
    named = document.fields.get("purchase_order")
    finding = whole_document(
        document,
        context,
        "PO_CLOSED",
        (
            f"order {name} is closed",
            f"Order {name} was closed before this invoice came: nothing is left to bill on it.",
            "Do not pay; ask the vendor which open order the invoice is for.",
        ),
        names=("purchase_order",),
        confidence=1.0 if named is None else named.confidence,
    )
    return HeaderCheck((finding,), _doubts(finding.explanation), wrong=True)


def plain_name(name: str) -> str:
    """A company's name without case, punctuation and legal form.

    >>> plain_name("Kapla Hardware Co., Ltd.")
    'kapla hardware'
    """
    words = re.findall(r"\w+", re.sub(r"(?<=\b\w)\.(?=\w\b)", "", name.casefold()))
    kept = [word for word in words if not _LEGAL_FORM.fullmatch(word)]
    return " ".join(kept or words)


def name_likeness(one: str, other: str) -> float:
    """How alike two companies' names are, 0 to 100; 100 where one is the other cut short."""
    first, second = plain_name(one), plain_name(other)
    if first.replace(" ", "") == second.replace(" ", ""):
        return 100.0
    short, long = sorted((first.split(), second.split()), key=len)
    if short and long[: len(short)] == short:
        return 100.0
    return float(max(fuzz.ratio(first, second), fuzz.token_sort_ratio(first, second)))


def _check_vendor(document: ExtractedDocument, data: OrderData, context: Context) -> HeaderCheck:
    """Whether the vendor who bills is the one who was ordered from.

    The same tax number settles it. A name that is a little like the vendor's is doubtful only.
    """
    leaf, order = document.fields.get("vendor_name"), data.order
    tax_id = document.fields.get("vendor_tax_id")
    printed = tax_id.text if tax_id is not None else None
    if printed and normalise_code(printed) == normalise_code(order.vendor_tax_id or ""):
        return HeaderCheck()
    if leaf is None or not leaf.text or not order.vendor_name:
        return HeaderCheck()
    alike = name_likeness(leaf.text, order.vendor_name)
    if alike >= _SAME_NAME:
        return HeaderCheck()
    said = f"{document.document_id}: {leaf.text} bills, {order.vendor_name} was ordered from"
    if alike >= _OTHER_NAME:
        return HeaderCheck(doubts=_doubts(f"{said}; the names are a little alike"))
    finding = whole_document(
        document,
        context,
        "VENDOR_MISMATCH",
        (
            f"{leaf.text} ≠ {order.vendor_name}",
            f"{leaf.text} bills an order that was placed with {order.vendor_name}.",
            "Do not pay; ask both who may bill this order, and verify any new bank account.",
        ),
        names=("vendor_name",),
        # Rather another name was read off the page than somebody else bills the order.
        confidence=vendors_error(leaf.confidence),
    )
    weighed = _weighed(finding, "vendor_name", leaf, context)
    return HeaderCheck((weighed,), _doubts(said), wrong=is_claimable(weighed, context.policy))


def check_terms(
    document: ExtractedDocument, order: PurchaseOrder, context: Context
) -> Finding | None:
    """Printed payment terms that are not the agreed ones; wording alone makes no difference.

    A claim without an amount where both were understood, else a question.
    """
    leaf = document.fields.get("payment_terms")
    if leaf is None or not leaf.text or order.payment_terms is None:
        return None
    seen, agreed = read_terms(leaf.text), read_terms(order.payment_terms)
    same_words = " ".join(leaf.text.casefold().split()) == " ".join(
        order.payment_terms.casefold().split()
    )
    if same_words or (seen is not None and seen == agreed):
        return None
    finding = Finding(
        code="TERMS_MISMATCH",
        nature="breach" if seen is not None and agreed is not None else "question",
        quantity=None,
        amount=None,
        currency=context.currency,
        formula=f"{leaf.text} ≠ {order.payment_terms}",
        explanation=(
            f"The invoice asks for payment {leaf.text!r}; {order.payment_terms!r} was agreed."
        ),
        action="Pay by the agreed terms and ask the vendor to correct theirs.",
        confidence=leaf.confidence,
        evidence=places_of(document, ("payment_terms",)),
    )
    return _weighed(finding, "payment_terms", leaf, context)


def in_order_currency(finding: Finding, document: ExtractedDocument, context: Context,
                      order: PurchaseOrder) -> Finding:  # fmt: skip
    """The finding with its money at the agreed rate, where the document is in another currency."""
    rate = agreed_rate(document, order)
    if finding.amount is None or rate == 1:
        return finding
    if rate is None:
        return replace(finding, amount=None, currency=None)
    money = finding.amount * to_decimal(rate)
    shown = f"{rounded(finding.amount, None)} × {to_decimal(rate)}"
    return replace(
        finding,
        amount=money,
        currency=context.currency,
        formula=f"{finding.formula}; {shown} = {rounded(money, context.currency)}",
    )
