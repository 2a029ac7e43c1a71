"""All billed lines of a dispute against order, receipts and evidence: who pays for what.

Gives every billed line its PO line, and every PO line that is billed its verdict.
"""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from functools import cache

from data.order_records import OrderData, OrderLine
from data.records import ExtractedDocument
from serving.matching.evidence.agreed_credits import agreements, match_credit
from serving.matching.evidence.delivery_papers import backup_evidence, read_backup
from serving.matching.evidence.paper_conflicts import received_sums, weigh_papers
from serving.matching.evidence.short_payments import Compared, Settlement, settle
from serving.matching.findings.records import Variance
from serving.matching.invoice.agreements import is_other_order
from serving.matching.invoice.charges import COMPARED_TYPES, compare_charges
from serving.matching.invoice.split_files import number_of
from serving.matching.line.check import Context, LineMatch, match_line
from serving.matching.line.facts import unbilled_over_deliveries
from serving.matching.line.rest_of_dispute import Surroundings, late_deliveries, unbilled_room
from serving.matching.line.tolerated import let_pass
from serving.matching.line.unmatched import (
    comparison_doubts,
    evident_substitutes,
    match_charge,
    match_other_order,
    match_unordered,
)
from serving.matching.pairing.allocation import allocate
from serving.matching.pairing.article_names import normalise_code
from serving.matching.pairing.assignment import Assignment, assign_lines
from serving.matching.pairing.billed_line import (
    CHARGE_TYPES,
    SILENT_TYPES,
    BilledItem,
    credit_sign,
    read_item,
)
from serving.matching.pairing.kits import assemble_kits
from serving.matching.pairing.line_share import Share, held_apart, share
from serving.matching.pairing.order_line import Ledger, Standing, Standings, line_key, standing
from serving.matching.pairing.price_versions import PricesInForce, prices_in_force
from serving.matching.rules.policy import Policy


def compare_lines(
    billing: Sequence[ExtractedDocument],
    backup: Sequence[ExtractedDocument],
    data: OrderData,
    context: Context,
) -> tuple[list[LineMatch], tuple[Variance, ...], tuple[Settlement, ...]]:
    """Every PO line that is billed, then billed lines without a PO line, then charges.

    Second the findings that belong to no billed line: on charges, and goods beyond the order; third
    what becomes of short payments.
    """
    prices = prices_in_force(data, [*billing, *backup], context.policy.review_confidence)
    data = prices.data
    items, elsewhere, charges = _read_items(billing, data)
    choices = assign_lines(
        [(one.item, one.price, one.unit) for one in items],
        data.order.lines,
        data.order.unit_code_list,
    )
    chosen = assemble_kits(list(zip(items, choices, strict=True)), data.order.unit_code_list)
    ledger = _ledger(data, billing)
    standings = _standings(prices, ledger, chosen)
    credits, chosen = _credits(chosen, standings, data, context)
    shares = _shares(chosen, standings, context.policy)
    statements = read_backup(backup, standings)
    received = {key: received_sums(standings[key]) for key in statements}
    evidence = backup_evidence(statements, received)
    others = [key for key in standings if key not in shares]

    @cache
    def unbilled() -> list[Standing]:
        # Only a difference or a strange row asks for them, and an order may have many lines.
        return [standings[key] for key in others]

    strange = [(one, choice) for one, choice in chosen if choice.order_line is None]

    @cache
    def room() -> list[tuple[Standing, Fraction]]:
        return unbilled_room(unbilled(), context.policy.expect, context.policy.pay_rejected)

    around = Surroundings(
        room,
        late_deliveries(backup, standings),
        [one for one in (*charges, *(row for row, _ in strange)) if one.sign == -1],
    )
    matches = []
    for key, own in shares.items():
        at = standings[key]
        match = match_line(at, own, context, evidence.get(key, ()), around)
        match = let_pass(match, at, context)
        matches.append(weigh_papers(match, at, statements.get(key, ()), context))
    matches += credits
    coded = {one.document.document_id for one, choice in chosen if "code" in choice.by}
    least = context.policy.review_confidence
    rows = [one for one, _ in strange]
    instead = evident_substitutes(rows, unbilled(), least) if strange else {}
    for number, (one, choice) in enumerate(strange):
        agree = one.document.document_id in coded
        rivals = comparison_doubts(one, choice, [standings.lines[key] for key in others], agree)
        matches.append(match_unordered(one, rivals, context, instead.get(number)))
    matches += [match_other_order(one, number) for one, number in elsewhere]
    compared = compare_charges(billing, charges, data.order, context)
    matches += compared.lines
    plain = (one for one in charges if one.item.line_type not in COMPARED_TYPES)
    found = (match_charge(charge, context) for charge in plain)
    matches += [match for match in found if match is not None]
    known = Compared(standings, shares, statements, [*billing, *backup])
    beyond = unbilled_over_deliveries(
        ledger, standings, others, context.policy.pay_rejected, context.currency
    )
    return matches, (*compared.variances, *beyond), settle(known, data, context)


def _credits(
    chosen: Sequence[tuple[BilledItem, Assignment]],
    standings: Standings,
    data: OrderData,
    context: Context,
) -> tuple[list[LineMatch], list[tuple[BilledItem, Assignment]]]:
    """(what became of agreed credits, the rows that are for none)."""
    by_number = {line.po_line_number: key for key, line in standings.lines.items()}
    found, used = [], set()
    for agreement in agreements(data.claims, chosen):
        if (key := by_number.get(agreement.line or "")) is not None:
            found.append(match_credit(agreement, standings[key], context))
            used |= {id(one) for one, _ in agreement.rows}
    return found, [(one, choice) for one, choice in chosen if id(one) not in used]


def _shares(
    chosen: Sequence[tuple[BilledItem, Assignment]],
    standings: Standings,
    policy: Policy,
) -> dict[str, list[Share]]:
    """The shares of every PO line on which something is billed."""
    by_line: dict[str, list[Share]] = {key: [] for key in standings}
    for one, choice in chosen:
        if choice.order_line is not None:
            key = line_key(choice.order_line)
            by_line[key].append(share(one, choice, standings[key].units))
    allocated = allocate(by_line, standings, policy.expect, policy.pay_rejected)
    return {key: held_apart(own) for key, own in allocated.items() if own}


def _read_items(
    billing: Sequence[ExtractedDocument], data: OrderData
) -> tuple[list[BilledItem], list[tuple[BilledItem, str]], list[BilledItem]]:
    """(goods, goods of other orders with the order's number, charges), in numbers."""
    items: list[BilledItem] = []
    elsewhere: list[tuple[BilledItem, str]] = []
    charges: list[BilledItem] = []
    for document in billing:
        sign = credit_sign(document)
        for number, item in enumerate(document.line_items, start=1):
            if item.line_type in SILENT_TYPES:
                continue
            one, leaf = read_item(document, number, sign), item.po_number
            if item.line_type in CHARGE_TYPES:
                charges.append(one)
            elif leaf is not None and is_other_order(leaf, data.order):
                elsewhere.append((one, leaf.text or ""))
            else:
                items.append(one)
    return items, elsewhere, charges


def _ledger(data: OrderData, billing: Sequence[ExtractedDocument]) -> Ledger:
    """What was received, and billed by other invoices than those that are examined."""
    printed = {number_of(document) for document in billing} - {None}
    invoices = {
        bill.invoice_id for bill in data.billed if normalise_code(bill.invoice_id) in printed
    }
    return Ledger.of(data, invoices)


def _standings(
    prices: PricesInForce, ledger: Ledger, chosen: Sequence[tuple[BilledItem, Assignment]]
) -> Standings:
    """How every PO line stands, in the unit that suits what is billed on it."""
    units: defaultdict[int, list[str | None]] = defaultdict(list)
    for one, choice in chosen:
        units[id(choice.order_line)].append(one.unit)

    def work_out(line: OrderLine) -> Standing:
        return prices.noted(standing(ledger, line, units[id(line)]))

    return Standings(ledger.data.order.lines, work_out)
