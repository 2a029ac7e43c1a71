"""Checks of one PO line: billed against ordered and received, quantity first, then price.

Returns findings with their doubts; `rules.decide` makes claims of them, or does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from serving.matching.findings.arithmetic import price_text, quantity_text, rounded, to_decimal
from serving.matching.findings.records import (
    Doubt,
    Evidence,
    Finding,
    LineCheck,
    LineFacts,
    cell_evidence,
)
from serving.matching.line.explanations import Situation, explain
from serving.matching.line.facts import gift_note, missing_gifts, quantity_facts
from serving.matching.line.mixed_units import basis_finding, mixed_units, unresolved_finding
from serving.matching.line.money_rows import check_money_rows, credit_prices
from serving.matching.line.prices import (
    PriceLine,
    extension_finding,
    net_of_credits,
    price_findings,
)
from serving.matching.line.quantities import QuantityCase, quantity_findings
from serving.matching.line.repeated_rows import find_repeats, repeat_finding
from serving.matching.line.rest_of_dispute import Surroundings
from serving.matching.pairing.billed_line import describe
from serving.matching.pairing.corrections import MoneyRows, part_money_rows
from serving.matching.pairing.line_share import (
    Share,
    average_price,
    pack_doubt,
    payable_price,
    units_in,
    value_of,
)
from serving.matching.pairing.order_line import OpenQuantity, Standing, open_quantity
from serving.matching.rules.context import Context
from serving.matching.rules.decide import is_claimable


@dataclass(slots=True)
class _LineSheet:
    """The findings on one PO line, collected check by check, with the doubts about all of it."""

    doubts: list[Doubt] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    tolerated: bool = False

    def add(self, findings: Sequence[Finding], doubts: Sequence[Doubt] = ()) -> None:
        self.findings += [finding.doubted(doubts) for finding in findings]

    def doubt(self, doubts: Sequence[Doubt]) -> None:
        """Add doubts about the whole line, each once."""
        self.doubts += [doubt for doubt in dict.fromkeys(doubts) if doubt not in self.doubts]


@dataclass(frozen=True, slots=True)
class _Line:
    """One PO line to check; `gifts` are billed at no price beside its `shares`."""

    order_line: Standing
    shares: Sequence[Share]
    context: Context
    gifts: Sequence[Share] = ()

    @property
    def identity_doubts(self) -> list[Doubt]:
        return [_identity_doubt(share) for share in self.shares if share.billed.off_by is not None]


def _identity_doubt(share: Share) -> Doubt:
    sentence = "quantity × unit price is not the amount; a cell may be misread"
    return Doubt("identity", f"{share.billed.place}: {sentence}")


def check_line(
    order_line: Standing,
    shares: Sequence[Share],
    context: Context,
    backup: Sequence[Evidence] = (),
    around: Surroundings | None = None,
) -> LineCheck:
    """Check one PO line over all its billed shares, of which there is at least one.

    `backup` is the quantity on other documents, `around` may explain a difference.
    """
    sheet = _LineSheet(doubts=[Doubt("order", doubt) for doubt in order_line.doubts])
    for share in shares:
        _check_reading(share, order_line, context, sheet)
    limits = open_quantity(order_line, context.policy.expect, context.policy.pay_rejected)
    rows = _rows_of(shares, order_line, limits)
    paid = list(rows.goods)
    line = _Line(order_line, paid, context, [share for share in shares if share.billed.is_free])
    if line.gifts:
        sheet.notes.append(gift_note(line.gifts, paid))
    billed = None if any(share.quantity is None for share in paid) else units_in(paid)
    if limits is None:
        sentence = "what may be billed is unknown: a unit has no factor"
        sheet.doubt([Doubt("unit", sentence)])
    elif billed is not None and paid:
        once = _check_repeats(line, billed, limits, sheet)
        _check_money(once, limits, backup, sheet)
        _explain(once, limits, around or Surroundings(), sheet)
    elif billed is not None:
        sheet.add(missing_gifts(_quantity_case(line, billed, limits), line.gifts))
    _check_corrections(rows, line, sheet)
    _check_extensions(line, sheet)
    _bound_claims(line, sheet)
    return LineCheck(
        _facts(line, shares, billed, limits),
        tuple(sheet.findings),
        tuple(sheet.doubts),
        tuple(sheet.notes),
        tolerated=sheet.tolerated,
    )


def _rows_of(
    shares: Sequence[Share], order_line: Standing, limits: OpenQuantity | None
) -> MoneyRows:
    """Return the rows that cost something, those that correct earlier bills set apart."""
    paid = [share for share in shares if not share.billed.is_free]
    return part_money_rows(paid, order_line, limits)


def _check_corrections(rows: MoneyRows, line: _Line, sheet: _LineSheet) -> None:
    """Add the findings on rows that move money alone; they also pay for prices found too high."""
    if rows.money:
        findings, notes = check_money_rows(rows, line.order_line, line.context)
        sheet.findings = credit_prices(sheet.findings, rows)
        sheet.add(findings, sheet.doubts)
        sheet.notes += notes


def _explain(line: _Line, limits: OpenQuantity, around: Surroundings, sheet: _LineSheet) -> None:
    """Try every explanation of each finding that would owe nobody anything."""
    currency = line.context.currency
    situation = Situation(line.order_line, tuple(line.shares), limits, around, currency)
    sheet.findings = [explain(finding, situation) for finding in sheet.findings]


def _check_reading(share: Share, order_line: Standing, context: Context, sheet: _LineSheet) -> None:
    """Doubts and notes about a share's print, its unit and its extension."""
    billed = share.billed
    sheet.doubt(share.doubts(context.policy.review_confidence))
    sheet.doubt(context.doubts.get(billed.document.document_id, ()))
    if (sentence := pack_doubt(billed, order_line.units)) is not None:
        sheet.doubt([Doubt("unit", f"{billed.place}: {sentence}")])
    sheet.notes += [f"{billed.place}: {note}" for note in billed.notes]
    if share.assignment.is_substitute:
        name = describe(billed)
        sheet.notes.append(f"{billed.place}: {name!r} is a substitute the order lists")
    if billed.unit is None and order_line.units.name is not None:
        unit = order_line.line.unit_code or order_line.units.name
        sheet.notes.append(f"{billed.place}: no unit is printed; taken as the order's {unit}")
    if share.unit_unresolved:
        sheet.add([unresolved_finding(share, order_line, context.currency)])
        sentence = f"{billed.place}: no factor from {billed.unit} to the order's unit"
        sheet.doubt([Doubt("unit", sentence)])
    number = order_line.line.po_line_number
    extension = extension_finding(billed, number, context.currency)
    if extension is not None:
        sheet.add([extension])


def _check_extensions(line: _Line, sheet: _LineSheet) -> None:
    """Doubt printed amounts that are not quantity × price, and their line where they are in doubt.

    A vendor's wrong arithmetic is claimed only where nothing else differs on the line and nothing
    on it is doubted: else a misread cell is likelier. Doubts about prices alone do not count.
    """
    extensions = [finding for finding in sheet.findings if finding.code == "EXTENSION_ERROR"]
    others = [
        finding
        for finding in sheet.findings
        if finding.code != "EXTENSION_ERROR" and finding.nature != "fact"
    ]
    if not extensions and not others:
        return
    doubts = [doubt for doubt in sheet.doubts if doubt.kind != "price"]
    policy = line.context.policy
    if others or not all(is_claimable(each.doubted(doubts), policy) for each in extensions):
        doubts += line.identity_doubts
        sheet.doubt(line.identity_doubts)
    sheet.findings = [
        finding.doubted(doubts) if finding.code == "EXTENSION_ERROR" else finding
        for finding in sheet.findings
    ]


def _bound_claims(line: _Line, sheet: _LineSheet) -> None:
    """Doubt all claims of a line that together are more than it bills.

    They can be where a part in the buyer's favour is too doubtful to be taken off. Where only
    rounding makes them more, the largest is smaller by the cents.
    """
    policy, currency = line.context.policy, line.context.currency
    # What a credit gives back too little of was billed before.
    value = value_of(line.shares)
    claims = [finding for finding in sheet.findings if is_claimable(finding, policy)]
    if not value or not claims:
        return
    amounts = [finding.amount or Decimal(0) for finding in claims]
    if sum(map(Fraction, amounts)) > value:
        doubt = Doubt("limit", "the claims would be more than what is billed")
        sheet.doubt([doubt])
        sheet.findings = [
            finding if finding.nature == "fact" else finding.doubted([doubt])
            for finding in sheet.findings
        ]
        return
    shown = sum(rounded(amount, currency, policy.rounding) for amount in amounts)
    excess = shown - rounded(to_decimal(value), currency, policy.rounding)
    if excess > 0:
        largest = max(claims, key=lambda finding: finding.amount or Decimal(0))
        sheet.findings = [
            _reduced(finding, excess) if finding is largest else finding
            for finding in sheet.findings
        ]


def _reduced(finding: Finding, cents: Decimal) -> Finding:
    """The claim less what rounding alone would take beyond the bill."""
    formula = f"{finding.formula}; − {cents}, which is rounding beyond what is billed"
    return replace(finding, amount=(finding.amount or Decimal(0)) - cents, formula=formula)


def _quantity_case(
    line: _Line, billed: Fraction, limits: OpenQuantity, backup: Sequence[Evidence] = ()
) -> QuantityCase:
    order_line, policy = line.order_line, line.context.policy
    deduction = policy.decomposition == "deduction"
    payable = payable_price(line.shares, order_line.price) if billed > 0 else order_line.price
    return QuantityCase(
        standing=order_line,
        shares=line.shares,
        open=limits,
        billed=billed,
        price=average_price(line.shares) if deduction else payable,
        currency=line.context.currency,
        tolerance=line.context.tolerance("quantity", order_line.line),
        pay_rejected=policy.pay_rejected,
        backup=tuple(backup),
    )


def _check_repeats(line: _Line, billed: Fraction, limits: OpenQuantity, sheet: _LineSheet) -> _Line:
    """Add the findings of repeated rows; returns the line without them."""
    if not quantity_findings(_quantity_case(line, billed, limits)):
        return line
    # What has not arrived yet may still come: then only the order tells that a row is too much.
    limit = limits.by_order if limits.no_receipt else limits.expected
    beyond = billed - max(Fraction(0), limit if limit is not None else billed)
    repeats = find_repeats(line.shares, beyond)
    for repeat in repeats:
        if repeat.doubt is not None:
            sheet.doubt([Doubt("reading", repeat.doubt)])
        finding = repeat_finding(repeat, line.order_line, line.context.currency)
        sheet.add([finding], [*sheet.doubts, *line.identity_doubts])
    repeated = {repeat.share.billed.key for repeat in repeats}
    shares = [share for share in line.shares if share.billed.key not in repeated]
    return replace(line, shares=shares)


def _check_money(
    line: _Line, limits: OpenQuantity, backup: Sequence[Evidence], sheet: _LineSheet
) -> None:
    """Add the quantity part of the line and the price part of each share.

    Where units look mixed up, only that is found: nothing on the line can be compared.
    """
    order_line, billed = line.order_line, units_in(line.shares)
    for share in line.shares:
        hypothesis = mixed_units(share, order_line, billed, limits.expected)
        if hypothesis is not None:
            currency = line.context.currency
            sheet.add([basis_finding(hypothesis, line.shares, order_line, currency)])
            sheet.doubt([Doubt("unit", f"units look mixed up: {hypothesis.explanation}")])
            return
    case = _quantity_case(line, billed, limits, backup)
    price_doubts = _price_doubts(line.shares, order_line, line.context)
    doubts = _check_quantity(line, case, price_doubts, sheet)
    payable = (billed - case.disputed) / billed if billed > 0 else Fraction(1)
    _check_prices(line, payable, [*doubts, *price_doubts], sheet)
    # A price that cannot be trusted leaves the line open even where no difference shows.
    sheet.doubt(price_doubts)


def _check_quantity(
    line: _Line, case: QuantityCase, price_doubts: Sequence[Doubt], sheet: _LineSheet
) -> list[Doubt]:
    """Add the quantity findings; returns the doubts that keep prices from being claimed as well."""
    findings = quantity_findings(case)
    if findings and case.uncredited and line.order_line.claims:
        # The units may have been claimed when the invoice itself was examined.
        names = ", ".join(line.order_line.claims)
        sheet.doubt([Doubt("claimed", f"claim {names} stands on this line")])
    # Which of a row's cells is wrong is not known: nothing else on that line is claimed either.
    doubts = [*sheet.doubts, *line.identity_doubts]
    # Where units are taken at the billed price, that has to be sure too.
    at_billed_price = case.price != line.order_line.price
    sheet.add(findings, [*doubts, *price_doubts] if at_billed_price else doubts)
    facts = quantity_facts(case, line.gifts)
    sheet.add(facts)
    if case.disputed and not findings:
        sheet.tolerated = True
        sheet.notes.append(f"{quantity_text(case.disputed)} units over, within tolerance")
    is_told = any(fact.code == "QTY_UNDER_BILLED" for fact in facts)
    if 0 <= case.billed < case.open.expected and not is_told:
        fewer = quantity_text(case.open.expected - case.billed)
        sheet.notes.append(f"{fewer} units fewer billed than could be")
    return doubts


def _check_prices(
    line: _Line, payable: Fraction, doubts: Sequence[Doubt], sheet: _LineSheet
) -> None:
    """Add price findings by share; `payable` is the part of each quantity that is expected."""
    order_line, context = line.order_line, line.context
    prices = PriceLine(
        net_of_credits(line.shares),
        order_line,
        context.tolerance("price", order_line.line),
        payable,
        context.policy.decomposition,
        context.currency,
    )
    for share, findings in price_findings(prices):
        more = context.claim_doubts.get(share.billed.document.document_id, ())
        sheet.add(findings, [*doubts, *more])
        differs = share.price is not None and order_line.price not in (None, share.price)
        if not findings and differs and not share.billed.price_from_amount:
            price = price_text(share.price or Fraction(0))
            sheet.tolerated = True
            sheet.notes.append(f"billed net price {price}, within tolerance")


def _price_doubts(shares: Sequence[Share], order_line: Standing, context: Context) -> list[Doubt]:
    doubts: list[Doubt] = []
    if order_line.price is None:
        unstated = "the order states no price for this line, or in a unit without a factor"
        doubts.append(Doubt("price", order_line.price_doubt or unstated))
    for share in shares:
        doubts += share.price_doubts(context.policy.review_confidence)
        doubts += context.price_doubts.get(share.billed.document.document_id, ())
    return list(dict.fromkeys(doubts))


def _facts(
    line: _Line, shares: Sequence[Share], billed: Fraction | None, limits: OpenQuantity | None
) -> LineFacts:
    """The line in numbers; `shares` are all that are billed, free goods included."""
    paid = line.shares or shares
    first, order_line = paid[0].billed, line.order_line
    prices = {share.price for share in paid}
    price = next(iter(prices)) if len(prices) == 1 else None
    if price is None and billed:
        price = average_price(paid)
    minimum = line.context.policy.review_confidence
    unsure = (
        cell_evidence(share.billed.document.document_id, name, cell)
        for share in paid
        for name, cell in share.unsure_cells(minimum).items()
    )
    return LineFacts(
        po_line_number=order_line.line.po_line_number,
        description=order_line.line.description or describe(first),
        billed=shown(billed),
        ordered=shown(order_line.ordered),
        received=shown(order_line.received),
        expected=None if limits is None else shown(limits.expected),
        unit=order_line.units.name,
        billed_price=shown(price),
        ordered_price=shown(order_line.price),
        document_id=first.document.document_id,
        page=first.item.page,
        polygon=first.item.row_polygon,
        unsure=tuple(dict.fromkeys(unsure)),
        price_note=order_line.price_note,
    )


def shown(number: Fraction | None) -> Decimal | None:
    """The number as Decimal, None as None."""
    return None if number is None else to_decimal(number)
