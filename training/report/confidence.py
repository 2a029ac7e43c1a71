"""The report's section on confidence: calibration, and the share that passes at a stated risk.

Line cells and printed header fields that were predicted with a confidence and that the truth can
judge. Where a reader states none (another vendor's, for example) its counts show it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from training.metrics.items import judged_cells, judged_fields
from training.metrics.scoring import ScoredDocument
from training.metrics.trust import (
    CoveragePoint,
    StatedValue,
    area_under_curve,
    brier,
    expected_error,
    point_at_risk,
    reliability,
    risk_coverage,
)

# Shares of wrong values (or wrong money) that may be asked for, by their key in the report.
RISKS = {"half_percent": 0.005, "one_percent": 0.01, "two_percent": 0.02, "five_percent": 0.05}


@dataclass(frozen=True, slots=True)
class _JudgedValue:
    """One judged value; `amount` is set, with its currency, for a line's amount."""

    where: str  # "cells" or "fields"
    name: str
    confidence: float | None
    right: bool
    amount: Decimal | None = None
    currency: str = ""


def confidence_section(scored: Sequence[ScoredDocument], calibration: str = "") -> dict[str, Any]:
    """Return reliability and risk against coverage, by field, overall and by money.

    `calibration` names what the reader's confidence was fitted on.
    """
    judged = [value for document in scored for value in _judge_values(document)]
    return {
        "calibration": calibration,
        "stated": sum(value.confidence is not None for value in judged),
        "not_stated": sum(value.confidence is None for value in judged),
        "all_cells": _measures(value for value in judged if value.where == "cells"),
        "cells": _measures_by_name(judged, "cells"),
        "fields": _measures_by_name(judged, "fields"),
        "amounts_by_money": _curves_by_currency(judged),
    }


def _judge_values(document: ScoredDocument) -> Iterator[_JudgedValue]:
    truth, prediction = document.truth, document.prediction
    lines = prediction.get("line_items", [])
    currency = str(truth.fields.get("currency") or "not stated")
    for row, name, right in judged_cells(truth, prediction):
        amount = abs(Decimal(lines[row][name])) if name == "amount" else None
        yield _JudgedValue(
            "cells", name, stated_confidence(lines[row], name), right, amount, currency
        )
    for name, under, right in judged_fields(truth, prediction):
        yield _JudgedValue("fields", name, stated_confidence(prediction, under), right)


def stated_confidence(prediction: Mapping[str, Any], name: str) -> float | None:
    """Return the stated confidence; None where there is none, or it is no probability."""
    confidences = prediction.get("confidence")
    confidence = confidences.get(name) if isinstance(confidences, Mapping) else None
    if (
        isinstance(confidence, bool)
        or not isinstance(confidence, int | float)
        or not 0 <= confidence <= 1
    ):
        return None
    return float(confidence)


def _measures_by_name(judged: Sequence[_JudgedValue], where: str) -> dict[str, Any]:
    names = sorted(
        {value.name for value in judged if value.where == where and value.confidence is not None}
    )
    return {
        name: _measures(value for value in judged if (value.where, value.name) == (where, name))
        for name in names
    }


def _measures(judged: Iterable[_JudgedValue]) -> dict[str, Any]:
    stated = [
        StatedValue(value.confidence, value.right)
        for value in judged
        if value.confidence is not None
    ]
    pairs = [(value.confidence, value.right) for value in stated]
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
    at_risk = {key: point_at_risk(points, risk) for key, risk in RISKS.items()}
    return {
        "area": area_under_curve(points),
        "coverage_at": {
            key: 0.0 if point is None else point.coverage for key, point in at_risk.items()
        },
        "confidence_at": {
            key: None if point is None else point.confidence for key, point in at_risk.items()
        },
        "risk_coverage": [asdict(point) for point in points],
    }


def _curves_by_currency(judged: Sequence[_JudgedValue]) -> dict[str, Any]:
    """Return risk against coverage of the amounts, weighted by their money."""
    groups: defaultdict[str, list[StatedValue]] = defaultdict(list)
    for value in judged:
        if value.amount is not None and value.confidence is not None:
            groups[value.currency].append(StatedValue(value.confidence, value.right, value.amount))
    return {
        currency: {
            "count": len(values),
            "money": _cents(sum((value.weight for value in values), Decimal(0))),
            "wrong_money": _cents(
                sum((value.weight for value in values if not value.right), Decimal(0))
            ),
            **_curve(risk_coverage(values)),
        }
        for currency, values in sorted(groups.items())
    }


def _cents(amount: Decimal) -> str:
    return f"{amount:.2f}"
