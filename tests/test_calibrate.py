"""The cases a calibration is fitted on, from truth and documents read."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from data.corpora.truth import TrueDocument, TrueItem
from data.records import ExtractedDocument, Field, LineItem
from training.calibrate import cases_of

CELLS = frozenset({"amount", "quantity", "unit_price"})


def truth(*rows: tuple[str, str, str]) -> TrueDocument:
    items = tuple(
        TrueItem({"quantity": q, "unit_price": p, "amount": a, "description": f"part {n}"}, CELLS)
        for n, (q, p, a) in enumerate(rows)
    )
    return TrueDocument("d", Path("d.pdf"), "invoice", {}, frozenset(), items, (), "human", {})


def line(quantity: str | None, price: str, amount: str) -> LineItem:
    return LineItem(
        quantity=None if quantity is None else Field(Decimal(quantity), confidence=0.7),
        unit_price=Field(Decimal(price), confidence=0.8),
        amount=Field(Decimal(amount), confidence=0.9),
    )


def read(*lines: LineItem) -> list[ExtractedDocument]:
    return [ExtractedDocument("d", Field("invoice"), {}, lines)]


def test_each_printed_number_becomes_a_case_with_its_own_confidence() -> None:
    cases = cases_of(truth(("3", "2.00", "6.00")), read(line("3", "2.00", "6.00")))
    seen = {(case.name, case.raw, case.holds, case.right) for case in cases}
    assert seen == {
        ("quantity", 0.7, True, True),
        ("unit_price", 0.8, True, True),
        ("amount", 0.9, True, True),
    }


@pytest.mark.parametrize(
    ("quantity", "holds", "right"),
    [
        ("8", False, False),  # misread, and the row says so
        ("3", True, True),
        (None, None, None),  # not read: no case, and the row cannot be checked
    ],
)
def test_a_row_says_whether_it_multiplies(
    quantity: str | None, holds: bool | None, right: bool | None
) -> None:
    cases = cases_of(truth(("3", "2.00", "6.00")), read(line(quantity, "2.00", "6.00")))
    assert {case.holds for case in cases} == {holds}
    assert [case.right for case in cases if case.name == "quantity"] == (
        [] if right is None else [right]
    )


def test_an_invented_row_is_wrong_in_every_column_the_document_prints() -> None:
    found = read(line("3", "2.00", "6.00"), line("9", "9.00", "81.00"))
    cases = cases_of(truth(("3", "2.00", "6.00")), found)
    assert [case.right for case in cases].count(False) == 3


def test_a_derived_value_teaches_nothing() -> None:
    derived = replace(line("3", "2.00", "6.00"), unit_price=Field(Decimal(2), source="derived"))
    names = {case.name for case in cases_of(truth(("3", "2.00", "6.00")), read(derived))}
    assert names == {"quantity", "amount"}
