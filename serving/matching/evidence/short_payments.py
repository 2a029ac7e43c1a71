"""Short payments that the vendor disputes, settled by the units the best proof supports.

supported = clamp(delivered by the best evidence − units paid, 0, units claimed short); the best
evidence is in `delivered_units`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from data.order_records import Claim, OrderData
from data.records import ExtractedDocument
from serving.matching.evidence.claimed_lines import lines_of_claim
from serving.matching.evidence.delivered_units import ClaimCase, Proof, best_proof
from serving.matching.evidence.delivery_papers import Rank, Statement
from serving.matching.evidence.paper_conflicts import PAPER_NAMES, proof_by_terms
from serving.matching.evidence.settlement import (
    Decision,
    doubted_status,
    joined,
    needs_analyst,
)
from serving.matching.evidence.settlement import (
    Settlement as Settlement,  # verdicts and messages take it from here
)
from serving.matching.findings.arithmetic import price_text, quantity_text, rounded, to_decimal
from serving.matching.findings.paper_names import Papers
from serving.matching.findings.records import Held
from serving.matching.invoice.split_files import number_of
from serving.matching.ledger.deductions import reason_of, stage_of
from serving.matching.pairing.article_names import normalise_code
from serving.matching.pairing.line_share import Share, units_in
from serving.matching.pairing.line_units import base_unit
from serving.matching.pairing.order_line import Standing, Standings
from serving.matching.rules.context import Context

# Papers that can prove a delivery at all.
_PROOFS = ("proof_of_delivery", "bill_of_lading")


def is_disputed(claim: Claim) -> bool:
    """Return whether units of the claim are held back, which this dispute has to settle."""
    return stage_of(claim.status) == "open" and reason_of(claim.kind) in ("shortage", "concealed")


def supported_units(delivered: Fraction, paid: Fraction, claimed: Fraction) -> Fraction:
    """Return how many of the units claimed short were delivered after all.

    >>> supported_units(Fraction(19 * 24), Fraction(432), Fraction(48))
    Fraction(24, 1)
    """
    return max(Fraction(0), min(delivered - paid, claimed))


@dataclass(frozen=True, slots=True)
class ClaimSources:
    """The data that claims are settled from, by PO line key."""

    standings: Standings
    shares: Mapping[str, Sequence[Share]]
    statements: Mapping[str, Sequence[Statement]]
    documents: Sequence[ExtractedDocument]


@dataclass(frozen=True, slots=True)
class _Part:
    """A claim, or its part on one order line, with the units that it holds back there.

    `place` counts the claims of the dispute.
    """

    place: int
    claim: Claim
    key: str
    units: Fraction | None


def settle(sources: ClaimSources, data: OrderData, context: Context) -> tuple[Settlement, ...]:
    """Settle each disputed short payment of these invoices, in the order of the claims."""
    papers = Papers(sources.documents)
    numbers = {number_of(document) for document in sources.documents}
    parts = _parts(data, sources, context, numbers)
    held, repeated = _without_repeated(parts, sources, context)
    settlements: list[Settlement] = []
    supported_before: dict[tuple[str, str], Fraction] = {}
    for claim, claim_parts in parts:
        outcomes = []
        for part in claim_parts:
            case = repeated.get((part.place, part.key)) or _claim_case(part, held, sources)
            if isinstance(case, str):
                case = needs_analyst(part.claim, case, context)
            if isinstance(case, ClaimCase):
                place = normalise_code(claim.invoice_id), case.standing.line.po_line_number
                case = replace(case, before=supported_before.get(place, Fraction(0)))
                settled = _settle_claim(case, data, context, papers)
                if stage_of(claim.status) == "open":
                    supported_before[place] = case.before + (settled.supported or Fraction(0))
                outcomes.append(settled)
            else:
                outcomes.append(case)
        if stage_of(claim.status) == "open":
            outcome = joined(claim, outcomes, context)
            settlements.append(doubted_status(claim, context) or outcome)
    return tuple(settlements)


def _without_repeated(
    parts: Sequence[tuple[Claim, Sequence[_Part]]], sources: ClaimSources, context: Context
) -> tuple[list[_Part], dict[tuple[int, str], Settlement]]:
    """Return the parts that hold units back, and the settlements of those that were taken twice."""
    held: list[_Part] = []
    repeated: dict[tuple[int, str], Settlement] = {}
    for part in (part for _, claim_parts in parts for part in claim_parts):
        settlement = _repeated(part, held, sources, context)
        if settlement is None:
            held.append(part)
        else:
            repeated[part.place, part.key] = settlement
    return held, repeated


def _parts(
    data: OrderData, sources: ClaimSources, context: Context, numbers: Collection[str | None]
) -> list[tuple[Claim, list[_Part]]]:
    """Return the claims on these invoices that hold units back, each with its order lines.

    Those that were taken for good come first: they are settled and still hold their units.
    """
    claims = [
        claim
        for claim in data.claims
        if normalise_code(claim.invoice_id) in numbers
        and (is_disputed(claim) or (stage_of(claim.status) == "taken" and _is_shortage(claim)))
    ]
    claims.sort(key=lambda claim: stage_of(claim.status) == "open")
    claim_parts = []
    for place, claim in enumerate(claims):
        lines = lines_of_claim(
            claim, sources.standings, sources.shares, context.policy.pay_rejected
        )
        parts = [
            _Part(place, part, key, _units(part, sources.standings[key])) for key, part in lines
        ]
        claim_parts.append((claim, parts))
    return claim_parts


def _is_shortage(claim: Claim) -> bool:
    return reason_of(claim.kind) in ("shortage", "concealed")


def _repeated(
    part: _Part, held: Sequence[_Part], sources: ClaimSources, context: Context
) -> Settlement | None:
    """Return the settlement of a claim that holds the units of an earlier one back once more.

    Two equal claims are two where the line lacks as many units; where the earlier ones hold back
    all that is missing by the receipts, the later one was taken twice.
    """
    same = [other for other in held if other.key == part.key]
    twin = next(
        (
            other
            for other in same
            if (other.units, other.claim.amount) == (part.units, part.claim.amount)
        ),
        None,
    )
    standing = sources.standings[part.key]
    limit = standing.receipt_limit(context.policy.pay_rejected)
    shares = _shares_of(part, sources)
    if twin is None or part.units is None or limit is None or not shares:
        return None
    missing = units_in(shares) - (limit - standing.billed_before)
    if sum((other.units or Fraction(0) for other in same), Fraction(0)) < missing:
        return None
    price = _price_of(part.claim, part.units, standing)
    if price is None:
        return None
    return _taken_twice(part, twin, (part.units, price), standing, context)


def _taken_twice(
    part: _Part,
    twin: _Part,
    product: tuple[Fraction, Fraction],
    standing: Standing,
    context: Context,
) -> Settlement:
    """Return the settlement that repays a claim for units which `twin` holds back already."""
    units, price = product
    unit = standing.units.name or "units"
    return Settlement(
        part.claim,
        "repay",
        (f"Claim {twin.claim.claim_id} holds the same {quantity_text(units)} {unit} back.",),
        standing.line.description,
        unit,
        claimed=units,
        price=price,
        supported=units,
        currency=context.currency,
        formula=f"{quantity_text(units)} × {price_text(price)} = "
        f"{rounded(to_decimal(units * price), context.currency)}",
    )


def _price_of(claim: Claim, units: Fraction, standing: Standing) -> Fraction | None:
    if claim.amount is not None and units:
        return abs(Fraction(claim.amount)) / units
    return standing.price


def _shares_of(part: _Part, sources: ClaimSources) -> list[Share]:
    number = normalise_code(part.claim.invoice_id)
    return [
        share
        for share in sources.shares.get(part.key, ())
        if number_of(share.billed.document) == number
    ]


def _claim_case(part: _Part, parts: Sequence[_Part], sources: ClaimSources) -> ClaimCase | str:
    """Return the claim on one PO line with all that is held back there; a sentence if unknown."""
    claim, standing = part.claim, sources.standings[part.key]
    shares = _shares_of(part, sources)
    if not shares or any(share.quantity is None for share in shares):
        return f"the units that invoice {claim.invoice_id} bills on the line could not be read"
    number = normalise_code(claim.invoice_id)
    same = [
        other.units
        for other in parts
        if other.key == part.key and normalise_code(other.claim.invoice_id) == number
    ]
    if part.units is None or None in same:
        return f"claim {claim.claim_id} does not state how many units it is for"
    return ClaimCase(
        claim,
        standing,
        tuple(shares),
        tuple(sources.statements.get(part.key, ())),
        part.units,
        sum((units or Fraction(0) for units in same), Fraction(0)),
        Fraction(0),
    )


def _units(claim: Claim, standing: Standing) -> Fraction | None:
    """Return the units claimed short in the PO line's unit; claims count base units."""
    size = standing.units.size(claim.unit_code or base_unit(standing.line))
    if claim.quantity is None or size is None:
        return None
    return abs(Fraction(claim.quantity)) * size


def _settle_claim(case: ClaimCase, data: OrderData, context: Context, papers: Papers) -> Settlement:
    unit = case.standing.units.name
    base = Settlement(
        claim=case.claim,
        decision="ask_for_evidence",
        reasons=(),
        description=case.standing.line.description,
        unit=unit,
        claimed=case.claimed,
        paid=case.paid,
        billed=case.billed,
        price=case.price,
        currency=context.currency,
    )
    proof = best_proof(case, data, context, papers)
    if proof is None:
        return _ask_for_proof(base, case, data, papers)
    minimum = context.policy.review_confidence
    weak = [doubt.sentence for share in case.shares for doubt in share.doubts(minimum)]
    doubts = (*proof.doubts, *weak)
    if case.paid < 0:
        doubts = (*doubts, "more is claimed short than was billed")
    if doubts or case.price is None:
        why = doubts or ("neither claim nor order states a price per unit",)
        return replace(
            base, decision="needs_analyst", reasons=(proof.sentence, *why), evidence=proof.evidence
        )
    supported = supported_units(proof.delivered - case.before, case.paid, case.claimed)
    settled = replace(
        base,
        decision=_decision(supported, case.claimed),
        supported=supported,
        evidence=proof.evidence,
        confidence=proof.confidence,
    )
    return replace(
        settled, reasons=(proof.sentence, _outcome(settled)), formula=_formula(settled, proof)
    )


def _decision(supported: Fraction, claimed: Fraction) -> Decision:
    if supported == claimed:
        return "repay"
    return "partly_repay" if supported else "uphold"


def _outcome(settled: Settlement) -> str:
    unit, paid = settled.unit or "units", quantity_text(settled.paid or Fraction(0))
    supported = settled.supported or Fraction(0)
    rest = quantity_text((settled.claimed or Fraction(0)) - supported)
    if settled.decision == "repay":
        return (
            f"All {quantity_text(supported)} {unit} that were not paid were delivered; "
            f"{paid} were paid."
        )
    if settled.decision == "uphold":
        return f"No more than the {paid} {unit} that were paid were delivered."
    return (
        f"{quantity_text(supported)} {unit} were delivered beyond the {paid} that were paid; "
        f"{rest} were not."
    )


def _formula(settled: Settlement, proof: Proof) -> str:
    paid, claimed = settled.paid or Fraction(0), settled.claimed or Fraction(0)
    gap, units = proof.delivered - paid, quantity_text(settled.supported or Fraction(0))
    price, money = settled.price or Fraction(0), to_decimal(settled.repay or Fraction(0))
    limit = f", of which {quantity_text(claimed)} are claimed" if gap > claimed else ""
    limit = ", so none" if gap < 0 else limit
    return (
        f"{quantity_text(proof.delivered)} − {quantity_text(paid)} = {quantity_text(gap)}{limit}; "
        f"{units} × {price_text(price)} = {rounded(money, settled.currency)}"
    )


def _ask_for_proof(
    base: Settlement, case: ClaimCase, data: OrderData, papers: Papers
) -> Settlement:
    """Return the settlement that asks for proof: papers in hand, their weakness, papers needed."""
    required = tuple(kind for kind in data.order.required_documents if kind in _PROOFS)
    missing = required or (proof_by_terms(data),)
    have = [papers.cite(statement.pages) + _weakness(statement) for statement in case.statements]
    in_hand = f"In hand: {'; '.join(have)}." if have else "No paper on this delivery is in hand."
    rule = {
        "collect": "The freight is collect: a bill of lading signed by our carrier is the proof.",
        "unknown": "No freight terms are known: a proof of delivery signed by us settles it.",
    }.get(data.order.freight_terms, "The freight is prepaid: we need a signed proof of delivery.")
    if required:
        rule = f"The order requires a {_paper_names(required)}."
    evidence = tuple(
        place for statement in case.statements for place in statement.evidence("contradicts")
    )
    return replace(base, reasons=(in_hand, rule), missing=missing, evidence=evidence)


def _weakness(statement: Statement) -> str:
    """Return the reason why a paper is no proof, as the end of a phrase."""
    if statement.rank == Rank.CARRIER_SIGNED:
        return " (signed by the vendor's carrier)"
    if statement.rank == Rank.SHIPPER_COUNT:
        return " (counted by the shipper or not signed by the carrier)"
    if statement.kind == "proof_of_delivery":
        return " (not signed by a receiver)"
    return " (the vendor's own)"


def held_units(settlements: Sequence[Settlement]) -> Held:
    """Return the units that these disputed short payments of one line hold back."""
    return Held(
        claim_ids=", ".join(settlement.claim.claim_id for settlement in settlements),
        units=sum((settlement.claimed or Fraction(0) for settlement in settlements), Fraction(0)),
        settled=all(settlement.supported is not None for settlement in settlements),
        unproven=any(settlement.decision == "ask_for_evidence" for settlement in settlements),
    )


def papers_needed(settlement: Settlement) -> str:
    """Return the missing papers in words."""
    return _paper_names(settlement.missing)


def _paper_names(kinds: Sequence[str]) -> str:
    return " or ".join(PAPER_NAMES[kind] for kind in kinds)
