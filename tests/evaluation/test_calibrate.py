"""The cases a calibration is fitted on, from truth and documents read."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from data.corpora.layout_families import family_of
from data.corpora.truth import TrueDocument, TrueItem
from data.records import ExtractedDocument, Field, LineItem
from training.calibrate import ReadDocument, Source, collect_cases, leave_families_out
from training.decoding.calibration import DERIVED, HEADER, Case

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


def lines_of(document: TrueDocument, found: list[ExtractedDocument]) -> list[Case]:
    return [case for case in collect_cases(document, found) if not case.name.startswith(HEADER)]


def test_each_printed_number_becomes_a_case_with_its_own_confidence() -> None:
    cases = lines_of(truth(("3", "2.00", "6.00")), read(line("3", "2.00", "6.00")))
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
    cases = lines_of(truth(("3", "2.00", "6.00")), read(line(quantity, "2.00", "6.00")))
    assert {case.holds for case in cases} == {holds}
    assert [case.right for case in cases if case.name == "quantity"] == (
        [] if right is None else [right]
    )


def test_an_invented_row_is_wrong_in_every_column_the_document_prints() -> None:
    found = read(line("3", "2.00", "6.00"), line("9", "9.00", "81.00"))
    cases = lines_of(truth(("3", "2.00", "6.00")), found)
    assert [case.right for case in cases].count(False) == 3


def test_a_derived_price_teaches_nothing() -> None:
    derived = replace(line("3", "2.00", "6.00"), unit_price=Field(Decimal(2), source="derived"))
    names = {case.name for case in lines_of(truth(("3", "2.00", "6.00")), read(derived))}
    assert names == {"quantity", "amount"}


@pytest.mark.parametrize(
    ("price", "amount", "quantity", "wanted"),
    [
        ("2.00", "6.00", "3", [True]),
        ("2.00", "6.00", "6", [False]),  # six are printed: two to a pack
        ("2.00", "8.00", "3", []),  # the amount was misread: its quotient says nothing
    ],
)
def test_a_derived_quantity_teaches_how_often_right_numbers_imply_the_right_one(
    price: str, amount: str, quantity: str, wanted: list[bool]
) -> None:
    units = Decimal(amount) / Decimal(price)
    derived = Field(units, source="derived", derived_from=("unit_price", "amount"))
    found = read(replace(line(None, price, amount), quantity=derived))
    cases = lines_of(truth((quantity, "2.00", "6.00")), found)
    assert [case.right for case in cases if case.name == DERIVED + "quantity"] == wanted
    assert "quantity" not in {case.name for case in cases}


FIELDS = {"invoice_id": "R-1", "invoice_date": "2024-05-03", "invoice_total": "6.00"}


@pytest.mark.parametrize(
    ("kind", "read_as", "wanted"),
    [
        (
            "invoice",
            {"invoice_id": "R-1", "invoice_date": "2024-05-04", "invoice_total": "6.00"},
            {"document_id": True, "document_date": False, "invoice_total": True,
             "document_type": True},
        ),
        (
            "purchase_order",  # an order's own number and date go by names of their own
            {"po_number": "R-1", "order_date": "2024-05-03"},
            {"document_id": True, "document_date": True, "document_type": False},
        ),
        ("invoice", {}, {"document_type": True}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ocr", [False, True])
def test_header_values_and_the_type_become_cases_of_their_own(
    kind: str, read_as: dict[str, str], wanted: dict[str, bool], ocr: bool
) -> None:
    document = replace(truth(), fields=FIELDS, fields_visible=frozenset(FIELDS))
    leaves = {name: Field(value, confidence=0.6) for name, value in read_as.items()}
    found = [ExtractedDocument("d", Field(kind, confidence=0.8), leaves, ())]
    cases = collect_cases(document, found, ocr=ocr)
    assert {case.name: case.right for case in cases} == {
        HEADER + name: right for name, right in wanted.items()
    }
    assert {case.ocr for case in cases} == {ocr}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a/einvoice", Source(Path("a/einvoice"))),
        ("einvoice:ocr", Source(Path("einvoice"), "ocr")),
        ("einvoice:ocr:light", Source(Path("einvoice"), "ocr", "light")),
    ],
)
def test_a_source_is_a_corpus_and_how_it_is_read(text: str, wanted: Source) -> None:
    assert Source.parse(text) == wanted


@pytest.mark.parametrize("text", ["x:eyes", "x:ocr:soaked", "x:ocr:light:more"])
def test_a_source_that_cannot_be_read_so_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be DIR"):
        Source.parse(text)


@pytest.mark.parametrize(
    ("extra", "family"),
    [
        ({}, "corpus"),
        ({"layout": "a"}, "corpus/a"),
        ({"producer": "Word", "vendor": "ACME"}, "corpus/Word"),
        ({"country": None, "vendor": "ACME"}, "corpus/ACME"),
        ({"layout": ""}, "corpus"),
    ],
)
def test_a_family_is_the_corpus_and_what_its_manifest_tells_apart(
    extra: dict[str, object], family: str
) -> None:
    assert family_of("corpus", replace(truth(), extra=extra)) == family


def test_a_family_is_judged_by_the_curves_of_all_others() -> None:
    """One family is sure and always wrong: read under the others' curves it stays sure."""
    good = [Case("amount", 0.99, None, right=True)] * 100
    bad = [Case("amount", 0.99, None, right=False)] * 100
    collected = [ReadDocument("good", tuple(good)), ReadDocument("bad", tuple(bad))]
    confidences = {entry.family: entry.confidence for entry in leave_families_out(collected)}
    assert confidences["bad"] > 0.95
    assert confidences["good"] < 0.5
