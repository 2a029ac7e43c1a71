"""Tagged pages -> documents: split the pages, decide number format, read lines and header fields.

No torch in here: the network's output travels as `TaggedPage` arrays.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from data.labels import DATE_TAGS, DOCUMENT_TYPES
from data.records import (
    ExtractedDocument,
    Field,
    LineItem,
    PageSummary,
    Problem,
)
from data.values.country_evidence import settle_day_first
from data.values.dates import decide_day_first
from data.values.document_currency import find_currency, page_text
from data.values.document_values import NumberFormat, decide_format, split_quantity
from training.decoding.calibration import HEADER, Calibration
from training.decoding.closing_sums import is_closing
from training.decoding.derived_values import with_quantity
from training.decoding.document_types import decide_document_type
from training.decoding.grouping import Cell, ItemCells, TaggedPage, group_items, page_cells
from training.decoding.header_sums import TOTALS, open_difference, without_unproven_extras
from training.decoding.headers import HeaderPage, read_headers
from training.decoding.line_items import PageContext, read_item
from training.decoding.marks import (
    SIGNED_TYPES,
    exceptions_by_hand,
    place_marks,
    receiver_signature,
)
from training.decoding.page_runs import page_runs
from training.decoding.paper_quantities import with_paper_quantity
from training.decoding.tables.closing_lines import closing_lines
from training.decoding.tables.item_rows import (
    SPARE,
    WeighedRow,
    weigh_rows,
)
from training.decoding.tables.prices_below import ReadRow, with_prices_below
from training.decoding.tables.word_meanings import weigh_by_columns

_MONEY = re.compile(r"\d[.,]\d")


def decode_documents(
    name: str,
    tagged: Sequence[TaggedPage],
    calibration: Calibration | None = None,
    *,
    arithmetic: bool = True,
) -> tuple[ExtractedDocument, ...]:
    """Return the documents found in an attachment of that name, in page order.

    Without `arithmetic` no sum or product weighs, derives or drops a value.
    """
    groups = list(page_runs(tagged))
    calibration = calibration or Calibration()
    return tuple(
        _decode_document(
            name if len(groups) == 1 else f"{name}#{number}", pages, calibration, arithmetic
        )
        for number, pages in enumerate(groups, start=1)
    )


def _decode_document(
    document_id: str, pages: Sequence[TaggedPage], calibration: Calibration, arithmetic: bool
) -> ExtractedDocument:
    cells = [page_cells(tagged) for tagged in pages]
    items = [group_items(tagged, line) for tagged, (line, _) in zip(pages, cells, strict=True)]
    number_format = _decide_number_format(pages, [item for group in items for item in group])
    if arithmetic:
        pages = weigh_by_columns(pages, number_format)
        cells = [page_cells(tagged) for tagged in pages]
        items = [group_items(tagged, line) for tagged, (line, _) in zip(pages, cells, strict=True)]
    day_first = _decide_day_first(cells, pages)
    contexts = [
        PageContext(tagged.page, number_format, day_first, calibration, tagged.struck, arithmetic)
        for tagged in pages
    ]
    ocr = any(tagged.page.words_source == "ocr" for tagged in pages)
    kind = _calibrated_type(pages, calibration, ocr=ocr)
    weighed = weigh_rows(pages, items, number_format)
    likely = [[row.item for row in group if row.is_likely] for group in weighed]
    read = _read_rows(contexts, items, likely)
    headers = [
        HeaderPage(tagged, context, header)
        for tagged, context, (_, header) in zip(pages, contexts, cells, strict=True)
    ]
    lines = [row.line for row in read if row.line is not None]
    lines_sum = _sum_of_amounts(lines) if arithmetic else None
    fields = read_headers(headers, str(kind.value), lines_sum, ocr=ocr)
    if arithmetic:
        lines = _with_quantities(
            closing_lines(pages, read, _spare_rows(contexts, weighed), _totals(fields)),
            calibration.derived_share("quantity"),
        )
        fields = without_unproven_extras(fields, _sum_of_amounts(lines))
    lines = [with_paper_quantity(line, str(kind.value)) for line in lines]
    if (signature := receiver_signature(pages, str(kind.value))) is not None:
        fields["receiver_signature"] = signature
    fields |= _currency(fields, headers, items, pages)
    return ExtractedDocument(
        document_id=document_id,
        document_type=kind,
        fields=fields,
        line_items=tuple(lines),
        pages=tuple(_summary(tagged, kind) for tagged in pages),
        problems=(
            *_problems(pages, str(kind.value), read),
            *_doubtful_rows(items, likely, lines, fields),
            *_open_sums(lines, fields),
        ),
    )


def _read_rows(
    contexts: Sequence[PageContext],
    items: Sequence[Sequence[ItemCells]],
    likely: Sequence[Sequence[ItemCells]],
) -> list[ReadRow]:
    """Read the likely lines of all pages; prices may come from the rows of `items` below them."""
    read = [
        ReadRow(context, item, read_item(item, context))
        for context, group in zip(contexts, likely, strict=True)
        for item in group
    ]
    return with_prices_below(contexts, items, read) if contexts[0].arithmetic else read


def _spare_rows(
    contexts: Sequence[PageContext], weighed: Sequence[Sequence[WeighedRow]]
) -> list[ReadRow]:
    """Read the rows with an amount that were left out but are not far from likely, best first."""
    spares = [
        (row, context)
        for context, group in zip(contexts, weighed, strict=True)
        for row in group
        if SPARE < row.log_odds <= 0 and row.item.of("amount")
    ]
    spares.sort(key=lambda spare: -spare[0].log_odds)
    return [ReadRow(context, row.item, read_item(row.item, context)) for row, context in spares]


def _calibrated_type(pages: Sequence[TaggedPage], calibration: Calibration, *, ocr: bool) -> Field:
    """The document's type; its confidence is calibrated where the first page has words."""
    kind = decide_document_type(pages)
    if not pages[0].page.words:
        return kind
    confidence = calibration.confidence(f"{HEADER}document_type", kind.confidence, ocr=ocr)
    return replace(kind, confidence=confidence)


def _problems(pages: Sequence[TaggedPage], kind: str, read: Sequence[ReadRow]) -> Iterator[Problem]:
    """Report problems of pages, marks made by hand, struck-out numbers, and rows not read."""
    for tagged in pages:
        yield from _page_problems(tagged)
    yield from _handwritten_exceptions(pages, kind)
    for tagged in pages:
        yield from _struck_numbers(tagged)
    for row in read:
        if row.line is None:
            yield _unread_row(row.item, row.context)


def _unread_row(item: ItemCells, context: PageContext) -> Problem:
    text = " ".join(cell.text for cell in item.cells)[:80]
    return Problem(
        "unread_row", f"no number could be read in the row {text!r}", context.page.number
    )


def _doubtful_rows(
    items: Sequence[Sequence[ItemCells]],
    likely: Sequence[Sequence[ItemCells]],
    lines: Sequence[LineItem],
    fields: Mapping[str, Field],
) -> Iterator[Problem]:
    """Report rows with money that were left out, unless the lines sum to a printed total."""
    left_out = sum(
        bool(item.of("amount"))
        for group, likely_items in zip(items, likely, strict=True)
        for item in group
        if item not in likely_items
    )
    amounts = _amounts(lines)
    if left_out and not is_closing(amounts, _totals(fields)):
        total = sum((amount for amount in amounts if amount is not None), Decimal(0))
        yield Problem(
            "doubtful_row",
            f"{left_out} rows that may be lines were left out, and the {len(lines)} lines read "
            f"({total}) do not sum to a printed total",
        )


def _open_sums(lines: Sequence[LineItem], fields: Mapping[str, Field]) -> Iterator[Problem]:
    """Report lines that sum to no printed total: one may be missing, repeated or misread."""
    lines_sum = _sum_of_amounts(lines)
    gap = open_difference(fields, lines_sum)
    if gap is not None:
        name, difference = gap
        yield Problem(
            "does_not_close",
            f"the {len(lines)} lines read sum to {lines_sum}, {abs(difference)} "
            f"{'less' if difference > 0 else 'more'} than the {name} of {fields[name].text}, and "
            "no printed tax, charge or discount makes up for it",
        )


def _with_quantities(lines: list[LineItem], share_right: float | None) -> list[LineItem]:
    """Return the lines; where some print a quantity, the others get the one their numbers imply.

    OCR misses single digits: of the quantities of ruled orders in light scans one in eight.
    """
    printed = any(line.quantity is not None and line.quantity.value for line in lines)
    return [with_quantity(line, share_right) for line in lines] if printed else lines


def _amounts(lines: Sequence[LineItem]) -> list[Decimal | None]:
    return [None if line.amount is None else line.amount.decimal for line in lines]


def _sum_of_amounts(lines: Sequence[LineItem]) -> Decimal | None:
    """The sum of the amounts; None when a line has none, or there is no line."""
    amounts = [amount for amount in _amounts(lines) if amount is not None]
    return sum(amounts, Decimal(0)) if amounts and len(amounts) == len(lines) else None


def _totals(fields: Mapping[str, Field]) -> list[Decimal]:
    leaves = (fields.get(name) for name in TOTALS)
    return [leaf.decimal for leaf in leaves if leaf is not None and leaf.decimal is not None]


def _decide_number_format(
    pages: Sequence[TaggedPage], items: Sequence[ItemCells]
) -> NumberFormat | None:
    texts = [word.text for page in pages for word in page.page.words if _MONEY.search(word.text)]
    checks = []
    for item in items:
        row = [item.of(tag) for tag in ("quantity", "unit_price", "amount")]
        if all(row):
            quantity, price, amount = (cells[0].text for cells in row)
            checks.append((split_quantity(quantity)[0], price, amount))
    return decide_format(texts, checks)


def _decide_day_first(
    cells: Sequence[tuple[list[Cell], list[Cell]]], pages: Sequence[TaggedPage]
) -> bool | None:
    """The order of the document's dates: by one that only one order explains, else by country."""
    order = decide_day_first(
        cell.text for page in cells for group in page for cell in group if cell.tag in DATE_TAGS
    )
    if order is not None:
        return order
    return settle_day_first("\n".join(page_text(tagged.page) for tagged in pages))


def _currency(
    fields: Mapping[str, Field],
    headers: Sequence[HeaderPage],
    items: Sequence[Sequence[ItemCells]],
    pages: Sequence[TaggedPage],
) -> dict[str, Field]:
    """The currency printed with the amounts or shown by the countries; {} where one was read."""
    if "currency" in fields and fields["currency"].value is not None:
        return {}
    totals = ("invoice_total", "sub_total")
    money = [cell.text for page in headers for cell in page.cells if cell.tag in totals]
    money += [cell.text for group in items for item in group for cell in item.of("amount")]
    currency = find_currency(money, [tagged.page for tagged in pages])
    return {} if currency is None else {"currency": currency}


def _summary(tagged: TaggedPage, kind: Field) -> PageSummary:
    page = tagged.page
    best = int(tagged.document_types.argmax())
    return PageSummary(
        page=page.number,
        document_type=DOCUMENT_TYPES[best] if page.words else str(kind.value),
        confidence=float(tagged.document_types[best]),
        rotation=page.rotation,
        width=page.width,
        height=page.height,
        words=len(page.words),
        words_source=page.words_source,
        reason=page.reason,
        skew=page.skew,
        marks=place_marks(tagged),
    )


def _handwritten_exceptions(pages: Sequence[TaggedPage], kind: str) -> Iterator[Problem]:
    """Report handwriting on a delivery document: it may note short, damaged or refused goods."""
    if kind not in SIGNED_TYPES:
        return
    for tagged in pages:
        if marks := exceptions_by_hand(tagged.marks or ()):
            kinds = " and ".join(sorted({mark.kind for mark in marks}))
            yield Problem(
                "exception_by_hand",
                f"the page bears {kinds}, which was not read: it may say that the delivery was "
                "short, damaged or refused",
                tagged.page.number,
            )


def _struck_numbers(tagged: TaggedPage) -> Iterator[Problem]:
    """Report printed numbers that are struck out; what is written instead was not read."""
    for index in sorted(tagged.struck):
        text = tagged.page.words[index].text
        yield Problem(
            "struck_number",
            f"the printed {text!r} is struck out; what is written instead was not read",
            tagged.page.number,
        )


def _page_problems(tagged: TaggedPage) -> Iterator[Problem]:
    page = tagged.page
    if page.words_source == "none":
        code, _, sentence = page.reason.partition(":")
        yield Problem(code.strip(), sentence.strip() or page.reason, page.number)
    elif not page.words:
        yield Problem("blank_page", f"no word was found ({page.reason})", page.number)
    if tagged.dropped:
        read_count = len(page.words) - tagged.dropped
        yield Problem(
            "page_too_dense",
            f"the page has {len(page.words)} words; only the first {read_count} were read",
            page.number,
        )
