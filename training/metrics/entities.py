"""Entity F1 over words: CORD's and FUNSD's labels, with our tags translated into CORD's.

Source of the score: entity F1 as for sequence labelling (Tjong Kim Sang and De Meulder 2003) and
as CORD and FUNSD results are published: an entity is right when label and words are both equal. The
words are a set of (page, position in the page's words), so predictions must have been made on the
corpus's own words. Decisions:

- An entity predicted twice is one too many: pairing is one to one.
- The headline counts every labelled entity, also those whose label our tags cannot express
  (`EXPRESSIBLE_LABELS` holds those they can); the F1 over these labels is reported beside it.
- The words of one entity, in the output of our model (`predicted_entities`):
  the description cells of one line item are one `menu.nm`, over several lines, and so are those of
  a discount; cells of another tag in one item and on one text line are one entity.
- CORD's totals include their caption ("TOTAL 45,500" is one entity); our tags leave captions out.
  So an entity of the receipt's foot, and a discount, takes the untagged words without digits of its
  text line; where several lines reach a word, the nearest takes it. A text line is all words
  within 0.6 of the taller word's height, as cells are cut (`training.decoding.grouping`).

With the true tags and items of CORD's 799 training receipts these rules give an F1 of 0.957 over
the labels our tags can express: the rest is lost in translation, not by the model.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data import labels
from data.corpora.truth import TrueEntity
from training.decoding.grouping import Cell, TaggedPage, group_items, page_cells
from training.metrics.counts import Count, Interval, f1_interval
from training.metrics.predictions import PredictionError

# Our tags in CORD's labels. Modifiers (menu.sub.*) and voided rows have no tag of their own.
CORD_LABELS: Mapping[str, str] = {
    "description": "menu.nm",
    "quantity": "menu.cnt",
    "unit_price": "menu.unitprice",
    "amount": "menu.price",
    "discount_amount": "menu.discountprice",
    "product_code": "menu.num",
    "sub_total": "sub_total.subtotal_price",
    "total_tax": "sub_total.tax_price",
    "total_discount": "sub_total.discount_price",
    "invoice_total": "total.total_price",
}
EXPRESSIBLE_LABELS = frozenset(CORD_LABELS.values())

_SAME_LINE = 0.6  # of the taller one's height between the middles of two words of a line
_CAPTIONED = frozenset(labels.HEADER_TAGS) | {"discount_amount"}
_SEVERAL_LINES = frozenset({"description", "discount_amount"})

_Entity = tuple[str, int, frozenset[int]]


@dataclass(frozen=True, slots=True)
class EntityScore:
    """The entities of one document: labelled, predicted and right, by label."""

    document_id: str
    by_label: Mapping[str, Count]

    @property
    def all_labels(self) -> Count:
        return sum(self.by_label.values(), Count())

    def count_of(self, names: Iterable[str]) -> Count:
        """Return the count over the labels `names`."""
        return sum((self.by_label[label] for label in names if label in self.by_label), Count())


def score_entities(
    document_id: str, truth: Sequence[TrueEntity], predicted: Sequence[Mapping[str, Any]]
) -> EntityScore:
    """Count the labelled, predicted and right entities of a document, by label.

    A predicted entity is {"label": text, "words": positions from 0, "page": from 0}, as
    `predicted_entities` gives them. Raises `PredictionError` for one that is not.
    """
    true_entities = [(entity.label, entity.page, frozenset(entity.words)) for entity in truth]
    parsed = [
        _parse_entity(entity, f"{document_id}: entities.{row}")
        for row, entity in enumerate(predicted)
    ]
    unmatched = list(true_entities)
    counts: dict[str, Count] = {}
    for label, _, _ in true_entities:
        counts[label] = counts.get(label, Count()) + Count(wanted=1)
    for entity in parsed:
        right = entity in unmatched
        if right:
            unmatched.remove(entity)
        counts[entity[0]] = counts.get(entity[0], Count()) + Count(predicted=1, right=int(right))
    return EntityScore(document_id, dict(sorted(counts.items())))


def entity_f1(scores: Sequence[EntityScore], names: Iterable[str] | None = None) -> Interval:
    """Return the micro F1 over all documents with its interval; `names` (None: all) are labels."""
    if names is None:
        return f1_interval([score.all_labels for score in scores])
    selected = frozenset(names)
    return f1_interval([score.count_of(selected) for score in scores])


def count_labels(scores: Iterable[EntityScore]) -> dict[str, Count]:
    """Return the counts over all documents, by label."""
    counts: dict[str, Count] = {}
    for score in scores:
        for label, count in score.by_label.items():
            counts[label] = counts.get(label, Count()) + count
    return dict(sorted(counts.items()))


def predicted_entities(tagged: TaggedPage) -> list[dict[str, Any]]:
    """Return a page's entities in CORD's labels as {"label", "words", "page"}, top to bottom.

    `words` are positions in the page's words, `page` the page's number (from 0). Tags without a
    CORD label give none.
    """
    cells, headers = page_cells(tagged)
    items = group_items(tagged, cells)
    grouped = {cell.words for item in items for cell in item.cells}
    groups = [list(item.cells) for item in items]
    groups += [[cell] for cell in cells if cell.words not in grouped]
    parts = [part for group in groups for part in _cut_into_entities(group)] + _cut_into_entities(
        headers
    )
    parts = _without_repeats([part for part in parts if part[0].tag in CORD_LABELS])
    captions = _captions(tagged, parts)
    entities = [
        (
            CORD_LABELS[part[0].tag],
            sorted({word for cell in part for word in cell.words} | set(captions[index])),
        )
        for index, part in enumerate(parts)
    ]
    entities.sort(key=lambda entity: entity[1])
    return [
        {"label": label, "words": words, "page": tagged.page.number} for label, words in entities
    ]


def _cut_into_entities(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Cut the cells into entities: one tag, and one text line unless several are allowed."""
    parts: list[list[Cell]] = []
    for cell in cells:
        for part in parts:
            same_tag = part[0].tag == cell.tag
            if same_tag and (cell.tag in _SEVERAL_LINES or _is_on_same_line(part[-1], cell)):
                part.append(cell)
                break
        else:
            parts.append([cell])
    return parts


def _without_repeats(parts: Sequence[list[Cell]]) -> list[list[Cell]]:
    """Drop repetitions: rows that share the description above them name it once."""
    unique: dict[tuple[tuple[int, ...], ...], list[Cell]] = {}
    for part in parts:
        unique.setdefault(tuple(cell.words for cell in part), part)
    return list(unique.values())


def _is_on_same_line(first: Cell, second: Cell) -> bool:
    return _distance(first, second.box.center[1], second.box.height) < _SAME_LINE


def _distance(cell: Cell, middle: float, height: float) -> float:
    """Return the distance between the middles, in heights of the taller cell."""
    return abs(cell.box.center[1] - middle) / max(cell.box.height, height, 1e-9)


def _captions(tagged: TaggedPage, parts: Sequence[Sequence[Cell]]) -> list[list[int]]:
    """Return for each part the untagged words beside it; a word goes to one part at most."""
    beside: list[list[int]] = [[] for _ in parts]
    takers = [index for index, part in enumerate(parts) if part[0].tag in _CAPTIONED]
    best = tagged.probabilities.argmax(axis=1) if len(tagged.probabilities) else []
    for word, tag in enumerate(best):
        text, box = tagged.page.words[word].text, tagged.page.words[word].box
        tagless = labels.TAGS[int(tag)] in labels.OTHER_TAGS
        if not takers or not tagless or any(letter.isdigit() for letter in text):
            continue
        near = [
            (min(_distance(cell, box.center[1], box.height) for cell in parts[index]), index)
            for index in takers
        ]
        distance, index = min(near)
        if distance < _SAME_LINE:
            beside[index].append(word)
    return beside


def _parse_entity(entity: Mapping[str, Any], where: str) -> _Entity:
    try:
        label, words, page = entity["label"], entity["words"], entity.get("page", 0)
        numbers = [page, *words]
        whole = all(isinstance(number, int) and number >= 0 for number in numbers)
        if isinstance(label, str) and words and whole:
            return label, page, frozenset(words)
    except (KeyError, TypeError):
        pass
    raise PredictionError(f"{where}: want label, words (positions) and page, got {entity!r}")
