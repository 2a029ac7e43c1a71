"""A verdict as CSV (RFC 4180) for a spreadsheet that must show vendors' text and never run it.

A cell that begins with `=`, `+`, `-`, `@`, a tab or a return is a formula to Excel, LibreOffice
and Google Sheets; an apostrophe before it makes it text (OWASP, CSV injection). Numbers are ours,
written from Decimal, and stay numbers: a credit of -4.00 can be added up.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from data.safe_text import display_text

Json = Mapping[str, Any]

COLUMNS = (
    *("po_number", "status", "row", "po_line_number", "description", "code", "state"),
    *("billed", "ordered", "received", "unit", "quantity", "amount", "currency"),
    *("confidence", "document", "page", "formula", "explanation"),
)
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_NUMBERS = frozenset({"billed", "ordered", "received", "quantity", "amount", "confidence", "page"})
# Also behind a semicolon: it parts cells where a comma is the decimal mark. The full-width signs
# are taken for the others by spreadsheets set to Chinese or Japanese.
_FORMULA = re.compile(r"(^|;)(\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


def verdict_csv(verdict: Json) -> str:
    """Return one row for each line without a finding, each finding, short payment and problem.

    The column `row` is its kind. Problems that kept documents from being read are in it too: a
    sheet without claims is not a sheet without trouble.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for row in _rows(verdict):
        values = {"po_number": verdict.get("po_number"), "status": verdict.get("status"), **row}
        writer.writerow([_cell(name, values.get(name)) for name in COLUMNS])
    return stream.getvalue()


def text_cell(text: str) -> str:
    """Return the text as a cell that no spreadsheet takes for a formula.

    >>> text_cell("=1+1"), text_cell("M8; -5"), text_cell("A-1")
    ("'=1+1", "M8;' -5", 'A-1')
    """
    return _FORMULA.sub(r"\1'\2", display_text(text))


def _cell(name: str, value: object) -> str:
    if value is None:
        return ""
    text = str(value)
    return text if name in _NUMBERS and _NUMBER.fullmatch(text) else text_cell(text)


def line_key(row: Json) -> tuple[object, object]:
    """Return what names the order line of a finding or a line: its order and its number."""
    return row.get("po_number"), row.get("po_line_number")


def _rows(verdict: Json) -> Iterator[dict[str, object]]:
    papers = verdict.get("papers", {})
    lines = verdict.get("lines", ())
    findings = verdict.get("variances", ())
    found_on = {line_key(finding) for finding in findings}
    by_key = {line_key(line): line for line in lines if line.get("po_line_number") is not None}
    for line in lines:
        if line.get("po_line_number") is None or line_key(line) not in found_on:
            yield {
                **_line(line),
                "row": "line",
                "code": line.get("verdict"),
                "explanation": " ".join(line.get("reasons", ())),
                "document": papers.get(line.get("document_id"), line.get("document_id")),
                "page": line.get("page"),
            }
    for finding in findings:
        place: Json = next(iter(finding.get("evidence", ())), {})
        yield {
            **(_line(by_key[line_key(finding)]) if line_key(finding) in by_key else {}),
            **{name: finding.get(name) for name in ("code", "state", "quantity", "amount")},
            **{name: finding.get(name) for name in ("currency", "confidence", "formula")},
            "row": "finding",
            "unit": finding.get("unit"),
            "explanation": finding.get("explanation"),
            "document": papers.get(place.get("document_id"), place.get("document_id")),
            "page": place.get("page"),
        }
    yield from _settlement_rows(verdict)
    for problem in verdict.get("problems", ()):
        yield {
            "row": "problem",
            "code": problem.get("code"),
            "page": problem.get("page"),
            "explanation": problem.get("message"),
        }


def _settlement_rows(verdict: Json) -> Iterator[dict[str, object]]:
    for settlement in verdict.get("settlements", ()):
        yield {
            **{
                name: settlement.get(name)
                for name in ("po_line_number", "unit", "currency", "formula")
            },
            "row": "settlement",
            "code": settlement.get("recommendation"),
            "amount": settlement.get("repay"),
            "confidence": settlement.get("confidence"),
            "document": settlement.get("invoice_id"),
            "explanation": " ".join(settlement.get("reasons", ())),
        }


def _line(line: Json) -> dict[str, object]:
    names = ("po_line_number", "description", "billed", "ordered", "received", "unit")
    order = {"po_number": line["po_number"]} if line.get("po_number") else {}
    return order | {name: line.get(name) for name in names}
