"""Three-way match of one PO line: billed against ordered and received, as verdict and findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from serving.matching.findings.arithmetic import price_text, quantity_text, to_decimal
from serving.matching.findings.records import (
    Evidence,
    LineVerdict,
    Status,
    Variance,
    cell_evidence,
    worst,
)
from serving.matching.line.explanations import Situation, explain
from serving.matching.line.facts import gift_note, information, missing_gifts
from serving.matching.line.mixed_units import basis_finding, mixed_units, unresolved_finding
from serving.matching.line.prices import (
    PriceLine,
    extension_finding,
    price_findings,
)
from serving.matching.line.quantities import QuantityCase, quantity_findings
from serving.matching.line.repeated_rows import find_repeats, repeat_finding
from serving.matching.line.rest_of_dispute import Surroundings
from serving.matching.pairing.billed_line import describe
from serving.matching.pairing.line_share import Share, average_price, pack_doubt, units_in, value_of
from serving.matching.pairing.order_line import OpenQuantity, Standing, open_quantity
from serving.matching.rules.policy import Policy
from serving.matching.rules.tolerances import Kind, Tolerance, tolerance_for


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for all lines of a dispute.

    `doubts` and `price_doubts` are sentences by document id that keep its lines from any claim, or
    from a price claim. `backup` is what other documents say of a PO line's quantity, and
    `disproof` the PO lines for which a proof of delivery contradicts the receipts.
    """

    policy: Policy
    currency: str | None
    vendor: str | None = None
    doubts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    price_doubts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def tolerance(self, kind: Kind, standing: Standing) -> Tolerance:
        line = standing.line
        codes = (line.product_code, line.vendor_item_id, line.buyer_item_id, line.gtin)
        return tolerance_for(self.policy.tolerance_rows(), kind, self.vendor, codes)

    def settled(self, finding: Variance, doubts: Sequence[str]) -> Variance:
        """The finding, open instead of a claim where it is in doubt or not probable enough."""
        unsure = finding.confidence < self.policy.likely_confidence
        if finding.state != "open" and (doubts or unsure or finding.amount is None):
            return replace(finding, state="open")
        return finding


@dataclass(frozen=True, slots=True)
class LineMatch:
    """A line's verdict with its findings, and why nothing on it can be claimed (`doubts`)."""

    verdict: LineVerdict
    variances: tuple[Variance, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(slots=True)
class _Progress:
    """What was found so far on one PO line."""

    doubts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    found: list[Variance] = field(default_factory=list)
    tolerated: bool = False


def _identity_doubt(one: Share) -> str:
    return f"{one.billed.place}: quantity × unit price is not the amount; a cell may be misread"


@dataclass(frozen=True, slots=True)
class _Line:
    """One PO line at work: what it rests on, and `progress`, which fills up.

    `gifts` are billed at no price beside its `shares`.
    """

    standing: Standing
    shares: Sequence[Share]
    context: Context
    progress: _Progress
    gifts: Sequence[Share] = ()

    def identity_doubts(self) -> list[str]:
        return [_identity_doubt(one) for one in self.shares if one.billed.off_by is not None]


def match_line(
    standing: Standing,
    shares: Sequence[Share],
    context: Context,
    backup: Sequence[Evidence] = (),
    around: Surroundings | None = None,
) -> LineMatch:
    """The verdict of one PO line over all its billed shares, of which there is at least one.

    `backup` is what other documents say of its quantity, `around` what may explain a difference.
    """
    progress = _Progress(doubts=list(standing.doubts))
    for one in shares:
        _judge_reading(one, standing, context, progress)
    limits = open_quantity(standing, context.policy.expect, context.policy.pay_rejected)
    everything, shares = shares, [one for one in shares if not one.billed.is_free]
    gifts = [one for one in everything if one.billed.is_free]
    if gifts:
        progress.notes.append(gift_note(gifts, shares))
    readable = [one for one in shares if one.quantity is not None]
    billed = None
    if len(readable) == len(shares):
        billed = units_in(readable)
    line = _Line(standing, shares, context, progress, gifts)
    if shares and billed is not None and limits is not None:
        once = _judge_repeats(line, billed, limits)
        _judge_money(once, units_in(once.shares), limits, backup)
        at = Situation(
            standing, tuple(once.shares), limits, around or Surroundings(), context.currency
        )
        progress.found = [explain(finding, at) for finding in progress.found]
        _bound_claims(line)
    elif limits is not None and billed is not None:
        progress.found += missing_gifts(_quantity_case(line, billed, limits), gifts)
    elif limits is None:
        progress.doubts.append("what may be billed is unknown: a unit has no factor")
    return LineMatch(
        _line_verdict(standing, shares or everything, billed, limits, progress, context),
        tuple(progress.found),
        tuple(progress.doubts),
    )


def _judge_reading(one: Share, standing: Standing, context: Context, progress: _Progress) -> None:
    """Doubts and notes of a share, and the findings about its own print."""
    policy, billed = context.policy, one.billed
    progress.doubts += one.doubts(policy.review_confidence)
    progress.doubts += context.doubts.get(billed.document.document_id, ())
    if (doubt := pack_doubt(billed, standing.units)) is not None:
        progress.doubts.append(f"{billed.place}: {doubt}")
    progress.notes += [f"{billed.place}: {note}" for note in billed.notes]
    if one.assignment.is_substitute:
        progress.notes.append(
            f"{billed.place}: {describe(billed)!r} is a substitute the order lists"
        )
    if billed.unit is None and standing.units.name is not None:
        unit = standing.line.unit_code or standing.units.name
        progress.notes.append(f"{billed.place}: no unit is printed; taken as the order's {unit}")
    if one.unit_unresolved:
        progress.found.append(unresolved_finding(one, standing, context.currency))
        progress.doubts.append(f"{billed.place}: no factor from {billed.unit} to the order's unit")
    extension = extension_finding(billed, standing.line.po_line_number, context.currency)
    if extension is not None:
        settled = context.settled(extension, progress.doubts)
        progress.found.append(settled)
        if settled.state == "open":
            progress.doubts.append(_identity_doubt(one))


def _bound_claims(line: _Line) -> None:
    """Opens the claims of a line that together are more than it bills.

    They can be where a part in the buyer's favour is too doubtful to be taken off.
    """
    progress, claimed = line.progress, Fraction(0)
    for finding in progress.found:
        if finding.state == "claim":
            claimed += Fraction(finding.amount or 0)
    # What a credit gives back too little of was billed before.
    value = value_of(line.shares)
    if value and claimed > value:
        doubt = "the claims would be more than what is billed"
        progress.doubts.append(doubt)
        progress.found = [line.context.settled(finding, [doubt]) for finding in progress.found]


def _quantity_case(
    line: _Line, billed: Fraction, limits: OpenQuantity, backup: Sequence[Evidence] = ()
) -> QuantityCase:
    standing, context = line.standing, line.context
    deduction = context.policy.decomposition == "deduction"
    return QuantityCase(
        standing=standing,
        shares=line.shares,
        open=limits,
        billed=billed,
        price=average_price(line.shares) if deduction else standing.price,
        currency=context.currency,
        tolerance=context.tolerance("quantity", standing),
        pay_rejected=context.policy.pay_rejected,
        backup=tuple(backup),
    )


def _judge_repeats(line: _Line, billed: Fraction, limits: OpenQuantity) -> _Line:
    """Adds the findings of repeated rows; gives the line without them."""
    standing, context, progress = line.standing, line.context, line.progress
    if not quantity_findings(_quantity_case(line, billed, limits)):
        return line
    # What has not arrived yet may still come: then only the order tells that a row is too much.
    limit = limits.by_order if limits.no_receipt else limits.expected
    beyond = billed - max(Fraction(0), limit if limit is not None else billed)
    repeats = find_repeats(line.shares, beyond)
    for one in repeats:
        if one.doubt is not None:
            progress.doubts.append(one.doubt)
        doubts = [*progress.doubts, *line.identity_doubts()]
        finding = repeat_finding(one, standing, context.currency)
        progress.found.append(context.settled(finding, doubts))
    repeated = {id(one.share) for one in repeats}
    return replace(line, shares=[one for one in line.shares if id(one) not in repeated])


def _judge_money(
    line: _Line, billed: Fraction, limits: OpenQuantity, backup: Sequence[Evidence]
) -> None:
    """Quantity part per PO line and price part per share, unless the units look mixed up."""
    standing, context, progress = line.standing, line.context, line.progress
    for one in line.shares:
        hypothesis = mixed_units(one, standing, billed, limits.expected)
        if hypothesis is not None:
            finding = basis_finding(hypothesis, line.shares, standing, context.currency)
            progress.found.append(finding)
            progress.doubts.append(f"units look mixed up: {hypothesis.explanation}")
            return
    case = _quantity_case(line, billed, limits, backup)
    doubts = _judge_quantity(line, case)
    payable = (billed - case.disputed) / billed if billed > 0 else Fraction(1)
    _judge_prices(line, doubts, payable)


def _judge_quantity(line: _Line, case: QuantityCase) -> list[str]:
    """Adds the quantity findings; gives the doubts that bar price claims as well."""
    progress, context = line.progress, line.context
    found = quantity_findings(case)
    if found and case.uncredited and line.standing.claims:
        # The units may have been claimed when the invoice itself was examined.
        progress.doubts.append(f"claim {', '.join(line.standing.claims)} stands on this line")
    # Which of a row's cells is wrong is not known: nothing else on that line is claimed either.
    doubts = [*progress.doubts, *line.identity_doubts()]
    # In the deduction view units are taken at the billed price, so that has to be sure too.
    deduction = context.policy.decomposition == "deduction"
    price_doubts = _price_doubts(line.shares, line.standing, context)
    blocking = [*doubts, *price_doubts] if deduction else doubts
    progress.found += [context.settled(finding, blocking) for finding in found]
    facts = information(case, line.gifts)
    progress.found += facts
    if case.disputed and not found:
        progress.tolerated = True
        progress.notes.append(f"{quantity_text(case.disputed)} units over, within tolerance")
    told = any(fact.code == "QTY_UNDER_BILLED" for fact in facts)
    if 0 <= case.billed < case.open.expected and not told:
        fewer = quantity_text(case.open.expected - case.billed)
        progress.notes.append(f"{fewer} units fewer billed than could be")
    return doubts


def _judge_prices(line: _Line, doubts: Sequence[str], payable: Fraction) -> None:
    """Price findings share by share; `payable` is the part of each quantity that is expected."""
    standing, context, progress = line.standing, line.context, line.progress
    tolerance = context.tolerance("price", standing)
    price_doubts = _price_doubts(line.shares, standing, context)
    prices = PriceLine(
        line.shares,
        standing,
        tolerance,
        payable,
        context.policy.decomposition,
        context.currency,
    )
    for one, found in price_findings(prices):
        if found:
            progress.found += [context.settled(one, [*doubts, *price_doubts]) for one in found]
        elif (
            one.price is not None
            and standing.price not in (None, one.price)
            and not one.billed.price_from_amount
        ):
            progress.tolerated = True
            note = f"billed net price {price_text(one.price)}, within tolerance"
            progress.notes.append(note)
    facts = [finding for finding in progress.found if finding.state == "information"]
    if any(one.code != "EXTENSION_ERROR" and one not in facts for one in progress.found):
        progress.doubts += [one for one in line.identity_doubts() if one not in progress.doubts]
        progress.found = [
            context.settled(finding, doubts) if finding.code == "EXTENSION_ERROR" else finding
            for finding in progress.found
        ]
    # A price that cannot be trusted leaves the line open even where no difference shows.
    progress.doubts += [doubt for doubt in price_doubts if doubt not in progress.doubts]


def _price_doubts(shares: Sequence[Share], standing: Standing, context: Context) -> list[str]:
    doubts = []
    if standing.price is None:
        unstated = "the order states no price for this line, or in a unit without a factor"
        doubts.append(standing.price_doubt or unstated)
    for one in shares:
        doubts += one.price_doubts(context.policy.review_confidence)
        doubts += context.price_doubts.get(one.billed.document.document_id, ())
    return list(dict.fromkeys(doubts))


def _status(progress: _Progress) -> Status:
    statuses: list[Status] = ["matched"]
    if progress.tolerated:
        statuses.append("within_tolerance")
    if any(finding.state == "pending" for finding in progress.found):
        statuses.append("pending_receipt")
    if any(finding.state == "claim" for finding in progress.found):
        statuses.append("discrepancy")
    if progress.doubts or any(finding.state == "open" for finding in progress.found):
        statuses.append("needs_review")
    return worst(statuses)


def _line_verdict(
    standing: Standing,
    shares: Sequence[Share],
    billed: Fraction | None,
    limits: OpenQuantity | None,
    progress: _Progress,
    context: Context,
) -> LineVerdict:
    first, line = shares[0].billed, standing.line
    prices = {one.price for one in shares}
    price = next(iter(prices)) if len(prices) == 1 else None
    if price is None and billed:
        price = average_price(shares)
    explained = [finding.explanation for finding in progress.found]
    explained += [
        f"{finding.code} may be explained: {finding.hypothesis.explanation}"
        for finding in progress.found
        if finding.hypothesis is not None and finding.code != "PRICE_BASIS_SUSPECT"
    ]
    improbable = [
        f"{finding.code} rests on values right with probability {finding.confidence:.2f}"
        for finding in progress.found
        if finding.state == "open" and not progress.doubts
    ]
    reasons = [*explained, *improbable, *progress.doubts, *progress.notes]
    least = context.policy.review_confidence
    unsure = (
        cell_evidence(one.billed.document.document_id, name, cell)
        for one in shares
        for name, cell in one.unsure_cells(least).items()
    )
    return LineVerdict(
        verdict=_status(progress),
        reasons=tuple(dict.fromkeys(reasons)),
        po_line_number=line.po_line_number,
        description=line.description or describe(first),
        billed=shown(billed),
        ordered=shown(standing.ordered),
        received=shown(standing.received),
        expected=None if limits is None else shown(limits.expected),
        unit=standing.units.name,
        billed_price=shown(price),
        ordered_price=shown(standing.price),
        document_id=first.document.document_id,
        page=first.item.page,
        polygon=first.item.row_polygon,
        unsure=tuple(dict.fromkeys(unsure)),
        price_note=standing.price_note,
    )


def shown(number: Fraction | None) -> Decimal | None:
    """The number as Decimal, None as None."""
    return None if number is None else to_decimal(number)
