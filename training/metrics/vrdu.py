"""VRDU's metric: values compared by their type, micro and macro F1 over fields and items.

Source: Wang et al., VRDU (KDD 2023), and its evaluator, github.com/google-research/google-research
`vrdu/` (`match_utils`, `benchmark_utils`). Its decisions, kept here:

- Runs of spaces are one. GeneralString: equal ASCII letters and digits, in the same case, all else
  left out. NumericalString: equal digits, in order. Name: equal but for spaces. Address: at most 3
  edits apart. Any other type: equal.
- Price: digits and points only, at most 0.01 apart; signs, currencies and decimal commas are not
  seen. Two prices that are no numbers differ. We compare decimals, not floats.
- Date: month, day and year in the spellings of `_DATE_PATTERNS`, month first; month and day may be
  swapped. A date without year is one of 1900. Where either is no such date, as GeneralString.
- Several labelled texts of a field are one wanted value; any of them will do.
- A line item is right when it has the same names as the labelled one and all its parts are equal.
  One with a part more or less is wrong. A labelled item takes the first predicted one that is
  equal, and several alike may take the same: it then counts as predicted each time, beside those
  not taken at all. So a perfect reading of rows that are alike stays under 1; see `one_to_one`.
- Micro F1 counts each field and each line item once. Macro F1 is the mean over all names of
  `meta.json`, line items being one; a name that is neither labelled nor predicted adds 0.

Ours: ISO dates are read too, because predictions hold those; the order of a line item's parts does
not matter (the evaluator compares tuples of names); `one_to_one` lets every predicted item be taken
once, with as many right as possible, which the evaluator does not ask; labels of a repeated field
are candidates of one wanted value, as no published corpus has such a field.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein
from scipy.optimize import linear_sum_assignment

from data import labels
from data.corpora.truth import TrueDocument
from training.metrics.counts import Count, Interval, f1_interval
from training.metrics.predictions import Prediction

LINE_ITEM = "line_item"

_NUMBERS = tuple(dict.fromkeys(labels.DOCUMENT_ID_NAMES.values()))
_DATES = tuple(dict.fromkeys(labels.DOCUMENT_DATE_NAMES.values()))

# What VRDU calls which of our header fields; the first that was read. An advertisement's seller is
# the station ("property"), its buyer's client the advertiser.
FIELD_NAMES: Mapping[str, tuple[str, ...]] = {
    "advertiser": ("customer_name",),
    "contract_num": _NUMBERS,
    "file_date": _DATES,
    "flight_from": ("service_from",),
    "flight_to": ("service_to",),
    "gross_amount": ("sub_total", "invoice_total", "amount_due"),
    "property": ("vendor_name",),
    "registration_num": ("document_id", *_NUMBERS),
}
ITEM_NAMES: Mapping[str, tuple[str, ...]] = {
    "program_desc": ("description",),
    "program_start_date": ("start_date", "date"),
    "program_end_date": ("end_date",),
    "sub_amount": ("amount",),
}

_MAX_EDITS = 3
_PRICE_TOLERANCE = Decimal("0.01")
_NO_YEAR = "1900/"
# After all but letters, digits, "/", "-" and "," was taken out; the first that fits.
_DATE_PATTERNS = (
    "%m/%d/%y",
    "%m/%d/%Y",
    "%b%d/%y",
    "%m-%d-%Y",
    "%m-%d-%y",
    "%B%d,%Y",
    "%Y/%m/%d",
    "%Y-%m-%d",
)

_Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class VrduScore:
    """One document's counts by VRDU's names; all names of the corpus, items as `line_item`."""

    document_id: str
    by_name: Mapping[str, Count]

    @property
    def all_names(self) -> Count:
        return sum(self.by_name.values(), Count())

    @property
    def unrepeated(self) -> Count:
        """The count over all names but line items."""
        return sum((count for name, count in self.by_name.items() if name != LINE_ITEM), Count())


def score_vrdu(truth: TrueDocument, prediction: Prediction, one_to_one: bool = False) -> VrduScore:
    """Count the labelled, predicted and right fields and items of a VRDU document.

    The types and kinds of names come from the truth's `extra` (`vrdu_match`, `vrdu_pattern`), as
    its reader puts them there. Raises ValueError for a document without them.
    """
    kinds, patterns = truth.extra.get("vrdu_match"), truth.extra.get("vrdu_pattern", {})
    if not kinds:
        raise ValueError(f"{truth.document_id}: extra.vrdu_match: want VRDU's types, got {kinds!r}")
    nested = {name for name, kind in patterns.items() if kind not in ("repeated", "unrepeated")}
    labelled: dict[str, list[str]] = {}
    rows: dict[int, dict[str, str]] = {}
    for place in truth.places:
        if place.item is None:
            labelled.setdefault(place.name, []).append(place.text or "")
        else:
            part = place.name.removeprefix(f"{LINE_ITEM}/")
            rows.setdefault(place.item, {})[part] = place.text or ""
    fields, items = predicted_values(prediction, kinds.keys(), nested)
    counts = {
        name: _count_field(kinds[name], fields.get(name), labelled.get(name, ()))
        for name in kinds
        if name not in nested
    }
    if nested or rows:
        counts[LINE_ITEM] = _count_items(kinds, list(rows.values()), items, one_to_one)
    return VrduScore(truth.document_id, counts)


def predicted_values(
    prediction: Prediction, names: Collection[str], nested: Collection[str]
) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Return a prediction's (fields, line items) under VRDU's names, its own or translated.

    `names` are all of the corpus, `nested` those of line items. Items without any are left out.
    """
    predicted_fields = prediction.get("fields", {})
    fields = _translate(
        predicted_fields, [name for name in names if name not in nested], FIELD_NAMES
    )
    lines = (
        _translate(line, sorted(nested), ITEM_NAMES) for line in prediction.get("line_items", [])
    )
    return fields, [line for line in lines if line]


def is_same_value(kind: str, predicted: str, labelled: str) -> bool:
    """Return whether two texts are equal for a type of `meta.json` ("PriceMatch", ...)."""
    match = _MATCHES.get(kind, str.__eq__)
    return bool(match(" ".join(predicted.split()), " ".join(labelled.split())))


def micro_f1(scores: Sequence[VrduScore]) -> Interval:
    """Return the micro F1 over all names with its interval."""
    return f1_interval([score.all_names for score in scores])


def unrepeated_f1(scores: Sequence[VrduScore]) -> Interval:
    """Return the micro F1 over the fields without the line items, with its interval."""
    return f1_interval([score.unrepeated for score in scores])


def count_names(scores: Sequence[VrduScore]) -> dict[str, Count]:
    """Return the counts over all documents, by name."""
    counts: dict[str, Count] = {}
    for score in scores:
        for name, count in score.by_name.items():
            counts[name] = counts.get(name, Count()) + count
    return counts


def macro_f1(scores: Sequence[VrduScore]) -> float:
    """Return the mean F1 over all names; 0 for a name that is neither labelled nor predicted."""
    counts = count_names(scores).values()
    return (
        sum(count.f1 if count.right else 0.0 for count in counts) / len(counts) if counts else 0.0
    )


def _translate(
    values: Mapping[str, Any], names: Sequence[str], ours: Mapping[str, tuple[str, ...]]
) -> dict[str, str]:
    translated = {}
    for name in names:
        synonyms = (name, *ours.get(name, ()))
        value = next((values[synonym] for synonym in synonyms if values.get(synonym)), None)
        if value is not None:
            translated[name] = str(value)
    return translated


def _count_field(kind: str, predicted: str | None, candidates: Sequence[str]) -> Count:
    right = predicted is not None and any(
        is_same_value(kind, predicted, labelled) for labelled in candidates
    )
    return Count(int(bool(candidates)), int(predicted is not None), int(right))


def _count_items(
    kinds: Mapping[str, str],
    labelled: Sequence[_Values],
    items: Sequence[_Values],
    one_to_one: bool,
) -> Count:
    same = np.array(
        [[_is_same_item(kinds, row, item) for item in items] for row in labelled], dtype=bool
    ).reshape(len(labelled), len(items))
    if one_to_one:
        rows, columns = linear_sum_assignment(same, maximize=True)
        return Count(len(labelled), len(items), int(same[rows, columns].sum()))
    right = same.any(axis=1)
    matched_columns = {int(row.argmax()) for row in same[right]}
    return Count(
        len(labelled), int(right.sum()) + len(items) - len(matched_columns), int(right.sum())
    )


def _is_same_item(kinds: Mapping[str, str], labelled: _Values, item: _Values) -> bool:
    return labelled.keys() == item.keys() and all(
        is_same_value(kinds.get(name, ""), item[name], text) for name, text in labelled.items()
    )


def _has_same_letters(predicted: str, labelled: str) -> bool:
    first, second = (re.sub(r"[^0-9a-zA-Z]", "", text) for text in (predicted, labelled))
    return first == second


def _has_same_digits(predicted: str, labelled: str) -> bool:
    first, second = (re.sub(r"[^0-9]", "", text) for text in (predicted, labelled))
    return first == second


def _is_same_price(predicted: str, labelled: str) -> bool:
    try:
        first, second = (Decimal(re.sub(r"[^0-9.]", "", text)) for text in (predicted, labelled))
    except InvalidOperation:
        return False
    return abs(first - second) <= _PRICE_TOLERANCE


def _is_same_date(predicted: str, labelled: str) -> bool:
    first, second = _read_date(predicted), _read_date(labelled)
    if first is None or second is None:
        return _has_same_letters(predicted, labelled)
    swapped = (first.year, first.day, first.month) == (second.year, second.month, second.day)
    return first == second or swapped


def _is_same_address(predicted: str, labelled: str) -> bool:
    return bool(Levenshtein.distance(predicted, labelled, score_cutoff=_MAX_EDITS) <= _MAX_EDITS)


def _is_same_name(predicted: str, labelled: str) -> bool:
    return "".join(predicted.split()) == "".join(labelled.split())


_MATCHES: Mapping[str, Callable[[str, str], bool]] = {
    "GeneralStringMatch": _has_same_letters,
    "NumericalStringMatch": _has_same_digits,
    "PriceMatch": _is_same_price,
    "DateMatch": _is_same_date,
    "AddressMatch": _is_same_address,
    "NameMatch": _is_same_name,
}


def _read_date(text: str) -> date | None:
    cleaned = re.sub(r"[^0-9a-zA-Z/\-,]", "", text)
    for pattern in _DATE_PATTERNS:
        if (parsed := _parse_date(cleaned, pattern)) is not None:
            return parsed
    return _parse_date(_NO_YEAR + cleaned, "%Y/%m/%d")


def _parse_date(text: str, pattern: str) -> date | None:
    try:
        return datetime.strptime(text, pattern).date()  # noqa: DTZ007 (a date has no time zone)
    except ValueError:
        return None
