"""Claims that may be sent without a person at a stated risk, and the summary of many verdicts.

Claims are taken in order of confidence. Decisions:

- Risk is false money over claimed money of the claims taken; coverage is their money over that of
  all claims; recovered is their right money over all claimable money.
- Claims of equal confidence are taken together.
- A threshold is the lowest confidence down to which every step kept the risk: a run of luck after a
  step that broke it does not count. It is picked on every second document and measured on the rest,
  so that no claim helps to pick the threshold it is measured with.
- Money of different currencies is never added: everything here is about one currency.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from training.metrics.counts import Count, Interval, f1_interval, share_or_zero
from training.metrics.disputes import NO_MONEY, CodeCount, DisputeScore, Money, ScoredClaim

STATED_RISKS = (0.001, 0.01, 0.05)
_MONEY = ("claimed", "false")  # of a point: shown in cents


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """All claims of at least `confidence`: their number, their money and the resulting shares."""

    confidence: float
    claims: int
    claimed: Decimal
    false: Decimal
    risk: float
    coverage: float
    recovered: float


@dataclass(frozen=True, slots=True)
class RiskChoice:
    """The threshold picked for a stated risk, measured on the held-out documents.

    `threshold` None: no claim could be taken at that risk. `claims`, `risk`, `coverage` and
    `recovered` are measured on the `documents` kept apart; risk None where nothing was taken.
    """

    stated_risk: float
    threshold: float | None
    documents: int
    claims: int
    risk: float | None
    coverage: Interval
    recovered: Interval


def risk_curve(scores: Sequence[DisputeScore]) -> list[RiskPoint]:
    """Return risk and coverage from the surest claim to all claims, one point a confidence."""
    claims = sorted(
        (claim for score in scores for claim in score.claims),
        key=lambda claim: -claim.finding.confidence,
    )
    everything = sum((claim.finding.claimed for claim in claims), NO_MONEY)
    claimable = sum((score.money.claimable for score in scores), NO_MONEY)
    points: list[RiskPoint] = []
    claimed = false = NO_MONEY
    for number, claim in enumerate(claims, start=1):
        claimed, false = claimed + claim.finding.claimed, false + claim.false
        last = number == len(claims)
        if not last and claims[number].finding.confidence == claim.finding.confidence:
            continue
        points.append(
            RiskPoint(
                confidence=claim.finding.confidence,
                claims=number,
                claimed=claimed,
                false=false,
                risk=_share(false, claimed),
                coverage=_share(claimed, everything),
                recovered=_share(claimed - false, claimable),
            )
        )
    return points


def _share(part: Decimal, whole: Decimal) -> float:
    return float(part / whole) if whole else 0.0


def pick_threshold(scores: Sequence[DisputeScore], stated_risk: float) -> float | None:
    """Return the lowest confidence down to which the risk is kept; None if there is none."""
    threshold = None
    for point in risk_curve(scores):
        if point.risk > stated_risk:
            break
        threshold = point.confidence
    return threshold


def choose_at_risk(scores: Sequence[DisputeScore], stated_risk: float) -> RiskChoice | None:
    """Return the choice for a stated risk; None with fewer than two documents."""
    threshold = pick_threshold(scores[0::2], stated_risk)
    held_out = scores[1::2]
    if not held_out:
        return None
    claims_by_document = [_claims_from(score.claims, threshold) for score in held_out]
    claimed = [
        float(sum((claim.finding.claimed for claim in claims), NO_MONEY))
        for claims in claims_by_document
    ]
    false = [
        float(sum((claim.false for claim in claims), NO_MONEY)) for claims in claims_by_document
    ]
    right = [got - wrong for got, wrong in zip(claimed, false, strict=True)]
    return RiskChoice(
        stated_risk=stated_risk,
        threshold=threshold,
        documents=len(held_out),
        claims=sum(map(len, claims_by_document)),
        risk=sum(false) / sum(claimed) if sum(claimed) else None,
        coverage=share_or_zero(claimed, [float(score.money.claimed) for score in held_out]),
        recovered=share_or_zero(right, [float(score.money.claimable) for score in held_out]),
    )


def _claims_from(claims: Sequence[ScoredClaim], threshold: float | None) -> list[ScoredClaim]:
    """Return the claims of at least that confidence; none without a threshold."""
    if threshold is None:
        return []
    return [claim for claim in claims if claim.finding.confidence >= threshold]


def summarise(scores: Sequence[DisputeScore], certain: float) -> dict[str, Any]:
    """Return the figures of many verdicts as JSON values; money as strings, by currency.

    `certain` is the confidence from which a claim counts as certain: false ones from there on are
    listed, most false money first. Raises ValueError without scores.
    """
    if not scores:
        raise ValueError("no dispute was scored, a summary needs at least one")
    codes: dict[str, CodeCount] = {}
    for score in scores:
        for code, count in score.codes.items():
            codes[code] = codes.get(code, CodeCount()) + count
    currencies = sorted({score.currency or "" for score in scores})
    clean = [score for score in scores if score.clean]
    return {
        "documents": len(scores),
        "clean_documents": len(clean),
        "clean_documents_claimed_against": sum(bool(score.claims) for score in clean),
        "settled_documents": sum(score.settled for score in scores),
        "lines": sum(score.lines for score in scores),
        "lines_decided": asdict(
            share_or_zero(
                [float(score.lines_decided) for score in scores],
                [float(score.lines) for score in scores],
            )
        ),
        "variances": asdict(f1_interval([_all_codes(score).reported for score in scores])),
        "claims": asdict(f1_interval([_all_codes(score).asserted for score in scores])),
        "codes": {code: _code_json(count) for code, count in sorted(codes.items())},
        "money": {
            currency or "not stated": _money_json(
                [score for score in scores if (score.currency or "") == currency]
            )
            for currency in currencies
        },
        "wrong_but_certain": _wrong_but_certain(scores, certain),
        "certain_from": certain,
    }


def _all_codes(score: DisputeScore) -> CodeCount:
    return sum(score.codes.values(), CodeCount())


def _code_json(count: CodeCount) -> dict[str, Any]:
    return {
        "reported": _count_json(count.reported),
        "asserted": _count_json(count.asserted),
        "wrong_money": count.wrong_money,
    }


def _count_json(count: Count) -> dict[str, Any]:
    shares = {"precision": count.precision, "recall": count.recall, "f1": count.f1}
    return asdict(count) | shares


def _money_json(scores: Sequence[DisputeScore]) -> dict[str, Any]:
    total = sum((score.money for score in scores), Money())
    parts = [score.money for score in scores]
    claimed = [float(money.claimed) for money in parts]
    false = [float(money.false) for money in parts]
    choices = (choose_at_risk(scores, risk) for risk in STATED_RISKS)
    return {
        "documents": len(scores),
        **{name: _cents(amount) for name, amount in asdict(total).items()},
        "found": _cents(total.claimed_rightly),
        "risk": asdict(share_or_zero(false, claimed)),
        "recovered": asdict(
            share_or_zero(
                [float(money.claimed_rightly) for money in parts],
                [float(money.claimable) for money in parts],
            )
        ),
        "billed_share_decided": asdict(
            share_or_zero(
                [float(money.billed_decided) for money in parts],
                [float(money.billed) for money in parts],
            )
        ),
        "risk_coverage": [_point_json(point) for point in risk_curve(scores)],
        "at_risk": [asdict(choice) for choice in choices if choice is not None],
    }


def _point_json(point: RiskPoint) -> dict[str, Any]:
    shares = {name: round(value, 6) for name, value in asdict(point).items() if name not in _MONEY}
    return shares | {name: _cents(getattr(point, name)) for name in _MONEY}


def _wrong_but_certain(scores: Sequence[DisputeScore], certain: float) -> list[Mapping[str, Any]]:
    wrong = [
        (score, claim)
        for score in scores
        for claim in score.claims
        if claim.false and claim.finding.confidence >= certain
    ]
    wrong.sort(key=lambda pair: (-pair[1].false, pair[1].document_id))
    return [
        {
            "id": claim.document_id,
            "code": claim.finding.code,
            "po_line_number": claim.finding.po_line_number,
            "claimed": _cents(claim.finding.claimed),
            "false": _cents(claim.false),
            "currency": score.currency,
            "confidence": round(claim.finding.confidence, 4),
            "note": claim.finding.note,
        }
        for score, claim in wrong
    ]


def _cents(amount: Decimal) -> str:
    return format(amount.quantize(Decimal("0.01"), ROUND_HALF_UP), "f")
