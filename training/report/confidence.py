"""The report's section on confidence: whether it may be believed, and what it lets pass.

Line cells and printed header fields that were predicted with a confidence and that the truth can
judge. Where a reader states none (a peer's predictions, say) the section says so by its counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from training.metrics.items import judged_cells, judged_fields
from training.metrics.scoring import Scored
from training.metrics.trust import (
    CoveragePoint,
    Stated,
    area_under,
    brier,
    expected_error,
    point_at,
    reliability,
    risk_coverage,
)

# Shares of wrong values (or wrong money) that may be asked for, by their key in the report.
RISKS = {"half_percent": 0.005, "one_percent": 0.01, "two_percent": 0.02, "five_percent": 0.05}


@dataclass(frozen=True, slots=True)
class _Judged:
    """One judged value; `amount` is set, with its currency, for a line's amount."""

    where: str  # "cells" or "fields"
    name: str
    confidence: float | None
    right: bool
    amount: Decimal | None = None
    currency: str = ""


def confidence_section(scored: Sequence[Scored], calibration: str = "") -> dict[str, Any]:
    """Reliability and risk against coverage per field, of all cells, and weighted by money.

    `calibration` says what the reader's confidence was fitted on.
    """
    judged = [one for document in scored for one in _judge(document)]
    return {
        "calibration": calibration,
        "stated": sum(one.confidence is not None for one in judged),
        "not_stated": sum(one.confidence is None for one in judged),
        "all_cells": _measures(one for one in judged if one.where == "cells"),
        "cells": _each(judged, "cells"),
        "fields": _each(judged, "fields"),
        "amounts_by_money": _by_currency(judged),
    }


def _judge(document: Scored) -> Iterator[_Judged]:
    truth, prediction = document.truth, document.prediction
    lines = prediction.get("line_items", [])
    currency = str(truth.fields.get("currency") or "not stated")
    for row, name, right in judged_cells(truth, prediction):
        amount = abs(Decimal(lines[row][name])) if name == "amount" else None
        yield _Judged("cells", name, stated_confidence(lines[row], name), right, amount, currency)
    for name, under, right in judged_fields(truth, prediction):
        yield _Judged("fields", name, stated_confidence(prediction, under), right)


def stated_confidence(said: Mapping[str, Any], name: str) -> float | None:
    """The stated confidence; None where there is none, or no probability."""
    stated = said.get("confidence")
    found = stated.get(name) if isinstance(stated, Mapping) else None
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found <= 1:
        return None
    return float(found)


def _each(judged: Sequence[_Judged], where: str) -> dict[str, Any]:
    names = sorted(
        {one.name for one in judged if one.where == where and one.confidence is not None}
    )
    return {
        name: _measures(one for one in judged if (one.where, one.name) == (where, name))
        for name in names
    }


def _measures(judged: Iterable[_Judged]) -> dict[str, Any]:
    stated = [Stated(one.confidence, one.right) for one in judged if one.confidence is not None]
    pairs = [(one.confidence, one.right) for one in stated]
    table = reliability(pairs)
    return {
        "count": len(pairs),
        "right": sum(right for _, right in pairs),
        "expected_error": expected_error(table) if pairs else None,
        "brier": brier(pairs),
        "reliability": [asdict(row) for row in table],
        **_curve(risk_coverage(stated)),
    }


def _curve(points: Sequence[CoveragePoint]) -> dict[str, Any]:
    at_risk = {key: point_at(points, risk) for key, risk in RISKS.items()}
    return {
        "area": area_under(points),
        "coverage_at": {
            key: 0.0 if point is None else point.coverage for key, point in at_risk.items()
        },
        "confidence_at": {
            key: None if point is None else point.confidence for key, point in at_risk.items()
        },
        "risk_coverage": [asdict(point) for point in points],
    }


def _by_currency(judged: Sequence[_Judged]) -> dict[str, Any]:
    """Risk against coverage of the amounts, weighted by their money."""
    groups: defaultdict[str, list[Stated]] = defaultdict(list)
    for one in judged:
        if one.amount is not None and one.confidence is not None:
            groups[one.currency].append(Stated(one.confidence, one.right, one.amount))
    return {
        currency: {
            "count": len(values),
            "money": _cents(sum((one.weight for one in values), Decimal(0))),
            "wrong_money": _cents(sum((one.weight for one in values if not one.right), Decimal(0))),
            **_curve(risk_coverage(values)),
        }
        for currency, values in sorted(groups.items())
    }


def _cents(amount: Decimal) -> str:
    return f"{amount:.2f}"
