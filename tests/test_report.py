"""The files of a report: the same bytes for the same run, charts inside, nothing fetched."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from data.corpora.truth import TrueDocument, TrueItem
from training.report.charts import charts_html
from training.report.contents import build_report
from training.scoring import Scored, score

HOSTILE = '<script>alert("x")</script> & \'"; ]]> \u202eevil\u0000 \ud800 שלום ' + "a" * 10_000


def true_document(name: str, *amounts: str, **more: Any) -> TrueDocument:
    items = tuple(
        TrueItem({"amount": amount, "description": f"Bolt {amount}"}, frozenset({"amount"}))
        for amount in amounts
    )
    given: dict[str, Any] = {
        "path": None,
        "document_type": "invoice",
        "fields": {"currency": "EUR", "invoice_id": "4711"},
        "fields_visible": frozenset({"invoice_id"}),
        "items": items,
        "excluded": (),
        "labels": "made here",
        "extra": {},
    }
    return TrueDocument(document_id=name, **given | more)


def line(amount: str, confidence: float | None = None) -> dict[str, Any]:
    said: dict[str, Any] = {"amount": amount}
    return said if confidence is None else said | {"confidence": {"amount": confidence}}


def scored_with(confident: bool = True, currency: str = "EUR") -> list[Scored]:
    """Twelve documents of two items; every third document has one read wrong, not so surely."""
    documents, predictions = [], {}
    for number in range(12):
        name = f"doc-{number}"
        fields = {"currency": currency, "invoice_id": "4711"}
        documents.append(true_document(name, "10.00", "20.00", fields=fields))
        wrong = number % 3 == 0
        sure = (0.99 - number / 2000, 0.6 + number / 100) if confident else (None, None)
        lines = [line("10.00", sure[0]), line("21.00" if wrong else "20.00", sure[1])]
        predictions[name] = {"id": name, "document_type": "invoice", "line_items": lines}
    return score(documents, predictions)


def report_of(scored: list[Scored]) -> dict[str, Any]:
    return build_report(scored, {"corpus": "made", "made_at": "2026-01-02T03:04:05+00:00"})


def pictures(page: str) -> list[ElementTree.Element]:
    """The SVG elements of a page, each of which must be well-formed XML."""
    return [ElementTree.fromstring(found) for found in re.findall(r"<svg .*?</svg>", page, re.S)]


class Tags(HTMLParser):
    """All tags with their attributes, and those that are left open."""

    void = frozenset({"meta", "link", "br", "img", "hr", "image", "input", "col"})

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, Mapping[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attributes)))
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attributes)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def tags_of(page: str) -> Tags:
    found = Tags()
    found.feed(page)
    found.close()
    assert found.open == []
    return found


def test_the_charts_are_the_same_bytes_and_well_formed() -> None:
    report = report_of(scored_with())
    charts = charts_html(report)
    assert charts == charts_html(report)
    coverage, reliability = pictures(charts)
    assert "coverage" in coverage.attrib["aria-label"]
    assert "Reliability" in reliability.attrib["aria-label"]
    assert charts.count("<figcaption>") == 2


def test_two_charts_in_a_page_do_not_touch_each_other_or_the_page() -> None:
    tags = tags_of(charts_html(report_of(scored_with())))
    ids = [attributes["id"] for _, attributes in tags.seen if "id" in attributes]
    assert ids
    assert len(ids) == len(set(ids))
    assert "style" not in {tag for tag, _ in tags.seen}
    used = {a["href"] for tag, a in tags.seen if tag == "use"}
    assert used <= {f"#{name}" for name in ids}


def test_the_charts_take_the_colours_of_the_page() -> None:
    charts = charts_html(report_of(scored_with()))
    assert "var(--ink)" in charts
    assert not re.findall(r"(?:fill|stroke): #", charts)


def test_the_captions_say_the_figures() -> None:
    charts = charts_html(report_of(scored_with()))
    # The 12 surest cells are right, then the other twelve from doc-11 down: doc-9 is the first wrong
    assert "58 % of 24 pass before more than 1 % of what passed is wrong" in charts
    assert "Of the 12 line cells stated at 98.7 % on average, 100.0 % are right" in charts


@pytest.mark.parametrize("currency", ["$", "<b>", "_", "€" * 40, "\u202eRUE", ""])
def test_a_currency_of_any_spelling_draws(currency: str) -> None:
    charts = charts_html(report_of(scored_with(currency=currency)))
    assert len(pictures(charts)) == 2
    assert "<b>" not in charts


def test_header_fields_are_drawn_where_no_line_states_a_confidence() -> None:
    documents = [true_document(f"doc-{n}") for n in range(4)]
    predictions = {
        f"doc-{n}": {"fields": {"invoice_id": "4711"}, "confidence": {"invoice_id": 0.9}}
        for n in range(4)
    }
    charts = charts_html(report_of(score(documents, predictions)))
    assert "header fields" in charts
    assert len(pictures(charts)) == 2


@pytest.mark.parametrize("scored", [scored_with(confident=False), score([true_document("a")], {})])
def test_nothing_is_drawn_of_nothing_and_the_page_says_so(scored: list[Scored]) -> None:
    charts = charts_html(report_of(scored))
    assert "<svg" not in charts
    assert "No charts: the predictions state no confidence" in charts
