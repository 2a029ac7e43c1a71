"""Every billed line of a dispute paired with its order line, in that line's unit and price.

What no order line is like, and what is no goods at all, is set apart for checks of its own.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from data.order_records import OrderData, OrderLine
from data.records import ExtractedDocument
from serving.matching.evidence.agreed_credits import Agreement, find_agreements
from serving.matching.invoice.advances import is_advance
from serving.matching.invoice.agreements import is_other_order
from serving.matching.invoice.check import CheckedInvoices
from serving.matching.invoice.net_prices import allowance_factor, net_order
from serving.matching.invoice.split_files import number_of
from serving.matching.ledger.charge_money import name_charges
from serving.matching.ledger.deductions import (
    NO_DEDUCTIONS,
    DeductionLedger,
    deduction_ledger,
)
from serving.matching.pairing.allocation import allocate
from serving.matching.pairing.amount_rows import price_to_pair_by
from serving.matching.pairing.article_names import (
    names_likeness,
    normalise_code,
    ordered_names,
    printed_names,
)
from serving.matching.pairing.assignment import Assignment, assign_lines
from serving.matching.pairing.billed_line import (
    CHARGE_TYPES,
    SILENT_TYPES,
    BilledItem,
    credit_sign,
    read_item,
)
from serving.matching.pairing.kits import assemble_kits
from serving.matching.pairing.line_share import (
    SAME_NAME,
    Share,
    count_rows,
    doubt_mixed_names,
    doubt_mixed_prices,
    whole_share,
)
from serving.matching.pairing.lump_sums import billed_in_money, measure_in_money
from serving.matching.pairing.order_line import (
    Ledger,
    Standing,
    Standings,
    line_key,
    open_quantity,
    standing_of,
)
from serving.matching.pairing.price_versions import PricesInForce, prices_in_force
from serving.matching.papers import SortedPapers
from serving.matching.parent_rows import doubted_rows
from serving.matching.rules.context import Context

Chosen = tuple[BilledItem, Assignment]


@dataclass(frozen=True, slots=True)
class Pairs:
    """All billed lines of a dispute with the order lines they belong to.

    `shares` are the billed parts of each order line, by its key; `credits` agreed credits, each
    with the key of its order line; `unordered` rows that no order line is like; `elsewhere`
    rows of other orders, with the order's number; `charges` rows that are no goods. `unbilled`
    are the keys of the order lines on which nothing is billed; `advances` rows for money paid in
    advance; `deductions` what was deducted from the vendor's invoices before. `coded` are the
    documents on which some line was found by its code; `allowance_factor` is what the order's
    allowances on whole invoices leave of a price. `data` has every order line at the price in
    force.
    """

    data: OrderData
    context: Context
    billing: tuple[ExtractedDocument, ...]
    delivery_papers: tuple[ExtractedDocument, ...]
    ledger: Ledger
    order_lines: Standings
    shares: Mapping[str, Sequence[Share]]
    credits: tuple[tuple[Agreement, str], ...]
    unordered: tuple[Chosen, ...]
    elsewhere: tuple[tuple[BilledItem, str], ...]
    charges: tuple[BilledItem, ...]
    coded: frozenset[str]
    unbilled: tuple[str, ...]
    advances: tuple[BilledItem, ...] = ()
    deductions: DeductionLedger = NO_DEDUCTIONS
    allowance_factor: Fraction = Fraction(1)


def pair_lines(invoices: CheckedInvoices, papers: SortedPapers, data: OrderData) -> Pairs:
    """Pair the billed lines of the invoices with the lines of the order."""
    context, billing = invoices.context, invoices.documents
    factor = allowance_factor(data.order)
    data = replace(name_charges(data), order=net_order(data.order))
    documents = [*billing, *papers.delivery_papers]
    prices = prices_in_force(data, documents, context.policy.review_confidence)
    data = prices.data
    goods, elsewhere, charges = _read_items(billing, data)
    advances = tuple(item for item in (*goods, *charges) if is_advance(item, data.order))
    chosen = _assigned([item for item in goods if item not in advances], data)
    ledger = _ledger(data, billing)
    order_lines = _order_lines(prices, ledger, chosen)
    credits = _credits(chosen, order_lines, data)
    credited = {item.key for agreement, _ in credits for item, _ in agreement.rows}
    chosen = [(item, choice) for item, choice in chosen if item.key not in credited]
    chosen = _set_apart(chosen, order_lines, context)
    shares = _shares(chosen, order_lines, context)
    return Pairs(
        data=data,
        context=context,
        billing=tuple(billing),
        delivery_papers=papers.delivery_papers,
        ledger=ledger,
        order_lines=order_lines,
        shares=shares,
        credits=tuple(credits),
        unordered=tuple(pair for pair in chosen if pair[1].order_line is None),
        elsewhere=tuple(elsewhere),
        charges=tuple(item for item in charges if item not in advances),
        advances=advances,
        deductions=deduction_ledger(data.claims),
        allowance_factor=factor,
        coded=_coded(chosen),
        unbilled=tuple(key for key in order_lines if key not in shares),
    )


def _assigned(goods: Sequence[BilledItem], data: OrderData) -> list[Chosen]:
    """Return the billed goods with their order lines; parts of kits are whole kits."""
    code_list = data.order.unit_code_list
    assignments = assign_lines(
        [(item.item, price_to_pair_by(item), item.unit) for item in goods],
        data.order.lines,
        code_list,
    )
    return assemble_kits(list(zip(goods, assignments, strict=True)), code_list)


def _coded(chosen: Sequence[Chosen]) -> frozenset[str]:
    """Return the documents on which some line was found by its code."""
    return frozenset(item.document.document_id for item, choice in chosen if "code" in choice.by)


def _read_items(
    billing: Sequence[ExtractedDocument], data: OrderData
) -> tuple[list[BilledItem], list[tuple[BilledItem, str]], list[BilledItem]]:
    """(goods, goods of other orders with the order's number, charges), in numbers."""
    goods: list[BilledItem] = []
    elsewhere: list[tuple[BilledItem, str]] = []
    charges: list[BilledItem] = []
    for index, document in enumerate(billing):
        sign, doubted = credit_sign(document), doubted_rows(document)
        for number, line in enumerate(document.line_items, start=1):
            if line.line_type in SILENT_TYPES:
                continue
            item = replace(read_item(document, number, sign), document_index=index)
            if number - 1 in doubted:
                item = replace(item, doubts=(*item.doubts, doubted[number - 1]))
            order_number = line.po_number
            if line.line_type in CHARGE_TYPES:
                charges.append(item)
            elif order_number is not None and is_other_order(order_number, data.order):
                elsewhere.append((item, order_number.text or ""))
            else:
                goods.append(item)
    return goods, elsewhere, charges


def _ledger(data: OrderData, billing: Sequence[ExtractedDocument]) -> Ledger:
    """Receipts, and the bills of other invoices than those that are examined."""
    printed = {number_of(document) for document in billing} - {None}
    # A corrected invoice stands in the place of the one it corrects.
    printed |= {
        normalise_code(leaf.text)
        for document in billing
        if document.document_type.value == "corrected_invoice"
        and (leaf := document.fields.get("original_invoice_id")) is not None
        and leaf.text
    }
    invoices = {
        bill.invoice_id for bill in data.billed if normalise_code(bill.invoice_id) in printed
    }
    return Ledger.of(data, invoices)


def _order_lines(prices: PricesInForce, ledger: Ledger, chosen: Sequence[Chosen]) -> Standings:
    """Every order line before this invoice, in the unit that suits what is billed on it."""
    units: defaultdict[str, list[str | None]] = defaultdict(list)
    for item, choice in chosen:
        if choice.order_line is not None:
            units[line_key(choice.order_line)].append(item.unit)
    money = _billed_money(chosen)

    def work_out(line: OrderLine) -> Standing:
        standing = standing_of(ledger, line, units[line_key(line)])
        return prices.with_price_note(billed_in_money(standing, money[line_key(line)]))

    return Standings(ledger.data.order.lines, work_out)


def _billed_money(chosen: Sequence[Chosen]) -> defaultdict[str, Fraction]:
    """Return the money that all rows bill on each order line, by its key."""
    money: defaultdict[str, Fraction] = defaultdict(Fraction)
    for item, choice in chosen:
        if choice.order_line is not None:
            money[line_key(choice.order_line)] += item.amount or 0
    return money


def _credits(
    chosen: Sequence[Chosen], order_lines: Standings, data: OrderData
) -> list[tuple[Agreement, str]]:
    """Agreed credits for which a credit memo came, each with the key of its order line."""
    by_number = {line.po_line_number: key for key, line in order_lines.lines.items()}
    return [
        (agreement, by_number[agreement.line or ""])
        for agreement in find_agreements(data.claims, chosen)
        if (agreement.line or "") in by_number
    ]


def _set_apart(chosen: Sequence[Chosen], order_lines: Standings, context: Context) -> list[Chosen]:
    """Return the rows without an order line where rows of its very name bill all that is due.

    "Sun News @ 6pm" is alike "Sat News @ 6pm", which is billed in full: be it that article or
    another one, nothing of it is owed. Rows that a code found stay, and so do names that differ by
    a misread letter.
    """
    rows: defaultdict[str, list[Chosen]] = defaultdict(list)
    for pair in chosen:
        if pair[1].order_line is not None and not pair[1].by_identifier:
            rows[line_key(pair[1].order_line)].append(pair)
    apart: set[tuple[int, int]] = set()
    twins: Counter[str] = Counter()
    for key, pairs in rows.items():
        names = {item.key: printed_names(item.item) for item, _ in pairs}
        if len({name.words for name in names.values()}) < 2:
            continue
        # Two order lines for the same words have room together.
        twins = twins or Counter(ordered_names(line).words for line in order_lines.lines.values())
        if twins[ordered_names(order_lines.lines[key]).words] > 1:
            continue
        first = names[max(pairs, key=lambda pair: pair[1].score)[0].key]
        others = {row for row, name in names.items() if names_likeness(name, first) < SAME_NAME}
        units = [
            whole_share(item, choice, order_lines[key].units).quantity
            for item, choice in pairs
            if item.key not in others
        ]
        due = open_quantity(order_lines[key], context.policy.expect, context.policy.pay_rejected)
        known = [unit for unit in units if unit is not None]
        if due is not None and len(known) == len(units) and sum(known) >= due.expected:
            apart |= others
    return [
        (item, Assignment(None, choice.score, choice.by, nearest=choice.order_line))
        if item.key in apart
        else (item, choice)
        for item, choice in chosen
    ]


def _shares(
    chosen: Sequence[Chosen], order_lines: Standings, context: Context
) -> dict[str, list[Share]]:
    """The shares of every order line on which something is billed."""
    by_line: dict[str, list[Share]] = {key: [] for key in order_lines}
    money = _billed_money(chosen)
    for item, choice in chosen:
        if choice.order_line is not None:
            key = line_key(choice.order_line)
            share = whole_share(item, choice, order_lines[key].units)
            by_line[key].append(measure_in_money(share, order_lines[key], money[key]))
    policy = context.policy
    for key, shares in by_line.items():
        if any(share.quantity is None for share in shares):
            due = open_quantity(order_lines[key], policy.expect, policy.pay_rejected)
            expected = None if due is None else due.expected
            by_line[key] = count_rows(shares, order_lines[key].units, expected)
    allocated = allocate(by_line, order_lines, policy.expect, policy.pay_rejected)
    return {
        key: doubt_mixed_names(doubt_mixed_prices(shares))
        for key, shares in allocated.items()
        if shares
    }
