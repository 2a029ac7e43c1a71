"""Two reports compared: paired intervals, verdicts in words, and the documents that changed."""

import json
from pathlib import Path
from typing import Any

import pytest

from training.report.comparison import compare_reports, comparison_tables, load_report


def count(wanted: int, predicted: int, right: int) -> dict[str, int]:
    return {"wanted": wanted, "predicted": predicted, "right": right}


def row(name: str, right: int = 2, *, predicted: int = 2, line: int = 1, **more: Any) -> Any:
    """A document of two items, `right` of them right, closed when both are."""
    items = count(2, predicted, right)
    return {
        "id": name,
        "line": line,
        "groups": {"layout": "a"},
        "items": items,
        "cells": {"amount": items},
        "description": items,
        "closed": right == 2,
        "type_right": True,
        "fields": {"invoice_total": count(1, 1, int(right > 0))},
    } | more


def report(*rows: Any, corpus: str = "c0ffee") -> dict[str, Any]:
    return {
        "corpus": "tea",
        "settings": {"reader": "checkpoint x"},
        "hashes": {"corpus": corpus},
        "per_document": list(rows),
    }


def difference(comparison: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [one for one in comparison["differences"] if one["name"] == name]
    return dict(found)


ALL_RIGHT = report(*(row(f"d{n}") for n in range(10)))
ALL_WRONG = report(*(row(f"d{n}", 0) for n in range(10)))
ONE_LOST = report(row("d0", 0), *(row(f"d{n}") for n in range(1, 10)))
# One item gained, one lost: the same F1 from other documents.
SWAPPED = (report(row("d0", 1), row("d1", 2)), report(row("d0", 2), row("d1", 1)))


@pytest.mark.parametrize(
    ("new", "old", "value", "verdict"),
    [
        (ALL_RIGHT, ALL_RIGHT, 0.0, "no clear difference"),
        (ALL_RIGHT, ALL_WRONG, 1.0, "better"),
        (ALL_WRONG, ALL_RIGHT, -1.0, "worse"),
        # d0 is not drawn in every third draw, so one document is never a clear difference
        (ONE_LOST, ALL_RIGHT, -0.1, "no clear difference"),
        (*SWAPPED, 0.0, "no clear difference"),
    ],
)
def test_a_difference_is_said_in_words(new, old, value, verdict):
    compared = compare_reports(new, old)
    found = difference(compared, "item_f1")
    assert found["difference"]["value"] == pytest.approx(value)
    assert found["verdict"] == verdict
    assert found["difference"]["low"] <= found["difference"]["value"] + 1e-12
    assert found["difference"]["high"] >= found["difference"]["value"] - 1e-12


def test_identical_reports_differ_in_nothing():
    compared = compare_reports(ALL_RIGHT, ALL_RIGHT)
    names = [one["name"] for one in compared["differences"]]
    assert names == [
        "item_f1",
        "cell_f1",
        "description_f1",
        "closed",
        "document_type",
        "fields.invoice_total",
    ]
    for one in compared["differences"]:
        assert one["difference"] == {"value": 0.0, "low": 0.0, "high": 0.0}
        assert one["better"] == one["worse"] == 0.0  # ties are neither
    assert compared["changed"] == []
    assert compared["notice"] == ""


def test_one_changed_document_is_drawn_in_two_draws_of_three():
    found = difference(compare_reports(ONE_LOST, ALL_RIGHT), "item_f1")
    assert found["worse"] == pytest.approx(1 - 0.9**10, abs=0.03)
    assert found["better"] == 0.0
    assert found["difference"]["high"] == 0.0


def test_the_same_documents_are_drawn_on_both_sides():
    """What is hard is hard for both: paired, the difference hardly varies."""
    new = report(*(row(f"d{n}", n % 3) for n in range(30)))
    old = report(*(row(f"d{n}", n % 3, predicted=3) for n in range(30)))
    found = difference(compare_reports(new, old), "item_f1")["difference"]
    assert found["value"] == pytest.approx(0.5 - 0.4)
    assert found["high"] - found["low"] < 0.1  # unpaired it would be about 0.35


@pytest.mark.parametrize(
    ("first", "second"), [(ONE_LOST, ALL_RIGHT), SWAPPED, (ALL_RIGHT, ALL_WRONG)]
)
def test_swapping_the_reports_turns_every_sign(first, second):
    there, back = compare_reports(first, second), compare_reports(second, first)
    for one, two in zip(there["differences"], back["differences"], strict=True):
        assert one["name"] == two["name"]
        assert one["difference"]["value"] == -two["difference"]["value"]
        assert one["difference"]["low"] == pytest.approx(-two["difference"]["high"], abs=1e-12)
        assert one["difference"]["high"] == pytest.approx(-two["difference"]["low"], abs=1e-12)
        assert (one["better"], one["worse"]) == (two["worse"], two["better"])
    assert there["counts"]["items_gained"] == back["counts"]["items_lost"]


def test_the_order_of_the_documents_changes_nothing():
    turned = report(*reversed(ONE_LOST["per_document"]))
    assert compare_reports(turned, ALL_RIGHT) == compare_reports(ONE_LOST, ALL_RIGHT)


def test_changed_documents_come_biggest_first_with_counts():
    new = report(row("a", 2), row("b", 0), row("c", 1, closed=True), row("d", 1, predicted=5))
    old = report(row("a", 1), row("b", 2), row("c", 1, closed=False), row("d", 1))
    compared = compare_reports(new, old)
    assert [one["id"] for one in compared["changed"]] == ["b", "a", "d", "c"]
    assert compared["changed"][0]["right"] == {"new": 0, "other": 2}
    assert compared["changed"][2]["wrong"] == {"new": 4, "other": 1}
    assert compared["counts"] == {
        "documents_gained": 1,
        "documents_lost": 1,
        "items_gained": 1,
        "items_lost": 2,
        "newly_closed": 2,
        "no_longer_closed": 1,
    }


def test_an_id_with_two_truths_is_two_documents():
    new = report(row("a", 2, line=1), row("a", 0, line=2))
    old = report(row("a", 2, line=1), row("a", 2, line=2))
    compared = compare_reports(new, old)
    assert [(one["id"], one["line"]) for one in compared["changed"]] == [("a", 2)]


def test_a_made_up_document_counts_against_the_side_that_made_it_up():
    invented = row("ghost", 0, items=count(0, 4, 0), closed=None, type_right=False, line=0)
    compared = compare_reports(report(row("a"), invented), report(row("a")))
    assert compared["only_new"] == [{"id": "ghost", "line": 0}]
    assert difference(compared, "item_f1")["new"] == pytest.approx(4 / 8)
    assert difference(compared, "item_f1")["other"] == 1.0


def test_a_document_of_the_truth_that_one_report_left_out_is_not_compared() -> None:
    compared = compare_reports(report(row("a"), row("b", 0)), report(row("a")))
    assert compared["only_new"] == [{"id": "b", "line": 1}]
    assert compared["documents"] == 1
    assert difference(compared, "item_f1")["difference"]["value"] == 0.0


def test_two_corpora_are_compared_on_their_common_documents_and_it_is_said():
    new = report(row("a", 2), row("b", 0), corpus="one")
    compared = compare_reports(new, report(row("a", 1), row("c", 2), corpus="two"))
    assert "only the 1 documents in both" in compared["notice"]
    assert compared["documents"] == 1
    assert difference(compared, "item_f1")["difference"]["value"] == pytest.approx(0.5)
    assert compared["only_new"] == [{"id": "b", "line": 1}]
    assert compared["only_other"] == [{"id": "c", "line": 1}]
    assert "different corpora" in comparison_tables(compared)[0].note


@pytest.mark.parametrize(
    ("new", "old", "message"),
    [
        (report(row("a"), corpus="one"), report(row("b"), corpus="two"), "no document is in both"),
        (report(row("a")), {"item_f1": 0.5}, "has no list 'per_document'"),
        (
            report(row("a")),
            report(row("a"), row("a")),
            "per_document.1: id 'a' line 1 is listed twice",
        ),
        (report(row("a", items={"wanted": -1})), report(row("a")), "per_document.0.items.wanted"),
        (report({"line": 1}), report(row("a")), "per_document.0.id"),
        (report(), report(), "no document is in both"),
    ],
)
def test_reports_that_cannot_be_compared_are_refused(new, old, message):
    with pytest.raises(ValueError, match=message):
        compare_reports(new, old)


def test_a_score_that_no_document_has_is_left_out():
    bare = report(row("a", description=None, closed=None, type_right=None, fields={}))
    assert [one["name"] for one in compare_reports(bare, bare)["differences"]] == [
        "item_f1",
        "cell_f1",
    ]


def test_a_report_is_found_in_its_folder_or_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text(json.dumps(ALL_RIGHT))
    assert load_report(tmp_path) == load_report(tmp_path / "report.json") == ALL_RIGHT


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "report.json: the report cannot be read"),
        ("{", "report.json: is not JSON"),
        ("[]", "want a report object, got a list"),
        ('{"item_f1": 0.9}', "report.json: the report has no list 'per_document'"),
    ],
)
def test_a_file_that_is_no_report_is_refused(tmp_path, content, message):
    if content is not None:
        (tmp_path / "report.json").write_text(content)
    with pytest.raises(ValueError, match=message) as refused:
        load_report(tmp_path)
    assert "\n" not in str(refused.value)


def test_the_tables_say_what_the_comparison_says():
    compared = compare_reports(report(row("a", 2), row("b")), report(row("a", 1), row("b")))
    scores, changed = comparison_tables(compared)
    assert scores.rows[0][:3] == ("item_f1", "1.000", "0.750")
    assert changed.rows == (("a", "1", "2", "1 → 2", "1 → 0", "no → yes"),)
    assert "1 gained 1 right items, 0 lost 0; 1 newly closed" in changed.note
