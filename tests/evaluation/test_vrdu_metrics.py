"""VRDU's metric: values by type, line items as a whole, micro and macro F1."""

from typing import Any

import pytest

from data.corpora.truth import TrueDocument, TruePlace
from data.records import Box
from training.metrics.counts import Count
from training.metrics.vrdu import (
    LINE_ITEM,
    count_names,
    is_same_value,
    macro_f1,
    micro_f1,
    predicted_values,
    score_vrdu,
    unrepeated_f1,
)

MATCH = {
    "advertiser": "GeneralStringMatch",
    "contract_num": "NumericalStringMatch",
    "gross_amount": "PriceMatch",
    "flight_from": "DateMatch",
    "tv_address": "AddressMatch",
    "channel": "GeneralStringMatch",
    "program_start_date": "DateMatch",
    "sub_amount": "PriceMatch",
}
NESTED = {"channel", "program_start_date", "sub_amount"}
PATTERN = {name: "line_item" if name in NESTED else "unrepeated" for name in MATCH}
ANYWHERE = Box(0, 0, 1, 1)


@pytest.mark.parametrize(
    ("kind", "predicted", "labelled", "same"),
    [
        ("GeneralStringMatch", "Xy_Z1 2@3", "XyZ123", True),
        ("GeneralStringMatch", "Tea & Co.", "Tea Co", True),
        ("GeneralStringMatch", "tea", "Tea", False),  # case counts
        ("GeneralStringMatch", "Tea House", "Tea", False),
        ("GeneralStringMatch", "Müller", "Mller", True),  # only ASCII letters are seen
        ("GeneralStringMatch", "--", "", True),
        ("NumericalStringMatch", "No. 12-34", "1234", True),
        ("NumericalStringMatch", "012", "12", False),
        ("NumericalStringMatch", "1234", "1243", False),
        ("NumericalStringMatch", "none", "n/a", True),  # no digits on either side
        ("PriceMatch", "$1,234.50", "1234.5", True),
        ("PriceMatch", "10.00", "10.01", True),  # exactly at the tolerance
        ("PriceMatch", "0.06", "0.07", True),  # floats would say 0.010000000000000009
        ("PriceMatch", "10.00", "10.02", False),
        ("PriceMatch", "-5.00", "5.00", True),  # signs are not seen
        ("PriceMatch", "10,50", "10.50", False),  # a decimal comma is no point
        ("PriceMatch", "n/a", "n/a", False),  # no numbers
        ("PriceMatch", "1.2.3", "1.2.3", False),
        ("DateMatch", "07/01/2022", "07/01/22", True),
        ("DateMatch", "2022-07-01", "07/01/22", True),  # as predictions write it
        ("DateMatch", "2022/07/01", "July 1, 2022", True),
        ("DateMatch", "Jul01/22", "7-1-2022", True),
        ("DateMatch", "07/01/22", "01/07/22", True),  # month and day swapped
        ("DateMatch", "07/01/22", "07/02/22", False),
        ("DateMatch", "07/01/22", "07/01/23", False),
        ("DateMatch", "07/01", "7/1", True),
        ("DateMatch", "07/01", "07/01/22", False),  # no year is not any year
        ("DateMatch", "02/29", "02/29", True),  # no date without its year: same letters
        ("DateMatch", "31/12/22", "12/31/22", False),  # month comes first; this is no date
        ("DateMatch", "soon", "Soon", False),
        ("DateMatch", "so on", "so-on", True),
        ("AddressMatch", "1 Main St", "1 Main St.", True),
        ("AddressMatch", "1 Main", "1 Main St", True),  # 3 edits
        ("AddressMatch", "1 Main", "1 Main St.", False),  # 4
        ("AddressMatch", "1  Main", "1 Main", True),
        ("NameMatch", "Ann Lee", "AnnLee", True),
        ("NameMatch", "Ann Lee", "Ann-Lee", False),
        ("StrangeMatch", "a  b", "a b", True),
        ("StrangeMatch", "a b", "ab", False),
    ],
)
def test_values_are_compared_by_type(kind: str, predicted: str, labelled: str, same: bool) -> None:
    assert is_same_value(kind, predicted, labelled) is same
    assert is_same_value(kind, labelled, predicted) is same


def field(name: str, text: str) -> TruePlace:
    return TruePlace(name, 0, ANYWHERE, text)


def item(number: int, **parts: str) -> list[TruePlace]:
    return [
        TruePlace(f"line_item/{name}", 0, ANYWHERE, text, number) for name, text in parts.items()
    ]


def truth(*places: TruePlace, name: str = "d") -> TrueDocument:
    return TrueDocument(
        document_id=name,
        path=None,
        document_type="ad-buy form",
        fields={},
        fields_visible=frozenset(),
        items=(),
        excluded=(),
        labels="test",
        extra={"vrdu_match": MATCH, "vrdu_pattern": PATTERN},
        places=places,
    )


def said(*lines: dict[str, str], **fields: str) -> dict[str, Any]:
    return {"id": "d", "fields": fields, "line_items": list(lines)}


@pytest.mark.parametrize(
    ("labelled", "fields", "count"),
    [
        (("12.00",), {"gross_amount": "12"}, Count(1, 1, 1)),
        (("12.00",), {"sub_total": "12"}, Count(1, 1, 1)),
        (("12.00",), {"sub_total": "11", "invoice_total": "12"}, Count(1, 1, 0)),  # the first
        (("12.00",), {"invoice_total": "12"}, Count(1, 1, 1)),
        (("13.00", "12.00"), {"sub_total": "12"}, Count(1, 1, 1)),  # any labelled text will do
        (("13.00", "12.00"), {"sub_total": "11"}, Count(1, 1, 0)),
        (("12.00",), {}, Count(1, 0, 0)),
        (("12.00",), {"sub_total": ""}, Count(1, 0, 0)),
        ((), {"sub_total": "12"}, Count(0, 1, 0)),
        ((), {}, Count(0, 0, 0)),
    ],
)
def test_a_field_is_one_wanted_value(
    labelled: tuple[str, ...], fields: dict[str, str], count: Count
) -> None:
    places = [field("gross_amount", text) for text in labelled]
    score = score_vrdu(truth(*places), said(**fields))
    assert score.by_name["gross_amount"] == count
    assert score.unrepeated == count
    assert score.by_name[LINE_ITEM] == Count()


SPOT = {"channel": "WXYZ", "program_start_date": "07/01/22", "sub_amount": "$50.00"}
READ = {"channel": "WXYZ", "start_date": "2022-07-01", "amount": "50.00"}


@pytest.mark.parametrize(
    ("rows", "lines", "published", "one_to_one"),
    [
        ([SPOT], [READ], Count(1, 1, 1), Count(1, 1, 1)),
        ([SPOT], [dict(reversed(READ.items()))], Count(1, 1, 1), Count(1, 1, 1)),
        ([SPOT], [READ | {"amount": "60.00"}], Count(1, 1, 0), Count(1, 1, 0)),
        # a part less or more is another line item
        ([SPOT], [{"channel": "WXYZ", "amount": "50.00"}], Count(1, 1, 0), Count(1, 1, 0)),
        ([{"sub_amount": "50"}], [READ], Count(1, 1, 0), Count(1, 1, 0)),
        ([{"sub_amount": "50"}], [{"amount": "50.00"}], Count(1, 1, 1), Count(1, 1, 1)),
        # two rows alike, one predicted: the evaluator lets it answer both
        ([SPOT, SPOT], [READ], Count(2, 2, 2), Count(2, 1, 1)),
        ([SPOT], [READ, READ], Count(1, 2, 1), Count(1, 2, 1)),
        ([SPOT, SPOT], [READ, READ], Count(2, 3, 2), Count(2, 2, 2)),
        # the first that is equal is taken, though the second could spare it
        (
            [{"sub_amount": "10.00"}, {"sub_amount": "10.01"}],
            [{"amount": "10.01"}, {"amount": "9.99"}],
            Count(2, 3, 2),
            Count(2, 2, 2),
        ),
        ([], [READ], Count(0, 1, 0), Count(0, 1, 0)),
        ([SPOT], [], Count(1, 0, 0), Count(1, 0, 0)),
        ([SPOT], [{"quantity": "1"}], Count(1, 0, 0), Count(1, 0, 0)),  # nothing VRDU names
    ],
)
def test_a_line_item_is_right_as_a_whole(
    rows: list[dict[str, str]],
    lines: list[dict[str, str]],
    published: Count,
    one_to_one: Count,
) -> None:
    document = truth(*(place for number, row in enumerate(rows) for place in item(number, **row)))
    assert score_vrdu(document, said(*lines)).by_name[LINE_ITEM] == published
    strict = score_vrdu(document, said(*lines), one_to_one=True)
    assert strict.by_name[LINE_ITEM] == one_to_one


def test_predictions_in_our_names_and_in_theirs() -> None:
    prediction = said(
        {"description": "News", "amount": "5", "sub_amount": "6"},
        customer_name="Tea",
        po_number="17",
        vendor_name="KTEA",
        unknown="x",
    )
    names = ["advertiser", "contract_num", "property", "program_desc", "sub_amount"]
    fields, items = predicted_values(prediction, names, {"program_desc", "sub_amount"})
    assert fields == {"advertiser": "Tea", "contract_num": "17", "property": "KTEA"}
    assert items == [{"program_desc": "News", "sub_amount": "6"}]  # its own name comes first


def test_micro_counts_values_and_macro_averages_names() -> None:
    document = truth(
        field("advertiser", "Tea"), field("gross_amount", "100"), *item(0, **SPOT), *item(1, **SPOT)
    )
    scores = [score_vrdu(document, said(customer_name="Tea", sub_total="90"))]
    assert count_names(scores)[LINE_ITEM] == Count(2, 0, 0)
    assert micro_f1(scores).value == pytest.approx(2 * 1 / (4 + 2))
    assert unrepeated_f1(scores).value == pytest.approx(2 * 1 / (2 + 2))
    # advertiser is right; gross amount, line items and what nobody names add 0
    assert macro_f1(scores) == pytest.approx(1 / 6)
    assert macro_f1([]) == 0.0


def test_a_document_of_another_corpus_is_refused() -> None:
    document = TrueDocument("d", None, "other", {}, frozenset(), (), (), "test", {})
    with pytest.raises(ValueError, match=r"d: extra.vrdu_match: want VRDU's types, got None"):
        score_vrdu(document, said())
