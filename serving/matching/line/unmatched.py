"""Billed lines without a PO line: items nobody ordered, and freight or other charges."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from data.order_records import OrderLine
from data.records import Field
from serving.matching.findings.arithmetic import price_text, quantity_text, rounded, to_decimal
from serving.matching.findings.records import (
    Doubt,
    Evidence,
    Finding,
    Hypothesis,
    LineCheck,
    LineFacts,
    cell_evidence,
)
from serving.matching.line.check import shown
from serving.matching.line.probability import probability
from serving.matching.pairing.article_names import printed_names, resemblance
from serving.matching.pairing.assignment import Assignment
from serving.matching.pairing.billed_line import (
    NO_QUANTITY,
    BilledItem,
    describe,
    unread_cells,
    weak_cells,
)
from serving.matching.pairing.order_line import Standing
from serving.matching.rules.context import Context

# Descriptions that share this many letters may be one item in other words.
RESEMBLING = 0.6
# Letters and digits of the shortest name that tells articles apart.
MIN_LETTERS = 3
_NAMES = ("product_code", "gtin", "buyer_item_id", "description")


def _facts(billed: BilledItem, unsure: tuple[Evidence, ...] = ()) -> LineFacts:
    return LineFacts(
        description=describe(billed),
        billed=shown(billed.quantity),
        unit=billed.unit,
        billed_price=shown(billed.price),
        document_id=billed.document.document_id,
        page=billed.item.page,
        polygon=billed.item.row_polygon,
        unsure=unsure,
    )


def comparison_doubts(
    billed: BilledItem,
    assignment: Assignment,
    unbilled: Sequence[OrderLine],
    codes_agree: bool,
) -> list[str]:
    """Return sentences on why a line without a PO line may still be one of the order's.

    `unbilled` are PO lines of which other lines do not bill all that is due; `codes_agree`: other
    lines of the document were found by code, so a code that the order does not have is evidence.
    `assignment.nearest` is None where other lines bill all that is due on it: be it that article or
    none that was ordered, nothing of it is owed.
    """
    doubts, nearest, item = [], assignment.nearest, billed.item
    description = item.description.text if item.description is not None else None
    if nearest is not None and "price" in assignment.by:
        doubts.append(f"PO line {nearest.po_line_number} has the same price")
    close = [
        line
        for line in ([nearest] if nearest is not None else []) + list(unbilled)
        if resemblance(description or "", line.description or "") >= RESEMBLING
    ]
    if close:
        doubts.append(f"its description resembles PO line {close[0].po_line_number}")
    code_counts = codes_agree and any(item.field(name) is not None for name in _NAMES[:3])
    if unbilled and not code_counts:
        doubts.append(
            f"PO line {unbilled[0].po_line_number} is not billed in full, and only the names "
            "differ: it may be the same item in other words"
        )
    if any(Fraction(line.quantity_ordered) == billed.quantity for line in unbilled):
        doubts.append("an unbilled PO line has the same quantity: this may be a substitute")
    return doubts


def name_doubts(billed: BilledItem, others: Sequence[BilledItem]) -> list[str]:
    """Return sentences on why the name of a line may be none of an article.

    It has fewer than three letters and digits, or it is a part of the names of `others`, lines that
    were found on the order: a station or campaign that stands in every row names none of them.
    """
    if any(billed.item.field(name) is not None for name in _NAMES[:3]):
        return []
    words = set(printed_names(billed.item).words.split())
    if not words:
        return []
    if sum(map(len, words)) < MIN_LETTERS:
        return [f"its name {describe(billed)!r} is too short to name an article"]
    longer = (set(printed_names(other.item).words.split()) for other in others)
    if any(words < other_words for other_words in longer):
        return ["its name is a part of the names of other lines, which are on the order"]
    return []


def evident_substitutes(
    rows: Sequence[BilledItem], unbilled: Sequence[Standing], minimum: float
) -> dict[int, Standing]:
    """Return the unbilled PO line that each row, by its number in `rows`, evidently replaces.

    As many units arrived on it as the row bills, nothing else fits either of the two, and the row's
    name was read with the minimum confidence or more: else it may be the article itself, misread.
    """
    fitting = {
        number: [standing for standing in unbilled if _has_arrived(standing, row)]
        for number, row in enumerate(rows)
    }
    counts = Counter(standing.key for candidates in fitting.values() for standing in candidates)
    return {
        number: candidates[0]
        for number, candidates in fitting.items()
        if len(candidates) == 1
        and counts[candidates[0].key] == 1
        and not weak_cells(_name_cells(rows[number]), minimum)
    }


def _has_arrived(standing: Standing, row: BilledItem) -> bool:
    """Return whether the units of a row arrived on a PO line and were not billed before."""
    size = standing.units.size(row.unit)
    if size is None or row.quantity is None or not standing.received:
        return False
    return standing.received - standing.billed_before == row.quantity * size


def _name_cells(billed: BilledItem) -> dict[str, Field]:
    """Return the cells that name the article of a row."""
    leaves = ((name, billed.item.field(name)) for name in _NAMES)
    return {name: leaf for name, leaf in leaves if leaf is not None and leaf.text}


def check_unordered(
    billed: BilledItem, rivals: Sequence[str], context: Context, instead: Standing | None = None
) -> LineCheck:
    """Return the check of a billed line that no PO line is like.

    It can be claimed only when it was read well and nothing on the order may be it (`rivals`, as
    `comparison_doubts` returns them); else a person has to look. `instead` is the PO line that it
    seems to be delivered for, though the order lists no such substitute.
    """
    item, names = billed.item, _name_cells(billed)
    cells = names | billed.cells
    if item.amount is not None and item.amount.value is not None:
        cells["amount"] = item.amount
    # Of what nobody ordered all the money is in question, however many units it is for
    is_counted = billed.amount is None or item.quantity is not None
    sentences = [
        *(doubt for doubt in billed.doubts if is_counted or doubt not in NO_QUANTITY),
        *weak_cells(cells, context.policy.review_confidence),
    ]
    if not names:
        sentences.append("neither a code nor a description was read")
    finding = _not_ordered_finding(billed, cells, context)
    pairings = list(rivals)
    if instead is not None:
        pairings.append(
            "the order does not list it as a substitute: only the received units point to it"
        )
        finding = _substitute_finding(finding, billed, instead)
    doubts = (
        *(Doubt("reading", f"{billed.place}: {sentence}", "cell") for sentence in sentences),
        *(Doubt("pairing", f"{billed.place}: {sentence}") for sentence in pairings),
        *context.doubts.get(billed.document.document_id, ()),
    )
    finding = finding.doubted(doubts)
    facts = _facts(billed, _unsure_evidence(billed, cells, context.policy.review_confidence))
    if not names:
        # Without a name it cannot be compared with what was ordered.
        return LineCheck(facts, doubts=doubts, invoice_findings=(finding,))
    return LineCheck(facts, (finding,), doubts)


def _unsure_evidence(
    billed: BilledItem, cells: dict[str, Field], minimum: float
) -> tuple[Evidence, ...]:
    weak = {name: cell for name, cell in cells.items() if cell.confidence < minimum}
    document = billed.document.document_id
    return tuple(
        cell_evidence(document, name, cell) for name, cell in (weak | unread_cells(billed)).items()
    )


def _not_ordered_finding(billed: BilledItem, cells: dict[str, Field], context: Context) -> Finding:
    amount, formula = billed.amount, "amount unknown"
    if amount is not None:
        formula = f"whole line = {rounded(to_decimal(amount), context.currency)}"
    elif billed.price is not None and billed.quantity is not None:
        amount = billed.price * billed.quantity
        formula = (
            f"{quantity_text(billed.quantity)} × {price_text(billed.price)} "
            f"= {rounded(to_decimal(amount), context.currency)}"
        )
    document = billed.document.document_id
    return Finding(
        code="ITEM_NOT_ORDERED",
        quantity=shown(billed.quantity),
        amount=shown(amount),
        currency=context.currency,
        formula=formula,
        explanation=f"{describe(billed)!r} is billed and matches no line of the order.",
        action="Short-pay the line or ask which order it belongs to.",
        confidence=probability(cells, lambda name, _: name not in _NAMES).right,
        evidence=tuple(cell_evidence(document, name, cell) for name, cell in cells.items()),
        unit=billed.unit,
    )


def _substitute_finding(whole: Finding, billed: BilledItem, instead: Standing) -> Finding:
    """Return the finding on the whole line as a substitute that nobody authorised."""
    line = instead.line
    received = quantity_text(instead.received or Fraction(0))
    billed_units = quantity_text(billed.quantity or Fraction(0))
    return replace(
        whole,
        code="ITEM_SUBSTITUTED",
        explanation=(
            f"{describe(billed)!r} is billed, and as many units as it bills were received on PO "
            f"line {line.po_line_number} ({line.description}), which nothing else bills."
        ),
        action="Ask whether the article was accepted instead; if not, short-pay the line.",
        evidence=(*whole.evidence, *instead.evidence),
        explained_by=Hypothesis(
            "substitution",
            f"{received} received = {billed_units} billed",
            f"it may have been delivered instead of PO line {line.po_line_number}",
            instead.evidence,
        ),
        po_line_number=line.po_line_number,
    )


def check_charge_row(billed: BilledItem, context: Context) -> LineCheck | None:
    """Return the check of a freight, fee or discount line; None when it bills nothing.

    Order data has no condition for charges, so it is not known whether one is due.
    """
    amount = billed.amount
    unread = billed.item.amount is not None and billed.item.amount.value is None
    if (amount is None or amount == Fraction(0)) and not unread:
        return None
    if context.policy.unplanned_charges == "ignore":
        return None
    if amount is not None and amount < 0:
        return check_given_back(billed, context)
    money = "an amount" if amount is None else rounded(to_decimal(amount), context.currency)
    kind = billed.item.line_type
    reason = f"{billed.place}: {kind} of {money}; the order data states no {kind} to compare with"
    return LineCheck(_facts(billed), doubts=(Doubt("charge", reason),))


def check_given_back(billed: BilledItem, context: Context) -> LineCheck:
    """Return the check of a row without a PO line that gives money back: nothing is owed for it."""
    money = rounded(to_decimal(abs(billed.amount or Fraction(0))), context.currency)
    weak = weak_cells(billed.cells, context.policy.review_confidence)
    doubts = [Doubt("reading", f"{billed.place}: {sentence}", "cell") for sentence in weak]
    leaves = (getattr(billed.item, name) for name in _NAMES)
    if not any(leaf is not None and leaf.text for leaf in leaves):
        reason = f"{billed.place}: takes {money} off and does not say what for"
        doubts.append(Doubt("pairing", reason))
    note = f"{billed.place}: {describe(billed)!r} takes {money} off"
    return LineCheck(_facts(billed), doubts=tuple(doubts), notes=(note,))


def check_other_order(billed: BilledItem, number: str) -> LineCheck:
    """Return the check of a line that names an order which was not provided."""
    reason = f"{billed.place}: belongs to order {number}, which was not provided"
    return LineCheck(_facts(billed), doubts=(Doubt("pairing", reason),))
