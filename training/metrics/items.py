"""Document scores: line items, cells, descriptions, closing sums and header fields.

Predictions are plain dicts as in `predictions.jsonl`, so any reader can be scored. The rules
(source: "Scores used here" of the real documents' README; where that is silent, decided here):

- Scored cells are amount, quantity and unit price, equal within 0.005. Only cells that the truth
  calls visible count: a value predicted for a cell that is not printed is not held against it.
- Predicted and true items are paired one to one so that most cells are equal; description
  similarity breaks ties. A pair is right when all visible cells of its true item are.
- `unit_price` is scored against the truth's `unit_price` (net, EN 16931 BT-146) even where a
  `gross_unit_price` (BT-148) is printed beside it: the net one explains the amount.
- A true item without a visible scored cell is neither wanted nor counted, and a prediction that
  is in no right pair and has most of its description is left out, one prediction an item at most.
- A prediction that is in no right pair and matches an excluded row (same money and half the
  description, or same line number and most of it) is left out, one prediction a row at most.
- In a prediction paired with nothing, only cells of columns that the document prints count; all
  of them where the truth has no item at all, as in a document that was made up.
- Closed looks at documents in which every item prints its amount.
- Descriptions are compared as multisets of tokens: split at spaces, folded, outer punctuation
  trimmed ("Tea," is "tea", "-" is nothing), order ignored. A pair counts with the wording that
  gives it the best token F1 (the first of equals). A true item without a partner has missed its
  first wording; a prediction without one has made its tokens up, if the document prints any
  description or no item at all. Nothing is counted in a pair whose true description is not printed.
- Where the corpus labels no line items, predicted ones are not looked at.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from data import labels
from data.corpora.truth import TrueDocument, TrueItem, is_decimal
from training.metrics.counts import Count, Interval, f1_interval, share_interval
from training.metrics.pairing import (
    Cells,
    count_wrong_cells,
    description_similarity,
    find_excluded_rows,
    is_same_number,
    pair_items,
    plain_text,
)
from training.metrics.predictions import Prediction, PredictionError

SCORED_CELLS: tuple[str, ...] = ("amount", "quantity", "unit_price")

# Types of a truth that the model has no name for. UNTDID 1001: 384 corrected, 387 hire and 575
# insurer's invoice are invoices; we have one name.
_TYPE_NAMES = {"corrected_invoice": "invoice", "other:387": "invoice", "other:575": "invoice"}

_OUTER_PUNCTUATION = re.compile(r"^[\W_]+|[\W_]+$")


@dataclass(frozen=True, slots=True)
class DocumentScore:
    """The score of one document.

    `cells` and `fields` count by name. `near` counts true items with all visible cells right but
    one. `closed` is None where the truth does not print every amount. `excluded` predictions were
    left out because they match an excluded row. `description` counts tokens: `right` are those
    that true and predicted descriptions share.
    """

    document_id: str
    items: Count
    cells: Mapping[str, Count]
    fields: Mapping[str, Count]
    near: int
    closed: bool | None
    type_right: bool
    excluded: int = 0
    description: Count = field(default_factory=Count)

    @property
    def all_cells(self) -> Count:
        return sum(self.cells.values(), Count())


@dataclass(frozen=True, slots=True)
class MatchedDocument:
    """The true items and the predicted rows, paired as the score pairs them.

    `items` are those with a visible scored cell, `true_cells` their cells. `rows` numbers the
    predicted rows that count, `cells` holds theirs. `pairs` maps places in `items` to places in
    `rows`. `excluded` numbers the predicted rows that were left out.
    """

    items: tuple[TrueItem, ...]
    true_cells: tuple[Mapping[str, Decimal], ...]
    rows: tuple[int, ...]
    cells: tuple[Cells, ...]
    pairs: Mapping[int, int]
    excluded: frozenset[int]


def match_document(truth: TrueDocument, prediction: Prediction) -> MatchedDocument:
    """Pair the predicted rows with the true items; raises as `score_document`."""
    lines = _predicted_lines(truth, prediction)
    where = f"{truth.document_id}: line_items"
    cells = [_read_cells(line, f"{where}.{row}") for row, line in enumerate(lines)]
    items = [item for item in truth.items if _visible_cells(item)]
    true_cells = [_visible_cells(item) for item in items]
    similar = description_similarity(items, lines)
    pairs = pair_items(true_cells, cells, similar)
    right_rows = {
        row for true, row in pairs.items() if not count_wrong_cells(true_cells[true], cells[row])
    }
    unscored = [item for item in truth.items if not _visible_cells(item)]
    dropped = find_excluded_rows(truth.excluded, unscored, lines, cells, right_rows)
    counted_rows = [row for row in range(len(lines)) if row not in dropped]
    if dropped:
        cells = [cells[row] for row in counted_rows]
        pairs = pair_items(true_cells, cells, similar[:, counted_rows])
    return MatchedDocument(
        tuple(items),
        tuple(true_cells),
        tuple(counted_rows),
        tuple(cells),
        pairs,
        frozenset(dropped),
    )


def _predicted_lines(truth: TrueDocument, prediction: Prediction) -> Sequence[Prediction]:
    lines: Sequence[Prediction] = prediction.get("line_items", []) if truth.items_labelled else []
    return lines


def score_document(truth: TrueDocument, prediction: Prediction) -> DocumentScore:
    """Return the score of one document's prediction.

    Raises `PredictionError` where the prediction does not keep to the format.
    """
    matched = match_document(truth, prediction)
    wrong = [
        (
            count_wrong_cells(matched.true_cells[true], matched.cells[row]),
            len(matched.true_cells[true]),
        )
        for true, row in matched.pairs.items()
    ]
    lines = _predicted_lines(truth, prediction)
    return DocumentScore(
        document_id=truth.document_id,
        items=Count(
            len(matched.true_cells), len(matched.cells), sum(cells == 0 for cells, _ in wrong)
        ),
        cells=_count_cells(matched.true_cells, matched.cells, matched.pairs, empty=not truth.items),
        fields=_count_fields(truth, prediction),
        near=sum(cells == 1 < visible for cells, visible in wrong),
        closed=_is_closed(truth.items, matched.cells),
        type_right=model_type(truth.document_type) == model_type(prediction.get("document_type")),
        excluded=len(matched.excluded),
        description=_count_tokens(
            matched.items,
            [lines[row] for row in matched.rows],
            matched.pairs,
            empty=not truth.items,
        ),
    )


def judged_cells(truth: TrueDocument, prediction: Prediction) -> list[tuple[int, str, bool]]:
    """Return (row, cell, right) of every predicted scored cell that the truth can judge.

    The same pairing as `score_document`: rows it leaves out are left out here, and a row paired
    with nothing is wrong in every column the document prints, in all where it has no item.
    """
    matched = match_document(truth, prediction)
    partner = {place: matched.true_cells[true] for true, place in matched.pairs.items()}
    printed = {name for visible in matched.true_cells for name in visible}
    if not truth.items:
        printed = set(SCORED_CELLS)
    return [
        (
            matched.rows[place],
            name,
            place in partner and is_same_number(value, partner[place].get(name)),
        )
        for place, read in enumerate(matched.cells)
        for name, value in read.items()
        if value is not None and name in partner.get(place, printed)
    ]


def judged_fields(truth: TrueDocument, prediction: Prediction) -> list[tuple[str, str, bool]]:
    """Return (name, predicted name, right) of every printed header field that was predicted."""
    fields, document_type = prediction.get("fields", {}), str(prediction.get("document_type"))
    predicted_names = {
        name: _find_name(fields, name, document_type) for name in sorted(truth.fields_visible)
    }
    return [
        (name, under, _is_same_field_value(name, str(fields[under]), truth.fields[name]))
        for name, under in predicted_names.items()
        if under is not None
    ]


def item_f1(scores: Sequence[DocumentScore]) -> Interval:
    """Return the item F1 over all items of all documents, with its interval."""
    return f1_interval([score.items for score in scores])


def cell_f1(scores: Sequence[DocumentScore]) -> Interval:
    """Return the cell F1 over all visible cells of all documents, with its interval."""
    return f1_interval([score.all_cells for score in scores])


def description_f1(scores: Sequence[DocumentScore]) -> Interval:
    """Return the token F1 over the descriptions of all documents, with its interval."""
    return f1_interval([score.description for score in scores])


def closed_share(scores: Sequence[DocumentScore]) -> Interval | None:
    """Return the share of documents whose amounts sum to the true sum; None without any."""
    closed = [float(score.closed) for score in scores if score.closed is not None]
    return share_interval(closed, [1.0] * len(closed)) if closed else None


def _read_cells(line: Prediction, where: str) -> dict[str, Decimal | None]:
    cells: dict[str, Decimal | None] = {}
    for name in SCORED_CELLS:
        value = line.get(name)
        if value is None or value == "":
            cells[name] = None
            continue
        if not isinstance(value, str) or not is_decimal(value):
            raise PredictionError(f"{where}.{name}: want a decimal string, got {value!r:.60}")
        cells[name] = Decimal(value)
    return cells


def _visible_cells(item: TrueItem) -> dict[str, Decimal]:
    cells = {name: item.visible_decimal(name) for name in SCORED_CELLS}
    return {name: value for name, value in cells.items() if value is not None}


def _count_cells(
    true_cells: Sequence[Mapping[str, Decimal]],
    cells: Sequence[Cells],
    pairs: Mapping[int, int],
    *,
    empty: bool,
) -> dict[str, Count]:
    partner = {row: true_cells[true] for true, row in pairs.items()}
    counts = {}
    for name in SCORED_CELLS:
        columns = sum(name in visible for visible in true_cells)
        predicted = right = 0
        for row, read in enumerate(cells):
            visible = partner.get(row)
            counted = columns > 0 or empty if visible is None else name in visible
            predicted += counted and read[name] is not None
            right += visible is not None and is_same_number(read[name], visible.get(name))
        counts[name] = Count(columns, predicted, right)
    return counts


def _count_tokens(
    items: Sequence[TrueItem],
    lines: Sequence[Prediction],
    pairs: Mapping[int, int],
    *,
    empty: bool,
) -> Count:
    predicted_tokens = [_tokens(str(line.get("description") or "")) for line in lines]
    partner = {row: true for true, row in pairs.items()}
    true_wordings = {true: _wordings(item) for true, item in enumerate(items)}
    total = Count()
    for true, wordings in true_wordings.items():
        if wordings:
            total += _best_overlap(
                wordings, predicted_tokens[pairs[true]] if true in pairs else Counter()
            )
    if any(true_wordings.values()) or empty:
        for row, tokens in enumerate(predicted_tokens):
            if row not in partner:
                total += Count(predicted=tokens.total())
    return total


def _wordings(item: TrueItem) -> list[Counter[str]]:
    """Return the tokens of each wording of a printed description; none where it is not printed."""
    if "description" not in item.visible:
        return []
    return [_tokens(text) for text in item.wordings or (item.values["description"],)]


def _best_overlap(wordings: Sequence[Counter[str]], predicted: Counter[str]) -> Count:
    counts = (
        Count(wording.total(), predicted.total(), (wording & predicted).total())
        for wording in wordings
    )
    return max(counts, key=lambda count: count.f1)  # the first of equals


def _tokens(text: str) -> Counter[str]:
    trimmed = (_OUTER_PUNCTUATION.sub("", token) for token in text.casefold().split())
    return Counter(token for token in trimmed if token)


def _is_closed(items: Sequence[TrueItem], cells: Sequence[Cells]) -> bool | None:
    amounts = [item.visible_decimal("amount") for item in items]
    true_sum = sum((amount for amount in amounts if amount is not None), Decimal(0))
    if not amounts or None in amounts:
        return None
    read = [row["amount"] for row in cells if row["amount"] is not None]
    return bool(read) and is_same_number(sum(read, Decimal(0)), true_sum)


def model_type(document_type: object) -> str:
    """Return the model's name of a type; an unnamed UNTDID 1001 code ('other:999') is 'other'."""
    name = _TYPE_NAMES.get(str(document_type), str(document_type))
    return name.split(":")[0]


def _count_fields(truth: TrueDocument, prediction: Prediction) -> dict[str, Count]:
    counts = {name: Count(wanted=1) for name in sorted(truth.fields_visible)}
    for name, _, right in judged_fields(truth, prediction):
        counts[name] = Count(1, 1, int(right))
    return counts


def _find_name(fields: Mapping[str, Any], name: str, document_type: str) -> str | None:
    """Return the name under which a value was predicted: its own or that of the document's type."""
    names = [name]
    for type_names in (labels.DOCUMENT_ID_NAMES, labels.DOCUMENT_DATE_NAMES):
        if name in type_names.values():
            names.append(type_names.get(document_type, name))
    return next((known for known in names if fields.get(known)), None)


def _is_same_field_value(name: str, value: str, true: str) -> bool:
    """Same text but for case, spaces and outer punctuation; numbers within 0.005 where the name is
    one of money or the wanted value has a point: an id of digits alone is no number ("0042" is not
    "42")."""
    money = name in labels.DECIMAL_TAGS or "." in true
    if money and is_decimal(value) and is_decimal(true):
        return is_same_number(Decimal(value), Decimal(true))
    return plain_text(value) == plain_text(true)
