"""What a stated confidence is worth: a measured map from the network's own to observed rightness.

`calibration.json` in a checkpoint: per field, and apart for values whose row multiplies, a
non-decreasing curve fitted by isotonic regression on real documents. Without it the network's own
probability is passed on.
"""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.optimize import isotonic_regression

Curve = tuple[tuple[float, float], ...]  # (raw, observed) points, raw ascending
LEAST_CASES = 60  # fewer cases for a field: the curve of all fields together is used
PRIOR_CASES = 2.0  # pseudo-cases of each outcome at both ends, so that nothing becomes certain


@dataclass(frozen=True, slots=True)
class Case:
    """One value that was read, with its raw confidence and whether it was right."""

    name: str
    raw: float
    holds: bool | None
    right: bool


@dataclass(frozen=True, slots=True)
class Calibration:
    """Curves by field name, by `all`, each with `/holds` for values whose row multiplies."""

    curves: Mapping[str, Curve] = field(default_factory=dict)
    source: str = ""

    def confidence(self, name: str, raw: float, holds: bool | None = None) -> float:
        """Probability (0..1) that a value of that field with that raw confidence is right."""
        suffix = "/holds" if holds else ""
        for key in (name + suffix, "all" + suffix):
            if curve := self.curves.get(key):
                return _interpolate(curve, raw)
        return raw


def fit(cases: Iterable[Case], source: str) -> Calibration:
    """Isotonic curves for every field with enough cases, and for all together."""
    groups: defaultdict[str, list[Case]] = defaultdict(list)
    for case in cases:
        suffix = "/holds" if case.holds else ""
        groups[case.name + suffix].append(case)
        groups["all" + suffix].append(case)
    curves = {
        name: _fit_curve(group)
        for name, group in sorted(groups.items())
        if len(group) >= LEAST_CASES
    }
    return Calibration(curves, source)


def load_calibration(folder: Path) -> Calibration:
    """The calibration of a checkpoint folder; empty when it has none."""
    path = folder / "calibration.json"
    if not path.is_file():
        return Calibration()
    stored = json.loads(path.read_text())
    curves = {name: tuple((x, y) for x, y in curve) for name, curve in stored["curves"].items()}
    return Calibration(curves, stored["source"])


def save_calibration(folder: Path, calibration: Calibration) -> None:
    stored = {"source": calibration.source, "curves": calibration.curves}
    (folder / "calibration.json").write_text(json.dumps(stored, indent=1) + "\n")


def _fit_curve(group: list[Case]) -> Curve:
    ordered = sorted(group, key=lambda case: case.raw)
    raw = np.array([0.0, *(case.raw for case in ordered), 1.0])
    right = np.array([0.5, *(float(case.right) for case in ordered), 0.5])
    weights = np.ones(len(raw))
    weights[[0, -1]] = PRIOR_CASES
    fitted = isotonic_regression(right, weights=weights).x
    # The end's pseudo-cases pull the best step down: with n sure cases, never more than n/(n+1).
    points: list[tuple[float, float]] = []
    for level in np.unique(fitted):
        inside = raw[fitted == level]
        points.append((round(float(inside.mean()), 4), round(float(level), 4)))
    return tuple(points)


def _interpolate(curve: Curve, raw: float) -> float:
    place = bisect_right([x for x, _ in curve], raw)
    if place == 0:
        return curve[0][1]
    if place == len(curve):
        return curve[-1][1]
    (x0, y0), (x1, y1) = curve[place - 1], curve[place]
    return y0 + (y1 - y0) * (raw - x0) / (x1 - x0)
