"""Reads CORD-r receipts: words with real OCR boxes and human labels, no images.

Source: CORD v2 in the form `{"id", "width", "height", "words": [[text, x0, y0, x1, y1, entity id,
label]]}`, one JSON object a line, gzipped. The labels name entities; which entities make an item is
derived (`receipt_items`), values are read where the print leaves no doubt (`rupiah`).
"""

from collections.abc import Iterator, Sequence, Set
from functools import partial
from pathlib import Path
from statistics import median

from pydantic import Field

from data import labels
from data.corpora.checked_json import Form, read_form, read_lines
from data.corpora.cord.receipt_items import (
    HEADER_TAGS,
    ITEM_TAGS,
    SUB_TAGS,
    VOID_TAGS,
    Entity,
    cut_items,
)
from data.corpora.cord.rupiah import till_fields, till_item, till_money
from data.corpora.labelling.prepared_pages import OUTSIDE
from data.corpora.truth import CorpusError, TrueDocument, TrueEntity, TrueItem
from data.pages.words import in_reading_order
from data.records import Box, LabelledPage, Page, Word
from data.values.document_values import NumberFormat, decide_format

LABELS = "entities: human; item grouping derived from their order"

_Row = tuple[str, float, float, float, float, int, str]
_CELL_TAGS = ITEM_TAGS | SUB_TAGS | VOID_TAGS
# Labels that are no evidence for any of our tags.
_UNSURE = frozenset({"void_menu.nm", "void_menu.price", "menu.itemsubtotal", "menu.etc"})


class _Receipt(Form):
    id: str = Field(min_length=1)
    width: float = Field(gt=0)
    height: float = Field(gt=0)
    words: list[_Row]


def labelled_pages(path: Path) -> Iterator[LabelledPage]:
    """Yield a CORD-r file's receipts, tagged word by word; raise `CorpusError` naming the line."""
    for _, receipt in _receipts(path):
        yield _labelled(receipt)


def read_documents(path: Path) -> Iterator[TrueDocument]:
    """Yield the receipts of a CORD-r file, or of the only such file in a folder.

    Raises `CorpusError` naming file, line and field; for a folder with several files (splits), it
    names them, and the caller has to choose one.
    """
    path = _find_file(path)
    line_of: dict[str, int] = {}
    for number, receipt in _receipts(path):
        first_line = line_of.setdefault(receipt.id, number)
        if first_line != number:
            raise CorpusError(
                f"{path} line {number}: id {receipt.id!r} is already on line {first_line}"
            )
        yield _document(receipt, number)


def _find_file(path: Path) -> Path:
    if not path.is_dir():
        return path
    files = sorted(path.glob("*.jsonl.gz"))
    if len(files) == 1:
        return files[0]
    names = ", ".join(file.name for file in files) or "none"
    raise CorpusError(f"{path}: want one .jsonl.gz file of receipts, found {names}; name the file")


def _receipts(path: Path) -> Iterator[tuple[int, _Receipt]]:
    for number, text in read_lines(path):
        yield number, read_form(_Receipt, text, f"{path} line {number}: not a CORD-r receipt")


def _words(receipt: _Receipt) -> list[Word]:
    width, height = receipt.width, receipt.height
    return [
        Word(text, Box.clamped(left / width, top / height, right / width, bottom / height))
        for text, left, top, right, bottom, _, _ in receipt.words
    ]


def _reading_order(words: Sequence[Word]) -> list[int]:
    index_of = {id(word): index for index, word in enumerate(words)}
    return [index_of[id(word)] for word in in_reading_order(words)]


def _page(receipt: _Receipt, words: Sequence[Word], order: Sequence[int]) -> Page:
    return Page(
        number=0,
        width=receipt.width,
        height=receipt.height,
        words=tuple(words[index] for index in order),
        words_source="given",
        reason="OCR of the corpus",
    )


def _document(receipt: _Receipt, number: int) -> TrueDocument:
    words = _words(receipt)
    order = _reading_order(words)
    page = _page(receipt, words, order)
    position_of = {index: position for position, index in enumerate(order)}
    entities = _entities(receipt, words, {row[6] for row in receipt.words} - {"O"})
    number_format = _number_format(entities, words)
    fields = till_fields(
        (name, till_money([words[index].text for index in entity.words], number_format))
        for entity in entities
        if (name := HEADER_TAGS.get(entity.label))
    )
    main, subs, void = (
        [
            _item(group, words, number_format)
            for group in cut_items([entity for entity in entities if entity.label in tags])
        ]
        for tags in (ITEM_TAGS, SUB_TAGS, VOID_TAGS)
    )
    return TrueDocument(
        document_id=receipt.id,
        path=None,
        document_type="receipt",
        fields=fields,
        fields_visible=frozenset(fields),
        items=(*main, *(item for item in subs if "amount" in item.values)),
        excluded=tuple(void),
        labels=LABELS,
        extra={"language": "id", "pages": 1},
        line=number,
        entities=tuple(
            TrueEntity(entity.label, tuple(sorted(position_of[index] for index in entity.words)))
            for entity in entities
        ),
        read_corpus_pages=partial(_corpus_pages, (page,)),
    )


def _number_format(entities: Sequence[Entity], words: Sequence[Word]) -> NumberFormat | None:
    """The number format of prices and totals; percentages are no evidence for it."""
    prices = (entity for entity in entities if entity.label.endswith("price"))
    texts = (words[index].text for entity in prices for index in entity.words)
    return decide_format(text for text in texts if "%" not in text)


def _item(
    group: Sequence[Entity], words: Sequence[Word], number_format: NumberFormat | None
) -> TrueItem:
    cells = {
        _CELL_TAGS[entity.label]: [words[index].text for index in entity.words] for entity in group
    }
    boxes = [words[index].box for entity in group for index in entity.words]
    return till_item(cells, number_format, boxes)


def _corpus_pages(pages: tuple[Page, ...]) -> tuple[Page, ...]:
    return pages


def _labelled(receipt: _Receipt) -> LabelledPage:
    words = _words(receipt)
    tags = [_tag(row[6], row[0]) for row in receipt.words]
    items = [OUTSIDE] * len(words)
    _number_items(_entities(receipt, words, {*ITEM_TAGS, *SUB_TAGS}), tags, items)
    order = _reading_order(words)
    return LabelledPage(
        _page(receipt, words, order),
        tuple(tags[index] for index in order),
        tuple(items[index] for index in order),
        "receipt",
    )


def _tag(label: str, text: str) -> str:
    """The tag of a word by its label; header labels also cover the caption beside the number."""
    digits = any(char.isdigit() for char in text)
    if label in ("menu.nm", "menu.sub.nm"):
        return "description"
    if label in ITEM_TAGS or label in SUB_TAGS or label in HEADER_TAGS:
        tag = ITEM_TAGS.get(label) or SUB_TAGS.get(label) or HEADER_TAGS[label]
        return tag if digits else "other"
    # Numbers outside all labels are often mis-synchronised ones: not known to be nothing.
    if label in _UNSURE or (label == "O" and digits):
        return labels.IGNORE
    return "other"


def _number_items(entities: Sequence[Entity], tags: list[str], items: list[int]) -> None:
    """Write the item number of every word into `items`; unpriced modifiers are left open."""
    main = [entity for entity in entities if entity.label in ITEM_TAGS]
    for number, group in enumerate(cut_items(main)):
        for entity in group:
            for index in entity.words:
                items[index] = number
    subs = [entity for entity in entities if entity.label in SUB_TAGS]
    for number, group in enumerate(cut_items(subs), start=len(main)):
        priced = any(entity.label == "menu.sub.price" for entity in group)
        for entity in group:
            for index in entity.words:
                if priced:
                    items[index] = number
                else:
                    tags[index] = labels.IGNORE
    for index, tag in enumerate(tags):
        if tag not in labels.LINE_TAGS:
            items[index] = OUTSIDE


def _entities(receipt: _Receipt, words: Sequence[Word], names: Set[str]) -> list[Entity]:
    """The entities of the labels in `names`, by id: all words of one (entity id, label) each."""
    usual = median(word.box.height for word in words) if words else 0.0
    by_id: dict[tuple[int, str], list[int]] = {}
    for index, (*_, number, label) in enumerate(receipt.words):
        if label in names:
            by_id.setdefault((number, label), []).append(index)
    return [
        Entity(
            label, tuple(indices), median(words[i].box.center[1] for i in indices) / (usual or 1.0)
        )
        for (_, label), indices in sorted(by_id.items())
    ]
