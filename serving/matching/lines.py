"""All billed lines of a dispute checked: order lines first, then credits, strange rows, charges."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

from data.order_records import OrderLine
from serving.matching.alike_lines import settle_alike
from serving.matching.evidence.agreed_credits import check_credit
from serving.matching.evidence.delivery_papers import Statement, backup_evidence, read_backup
from serving.matching.evidence.paper_conflicts import received_sums
from serving.matching.findings.records import Finding, LineCheck
from serving.matching.invoice.advances import (
    BilledBefore,
    BilledNow,
    advance_left,
    check_advances,
    not_taken_off,
)
from serving.matching.invoice.charge_plan import ChargeTerms, goods_before, goods_now
from serving.matching.invoice.charges import COMPARED_TYPES, compare_charges
from serving.matching.invoice.sums import header_number
from serving.matching.ledger.charge_money import charges_before, is_charge
from serving.matching.line.balance import balance_prices
from serving.matching.line.check import check_line
from serving.matching.line.facts import unbilled_over_deliveries
from serving.matching.line.rest_of_dispute import Surroundings, late_deliveries, unbilled_room
from serving.matching.line.tolerated import measured
from serving.matching.line.unmatched import (
    check_charge_row,
    check_given_back,
    check_other_order,
    check_unordered,
    comparison_doubts,
    evident_substitutes,
    name_doubts,
)
from serving.matching.pairing.assignment import SAME_PRICE
from serving.matching.pairing.line_share import Share, units_in, value_of
from serving.matching.pairing.order_line import Standing, line_key, open_quantity
from serving.matching.pairs import Pairs


@dataclass(frozen=True, slots=True)
class CheckedLines:
    """The checks of all lines.

    `order_lines` are by the key of the order line, `others` rows without one; `findings` are on no
    billed line: charges, goods beyond the order. `statements` are the quantities on delivery papers
    by order line.
    """

    order_lines: Mapping[str, LineCheck]
    others: tuple[LineCheck, ...]
    findings: tuple[Finding, ...]
    statements: Mapping[str, Sequence[Statement]]


def check_lines(pairs: Pairs, notes: Mapping[str, Sequence[str]]) -> CheckedLines:
    """Check every order line that is billed, and every row without one.

    `notes` by document id go with each of the document's lines.
    """
    context = pairs.context
    statements = read_backup(pairs.delivery_papers, pairs.order_lines)
    received = {key: received_sums(pairs.order_lines[key]) for key in statements}
    backup = backup_evidence(statements, received)
    around = _surroundings(pairs)

    def check(key: str, shares: Sequence[Share]) -> LineCheck:
        standing = pairs.order_lines[key]
        line = check_line(standing, shares, context, backup.get(key, ()), around)
        return measured(line, standing, context)

    order_lines = {key: check(key, shares) for key, shares in pairs.shares.items()}
    order_lines = settle_alike(order_lines, pairs, check)
    order_lines = balance_prices(order_lines, pairs.order_lines)
    order_lines = {
        key: _on_order(check, pairs.order_lines[key].order_number)
        for key, check in order_lines.items()
    }
    charges = compare_charges(pairs.billing, pairs.charges, _charge_terms(pairs), context)
    others = [*_check_others(pairs), *charges.lines, *_check_charge_rows(pairs)]
    beyond = unbilled_over_deliveries(
        pairs.ledger,
        pairs.order_lines,
        pairs.unbilled,
        context.policy.pay_rejected,
        context.currency,
    )
    return CheckedLines(
        {key: _noted(check, notes) for key, check in order_lines.items()},
        tuple(_noted(check, notes) for check in others),
        (*charges.findings, *beyond, *_check_not_taken_off(pairs, order_lines)),
        statements,
    )


def _on_order(check: LineCheck, number: str) -> LineCheck:
    """Return the check with the number of its order on its facts and findings."""
    findings = tuple(replace(finding, po_number=number) for finding in check.findings)
    return replace(check, facts=replace(check.facts, po_number=number), findings=findings)


def _surroundings(pairs: Pairs) -> Surroundings:
    """The rest of the dispute, as far as it may explain a difference on one line."""
    policy = pairs.context.policy
    strange = [item for item, _ in pairs.unordered]
    credits = [item for item in (*pairs.charges, *strange) if item.sign == -1]
    credits += [item for item in strange if item.sign != -1 and (item.amount or 0) < 0]

    @cache
    def by_price() -> Mapping[Fraction | None, Sequence[str]]:
        keys: defaultdict[Fraction | None, list[str]] = defaultdict(list)
        for key in pairs.unbilled:
            keys[_stated_price(pairs.order_lines.lines[key])].append(key)
        return keys

    @cache
    def room(price: Fraction) -> dict[Fraction, list[Standing]]:
        # Only a difference asks for them, and an order may have many lines.
        near = [
            key
            for stated, keys in by_price().items()
            if stated is None or abs(stated - price) <= price * SAME_PRICE
            for key in keys
        ]
        unbilled = [pairs.order_lines[key] for key in near]
        return unbilled_room(unbilled, policy.expect, policy.pay_rejected)

    late = late_deliveries(pairs.delivery_papers, pairs.order_lines)
    rate = pairs.data.order.tax_rate
    return Surroundings(room, late, credits, None if rate is None else Fraction(rate))


def _stated_price(line: OrderLine) -> Fraction | None:
    """Return the price of an order line per unit; None where it is not known without a look."""
    if line.pack_factors or line.allowances or line.price_versions or line.unit_price is None:
        return None
    return Fraction(line.unit_price) / Fraction(line.price_base_quantity)


def _check_others(pairs: Pairs) -> list[LineCheck]:
    """Rows that belong to no order line by their articles: credits, strange rows, other orders."""
    credited = [
        check_credit(agreement, pairs.order_lines[key], pairs.context)
        for agreement, key in pairs.credits
    ]
    elsewhere = [check_other_order(item, number) for item, number in pairs.elsewhere]
    return [*credited, *_check_unordered(pairs), *elsewhere, *_check_advances(pairs)]


def _check_unordered(pairs: Pairs) -> list[LineCheck]:
    """Rows that no order line is like, and order lines that one may be billed instead of."""
    given_back = [item for item, _ in pairs.unordered if (item.amount or 0) < 0]
    unordered = [pair for pair in pairs.unordered if pair[0] not in given_back]
    if not unordered:
        return [check_given_back(item, pairs.context) for item in given_back]
    items = [item for item, _ in unordered]
    unbilled = [pairs.order_lines[key] for key in pairs.unbilled]
    lines = [
        *(standing.line for standing in unbilled),
        *(
            line
            for key in pairs.shares
            if (line := _still_due(pairs.order_lines.lines[key], pairs))
        ),
    ]
    ordered_rows = [share.billed for shares in pairs.shares.values() for share in shares]
    minimum = pairs.context.policy.review_confidence
    instead = evident_substitutes(items, unbilled, minimum)
    checks = [check_given_back(item, pairs.context) for item in given_back]
    for number, (item, choice) in enumerate(unordered):
        has_codes = item.document.document_id in pairs.coded
        open_choice = replace(choice, nearest=_still_due(choice.nearest, pairs))
        rivals = comparison_doubts(item, open_choice, lines, has_codes)
        rivals += name_doubts(item, ordered_rows)
        checks.append(check_unordered(item, rivals, pairs.context, instead.get(number)))
    return checks


def _still_due(line: OrderLine | None, pairs: Pairs) -> OrderLine | None:
    """Return the PO line; None where other rows surely bill all that is due on it."""
    policy = pairs.context.policy
    key = None if line is None else line_key(line)
    shares = pairs.shares.get(key) if key is not None else None
    if key is None or not shares:
        return line
    due = open_quantity(pairs.order_lines[key], policy.expect, policy.pay_rejected)
    units = [share.quantity for share in shares if not share.doubts(policy.review_confidence)]
    known = [unit for unit in units if unit is not None]
    is_filled = due is not None and len(known) == len(shares) and sum(known) >= due.expected
    return None if is_filled else line


def _check_advances(pairs: Pairs) -> list[LineCheck]:
    """Rows that ask for money in advance or kept back, or take it off again."""
    if not pairs.advances:
        return []
    money = sum(
        Fraction(bill.amount or 0)
        for bills in pairs.ledger.billed.values()
        for bill in bills
        if not bill.base_quantity and not is_charge(bill)
    )
    billed = [line for line in pairs.data.order.lines if pairs.ledger.bills(line)]
    standings = (pairs.order_lines[line_key(line)] for line in billed)
    left = [
        standing.money.beyond(standing.billed_before * (standing.price or Fraction(0)))
        for standing in standings
    ]
    known = [money for money in left if money is not None]
    kept_back = -sum(known, Fraction(0)) if len(known) == len(left) else None
    before = BilledBefore(Fraction(money), kept_back)
    return check_advances(pairs.advances, pairs.data.order, before, pairs.context)


def _charge_terms(pairs: Pairs) -> ChargeTerms:
    """Charges that the order plans, and what of goods and charges was billed before."""
    order, factor = pairs.data.order, pairs.allowance_factor
    bills = [bill for bills in pairs.ledger.billed.values() for bill in bills]
    earlier = charges_before(bills)
    before = {}
    if earlier.stated or earlier.unnamed:
        billed = [line for line in order.lines if pairs.ledger.bills(line)]
        before = {
            line_key(line): goods_before(pairs.order_lines[line_key(line)], factor)
            for line in billed
        }
    now = {
        key: goods_now(pairs.order_lines[key], shares, factor)
        for key, shares in pairs.shares.items()
    }
    return ChargeTerms(order, now, before, earlier)


def _check_not_taken_off(pairs: Pairs, checks: Mapping[str, LineCheck]) -> list[Finding]:
    """Money paid in advance that the bills at hand ask for again, by order line."""
    findings, taken_off = [], _taken_off(pairs)
    for key, shares in pairs.shares.items():
        standing = pairs.order_lines[key]
        paid = advance_left(standing)
        if not paid:
            continue
        claims = (
            Fraction(finding.amount or 0)
            for finding in checks[key].findings
            if finding.nature != "fact" and (finding.amount or 0) > 0
        )
        now = BilledNow(units_in(shares), value_of(shares), sum(claims, Fraction(0)))
        used = min(paid, taken_off)
        taken_off -= used
        bills = pairs.ledger.bills(standing.line)
        finding = not_taken_off(standing, bills, now, used, pairs.context)
        findings += [] if finding is None else [finding]
    return findings


def _taken_off(pairs: Pairs) -> Fraction:
    """Return what the bills at hand take off for money that was paid before."""
    headers = (header_number(document, "amount_paid") for document in pairs.billing)
    rows = (*pairs.advances, *pairs.charges, *(item for item, _ in pairs.unordered))
    negative = (item.amount for item in rows if item.amount is not None and item.amount < 0)
    discounts = (header_number(document, "total_discount") for document in pairs.billing)
    parts = (*headers, *negative, *discounts)
    return sum((abs(part) for part in parts if part is not None), Fraction(0))


def _check_charge_rows(pairs: Pairs) -> list[LineCheck]:
    rows = (item for item in pairs.charges if item.item.line_type not in COMPARED_TYPES)
    checks = (check_charge_row(row, pairs.context) for row in rows)
    return [check for check in checks if check is not None]


def _noted(check: LineCheck, notes: Mapping[str, Sequence[str]]) -> LineCheck:
    more = notes.get(check.facts.document_id or "", ())
    return replace(check, notes=(*check.notes, *more)) if more else check
