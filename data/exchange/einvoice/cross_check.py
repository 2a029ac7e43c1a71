"""E-invoices: the XML embedded in a PDF, read exactly and held against what its pages print.

Factur-X, ZUGFeRD, Order-X and XRechnung PDFs say everything twice. The XML is exact (source "edi",
confidence 1), but what a person approved is the page. Where both say the same, the document has the
XML's values in the page's places. Where they differ, the cell carries both readings, its confidence
falls to `einvoice_rows.DISPUTED`, below anything that is claimed on, and a problem names the two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from data import labels
from data.exchange.einvoice.embedded_files import find_embedded_xml
from data.exchange.einvoice.row_pairs import (
    SURE,
    cell_says,
    disputed,
    pair_rows,
    placed,
    same_price,
    with_tax,
)
from data.exchange.recognise import read_xml_document
from data.exchange.wire.edi_document import EdiDocument, extracted
from data.exchange.wire.errors import ExchangeError
from data.pages.attachments import Attachment
from data.records import ExtractedDocument, Field, LineItem, Page, Polygon, Problem
from data.values.printed_values import Prints, is_text_printed, read_prints, visible_names

_HEADER = (
    *("invoice_id", "po_number", "invoice_date", "order_date", "due_date", "purchase_order"),
    *("currency", "sub_total", "total_tax", "invoice_total", "amount_due"),
)
_BILLS = frozenset({"invoice", "credit_memo", "purchase_order"})
_SURE_TYPE = 0.9  # from which the page's own document type speaks against the XML's


def read_einvoice(attachment: Attachment) -> tuple[str, EdiDocument] | None:
    """(name of the embedded file, what it says); None where a file embeds no invoice XML.

    Raises `ExchangeError` for XML that is hostile, malformed or of another format.
    """
    if attachment.kind != "pdf":
        return None
    found = find_embedded_xml(attachment, attachment.name)
    if found is None:
        return None
    name, root = found
    return name, read_xml_document(root, f"{attachment.name}: {name}")


def held_against_einvoice(
    attachment: Attachment, read: Sequence[ExtractedDocument], pages: Sequence[Page]
) -> tuple[ExtractedDocument, ...]:
    """The documents `read` from the pages, the e-invoice's own replaced by what its XML says.

    Unchanged where the attachment embeds no e-invoice. XML that cannot be read, and every place
    where page and XML differ, is a problem of the document. An XML without lines (profiles MINIMUM
    and BASIC WL) leaves the page's lines.
    """
    try:
        found = read_einvoice(attachment)
    except ExchangeError as error:
        return _with_problem(read, Problem("einvoice_unreadable", str(error)))
    if found is None:
        return tuple(read)
    name, said = found
    printed = _printed_form(said, read)
    if not printed:
        return (*read, extracted(said, attachment.name))
    checked = _Check(name, said, _merged(printed), tuple(pages)).document()
    others = [one for one in read if all(one is not other for other in printed)]
    return (checked, *others)


def _with_problem(
    read: Sequence[ExtractedDocument], problem: Problem
) -> tuple[ExtractedDocument, ...]:
    return tuple(
        replace(one, problems=(*one.problems, problem)) if index == 0 else one
        for index, one in enumerate(read)
    )


def _printed_form(said: EdiDocument, read: Sequence[ExtractedDocument]) -> list[ExtractedDocument]:
    """The documents on the pages that are the XML's own, which may have been split in reading.

    A bill that is left over would bill the same lines again: one is left only where it has another
    number and no line of the XML.
    """
    number = said.fields.get("invoice_id") or said.fields.get("po_number")
    exact = extracted(said, "").line_items
    bills = [one for one in read if one.document_type.value in _BILLS]
    own = []
    for one in bills:
        leaf = one.fields.get("invoice_id") or one.fields.get("po_number")
        other = number is not None and leaf is not None and not cell_says(leaf, number)
        if not other or pair_rows(exact, one.line_items):
            own.append(one)
    return own or bills[:1] or list(read[:1])


def _merged(parts: Sequence[ExtractedDocument]) -> ExtractedDocument:
    """The parts of one printed document as one; the first that read a header field has it."""
    first, *more = parts
    fields: dict[str, Field] = {}
    for part in parts:
        fields = dict(part.fields) | fields
    return (
        replace(
            first,
            fields=fields,
            line_items=tuple(item for part in parts for item in part.line_items),
            pages=tuple(page for part in parts for page in part.pages),
            problems=tuple(problem for part in parts for problem in part.problems),
        )
        if more
        else first
    )


@dataclass(frozen=True)
class _Check:
    """One e-invoice held against the document that was read from its pages."""

    name: str
    said: EdiDocument
    read: ExtractedDocument
    pages: tuple[Page, ...]

    @cached_property
    def prints(self) -> Prints:
        return read_prints(self.pages)

    def document(self) -> ExtractedDocument:
        exact = extracted(self.said, self.read.document_id)
        problems = list(exact.problems)
        # Names and numbers that only the page has; its sums would be counted beside the XML's.
        only_read = {
            name: leaf for name, leaf in self.read.fields.items() if name not in labels.DECIMAL_TAGS
        }
        fields = only_read | dict(exact.fields)
        for name in _HEADER:
            if name in exact.fields:
                fields[name] = self._header_cell(name, exact.fields[name], problems)
        lines = self._lines(exact, problems) if self.said.lines else self.read.line_items
        return replace(
            exact,
            document_type=self._type(exact.document_type, problems),
            fields=fields,
            line_items=lines,
            pages=self.read.pages,
            problems=(*self.read.problems, *problems),
        )

    def _differs(self, what: str, ours: Field, theirs: Field) -> Problem:
        return Problem(
            "einvoice_differs_from_page",
            f"{what} is {ours.text!r} in {self.name} and {theirs.text!r} on the page",
            theirs.page,
        )

    def _type(self, ours: Field, problems: list[Problem]) -> Field:
        theirs = self.read.document_type
        sure = theirs.value in _BILLS and theirs.confidence >= _SURE_TYPE
        if not sure or ours.value == "other" or ours.value == theirs.value:
            return ours
        problems.append(self._differs("the document type", ours, theirs))
        return disputed(ours, theirs)

    def _header_cell(self, name: str, ours: Field, problems: list[Problem]) -> Field:
        theirs = self.read.fields.get(name)
        if theirs is None or theirs.value is None:
            return ours
        if cell_says(theirs, ours.value):
            return placed(ours, theirs)
        # Pages print the sum of the lines or the sum after allowances: the XML has both.
        others = {self.said.fields.get(other) for other in ("sub_total", "taxable_total")} - {None}
        stated = others if name == "sub_total" else {ours.text}
        prints = self._prints_beside(theirs)
        printed = any(visible_names({name: str(text)}, prints) for text in stated)
        if printed or theirs.confidence < SURE or theirs.source == "derived":
            return ours
        problems.append(self._differs(name, ours, theirs))
        return disputed(ours, theirs)

    def _lines(self, exact: ExtractedDocument, problems: list[Problem]) -> tuple[LineItem, ...]:
        # Charges on the whole invoice stand in rows of their own or not at all.
        count = len(self.said.lines)
        ours, charges = exact.line_items[:count], exact.line_items[count:]
        pairs = pair_rows(ours, self.read.line_items)
        checked = [
            self._line(number, line, self.read.line_items[pairs[number]], problems)
            if number in pairs
            else self._unpaired(number, line, problems)
            for number, line in enumerate(ours)
        ]
        for index, row in enumerate(self.read.line_items):
            if index not in pairs.values():
                self._only_on_page(row, problems)
        return (*checked, *charges)

    def _line(
        self, number: int, ours: LineItem, theirs: LineItem, problems: list[Problem]
    ) -> LineItem:
        """The line with the places of its row, each number compared."""
        changed: dict[str, Field] = {}
        for name in ("quantity", "unit_price", "amount"):
            mine, other = ours.field(name), theirs.field(name)
            if mine is None or mine.value is None or other is None or other.value is None:
                continue
            if self._agrees(name, number, ours, theirs):
                changed[name] = placed(mine, other)
            elif self._speaks(name, mine, other, theirs):
                problems.append(self._differs(f"{name} of line {number + 1}", mine, other))
                changed[name] = disputed(mine, other)
        return replace(
            ours,
            quantity=changed.get("quantity", ours.quantity),
            unit_price=changed.get("unit_price", ours.unit_price),
            amount=changed.get("amount", ours.amount),
            page=theirs.page,
            row_polygon=theirs.row_polygon,
        )

    def _agrees(self, name: str, number: int, ours: LineItem, theirs: LineItem) -> bool:
        mine, other = ours.field(name), theirs.field(name)
        if mine is None or other is None:
            return True
        # Credits are printed with either sign.
        credit = self.said.document_type == "credit_memo"
        turned = -mine.decimal if credit and mine.decimal is not None else None
        if cell_says(other, mine.value) or cell_says(other, turned):
            return True
        if name == "amount":
            return cell_says(other, with_tax(ours))
        gross = self.said.lines[number].values.get("gross_unit_price")
        return name == "unit_price" and same_price(ours, theirs, gross)

    def _speaks(self, name: str, mine: Field, other: Field, row: LineItem) -> bool:
        """Whether the page speaks against the XML: read surely, and the XML's value not printed."""
        if other.confidence < SURE or other.source == "derived":
            return False
        prints = self._prints_beside(other, row)
        return not visible_names({name: mine.text or ""}, prints)

    def _prints_beside(self, cell: Field, row: LineItem | None = None) -> Prints:
        """What the page (or the band of a row) prints that is not in another cell that was read.

        The line's number 1 is no print of a quantity of 1, nor the sub-total one of the total.
        """
        pages = []
        for page in self.pages:
            if row is not None and row.page is not None and page.number != row.page:
                continue
            taken = [
                leaf.polygon
                for leaf in self._read_leaves
                if leaf.page == page.number and leaf.polygon and leaf.polygon != cell.polygon
            ]
            band = _band(page, row)
            words = [
                word
                for word in page.words
                if _inside(page.polygon(word.box), band)
                and not any(_inside(page.polygon(word.box), _bounds(one)) for one in taken)
            ]
            pages.append(replace(page, words=tuple(words)))
        return read_prints(pages)

    @cached_property
    def _read_leaves(self) -> tuple[Field, ...]:
        """Every cell of the page that was read and is smaller than its row."""
        cells = (
            leaf
            for row in self.read.line_items
            for name in labels.LINE_FIELDS
            if (leaf := row.field(name)) is not None and leaf.polygon != row.row_polygon
        )
        return (*self.read.fields.values(), *cells)

    def _unpaired(self, number: int, line: LineItem, problems: list[Problem]) -> LineItem:
        """A line of the XML whose row was not read: a problem when the page does not print it."""
        amount = line.amount.decimal if line.amount is not None else None
        name = line.description.text if line.description is not None else None
        shown = amount is not None and not {amount, -amount}.isdisjoint(self.prints.numbers)
        if not shown and not (name and is_text_printed(name, self.prints)):
            problems.append(
                Problem(
                    "einvoice_line_not_on_page",
                    f"line {number + 1} of {self.name} ({name or 'no name'}, {amount}) is not "
                    "printed on the page",
                )
            )
        return line

    def _only_on_page(self, row: LineItem, problems: list[Problem]) -> None:
        """A row that was read surely and whose amount the XML does not have anywhere."""
        leaf = row.amount
        if row.line_type != "item" or leaf is None or leaf.decimal is None:
            return
        if leaf.confidence < SURE or not leaf.decimal or row.quantity is None:
            return
        if abs(leaf.decimal) not in self._stated_amounts():
            problems.append(
                Problem(
                    "page_line_not_in_einvoice",
                    f"a row with the amount {leaf.text} is printed and is not in {self.name}",
                    row.page,
                )
            )

    def _stated_amounts(self) -> set[Decimal]:
        """Every amount of the XML, as it stands and with its tax."""
        rows = (*self.said.lines, *self.said.excluded, *self.said.charges)
        exact = extracted(replace(self.said, lines=rows, charges=()), "").line_items
        found = {abs(one.amount.decimal) for one in exact if one.amount and one.amount.decimal}
        found |= {abs(taxed) for one in exact if (taxed := with_tax(one)) is not None}
        fields: Mapping[str, Field] = extracted(self.said, "").fields
        return found | {abs(leaf.decimal) for leaf in fields.values() if leaf.decimal is not None}


_Bounds = tuple[float, float, float, float]  # left, top, right, bottom in fractions of the page


def _bounds(polygon: Polygon) -> _Bounds:
    return min(polygon[::2]), min(polygon[1::2]), max(polygon[::2]), max(polygon[1::2])


def _band(page: Page, row: LineItem | None) -> _Bounds:
    """The strip of the page that a row stands in, from edge to edge; else the whole page."""
    if row is None or row.row_polygon is None:
        return 0.0, 0.0, 1.0, 1.0
    left, top, right, bottom = _bounds(row.row_polygon)
    # On a page that lies on its side rows run upwards.
    return (left, 0.0, right, 1.0) if page.rotation in (90, 270) else (0.0, top, 1.0, bottom)


def _inside(polygon: Polygon, bounds: _Bounds) -> bool:
    """Whether the middle of a word lies within."""
    left, top, right, bottom = _bounds(polygon)
    x, y = (left + right) / 2, (top + bottom) / 2
    return bounds[0] <= x <= bounds[2] and bounds[1] <= y <= bounds[3]
