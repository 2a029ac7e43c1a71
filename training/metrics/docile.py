"""DocILE's metrics: key information by place (KILE) and line items by place (LIR).

Source: Simsa et al., DocILE Benchmark (ICDAR 2023), and its evaluation, PyPI `docile-benchmark`
0.3 (`docile.evaluation`), with which this file agrees to 1e-9. Decisions, all of them the
benchmark's unless stated otherwise:

- A pseudo-character centre is the middle of one of a word's n equal parts, n its letters, at half
  the word's height. Equal centres of two words are one. The benchmark first snaps word boxes to the
  ink; the words given here are taken as they are, so give those whose boxes were snapped.
- Prediction and truth match when fieldtype and page are the same, the boxes touch, and the sets of
  centres in them (edges included) have an intersection over union of 1, or of `threshold` within
  1e-6. Two boxes that touch and hold no centre match. Texts are not compared.
- Predictions choose in the order of their score, those only for AP last, equal ones as given; each
  takes the first truth that matches, not the best, and takes it from the others.
- Line items are paired one to one so that most predictions match that are not only for AP; a field
  then counts only inside its item's pair. Among equally good pairings the solver's choice depends
  on the order it is given; ours is the benchmark's, the order of a set of (side, item) pairs.
- AP is COCO's over all documents: sorted by score, then by rank in the document, then by a hash of
  document and rank; precision at a recall is the best at that recall or beyond; no interpolation
  points. Precision, recall and F1 leave predictions only for AP out and are micro averages.
- Where nothing was wanted or nothing predicted, AP, precision, recall and F1 are 0, not 1. The
  benchmark refuses to score without any prediction; here that is 0 too.
- A fieldtype's own scores rank its predictions among themselves.
- `kile` looks at what belongs to no line item and `lir` at the rest (ours; the benchmark is handed
  two lists). It also refuses more than 1,000 predictions on a page; here they are scored.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from data import labels
from data.corpora.published.docile_names import kile_fieldtype, lir_fieldtype
from data.corpora.truth import TruePlace
from data.records import Box, Page
from training.metrics.counts import Count
from training.metrics.predictions import Prediction, PredictionError

Task = Literal["kile", "lir"]

_EPSILON = 1e-6  # of an intersection over union

_Points = npt.NDArray[np.float64]
_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class LocalisedField:
    """A predicted field: fieldtype, page (from 0) and box in fractions of the page as delivered.

    `score` ranks it among all predictions of all documents. `item` numbers its line item, None for
    a field of the document itself. `only_for_ap`: too unsure to count in precision and recall.
    """

    name: str
    page: int
    box: Box
    score: float = 0.0
    item: int | None = None
    only_for_ap: bool = False


@dataclass(frozen=True, slots=True)
class DocileDocument:
    """A document's words (pages by their `number`), labelled places and predicted fields."""

    document_id: str
    pages: Sequence[Page]
    truth: Sequence[TruePlace]
    predicted: Sequence[LocalisedField]


@dataclass(frozen=True, slots=True)
class DocileScores:
    """AP and counts over all documents; the same of each fieldtype; the counts of each document.

    The headline is `ap` for KILE and `f1` for LIR. `count` leaves predictions only for AP out.
    """

    ap: float
    count: Count
    by_name: Mapping[str, "DocileScores"] = field(default_factory=dict)
    by_document: Mapping[str, Count] = field(default_factory=dict)

    @property
    def precision(self) -> float:
        return self.count.right / self.count.predicted if self.count.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.count.right / self.count.wanted if self.count.wanted else 0.0

    @property
    def f1(self) -> float:
        both = self.count.wanted + self.count.predicted
        return 2 * self.count.right / both if both else 0.0


@dataclass(frozen=True, slots=True)
class _MatchedDocument:
    """A document's predictions in their given order, whether each is right, and the truth."""

    document_id: str
    predicted: Sequence[LocalisedField]
    right: Sequence[bool]
    true_fieldtypes: Sequence[str]

    def select(self, name: str) -> "_MatchedDocument":
        rows = [
            row
            for row, predicted_field in enumerate(self.predicted)
            if predicted_field.name == name
        ]
        return _MatchedDocument(
            self.document_id,
            [self.predicted[row] for row in rows],
            [self.right[row] for row in rows],
            [fieldtype for fieldtype in self.true_fieldtypes if fieldtype == name],
        )

    @property
    def count(self) -> Count:
        counted = [
            right
            for predicted_field, right in zip(self.predicted, self.right, strict=True)
            if not predicted_field.only_for_ap
        ]
        return Count(len(self.true_fieldtypes), len(counted), sum(counted))


class _Centres:
    """The pseudo-character centres of a document, and how boxes share them."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self._pages = {page.number: character_centres(page) for page in pages}

    def mask_inside(self, page: int, box: Box) -> _Mask:
        """Return a mask of the page's centres in the box, edges included."""
        x, y = self._pages.get(page, np.zeros((0, 2))).T
        inside = (x >= box.left) & (x <= box.right) & (y >= box.top) & (y <= box.bottom)
        return np.asarray(inside, np.bool_)


def evaluate(
    documents: Iterable[DocileDocument], task: Task, threshold: float = 1.0
) -> DocileScores:
    """Return AP, precision, recall and F1 of one task over all documents and of each fieldtype.

    `threshold` (0..1, not 0) is the intersection over union from which boxes match; the benchmark's
    is 1. Raises ValueError for another threshold, or a document id that comes twice.
    """
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold: want more than 0 and at most 1, got {threshold}")
    matched: dict[str, _MatchedDocument] = {}
    for document in documents:
        if document.document_id in matched:
            raise ValueError(f"document {document.document_id!r} is given twice")
        matched[document.document_id] = _match_document(document, task, threshold)
    matched_documents = list(matched.values())
    names = {
        predicted_field.name
        for document in matched_documents
        for predicted_field in document.predicted
    }
    names |= {name for document in matched_documents for name in document.true_fieldtypes}
    by_name = {
        name: _score([document.select(name) for document in matched_documents])
        for name in sorted(names)
    }
    overall = _score(matched_documents)
    return DocileScores(overall.ap, overall.count, by_name, overall.by_document)


def docile_fields(prediction: Prediction) -> list[LocalisedField]:
    """Return a prediction's values that have a place and a DocILE name, with confidences.

    A value without confidence counts as certain (1). Where any row has a `gross_amount`, `amount`
    and `unit_price` are net, else gross. Raises `PredictionError` for a place that is none.
    """
    where = str(prediction.get("id"))
    tags = _header_tags(str(prediction.get("document_type")))
    fields = [
        LocalisedField(fieldtype, page, box, score)
        for name, page, box, score in _read_places(prediction, prediction.get("fields", {}), where)
        if (fieldtype := kile_fieldtype(tags.get(name, name)))
    ]
    lines = prediction.get("line_items", [])
    net = any(line.get("gross_amount") for line in lines)
    for row, line in enumerate(lines):
        fields += [
            LocalisedField(fieldtype, page, box, score, row)
            for name, page, box, score in _read_places(line, line, f"{where}: line_items.{row}")
            if (fieldtype := lir_fieldtype(name, net))
        ]
    return fields


def character_centres(page: Page) -> _Points:
    """Return the page's pseudo-character centres (N, 2) in fractions of the page, each once."""
    points = []
    for word in page.words:
        if not word.text:
            continue
        box, letters = word.box, len(word.text)
        width = (box.right - box.left) / letters
        y = (box.top + box.bottom) / 2
        points += [(box.left + (index + 1 / 2) * width, y) for index in range(letters)]
    return np.asarray(sorted(set(points)), np.float64).reshape(-1, 2)


def average_precision(right: Iterable[bool], expected_count: int) -> float:
    """Return COCO's average precision of predictions in score order; 0 if none is expected.

    The mean over all wanted of the best precision at their recall or beyond; what was never found
    adds 0.
    """
    flags = np.asarray(list(right), np.float64)
    if not expected_count or not len(flags):
        return 0.0
    precision = np.cumsum(flags) / np.arange(1, len(flags) + 1)
    best = np.maximum.accumulate(precision[::-1])[::-1]
    return float((best * flags).sum() / expected_count)


def _score(documents: Sequence[_MatchedDocument]) -> DocileScores:
    ranked = sorted(
        (*_sort_key(predicted_field), rank, _tie_breaker(document.document_id, rank), right)
        for document in documents
        for rank, (predicted_field, right) in enumerate(
            zip(document.predicted, document.right, strict=True)
        )
    )
    expected_count = sum(len(document.true_fieldtypes) for document in documents)
    counts = {document.document_id: document.count for document in documents}
    return DocileScores(
        ap=average_precision([entry[-1] for entry in ranked], expected_count),
        count=sum(counts.values(), Count()),
        by_document=counts,
    )


def _sort_key(predicted_field: LocalisedField) -> tuple[bool, float]:
    return predicted_field.only_for_ap, -predicted_field.score


def _tie_breaker(document_id: str, rank: int) -> str:
    """Return the benchmark's last criterion: no document comes first at every rank."""
    return hashlib.sha1(document_id.encode() + rank.to_bytes(8, "little")).hexdigest()[:16]


def _match_document(document: DocileDocument, task: Task, threshold: float) -> _MatchedDocument:
    inside = task == "lir"
    truth = [place for place in document.truth if (place.item is not None) == inside]
    predicted = [
        predicted_field
        for predicted_field in document.predicted
        if (predicted_field.item is not None) == inside
    ]
    same = _matching_pairs(predicted, truth, _Centres(document.pages), threshold)
    if inside:
        right = _match_items(predicted, truth, same)
    else:
        right = _match_fields(predicted, range(len(predicted)), range(len(truth)), same)
    return _MatchedDocument(
        document.document_id,
        predicted,
        [row in right for row in range(len(predicted))],
        [place.name for place in truth],
    )


def _matching_pairs(
    predicted: Sequence[LocalisedField],
    truth: Sequence[TruePlace],
    centres: _Centres,
    threshold: float,
) -> set[tuple[int, int]]:
    """Return (prediction, truth) of every pair that could match."""
    kinds: dict[tuple[str, int], list[int]] = {}
    for index, place in enumerate(truth):
        kinds.setdefault((place.name, place.page), []).append(index)
    truth_masks = [centres.mask_inside(place.page, place.box) for place in truth]
    pairs = set()
    for row, predicted_field in enumerate(predicted):
        field_mask = centres.mask_inside(predicted_field.page, predicted_field.box)
        for index in kinds.get((predicted_field.name, predicted_field.page), ()):
            if _is_touching(predicted_field.box, truth[index].box):
                either = np.count_nonzero(field_mask | truth_masks[index])
                shared = (
                    np.count_nonzero(field_mask & truth_masks[index]) / either if either else 1.0
                )
                if shared > threshold - _EPSILON:
                    pairs.add((row, index))
    return pairs


def _is_touching(first: Box, second: Box) -> bool:
    beside = first.left > second.right or second.left > first.right
    return not (beside or first.top > second.bottom or second.top > first.bottom)


def _match_fields(
    predicted: Sequence[LocalisedField],
    rows: Iterable[int],
    places: Iterable[int],
    same: set[tuple[int, int]],
) -> set[int]:
    """Return the predicted rows that are right, pairing each of the true places at most once."""
    unmatched = list(places)
    right = set()
    for row in sorted(rows, key=lambda row: (_sort_key(predicted[row]), row)):
        index = next((index for index in unmatched if (row, index) in same), None)
        if index is not None:
            unmatched.remove(index)
            right.add(row)
    return right


def _match_items(
    predicted: Sequence[LocalisedField], truth: Sequence[TruePlace], same: set[tuple[int, int]]
) -> set[int]:
    """Return the predicted rows that are right inside the best one-to-one pairing of items."""
    if not predicted or not truth:
        return set()
    rows = _rows_by_item(predicted_field.item for predicted_field in predicted)
    places = _rows_by_item(place.item for place in truth)
    # The order in which the benchmark's graph hands the items to the same solver.
    sides = [(0, item) for item in rows], [(1, item) for item in places]
    ours = [item for _, item in set(sides[0])]
    theirs = [item for _, item in set([*sides[0], *sides[1]]) - set(sides[0])]
    right = {
        (row, place): _match_fields(predicted, rows[ours[row]], places[theirs[place]], same)
        for row in range(len(ours))
        for place in range(len(theirs))
    }
    weights = np.zeros((len(ours), len(theirs)))
    for pair, matched_rows in right.items():
        weights[pair] = -sum(not predicted[row].only_for_ap for row in matched_rows)
    paired = zip(*linear_sum_assignment(weights), strict=True)
    return {row for pair in paired for row in right[int(pair[0]), int(pair[1])]}


def _rows_by_item(items: Iterable[int | None]) -> dict[int, list[int]]:
    rows: dict[int, list[int]] = {}
    for index, item in enumerate(items):
        if item is not None:
            rows.setdefault(item, []).append(index)
    return rows


def _header_tags(document_type: str) -> dict[str, str]:
    """Return the tags of a prediction's header names; number and date by their type's names."""
    numbers, dates = labels.DOCUMENT_ID_NAMES, labels.DOCUMENT_DATE_NAMES
    tags = dict.fromkeys(dates.values(), "document_date")
    tags |= dict.fromkeys(numbers.values(), "document_id")
    tags |= {tag: tag for tag in labels.HEADER_TAGS}
    named_type = document_type if document_type in numbers else "other"
    return tags | {dates[named_type]: "document_date", numbers[named_type]: "document_id"}


def _read_places(
    prediction: Prediction, values: Mapping[str, Any], where: str
) -> Iterable[tuple[str, int, Box, float]]:
    """Yield (name, page from 0, box, confidence) of the values that have a place."""
    confidence = prediction.get("confidence") or {}
    for name, place in (prediction.get("places") or {}).items():
        if values.get(name) is None:
            continue
        try:
            page, box = int(place["page"]) - 1, Box(*(float(edge) for edge in place["bbox"]))
        except (KeyError, TypeError, ValueError) as error:
            raise PredictionError(
                f"{where}.places.{name}: want page from 1 and bbox of 4 fractions, got {place!r}"
            ) from error
        yield name, page, box, float(confidence.get(name, 1.0))
