"""Errors by cause: each kind of wrong number and row, what is no error, and how they are shown."""

from collections.abc import Mapping
from typing import Any

import pytest

from data.corpora.truth import TrueDocument, TrueItem
from training.evaluation.error_causes import cause_table, count_causes, find_errors
from training.metrics.scoring import ScoredDocument, score_documents
from training.report.page import show_charts, show_gallery, show_tables

BOLT = {"description": "Bolt", "quantity": "4", "unit_price": "2.50", "amount": "10.00"}
NUT = {"description": "Nut", "quantity": "7", "unit_price": "3.00", "amount": "21.00"}


def scored(*lines: Mapping[str, str], **more: Any) -> ScoredDocument:
    items = tuple(
        TrueItem(values, frozenset(values), (values["description"],)) for values in (BOLT, NUT)
    )
    truth = TrueDocument("a", None, "invoice", {}, frozenset(), items, (), "test", {})
    prediction = {"id": "a", "line_items": list(lines), "fields": {}, **more}
    return score_documents([truth], {"a": prediction})[0]


@pytest.mark.parametrize(
    ("name", "read", "cause"),
    [
        ("quantity", None, "value not read"),
        ("quantity", "10.00", "wrong column"),
        ("quantity", "7", "wrong row"),
        ("quantity", "-4", "sign"),
        ("quantity", "40", "decimal point"),
        ("unit_price", "0.25", "decimal point"),
        ("amount", "10000.00", "decimal point"),
        ("amount", "100000.00", "value misread"),
        ("amount", "10.01", "value misread"),
        ("amount", "0", "value misread"),
    ],
)
def test_a_wrong_number_has_one_cause(name: str, read: str | None, cause: str) -> None:
    line = {key: value for key, value in (BOLT | {name: read}).items() if value is not None}
    errors = find_errors(scored(line, NUT))
    assert [(error.row, error.name, error.cause) for error in errors] == [(1, name, cause)]
    assert (errors[0].true, errors[0].read) == (BOLT[name], read)


def test_what_is_right_within_half_a_cent_is_no_error() -> None:
    assert find_errors(scored(BOLT | {"amount": "10.005"}, NUT)) == []


def test_whole_rows() -> None:
    invented = {"description": "Total", "amount": "31.00"}
    assert count_causes([scored(BOLT)]) == {"row missed": 1}
    assert count_causes([scored(BOLT, NUT, invented)]) == {"row invented": 1}
    assert count_causes([scored(failed="no pages")]) == {"not opened": 2}
    assert count_causes([scored(BOLT, NUT)]) == {}


def test_the_table_lists_the_commonest_cause_first() -> None:
    table = cause_table([scored(BOLT | {"amount": "99.00"}, NUT), scored(), scored(BOLT)])
    assert [row[:3] for row in table.rows] == [
        ("row missed", "3", "1"),
        ("value misread", "1", "1"),
    ]
    assert table.rows[1][3] == "a row 1: amount 99.00, true 10.00"
    assert cause_table([]).rows == ()


def test_parts_of_a_report_are_shown_in_a_frame_of_their_own() -> None:
    shown = show_tables([cause_table([scored(BOLT)])])
    assert "<script" not in shown.html
    assert "row missed" in shown.html
    frame = shown._repr_html_()
    assert frame.startswith('<iframe srcdoc="&lt;!doctype html&gt;')
    assert frame.count("<") == 2  # the page is escaped whole
    assert "right" in show_gallery("").html
    assert "<figure>" in show_charts("<figure></figure>").html
