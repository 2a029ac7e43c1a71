"""Claims that may be sent without a person at a stated risk, and the summary of many verdicts.

Claims are taken in order of confidence. Decisions:

- Risk is false money over claimed money of the claims taken; coverage is their money over that of
  all claims; recovered is their right money over all claimable money.
- Claims of equal confidence are taken together.
- A threshold is the lowest confidence down to which every step kept the risk: a run of luck after a
  step that broke it does not count. It is picked on every second document and measured on the rest,
  so that no claim helps to pick the threshold it is measured with.
- A document may carry several disputes (seeds): its money is added up. Intervals draw families of
  layouts, then documents within them: rows of one layout are read right or wrong together.
- Where nothing claimed is false the upper bound is 1 - 0.05^(1/n), n the documents with claims: the
  largest share of documents of which n drawn ones are all without fault once in twenty times
  (Clopper and Pearson 1934).
- Money of different currencies is never added: everything here is about one currency.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from training.metrics.counts import Count, Interval, share_or_zero
from training.metrics.disputes import NO_MONEY, CodeCount, DisputeScore, Money, ScoredClaim
from training.metrics.macro import FamilyCounts, pooled_share

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
    names = list(dict.fromkeys(score.document_id for score in scores))
    picked, apart = set(names[0::2]), names[1::2]
    if not apart:
        return None
    threshold = pick_threshold(
        [score for score in scores if score.document_id in picked], stated_risk
    )
    held_out = [[score for score in scores if score.document_id == name] for name in apart]
    claims_by_document = [
        _claims_from([claim for score in document for claim in score.claims], threshold)
        for document in held_out
    ]
    claimed = [
        float(sum((claim.finding.claimed for claim in claims), NO_MONEY))
        for claims in claims_by_document
    ]
    false = [
        float(sum((claim.false for claim in claims), NO_MONEY)) for claims in claims_by_document
    ]
    money = [sum((score.money for score in document), Money()) for document in held_out]
    right = [got - wrong for got, wrong in zip(claimed, false, strict=True)]
    return RiskChoice(
        stated_risk=stated_risk,
        threshold=threshold,
        documents=len(held_out),
        claims=sum(map(len, claims_by_document)),
        risk=sum(false) / sum(claimed) if sum(claimed) else None,
        coverage=share_or_zero(claimed, [float(part.claimed) for part in money]),
        recovered=share_or_zero(right, [float(part.claimable) for part in money]),
    )


def _claims_from(claims: Sequence[ScoredClaim], threshold: float | None) -> list[ScoredClaim]:
    """Return the claims of at least that confidence; none without a threshold."""
    if threshold is None:
        return []
    return [claim for claim in claims if claim.finding.confidence >= threshold]


def summarise(
    scores: Sequence[DisputeScore], certain: float, families: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the figures of many verdicts as JSON values; money as strings, by currency.

    `certain` is the confidence from which a claim counts as certain: false ones from there on are
    listed, most false money first. `families` is the family of layouts of each document; without it
    each is a family. Raises ValueError without scores.
    """
    if not scores:
        raise ValueError("no dispute was scored, a summary needs at least one")
    codes: dict[str, CodeCount] = {}
    for score in scores:
        for code, count in score.codes.items():
            codes[code] = codes.get(code, CodeCount()) + count
    clean = [score for score in scores if score.clean]
    families = families or {}
    shares = _Shares(scores, families)
    return {
        "documents": len({score.document_id for score in scores}),
        "disputes": len(scores),
        "families": len({families.get(score.document_id, score.document_id) for score in scores}),
        "clean_documents": len(clean),
        "clean_documents_claimed_against": sum(bool(score.claims) for score in clean),
        "settled_documents": sum(score.settled for score in scores),
        "lines": sum(score.lines for score in scores),
        "lines_decided": asdict(
            shares.of(lambda score: score.lines_decided, lambda score: score.lines)
        ),
        "variances": asdict(shares.f1(lambda score: _all_codes(score).reported)),
        "claims": asdict(shares.f1(lambda score: _all_codes(score).asserted)),
        "codes": {code: _code_json(count) for code, count in sorted(codes.items())},
        "money": _money_by_currency(scores, families),
        "by_family": _by_family(scores, families),
        "wrong_but_certain": _wrong_but_certain(scores, certain),
        "certain_from": certain,
    }


def _money_by_currency(
    scores: Sequence[DisputeScore], families: Mapping[str, str]
) -> dict[str, Any]:
    return {
        currency or "not stated": _money_json(
            [score for score in scores if (score.currency or "") == currency], families
        )
        for currency in sorted({score.currency or "" for score in scores})
    }


@dataclass(frozen=True, slots=True)
class _Shares:
    """Shares over scores with their intervals, clustered by family and document."""

    scores: Sequence[DisputeScore]
    families: Mapping[str, str]

    def of(
        self,
        part: Callable[[DisputeScore], float | Decimal],
        whole: Callable[[DisputeScore], float | Decimal],
        nothing: float = 0.0,
    ) -> Interval:
        """Return part / whole; `nothing` where the whole is 0."""
        counts: dict[str, dict[str, tuple[float, float]]] = {}
        for score in self.scores:
            name = score.document_id
            documents = counts.setdefault(self.families.get(name, name), {})
            before = documents.get(name, (0.0, 0.0))
            documents[name] = before[0] + float(part(score)), before[1] + float(whole(score))
        rows = [FamilyCounts(family, documents) for family, documents in counts.items()]
        return pooled_share(rows) or Interval(nothing, nothing, nothing)

    def f1(self, count: Callable[[DisputeScore], Count]) -> Interval:
        """Return the F1 of the counts; 1 where nothing was wanted or predicted."""
        return self.of(
            lambda score: 2 * count(score).right,
            lambda score: count(score).wanted + count(score).predicted,
            nothing=1.0,
        )


def _by_family(scores: Sequence[DisputeScore], families: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return claims of every family and currency, the largest false share first."""
    grouped: dict[tuple[str, str], list[DisputeScore]] = {}
    for score in scores:
        family = families.get(score.document_id)
        if family is not None:
            grouped.setdefault((family, score.currency or "not stated"), []).append(score)
    rows = []
    for (family, currency), group in grouped.items():
        money = sum((score.money for score in group), Money())
        risk = _share(money.false, money.claimed)
        row = {
            "family": family,
            "currency": currency,
            "documents": len({score.document_id for score in group}),
            "claimable": _cents(money.claimable),
            "claimed": _cents(money.claimed),
            "false": _cents(money.false),
            "recovered": _share(money.claimed_rightly, money.claimable),
            "lines_decided": sum(score.lines_decided for score in group)
            / max(1, sum(score.lines for score in group)),
        }
        rows.append((-risk, family, row))
    return [row for _, _, row in sorted(rows, key=lambda entry: entry[:2])]


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


def _money_json(scores: Sequence[DisputeScore], families: Mapping[str, str]) -> dict[str, Any]:
    total = sum((score.money for score in scores), Money())
    shares = _Shares(scores, families)
    risk = shares.of(lambda score: score.money.false, lambda score: score.money.claimed)
    choices = (choose_at_risk(scores, risk) for risk in STATED_RISKS)
    return {
        "documents": len({score.document_id for score in scores}),
        **{name: _cents(amount) for name, amount in asdict(total).items()},
        "found": _cents(total.claimed_rightly),
        "risk": asdict(risk),
        "false_per_1000": _per_thousand(scores, risk),
        "recovered": asdict(
            shares.of(
                lambda score: score.money.claimed_rightly, lambda score: score.money.claimable
            )
        ),
        "billed_share_decided": asdict(
            shares.of(lambda score: score.money.billed_decided, lambda score: score.money.billed)
        ),
        "risk_coverage": [_point_json(point) for point in risk_curve(scores)],
        "at_risk": [asdict(choice) for choice in choices if choice is not None],
    }


def _per_thousand(scores: Sequence[DisputeScore], risk: Interval) -> dict[str, float | None]:
    """Return false money per 1,000 claimed with its upper bound; None where nothing was claimed."""
    claiming = {score.document_id for score in scores if score.money.claimed}
    if not claiming:
        return {"value": None, "upper": None}
    upper = risk.high if risk.value else 1 - 0.05 ** (1 / len(claiming))
    return {"value": 1000 * risk.value, "upper": 1000 * upper}


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
