"""Short payments that the vendor disputes, settled by the units the best proof supports.

supported = clamp(delivered by the best evidence − units paid, 0, units claimed short); the best
evidence is in `delivered_units`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from data.order_records import Claim, OrderData
from data.records import ExtractedDocument
from serving.matching.evidence.delivered_units import ClaimCase, Proof, best_proof
from serving.matching.evidence.delivery_papers import Rank, Statement
from serving.matching.evidence.paper_conflicts import PAPER_NAMES, proof_by_terms
from serving.matching.findings.arithmetic import price_text, quantity_text, rounded, to_decimal
from serving.matching.findings.paper_names import Papers
from serving.matching.findings.records import Evidence, Held
from serving.matching.invoice.split_files import number_of
from serving.matching.pairing.assignment import normalise_code
from serving.matching.pairing.line_share import Share
from serving.matching.pairing.line_units import base_unit
from serving.matching.pairing.order_line import Standing, Standings, is_live
from serving.matching.rules.context import Context

Decision = Literal["repay", "partly_repay", "uphold", "ask_for_evidence", "needs_analyst"]
_SHORT_PAYMENTS = frozenset({"short_payment", "short payment", "shortage", "short_pay"})
# Papers that can prove a delivery at all.
_PROOFS = ("proof_of_delivery", "bill_of_lading")
# The next step of the other side, in Peppol actions.
ACTIONS: Mapping[Decision, str] = {
    "repay": "CNP",
    "partly_repay": "CNP",
    "uphold": "NOA",
    "ask_for_evidence": "PIN",
    "needs_analyst": "NOA",
}


def is_disputed(claim: Claim) -> bool:
    """Return whether the claim is a live short payment, which this dispute has to settle."""
    return claim.kind.strip().casefold() in _SHORT_PAYMENTS and is_live(claim.status)


@dataclass(frozen=True, slots=True)
class Settlement:
    """The outcome of one short payment. Units are of the PO line's unit `unit`, money unrounded.

    `supported` None: the papers in hand prove nothing, `missing` names the types that would.
    """

    claim: Claim
    decision: Decision
    reasons: tuple[str, ...]
    description: str | None = None
    unit: str | None = None
    claimed: Fraction | None = None
    paid: Fraction | None = None
    billed: Fraction | None = None
    price: Fraction | None = None
    supported: Fraction | None = None
    currency: str | None = None
    formula: str = ""
    missing: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    confidence: float = 1.0

    @property
    def action(self) -> str:
        return ACTIONS[self.decision]

    @property
    def repay(self) -> Fraction | None:
        """Money to pay after all."""
        if self.supported is None or self.price is None:
            return None
        return self.supported * self.price

    @property
    def stands(self) -> Fraction | None:
        """Money that stays held back."""
        if self.supported is None or self.price is None or self.claimed is None:
            return None
        return (self.claimed - self.supported) * self.price


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


def settle(sources: ClaimSources, data: OrderData, context: Context) -> tuple[Settlement, ...]:
    """Settle each disputed short payment of these invoices, in the order of the claims."""
    papers = Papers(sources.documents)
    numbers = {number_of(document) for document in sources.documents}
    settlements: list[Settlement] = []
    supported_before: dict[tuple[str, str], Fraction] = {}
    claims = [claim for claim in data.claims if is_disputed(claim)]
    for claim in claims:
        if normalise_code(claim.invoice_id) not in numbers:
            continue
        case = _claim_case(claim, claims, sources)
        if isinstance(case, str):
            settlements.append(
                Settlement(claim, "needs_analyst", (case,), currency=context.currency)
            )
            continue
        place = normalise_code(claim.invoice_id), case.standing.line.po_line_number
        case = replace(case, before=supported_before.get(place, Fraction(0)))
        settled = _settle_claim(case, data, context, papers)
        supported_before[place] = case.before + (settled.supported or Fraction(0))
        settlements.append(settled)
    return tuple(settlements)


def _claim_case(claim: Claim, claims: Sequence[Claim], sources: ClaimSources) -> ClaimCase | str:
    """Return the claim with its PO line; a sentence where these are not known."""
    keys = [
        key
        for key, line in sources.standings.lines.items()
        if claim.line == line.po_line_number or (claim.line is None and len(sources.standings) == 1)
    ]
    if len(keys) != 1:
        return f"claim {claim.claim_id} names no line of this order"
    standing, number = sources.standings[keys[0]], normalise_code(claim.invoice_id)
    shares = [
        share
        for share in sources.shares.get(keys[0], ())
        if number_of(share.billed.document) == number
    ]
    if not shares or any(share.quantity is None for share in shares):
        return f"the units that invoice {claim.invoice_id} bills on the line could not be read"
    claimed = _units(claim, standing)
    same = [
        _units(other, standing)
        for other in claims
        if (normalise_code(other.invoice_id), other.line) == (number, claim.line)
    ]
    if claimed is None or None in same:
        return f"claim {claim.claim_id} does not state how many units it is for"
    return ClaimCase(
        claim,
        standing,
        tuple(shares),
        tuple(sources.statements.get(keys[0], ())),
        claimed,
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
