"""E-invoices: the XML embedded in a PDF compared with the printed pages, differences reported.

Factur-X, ZUGFeRD, Order-X and XRechnung PDFs contain every value twice. The XML is exact (source
"edi", confidence 1), but a person approved the page. Where both agree, the document has the XML's
values in the page's places. Where they differ, the cell has both readings, its confidence falls to
`row_pairs.DISPUTED`, too low for any claim, and a problem names the two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from data import labels
from data.exchange.einvoice.embedded_files import find_embedded_xml
from data.exchange.einvoice.row_pairs import (
    MIN_CONFIDENCE,
    amount_with_tax,
    disputed_field,
    field_with_place,
    has_reading,
    is_same_price,
    pair_rows,
)
from data.exchange.recognise import read_xml_document
from data.exchange.wire.edi_document import EdiDocument, to_extracted_document
from data.exchange.wire.errors import ExchangeError
from data.pages.attachments import Attachment
from data.records import ExtractedDocument, Field, LineItem, Page, Polygon, Problem
from data.values.printed_values import (
    PrintedValues,
    is_text_printed,
    printed_names,
    read_printed_values,
)

_HEADER = (
    *("invoice_id", "po_number", "invoice_date", "order_date", "due_date", "purchase_order"),
    *("currency", "sub_total", "total_tax", "invoice_total", "amount_due"),
)
_BILLS = frozenset({"invoice", "credit_memo", "purchase_order"})
_MIN_TYPE_CONFIDENCE = 0.9  # from which the page's document type can contradict the XML's


def read_einvoice(attachment: Attachment) -> tuple[str, EdiDocument] | None:
    """Return (name of the embedded file, its document); None where a file embeds no invoice XML.

    Raises `ExchangeError` for XML that is hostile, malformed or of another format.
    """
    if attachment.kind != "pdf":
        return None
    embedded = find_embedded_xml(attachment, attachment.name)
    if embedded is None:
        return None
    name, root = embedded
    return name, read_xml_document(root, f"{attachment.name}: {name}")


def compare_with_einvoice(
    attachment: Attachment, documents: Sequence[ExtractedDocument], pages: Sequence[Page]
) -> tuple[ExtractedDocument, ...]:
    """Return the documents of the pages, with the e-invoice's replaced by that of its XML.

    Unchanged where the attachment embeds no e-invoice. XML that cannot be read, and every place
    where page and XML differ, is a problem of the document. An XML without lines (profiles MINIMUM
    and BASIC WL) keeps the page's lines.
    """
    try:
        embedded = read_einvoice(attachment)
    except ExchangeError as error:
        return _with_problem(documents, Problem("einvoice_unreadable", str(error)))
    if embedded is None:
        return tuple(documents)
    name, invoice = embedded
    printed = _printed_documents(invoice, documents)
    if not printed:
        return (*documents, to_extracted_document(invoice, attachment.name))
    checked = _Comparison(name, invoice, _merge_parts(printed), tuple(pages)).document()
    others = [document for document in documents if all(document is not other for other in printed)]
    return (checked, *others)


def _with_problem(
    documents: Sequence[ExtractedDocument], problem: Problem
) -> tuple[ExtractedDocument, ...]:
    return tuple(
        replace(document, problems=(*document.problems, problem)) if index == 0 else document
        for index, document in enumerate(documents)
    )


def _printed_documents(
    invoice: EdiDocument, documents: Sequence[ExtractedDocument]
) -> list[ExtractedDocument]:
    """Return the documents of the pages that print the XML's, which reading may have split.

    A bill that remained would bill the same lines again: one remains only where it has another
    number and no line of the XML.
    """
    number = invoice.fields.get("invoice_id") or invoice.fields.get("po_number")
    exact = to_extracted_document(invoice, "").line_items
    bills = [document for document in documents if document.document_type.value in _BILLS]
    printed = []
    for bill in bills:
        leaf = bill.fields.get("invoice_id") or bill.fields.get("po_number")
        has_other_number = number is not None and leaf is not None and not has_reading(leaf, number)
        if not has_other_number or pair_rows(exact, bill.line_items):
            printed.append(bill)
    return printed or bills[:1] or list(documents[:1])


def _merge_parts(parts: Sequence[ExtractedDocument]) -> ExtractedDocument:
    """Return the parts of one printed document as one; the first part with a header field wins."""
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
class _Comparison:
    """A comparison of one e-invoice with the document that was read from its pages."""

    name: str
    invoice: EdiDocument
    page_document: ExtractedDocument
    pages: tuple[Page, ...]

    @cached_property
    def printed_values(self) -> PrintedValues:
        return read_printed_values(self.pages)

    def document(self) -> ExtractedDocument:
        exact = to_extracted_document(self.invoice, self.page_document.document_id)
        problems = list(exact.problems)
        # Names and numbers that only the page has; its sums would be counted twice with the XML's.
        only_read = {
            name: leaf
            for name, leaf in self.page_document.fields.items()
            if name not in labels.DECIMAL_TAGS
        }
        fields = only_read | dict(exact.fields)
        for name in _HEADER:
            if name in exact.fields:
                fields[name] = self._header_cell(name, exact.fields[name], problems)
        lines = (
            self._lines(exact, problems) if self.invoice.lines else self.page_document.line_items
        )
        return replace(
            exact,
            document_type=self._document_type(exact.document_type, problems),
            fields=fields,
            line_items=lines,
            pages=self.page_document.pages,
            problems=(*self.page_document.problems, *problems),
        )

    def _difference_problem(self, what: str, xml_field: Field, page_field: Field) -> Problem:
        return Problem(
            "einvoice_differs_from_page",
            f"{what} is {xml_field.text!r} in {self.name} and {page_field.text!r} on the page",
            page_field.page,
        )

    def _document_type(self, xml_field: Field, problems: list[Problem]) -> Field:
        page_field = self.page_document.document_type
        is_certain = page_field.value in _BILLS and page_field.confidence >= _MIN_TYPE_CONFIDENCE
        if not is_certain or xml_field.value == "other" or xml_field.value == page_field.value:
            return xml_field
        problems.append(self._difference_problem("the document type", xml_field, page_field))
        return disputed_field(xml_field, page_field)

    def _header_cell(self, name: str, xml_field: Field, problems: list[Problem]) -> Field:
        page_field = self.page_document.fields.get(name)
        if page_field is None or page_field.value is None:
            return xml_field
        if has_reading(page_field, xml_field.value):
            return field_with_place(xml_field, page_field)
        # Pages print the sum of the lines or the sum after allowances: the XML has both.
        sums = {self.invoice.fields.get(total) for total in ("sub_total", "taxable_total")}
        stated = sums - {None} if name == "sub_total" else {xml_field.text}
        printed_values = self._printed_outside_other_cells(page_field)
        is_printed = any(printed_names({name: str(text)}, printed_values) for text in stated)
        if is_printed or page_field.confidence < MIN_CONFIDENCE or page_field.source == "derived":
            return xml_field
        problems.append(self._difference_problem(name, xml_field, page_field))
        return disputed_field(xml_field, page_field)

    def _lines(self, exact: ExtractedDocument, problems: list[Problem]) -> tuple[LineItem, ...]:
        # Charges on the whole invoice are printed in rows of their own or not at all.
        count = len(self.invoice.lines)
        xml_lines, charges = exact.line_items[:count], exact.line_items[count:]
        pairs = pair_rows(xml_lines, self.page_document.line_items)
        checked = [
            self._line(number, line, self.page_document.line_items[pairs[number]], problems)
            if number in pairs
            else self._line_without_row(number, line, problems)
            for number, line in enumerate(xml_lines)
        ]
        for index, row in enumerate(self.page_document.line_items):
            if index not in pairs.values():
                self._report_row_without_line(row, problems)
        return (*checked, *charges)

    def _line(
        self, number: int, line: LineItem, row: LineItem, problems: list[Problem]
    ) -> LineItem:
        """Return the line with the places of its row, each number compared."""
        changed: dict[str, Field] = {}
        for name in ("quantity", "unit_price", "amount"):
            xml_cell, page_cell = line.field(name), row.field(name)
            if (
                xml_cell is None
                or xml_cell.value is None
                or page_cell is None
                or page_cell.value is None
            ):
                continue
            if self._is_confirmed(name, number, line, row):
                changed[name] = field_with_place(xml_cell, page_cell)
            elif self._contradicts(name, xml_cell, page_cell, row):
                problems.append(
                    self._difference_problem(f"{name} of line {number + 1}", xml_cell, page_cell)
                )
                changed[name] = disputed_field(xml_cell, page_cell)
        return replace(
            line,
            quantity=changed.get("quantity", line.quantity),
            unit_price=changed.get("unit_price", line.unit_price),
            amount=changed.get("amount", line.amount),
            page=row.page,
            row_polygon=row.row_polygon,
        )

    def _is_confirmed(self, name: str, number: int, line: LineItem, row: LineItem) -> bool:
        xml_cell, page_cell = line.field(name), row.field(name)
        if xml_cell is None or page_cell is None:
            return True
        # Credits are printed with either sign.
        credit = self.invoice.document_type == "credit_memo"
        negated = -xml_cell.decimal if credit and xml_cell.decimal is not None else None
        if has_reading(page_cell, xml_cell.value) or has_reading(page_cell, negated):
            return True
        if name == "amount":
            return has_reading(page_cell, amount_with_tax(line))
        gross = self.invoice.lines[number].values.get("gross_unit_price")
        return name == "unit_price" and is_same_price(line, row, gross)

    def _contradicts(self, name: str, xml_cell: Field, page_cell: Field, row: LineItem) -> bool:
        """Return whether the page contradicts the XML: confident, and XML value not printed."""
        if page_cell.confidence < MIN_CONFIDENCE or page_cell.source == "derived":
            return False
        printed_values = self._printed_outside_other_cells(page_cell, row)
        return not printed_names({name: xml_cell.text or ""}, printed_values)

    def _printed_outside_other_cells(
        self, cell: Field, row: LineItem | None = None
    ) -> PrintedValues:
        """Return the values printed on the page (or in a row's strip) outside of other read cells.

        A line number 1 does not print a quantity of 1, nor the sub-total the total.
        """
        pages = []
        for page in self.pages:
            if row is not None and row.page is not None and page.number != row.page:
                continue
            other_cells = [
                leaf.polygon
                for leaf in self._read_leaves
                if leaf.page == page.number and leaf.polygon and leaf.polygon != cell.polygon
            ]
            strip = _row_strip(page, row)
            words = [
                word
                for word in page.words
                if _is_inside(page.polygon(word.box), strip)
                and not any(
                    _is_inside(page.polygon(word.box), _bounding_box(polygon))
                    for polygon in other_cells
                )
            ]
            pages.append(replace(page, words=tuple(words)))
        return read_printed_values(pages)

    @cached_property
    def _read_leaves(self) -> tuple[Field, ...]:
        """Return every cell of the page that was read and is smaller than its row."""
        cells = (
            leaf
            for row in self.page_document.line_items
            for name in labels.LINE_FIELDS
            if (leaf := row.field(name)) is not None and leaf.polygon != row.row_polygon
        )
        return (*self.page_document.fields.values(), *cells)

    def _line_without_row(self, number: int, line: LineItem, problems: list[Problem]) -> LineItem:
        """Return a line of the XML without a row; a problem when the page does not print it."""
        amount = line.amount.decimal if line.amount is not None else None
        name = line.description.text if line.description is not None else None
        is_printed = amount is not None and not {amount, -amount}.isdisjoint(
            self.printed_values.numbers
        )
        if not is_printed and not (name and is_text_printed(name, self.printed_values)):
            problems.append(
                Problem(
                    "einvoice_line_not_on_page",
                    f"line {number + 1} of {self.name} ({name or 'no name'}, {amount}) is not "
                    "printed on the page",
                )
            )
        return line

    def _report_row_without_line(self, row: LineItem, problems: list[Problem]) -> None:
        """Add a problem for a confidently read row whose amount is nowhere in the XML."""
        leaf = row.amount
        if row.line_type != "item" or leaf is None or leaf.decimal is None:
            return
        if leaf.confidence < MIN_CONFIDENCE or not leaf.decimal or row.quantity is None:
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
        """Return every amount of the XML, without and with its tax."""
        rows = (*self.invoice.lines, *self.invoice.excluded, *self.invoice.charges)
        exact = to_extracted_document(replace(self.invoice, lines=rows, charges=()), "").line_items
        amounts = {
            abs(line.amount.decimal) for line in exact if line.amount and line.amount.decimal
        }
        amounts |= {abs(taxed) for line in exact if (taxed := amount_with_tax(line)) is not None}
        fields: Mapping[str, Field] = to_extracted_document(self.invoice, "").fields
        return amounts | {abs(leaf.decimal) for leaf in fields.values() if leaf.decimal is not None}


_Bounds = tuple[float, float, float, float]  # left, top, right, bottom in fractions of the page


def _bounding_box(polygon: Polygon) -> _Bounds:
    return min(polygon[::2]), min(polygon[1::2]), max(polygon[::2]), max(polygon[1::2])


def _row_strip(page: Page, row: LineItem | None) -> _Bounds:
    """Return the strip of the page with a row, from edge to edge; the whole page without one."""
    if row is None or row.row_polygon is None:
        return 0.0, 0.0, 1.0, 1.0
    left, top, right, bottom = _bounding_box(row.row_polygon)
    # On a page that lies on its side rows run upwards.
    return (left, 0.0, right, 1.0) if page.rotation in (90, 270) else (0.0, top, 1.0, bottom)


def _is_inside(polygon: Polygon, bounds: _Bounds) -> bool:
    """Return whether the centre of a word is within the bounds."""
    left, top, right, bottom = _bounding_box(polygon)
    x, y = (left + right) / 2, (top + bottom) / 2
    return bounds[0] <= x <= bounds[2] and bounds[1] <= y <= bounds[3]
