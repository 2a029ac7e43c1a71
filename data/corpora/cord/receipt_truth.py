"""Makes a labelled document from the published JSON of one CORD receipt.

The JSON is an object with `valid_line` (words with their quads in pixels, category and group),
`meta` (image size) and, from version 1 on, `gt_parse` (the items bought, and the totals). Version 0
has no `gt_parse`; it is put together from the groups. Values are read where the print leaves no
doubt (`rupiah`). An entity holds all words of a valid line, its caption ("TOTAL") too.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial, reduce
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from data.corpora.checked_json import Form
from data.corpora.cord.rupiah import till_fields, till_item, till_money
from data.corpora.segments import cut_segment
from data.corpora.truth import TrueDocument, TrueEntity, TrueItem
from data.pages.attachments import open_attachment, render_page
from data.pages.words import in_reading_order
from data.records import Box, Page, Word
from data.values.document_values import NumberFormat, decide_format

LABELS = "human"


def _as_tuple(value: Any) -> Any:
    """Return one value or several as a tuple: the files hold both forms."""
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list) else (value,)


_Texts = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]


class _Row(Form):
    """A row of the menu; `sub` are its modifiers."""

    nm: _Texts = ()
    num: _Texts = ()
    cnt: _Texts = ()
    unitprice: _Texts = ()
    price: _Texts = ()
    discountprice: _Texts = ()
    sub: Annotated[tuple["_Row", ...], BeforeValidator(_as_tuple)] = ()


class _Subtotal(Form):
    subtotal_price: _Texts = ()
    tax_price: _Texts = ()
    discount_price: _Texts = ()


class _Total(Form):
    total_price: _Texts = ()


class _Parse(Form):
    menu: Annotated[tuple[_Row, ...], BeforeValidator(_as_tuple)] = ()
    void_menu: Annotated[tuple[_Row, ...], BeforeValidator(_as_tuple)] = ()
    sub_total: Annotated[tuple[_Subtotal, ...], BeforeValidator(_as_tuple)] = ()
    total: Annotated[tuple[_Total, ...], BeforeValidator(_as_tuple)] = ()


class _Quad(Form):
    x1: float
    y1: float
    x2: float
    y2: float
    x3: float
    y3: float
    x4: float
    y4: float


class _Word(Form):
    quad: _Quad
    text: str
    is_key: bool | int = False


class _Line(Form):
    words: list[_Word]
    category: str
    group_id: int
    sub_group_id: int = 0


class _Size(Form):
    width: float = Field(gt=0)
    height: float = Field(gt=0)


class _Meta(Form):
    image_size: _Size
    split: str | None = None
    image_id: int | None = None


class Receipt(Form):
    meta: _Meta
    valid_line: list[_Line]
    gt_parse: _Parse | None = None


# Our names of a row's cells.
_CELLS = {
    "nm": "description",
    "num": "product_code",
    "cnt": "quantity",
    "unitprice": "unit_price",
    "price": "amount",
    "discountprice": "discount_amount",
}


_HEADERS = {
    "subtotal_price": "sub_total",
    "tax_price": "total_tax",
    "discount_price": "total_discount",
    "total_price": "invoice_total",
}


def make_document(
    receipt: Receipt, name: str, path: Path | None, read_image: Callable[[], bytes]
) -> TrueDocument:
    """The document of a receipt; `read_image` is called when its page with given words is read."""
    size = receipt.meta.image_size
    lines = [
        [word for part in line.words for word in _cut(part, size)] for line in receipt.valid_line
    ]
    words = in_reading_order([word for line in lines for word in line])
    position_of = {id(word): index for index, word in enumerate(words)}
    parse = receipt.gt_parse or _parse_groups(receipt.valid_line)
    totals = [
        (_HEADERS[key], text.split())
        for part in (*parse.sub_total, *parse.total)
        for key, texts in part
        for text in texts
    ]
    number_format = _number_format(parse, [word for _, printed in totals for word in printed])
    fields = till_fields((key, till_money(printed, number_format)) for key, printed in totals)
    boxes = _boxes_by_name(receipt.valid_line, lines)
    return TrueDocument(
        document_id=name,
        path=path,
        document_type="receipt",
        fields=fields,
        fields_visible=frozenset(fields),
        items=tuple(_items(parse.menu, number_format, boxes)),
        excluded=tuple(_items(parse.void_menu, number_format, boxes)),
        labels=LABELS,
        extra={"language": "id", "pages": 1},
        entities=tuple(
            TrueEntity(line.category, tuple(sorted(position_of[id(word)] for word in line_words)))
            for line, line_words in zip(receipt.valid_line, lines, strict=True)
            if line_words
        ),
        read_corpus_pages=partial(_read_page, name, words, (size.width, size.height), read_image),
    )


def _number_format(parse: _Parse, totals: Iterable[str]) -> NumberFormat | None:
    """The number format of prices and totals; percentages are no evidence for it."""
    rows = [row for main in (*parse.menu, *parse.void_menu) for row in (main, *main.sub)]
    prices = [text for row in rows for text in (*row.price, *row.unitprice)]
    words = (word for text in (*prices, *totals) for word in text.split())
    return decide_format(word for word in words if "%" not in word)


def _cut(part: _Word, size: _Size) -> list[Word]:
    quad = part.quad
    xs, ys = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
    return cut_segment(part.text, (min(xs), min(ys), max(xs), max(ys)), size.width, size.height)


def _read_page(
    name: str,
    words: tuple[Word, ...],
    size: tuple[float, float],
    read_image: Callable[[], bytes],
) -> tuple[Page, ...]:
    image = render_page(open_attachment(read_image(), name), 0)
    return (Page(0, *size, words, "given", "OCR of the corpus", image=image),)


def _items(
    menu: Iterable[_Row], number_format: NumberFormat | None, boxes: dict[str, Box]
) -> Iterator[TrueItem]:
    """Yield an item for each row, and one for every modifier that has a price of its own."""
    for main in menu:
        for row in (main, *main.sub):
            cells = {
                ours: [word for text in getattr(row, key) for word in text.split()]
                for key, ours in _CELLS.items()
            }
            box = boxes.get(" ".join(cells["description"]))
            item = till_item(cells, number_format, [] if box is None else [box])
            if item.values and (row is main or "amount" in item.values):
                yield item


def _boxes_by_name(lines: list[_Line], words_of_lines: list[list[Word]]) -> dict[str, Box]:
    """The box of every row whose name is printed on the receipt once."""
    names: dict[str, list[tuple[int, int, bool]]] = {}
    groups: dict[tuple[int, int, bool], list[Box]] = {}
    for line, line_words in zip(lines, words_of_lines, strict=True):
        key = _group_key(line)
        groups.setdefault(key, []).extend(word.box for word in line_words)
        if line.category.endswith("nm"):
            names.setdefault(" ".join(word.text for word in line_words), []).append(key)
    return {
        name: reduce(Box.union, groups[keys[0]])
        for name, keys in names.items()
        if len(keys) == 1 and groups[keys[0]]
    }


def _group_key(line: _Line) -> tuple[int, int, bool]:
    sub = line.category.startswith("menu.sub")
    return line.group_id, line.sub_group_id if sub else 0, sub


def _parse_groups(lines: list[_Line]) -> _Parse:
    """The parse that version 0 lacks: rows and totals, put together from its groups of lines."""
    rows: dict[tuple[int, int, bool], dict[str, list[str]]] = {}
    void: dict[int, dict[str, list[str]]] = {}
    totals: dict[str, list[str]] = {}
    for line in lines:
        part, _, key = line.category.partition(".")
        text = " ".join(word.text for word in line.words if not word.is_key)
        if part == "menu":
            cells = rows.setdefault(_group_key(line), {})
            cells.setdefault(key.removeprefix("sub").lstrip("._"), []).append(text)
        elif part == "void_menu":
            void.setdefault(line.group_id, {}).setdefault(key, []).append(text)
        else:
            totals.setdefault(key, []).append(text)
    return _Parse.model_validate(
        {
            "menu": [
                cells
                | {"sub": [sub_cells for other, sub_cells in rows.items() if _is_sub(other, key)]}
                for key, cells in rows.items()
                if not key[2]
            ],
            "void_menu": list(void.values()),
            "sub_total": totals,
            "total": totals,
        }
    )


def _is_sub(key: tuple[int, int, bool], main: tuple[int, int, bool]) -> bool:
    return key[2] and key[0] == main[0]
