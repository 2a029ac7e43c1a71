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
from training.metrics.scoring import ScoredDocument, score_documents
from training.report.charts import charts_html
from training.report.contents import build_report, sort_worst_first
from training.report.files import replace_files, write_report

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


def scored_with(confident: bool = True, currency: str = "EUR") -> list[ScoredDocument]:
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
    return score_documents(documents, predictions)


def report_of(scored: list[ScoredDocument]) -> dict[str, Any]:
    return build_report(scored, {"corpus": "made", "made_at": "2026-01-02T03:04:05+00:00"})


def test_the_worst_documents_are_those_that_cost_most_items() -> None:
    def items(*cells: str) -> dict[str, Any]:
        shown = [{"amount": one} for one in cells]
        return {"document_type": "invoice", "line_items": shown, "fields": {"invoice_id": "4711"}}

    three = TrueItem(
        {"amount": "1.00", "quantity": "1", "unit_price": "1.00"},
        frozenset({"amount", "quantity", "unit_price"}),
    )
    documents = [
        true_document("two items", "1.00", "2.00"),
        true_document("one item of three cells", items=(three,)),
        true_document("header"),
        true_document("right", "1.00"),
    ]
    predictions = {
        "two items": items(),
        "one item of three cells": items(),
        "header": {"document_type": "invoice"},
        "right": items("1.00"),
    }
    scored = score_documents(documents, predictions)
    names = [one.truth.document_id for one in sort_worst_first(scored)]
    assert names == ["two items", "one item of three cells", "header"]
    assert [one["id"] for one in report_of(scored)["worst"]] == names[:2]  # only what cost items


def test_small_slices_come_last_and_one_of_everything_not_at_all() -> None:
    documents = [true_document(f"a-{n}", "1.00", extra={"layout": "a"}) for n in range(5)]
    documents += [true_document("b-0", "1.00", extra={"layout": "b"})]
    half = {"line_items": [line("1.00"), line("2.00")]}
    report = report_of(score_documents(documents, {f"a-{n}": half for n in range(5)}))
    slices = [(one["key"], one["value"], one["small"]) for one in report["worst_slices"]]
    assert slices == [("layout", "a", False), ("layout", "b", True)]
    assert [one["value"] for one in report["slices"]["layout"]] == ["b", "a"]  # worst first
    assert [one["value"] for one in report["slices"]["document type"]] == ["invoice"]


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
    # The 12 surest cells are right; of the others, from doc-11 down, doc-9 is the first wrong.
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
    charts = charts_html(report_of(score_documents(documents, predictions)))
    assert "header fields" in charts
    assert len(pictures(charts)) == 2


@pytest.mark.parametrize(
    "scored", [scored_with(confident=False), score_documents([true_document("a")], {})]
)
def test_nothing_is_drawn_of_nothing_and_the_page_says_so(scored: list[ScoredDocument]) -> None:
    charts = charts_html(report_of(scored))
    assert "<svg" not in charts
    assert "No charts: the predictions state no confidence" in charts


def written(folder: Path, report: dict[str, Any]) -> dict[str, str]:
    write_report(folder, report, charts_html(report), "<p>gallery</p>")
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}


def test_the_same_scores_give_the_same_bytes(tmp_path: Path) -> None:
    first = written(tmp_path / "a", report_of(scored_with()))
    assert sorted(first) == ["report.html", "report.json", "report.md"]
    assert first == written(tmp_path / "b", report_of(scored_with()))
    assert first == written(tmp_path / "a", report_of(scored_with()))  # written over


@pytest.mark.parametrize(
    ("damage", "heading", "told"),
    [
        ("none", "<h1>c: how well", False),
        ("as predicted", "<h1>c: how well", False),
        ("light", "<h1>c, light damage: how well", True),
        ("heavy", "<h1>c, heavy damage: how well", True),
    ],
)
def test_a_scan_is_called_one(tmp_path: Path, damage: str, heading: str, told: bool) -> None:
    settings = {"reader": "r", "words": "ocr", "damage": damage}
    report = build_report(scored_with(), {"corpus": "c", "settings": settings})
    texts = written(tmp_path, report)
    assert heading in texts["report.html"]
    assert ("scanned first" in texts["report.html"]) == told
    assert (f"c, {damage} damage" in texts["report.md"].splitlines()[0]) == told


def test_time_stands_in_one_place_only(tmp_path: Path) -> None:
    report = report_of(scored_with())
    first = written(tmp_path / "a", report)
    seconds = {"mean": 7.5, "median": 7.25, "highest": 9.0}
    later = report | {"timing": {"made_at": "2031-11-12T13:14:15+00:00", "seconds": seconds}}
    second = written(tmp_path / "b", later)
    for name in ("report.md", "report.html"):
        pairs = list(zip(first[name].splitlines(), second[name].splitlines(), strict=True))
        different = [new for old, new in pairs if old != new]
        assert len(different) == 1
        assert "Timing: seconds a document mean 7.50" in different[0]
        assert "2031-11-12" in different[0]
    assert json.loads(first["report.json"]) | {"timing": later["timing"]} == json.loads(
        second["report.json"]
    )


def test_the_page_fetches_nothing_and_is_well_formed(tmp_path: Path) -> None:
    page = written(tmp_path, report_of(scored_with()))["report.html"]
    tags = tags_of(page)
    names = {tag for tag, _ in tags.seen}
    assert not names & {"script", "link", "iframe", "object", "embed", "base"}
    for _, attributes in tags.seen:
        for name in ("src", "href", "data", "action", "poster"):
            assert str(attributes.get(name, "#")).startswith(("#", "data:")), attributes
    assert not re.search(r"@import|url\((?!#)", page)
    assert len(pictures(page)) == 2
    assert "<p>gallery</p>" in page


def test_text_of_a_document_is_no_markup(tmp_path: Path) -> None:
    report = report_of(
        score_documents([true_document(HOSTILE, "1.00", extra={"vendor": HOSTILE})], {})
    )
    files = written(tmp_path, report | {"corpus": HOSTILE, "failed": {HOSTILE: HOSTILE}})
    assert "script" not in {tag for tag, _ in tags_of(files["report.html"]).seen}
    assert "<script" not in files["report.md"]
    assert json.loads(files["report.json"])["corpus"] == HOSTILE


def test_decimals_are_strings_and_keys_keep_their_order(tmp_path: Path) -> None:
    report = report_of(scored_with()) | {"z": {"b": Decimal("1.50"), "a": 0.1 + 0.2}}
    text = written(tmp_path, report)["report.json"]
    assert json.loads(text)["z"] == {"b": "1.50", "a": 0.30000000000000004}
    assert list(json.loads(text)) == list(report)


@pytest.mark.parametrize(
    ("value", "error"), [(float("nan"), ValueError), (float("inf"), ValueError), ({1}, TypeError)]
)
def test_what_json_cannot_hold_is_refused_before_anything_is_written(
    tmp_path: Path, value: object, error: type[Exception]
) -> None:
    with pytest.raises(error):
        write_report(tmp_path / "out", report_of(scored_with()) | {"z": value})
    assert not (tmp_path / "out").exists()


def test_a_write_that_fails_leaves_the_old_files(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()  # cannot be replaced by a file
    (tmp_path / "a").write_text("old")
    with pytest.raises(OSError, match="b"):
        replace_files(tmp_path, {"b": "new", "a": "new"})
    assert (tmp_path / "a").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]
