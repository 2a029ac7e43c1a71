"""Versions of an ordered price: which one counts, how orders and dated changes state them."""

import json
from decimal import Decimal
from typing import Any

import pytest

from data.exchange.csv_files.mapping import CsvMapping
from data.exchange.order_files import OrderDataError, parse_order_data, read_order_data
from data.records import ExtractedDocument
from serving.verdict.examine import examine
from serving.verdict.records import verdict_to_json
from tests.support.small_disputes import claimed, got, order, paper, po, row
from tests.support.x12_files import interchange, transaction

D = Decimal
FROM_MARCH = {"unit_price": "10.50", "valid_from": "2026-03-01"}
IN_MARCH = FROM_MARCH | {"valid_to": "2026-03-31"}
UNTIL_MARCH = {"unit_price": "10.50", "valid_to": "2026-03-31"}
FROM_MID_MARCH = {"unit_price": "12.00", "valid_from": "2026-03-15"}
PER_HUNDRED = {"unit_price": "1050", "valid_from": "2026-03-01", "price_base_quantity": "100"}


def shipped(*days: str) -> list[ExtractedDocument]:
    return [paper(kind="packing_slip", packing_list_id=day, ship_date=day) for day in days]


@pytest.mark.parametrize(
    ("versions", "days", "wanted"),
    [
        ([FROM_MARCH], ["2026-02-28"], "10.00"),
        ([FROM_MARCH], ["2026-03-01"], "10.50"),
        ([IN_MARCH], ["2026-03-31"], "10.50"),
        ([IN_MARCH], ["2026-04-01"], "10.00"),
        ([UNTIL_MARCH], ["2026-01-01"], "10.50"),
        ([FROM_MARCH, FROM_MID_MARCH], ["2026-03-20"], "12.00"),
        ([FROM_MID_MARCH, FROM_MARCH], ["2026-03-14"], "10.50"),
        ([PER_HUNDRED], ["2026-03-02"], "10.50"),
        ([FROM_MARCH], ["2026-02-20", "2026-02-27"], "10.00"),
        ([FROM_MARCH], ["2026-02-20", "2026-03-02"], None),  # shipped at both prices
        ([IN_MARCH], ["2026-02-20", "2026-04-02"], None),  # a shipment between may be of March
    ],
)
def test_the_price_at_the_day_of_shipment(
    versions: list[dict[str, str]], days: list[str], wanted: str | None
) -> None:
    data = order(
        po("100", "10.00", price_versions=versions, price_date="ship_date"),
        receipts=[got("100", received_at="2026-04-05")],
        head={"order_date": "2026-01-02"},
    )
    billed = wanted or "10.50"
    verdict = examine([paper(row("100", billed)), *shipped(*days)], data)
    (line,) = verdict.lines
    assert line.ordered_price == (None if wanted is None else D(wanted))
    assert verdict.status == ("needs_review" if wanted is None else "matched")
    assert verdict.variances == ()


def test_both_prices_are_shown_with_the_claim() -> None:
    data = order(
        po("100", "10.00", price_versions=[FROM_MARCH], price_date="order_date"),
        receipts=[got("100")],
        head={"order_date": "2026-01-02"},
    )
    (found,) = verdict_to_json(examine([paper(row("100", "10.50"))], data))["variances"]
    assert found["formula"] == "(10.50 − 10.00) × 100 = 50.00"
    assert found["explanation"].endswith(
        "The order's prices are 10.00, 10.50 from 2026-03-01. The price on the order date "
        "2026-01-02 was agreed: 10.00 applies."
    )


def test_an_open_price_bars_claims_of_units_too_and_says_why() -> None:
    data = order(
        po("100", "10.00", price_versions=[FROM_MARCH], price_date="ship_date"),
        receipts=[got("90")],
    )
    verdict = examine([paper(row("100", "10.50"))], data)
    assert claimed(verdict) == 0
    assert (
        "The order's prices are 10.00, 10.50 from 2026-03-01; which one applies is open: "
        "the ship date is not known" in verdict.lines[0].reasons
    )


def test_a_ship_date_that_was_read_badly_picks_no_price() -> None:
    (slip,) = shipped("2026-03-05")
    leaf = slip.fields["ship_date"]
    weak = type(leaf)(leaf.value, leaf.raw_text, 0.5)
    object.__setattr__(slip, "fields", dict(slip.fields) | {"ship_date": weak})
    data = order(
        po("100", "10.00", price_versions=[FROM_MARCH], price_date="ship_date"),
        receipts=[got("100", received_at="2026-03-07")],
        head={"order_date": "2026-01-02"},
    )
    assert examine([paper(row("100", "10.50")), slip], data).lines[0].ordered_price is None


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ({"unit_price": "10.50"}, "give valid_from, valid_to or both"),
        (FROM_MARCH | {"valid_to": "2026-02-01"}, "2026-03-01 is after valid_to 2026-02-01"),
        (
            FROM_MARCH | {"until": "2026-02-01"},
            "unknown key 'order.lines[0].price_versions[0].unti",
        ),
    ],
)
def test_versions_that_say_nothing_are_refused(version: dict[str, str], said: str) -> None:
    with pytest.raises(OrderDataError, match=r".*") as refused:
        order(po("100", "10.00", price_versions=[version]))
    assert said in str(refused.value)


LINE = {"po_line_number": "1", "quantity_ordered": "10", "unit_price": "10.00", "unit_code": "EA"}
ORDER_JSON = {"order": {"po_number": "4711", "currency": "USD", "lines": [LINE]}}


def x12_change(*inside: str) -> bytes:
    begin = "BCH*04*SA*4711***20260110"
    return interchange(transaction("860", begin, *inside)).encode()


@pytest.mark.parametrize(
    ("inside", "wanted"),
    [
        (["POC*1*PC****10.50"], (D("10.50"), [])),
        (["POC*1*PC****10.50", "DTM*007*20260301"],
         (D("10.00"), [("2026-03-01", None, D("10.50"))])),
        (["POC*1*PC****10.50", "DTM*196*20260301", "DTM*197*20260331"],
         (D("10.00"), [("2026-03-01", "2026-03-31", D("10.50"))])),
        (["POC*1*PC****10.50", "DTM*002*20260301"], (D("10.50"), [])),  # asked for that day
    ],
)  # fmt: skip
def test_a_dated_change_by_x12_adds_a_version(inside: list[str], wanted: Any) -> None:
    files = [("order.json", json.dumps(ORDER_JSON).encode()), ("change.x12", x12_change(*inside))]
    (line,) = read_order_data(files).order.lines
    told = [
        (str(one.valid_from), None if one.valid_to is None else str(one.valid_to), one.unit_price)
        for one in line.price_versions
    ]
    assert (line.unit_price, told) == wanted


UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
UBL_CHANGE = f"""<OrderChange xmlns="{UBL}OrderChange-2"
 xmlns:cbc="{UBL}CommonBasicComponents-2" xmlns:cac="{UBL}CommonAggregateComponents-2">
<cac:OrderReference><cbc:ID>4711</cbc:ID></cac:OrderReference>
<cac:OrderLine><cac:LineItem><cbc:ID>1</cbc:ID><cbc:LineStatusCode>Revised</cbc:LineStatusCode>
<cbc:Quantity unitCode="EA">10</cbc:Quantity>
<cac:Price><cbc:PriceAmount currencyID="USD">10.50</cbc:PriceAmount>
<cac:ValidityPeriod><cbc:StartDate>2026-03-01</cbc:StartDate></cac:ValidityPeriod></cac:Price>
<cac:Item><cbc:Name>Bolt</cbc:Name></cac:Item></cac:LineItem></cac:OrderLine></OrderChange>"""


def test_a_dated_change_by_ubl_adds_a_version() -> None:
    files = [("o.json", json.dumps(ORDER_JSON).encode()), ("c.xml", UBL_CHANGE.encode())]
    (line,) = read_order_data(files).order.lines
    (version,) = line.price_versions
    assert (line.unit_price, version.unit_price) == (D("10.00"), D("10.50"))
    assert (str(version.valid_from), version.valid_to) == ("2026-03-01", None)


MAPPING = CsvMapping.model_validate(
    {
        "order": {
            "delimiter": ",",
            "decimal": ".",
            "columns": {
                name: name
                for name in ("po_number", "po_line_number", "quantity_ordered", "unit_price")
            }
            | {"price_valid_from": "from", "price_valid_to": "to"},
        }
    }
)
CSV_HEAD = "po_number,po_line_number,quantity_ordered,unit_price,from,to\n"


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ("4711,1,10,10.00,,\n", ("10.00", [])),
        ("4711,1,10,10.00,,\n4711,1,10,10.50,2026-03-01,\n", ("10.00", ["10.50"])),
        ("4711,1,10,10.50,2026-03-01,\n4711,1,10,10.00,,\n", ("10.00", ["10.50"])),
        ("4711,1,10,9.00,2026-01-01,2026-02-28\n4711,1,10,10.50,2026-03-01,\n",
         (None, ["9.00", "10.50"])),
    ],
)  # fmt: skip
def test_rows_of_one_line_are_versions_of_its_price(rows: str, wanted: Any) -> None:
    (line,) = read_order_data([("o.csv", (CSV_HEAD + rows).encode())], MAPPING).order.lines
    own = None if line.unit_price is None else str(line.unit_price)
    assert (own, [str(one.unit_price) for one in line.price_versions]) == wanted


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("4711,1,10,10.00,,\n4711,1,10,10.50,,\n", "po_line_number '1' is given twice"),
        ("4711,1,10,10.00,,\n4711,1,12,10.50,2026-03-01,\n", "quantity_ordered of line 1 is '12'"),
    ],
)
def test_rows_that_differ_in_more_than_the_price_are_refused(rows: str, said: str) -> None:
    with pytest.raises(OrderDataError) as refused:
        read_order_data([("o.csv", (CSV_HEAD + rows).encode())], MAPPING)
    assert said in str(refused.value)


def test_files_come_by_name_and_content_beside_given_json() -> None:
    receipts = {"receipts": [{"receipt_id": "R1", "lines": [
        {"po_line_number": "1", "quantity_received": "10"}]}]}  # fmt: skip
    files = [("o.csv", (CSV_HEAD + "4711,1,10,10.00,,\n").encode())]
    data = read_order_data(files, MAPPING, order_json=receipts)
    assert (data.order.po_number, data.receipts[0].receipt_id) == ("4711", "R1")
    same_name = [("a", json.dumps(ORDER_JSON).encode()), ("a", json.dumps(receipts).encode())]
    assert read_order_data(same_name) == parse_order_data(ORDER_JSON, receipts)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], 'no "order" given'),
        ([("o.csv", b"po_number\n4711\n")], "o.csv: is not JSON, UBL or CII XML, or X12"),
        ([("o.json", b"{")], "o.json: not JSON"),
        ([("o.xml", b"<a/>")], "o.xml: the root element is 'a'"),
    ],
)
def test_files_that_are_no_order_data_are_refused(
    files: list[tuple[str, bytes]], said: str
) -> None:
    with pytest.raises(OrderDataError) as refused:
        read_order_data(files)
    assert said in str(refused.value)
