"""Calibration: curves from the network's own confidence to the observed share of right values.

`calibration.json` in a checkpoint: per field, and separately for values whose row multiplies and
for pages read by OCR, a non-decreasing curve fitted by isotonic regression on real documents.
Without it the network's own probability is passed on. Header fields and the document's type are
named `header/...`: none of them ever shares a curve with the numbers of line items. What is derived
from right numbers is named `derived/...`, with the share of such values that are right.
"""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.optimize import isotonic_regression

from training.network.checkpoint_seal import seal

Curve = tuple[tuple[float, float], ...]  # (raw, observed) points, raw ascending
MIN_CASES = 60  # fewer cases for a field: the curve of all fields together is used
PRIOR_CASES = 2.0  # pseudo-cases at both ends, half of them right, so that nothing is certain
MAX_CONFIDENCE = 0.9999  # rounding makes nothing certain either
HEADER = "header/"
DERIVED = "derived/"  # values that arithmetic derives from others; never a curve for read ones


@dataclass(frozen=True, slots=True)
class Case:
    """One value that was read, with its raw confidence and whether it was right.

    `ocr`: the page's words were read by OCR, not taken from a text layer. `weight` is how much it
    counts in the curves.
    """

    name: str
    raw: float
    holds: bool | None
    right: bool
    ocr: bool = False
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """Curves by field name, also with `/holds` for values whose row multiplies, and then `/ocr`."""

    curves: Mapping[str, Curve] = field(default_factory=dict)
    source: str = ""

    def confidence(
        self, name: str, raw: float, holds: bool | None = None, *, ocr: bool = False
    ) -> float:
        """Probability (0..1) that a value of that field with that raw confidence is right.

        A field that was never measured keeps the network's own probability. Where OCR was not
        measured separately, the curve of text layers is used: the raw confidence already contains
        those of the words that OCR read.
        """
        # Rows that multiply are right at least as often as others: the plain curve is safe.
        curve_names = [f"{name}/holds", name] if holds else [name]
        for key in (*(f"{curve_name}/ocr" for curve_name in curve_names if ocr), *curve_names):
            if curve := self.curves.get(key):
                return _interpolate(curve, raw)
        return raw

    def derived_share(self, name: str) -> float | None:
        """Share of the values derived for that field from right numbers that are right themselves.

        None where too few were measured.
        """
        curve = self.curves.get(DERIVED + name)
        return None if curve is None else curve[-1][1]


def fit(cases: Iterable[Case], source: str) -> Calibration:
    """Fit isotonic curves for every measured field; one with few cases shares that of all."""
    groups: defaultdict[str, list[Case]] = defaultdict(list)
    shared: defaultdict[str, list[Case]] = defaultdict(list)
    for case in cases:
        suffix = ("/holds" if case.holds else "") + ("/ocr" if case.ocr else "")
        groups[case.name + suffix].append(case)
        if case.name.startswith(DERIVED):
            continue
        shared[_shared_key(case.name + suffix)].append(case)
    curves: dict[str, Curve] = {}
    for name, group in sorted(groups.items()):
        together = [] if name.startswith(DERIVED) else shared[_shared_key(name)]
        enough = group if len(group) >= MIN_CASES else together
        if len(enough) >= MIN_CASES and name.startswith(DERIVED):
            curves[name] = ((1.0, _smoothed_share(enough)),)
        elif len(enough) >= MIN_CASES:
            curves[name] = _fit_curve(enough)
    return Calibration(curves, source)


def _shared_key(key: str) -> str:
    """The key of the curve that fields with few cases share: header or line items, same suffix."""
    kind = HEADER if key.startswith(HEADER) else ""
    name = key.removeprefix(HEADER)
    return kind + name[name.index("/") :] if "/" in name else kind


def load_calibration(folder: Path) -> Calibration:
    """Load the calibration of a checkpoint folder; empty when it has none."""
    path = folder / "calibration.json"
    if not path.is_file():
        return Calibration()
    stored = json.loads(path.read_text())
    curves = {name: tuple((x, y) for x, y in curve) for name, curve in stored["curves"].items()}
    return Calibration(curves, stored["source"])


def save_calibration(folder: Path, calibration: Calibration) -> None:
    """Write the calibration into the checkpoint folder and seal the folder again."""
    stored = {"source": calibration.source, "curves": calibration.curves}
    (folder / "calibration.json").write_text(json.dumps(stored, indent=1) + "\n")
    seal(folder)


def _fit_curve(group: list[Case]) -> Curve:
    """Fit one curve; cases of weight n, all right, end it at (n+1)/(n+2), never at 1."""
    # Cases with the same raw confidence are one point: apart, their order would make a step.
    rights = defaultdict(float, {0.0: PRIOR_CASES / 2, 1.0: PRIOR_CASES / 2})
    counts = defaultdict(float, {0.0: PRIOR_CASES, 1.0: PRIOR_CASES})
    for case in group:
        rights[case.raw] += case.weight * case.right
        counts[case.raw] += case.weight
    raw = np.array(sorted(counts))
    weights = np.array([counts[raw_value] for raw_value in raw])
    right = np.array([rights[raw_value] for raw_value in raw]) / weights
    fitted = isotonic_regression(right, weights=weights).x
    points: list[tuple[float, float]] = []
    for level in np.unique(fitted):
        inside = fitted == level
        middle = np.average(raw[inside], weights=weights[inside])
        points.append((round(float(middle), 4), min(round(float(level), 4), MAX_CONFIDENCE)))
    return tuple(points)


def _smoothed_share(group: Sequence[Case]) -> float:
    """The share of right cases, with the prior's pseudo-cases: never 1."""
    right = sum(case.weight for case in group if case.right) + PRIOR_CASES / 2
    return round(right / (sum(case.weight for case in group) + PRIOR_CASES), 4)


def _interpolate(curve: Curve, raw: float) -> float:
    place = bisect_right([x for x, _ in curve], raw)
    if place == 0:
        return curve[0][1]
    if place == len(curve):
        return curve[-1][1]
    (x0, y0), (x1, y1) = curve[place - 1], curve[place]
    return y0 + (y1 - y0) * (raw - x0) / (x1 - x0)
