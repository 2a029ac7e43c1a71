"""The outcome of one deduction that the vendor disputes: what is repaid, what stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from data.order_records import Claim
from serving.matching.findings.records import Evidence
from serving.matching.ledger.deductions import is_known_status
from serving.matching.rules.context import Context

Decision = Literal["repay", "partly_repay", "uphold", "ask_for_evidence", "needs_analyst"]
# The next step of the other side, in Peppol actions.
ACTIONS: Mapping[Decision, str] = {
    "repay": "CNP",
    "partly_repay": "CNP",
    "uphold": "NOA",
    "ask_for_evidence": "PIN",
    "needs_analyst": "NOA",
}


@dataclass(frozen=True, slots=True)
class Settlement:
    """The outcome of one short payment. Units are of the PO line's unit `unit`, money unrounded.

    `supported` None: the papers in hand prove nothing, `missing` names the types that would.
    `money` is what is repaid and what stands, where it is not `supported` × `price`; `parts` are
    the outcomes on each line of a claim over several; `codes` of the findings that let it stand.
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
    money: tuple[Fraction, Fraction] | None = None
    parts: tuple["Settlement", ...] = ()
    codes: tuple[str, ...] = ()

    @property
    def action(self) -> str:
        return ACTIONS[self.decision]

    @property
    def repay(self) -> Fraction | None:
        """Money to pay after all."""
        if self.money is not None:
            return self.money[0]
        if self.supported is None or self.price is None:
            return None
        return self.supported * self.price

    @property
    def stands(self) -> Fraction | None:
        """Money that stays held back."""
        if self.money is not None:
            return self.money[1]
        if self.supported is None or self.price is None or self.claimed is None:
            return None
        return (self.claimed - self.supported) * self.price


def needs_analyst(claim: Claim, why: str, context: Context) -> Settlement:
    """Return a settlement that only a person can decide, with the reason."""
    return Settlement(claim, "needs_analyst", (why,), currency=context.currency)


def doubted_status(claim: Claim, context: Context) -> Settlement | None:
    """Return the question about a claim of which nobody knows what became; None for others."""
    if is_known_status(claim.status):
        return None
    sentence = f"claim {claim.claim_id} has the status {claim.status!r}: what of it is held back"
    return needs_analyst(claim, sentence, context)


def joined(claim: Claim, outcomes: Sequence[Settlement], context: Context) -> Settlement:
    """Return the outcomes on all lines of a claim as one; decided only where each of them is."""
    if not outcomes:
        return needs_analyst(claim, f"claim {claim.claim_id} names no line of this order", context)
    if len(outcomes) == 1:
        return outcomes[0]
    first = next((outcome for outcome in outcomes if outcome.repay is None), None)
    if first is not None:
        return replace(first, claim=claim, description=None, parts=tuple(outcomes))
    repaid = sum((outcome.repay or Fraction(0) for outcome in outcomes), Fraction(0))
    kept_back = sum((outcome.stands or Fraction(0) for outcome in outcomes), Fraction(0))
    decision: Decision = "partly_repay" if repaid and kept_back else "repay" if repaid else "uphold"
    return Settlement(
        claim,
        decision,
        tuple(dict.fromkeys(reason for outcome in outcomes for reason in outcome.reasons)),
        currency=context.currency,
        formula="; ".join(outcome.formula for outcome in outcomes),
        evidence=tuple(place for outcome in outcomes for place in outcome.evidence),
        confidence=min(outcome.confidence for outcome in outcomes),
        money=(repaid, kept_back),
        parts=tuple(outcomes),
    )
