"""What a stated confidence is worth: a measured map from the network's own to observed rightness.

`calibration.json` in a checkpoint: per field, and apart for values whose row multiplies and for
pages read by OCR, a non-decreasing curve fitted by isotonic regression on real documents. Without
it the network's own probability is passed on. Header fields and the document's type go by the names
`header/...`: one of them never shares a curve with the numbers of line items.
"""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.optimize import isotonic_regression

from training.network.checkpoint_seal import seal

Curve = tuple[tuple[float, float], ...]  # (raw, observed) points, raw ascending
LEAST_CASES = 60  # fewer cases for a field: the curve of all fields together is used
PRIOR_CASES = 2.0  # pseudo-cases at both ends, half of them right, so that nothing is certain
SUREST = 0.9999  # and rounding makes nothing certain either
HEADER = "header/"


@dataclass(frozen=True, slots=True)
class Case:
    """One value that was read, with its raw confidence and whether it was right.

    `ocr`: the page's words were read by OCR, not taken from a text layer.
    """

    name: str
    raw: float
    holds: bool | None
    right: bool
    ocr: bool = False


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
        measured apart, the curve of text layers stands in: the words' own confidences, which the
        raw one holds, say that OCR read them.
        """
        # Rows that multiply are right at least as often as others: the plain curve can stand in.
        names = [f"{name}/holds", name] if holds else [name]
        for key in (*(f"{one}/ocr" for one in names if ocr), *names):
            if curve := self.curves.get(key):
                return _interpolate(curve, raw)
        return raw


def fit(cases: Iterable[Case], source: str) -> Calibration:
    """Isotonic curves for every measured field; one with few cases shares the curve of all."""
    groups: defaultdict[str, list[Case]] = defaultdict(list)
    shared: defaultdict[str, list[Case]] = defaultdict(list)
    for case in cases:
        suffix = ("/holds" if case.holds else "") + ("/ocr" if case.ocr else "")
        groups[case.name + suffix].append(case)
        shared[_family(case.name + suffix)].append(case)
    curves = {}
    for name, group in sorted(groups.items()):
        together = shared[_family(name)]
        enough = group if len(group) >= LEAST_CASES else together
        if len(enough) >= LEAST_CASES:
            curves[name] = _fit_curve(enough)
    return Calibration(curves, source)


def _family(key: str) -> str:
    """With what a curve of few cases shares: header fields or line items, read the same way."""
    kind = HEADER if key.startswith(HEADER) else ""
    name = key.removeprefix(HEADER)
    return kind + name[name.index("/") :] if "/" in name else kind


def load_calibration(folder: Path) -> Calibration:
    """The calibration of a checkpoint folder; empty when it has none."""
    path = folder / "calibration.json"
    if not path.is_file():
        return Calibration()
    stored = json.loads(path.read_text())
    curves = {name: tuple((x, y) for x, y in curve) for name, curve in stored["curves"].items()}
    return Calibration(curves, stored["source"])


def save_calibration(folder: Path, calibration: Calibration) -> None:
    """Write it into the checkpoint folder and seal that anew."""
    stored = {"source": calibration.source, "curves": calibration.curves}
    (folder / "calibration.json").write_text(json.dumps(stored, indent=1) + "\n")
    seal(folder)


def _fit_curve(group: list[Case]) -> Curve:
    """The curve; with n cases that are all right it ends at (n+1)/(n+2), never at 1."""
    # Cases with the same raw confidence are one point: apart, their order would make a step.
    outcomes: defaultdict[float, list[float]] = defaultdict(list)
    for case in group:
        outcomes[case.raw].append(float(case.right))
    rights = {0.0: PRIOR_CASES / 2, 1.0: PRIOR_CASES / 2}
    counts = {0.0: PRIOR_CASES, 1.0: PRIOR_CASES}
    for place, seen in outcomes.items():
        rights[place] = rights.get(place, 0.0) + sum(seen)
        counts[place] = counts.get(place, 0.0) + len(seen)
    raw = np.array(sorted(counts))
    weights = np.array([counts[place] for place in raw])
    right = np.array([rights[place] for place in raw]) / weights
    fitted = isotonic_regression(right, weights=weights).x
    points: list[tuple[float, float]] = []
    for level in np.unique(fitted):
        inside = fitted == level
        middle = np.average(raw[inside], weights=weights[inside])
        points.append((round(float(middle), 4), min(round(float(level), 4), SUREST)))
    return tuple(points)


def _interpolate(curve: Curve, raw: float) -> float:
    place = bisect_right([x for x, _ in curve], raw)
    if place == 0:
        return curve[0][1]
    if place == len(curve):
        return curve[-1][1]
    (x0, y0), (x1, y1) = curve[place - 1], curve[place]
    return y0 + (y1 - y0) * (raw - x0) / (x1 - x0)
