"""Order data from JSON: what is read, what is refused and in which words."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data.exchange.order_files import OrderDataError, load_order_data, parse_order_data

D = Decimal
LINE = {"po_line_number": "1", "quantity_ordered": "10", "unit_price": "2.50"}
ORDER = {"po_number": "4711", "currency": "EUR", "lines": [LINE]}
RECEIPT = {"receipt_id": "R1", "lines": [{"po_line_number": "1", "quantity_received": "9.5"}]}


def with_line(**change: Any) -> dict[str, Any]:
    return {"order": ORDER | {"lines": [LINE | change]}}


def test_one_file_may_hold_everything() -> None:
    data = parse_order_data(
        {
            "order": ORDER,
            "receipts": [RECEIPT | {"received_at": "2026-02-03T10:00:00Z"}],
            "billed": [{"invoice_id": "I", "po_line": "1", "base_quantity": "-2"}],
            "claims": [{"claim_id": "C", "kind": "shortage", "invoice_id": "I", "amount": "5.00"}],
        }
    )
    assert data.order.lines[0].unit_price == D("2.50")
    assert data.receipts[0].lines[0].quantity_received == D("9.5")
    assert data.receipts[0].received_at is not None
    assert data.receipts[0].received_at.isoformat() == "2026-02-03"
    assert data.billed[0].base_quantity == D(-2)
    assert data.claims[0].amount == D("5.00")


def test_order_and_receipts_from_files_of_their_own(tmp_path: Path) -> None:
    order, receipts = tmp_path / "order.json", tmp_path / "receipts.json"
    order.write_text(json.dumps({"order": ORDER}), encoding="utf-8")
    receipts.write_text(json.dumps({"receipts": [RECEIPT]}), encoding="utf-8")
    whole = parse_order_data({"order": ORDER, "receipts": [RECEIPT]})
    assert load_order_data([order, receipts]) == whole
    assert load_order_data([order, receipts, order, receipts]) == whole


def test_missing_stays_none() -> None:
    line = parse_order_data({"order": {"po_number": 7, "lines": [LINE | {"unit_price": None}]}})
    assert line.order.po_number == "7"
    assert line.order.currency is None
    assert line.order.lines[0].unit_price is None


def test_pack_factors_and_alias() -> None:
    line = parse_order_data(with_line(item_code="A", pack_factors={"CS": "12"})).order.lines[0]
    assert (line.product_code, line.pack_factors) == ("A", {"CS": D(12)})


def test_what_a_line_may_be_billed_as() -> None:
    given = with_line(
        allowances=[{"rate": "5"}, {"amount": "0.10", "reason": "returnable pallet"}],
        substitutes=["B-2", {"gtin": "4006381333931"}],
        components=[{"product_code": "C", "quantity": "2"}],
        catch_weight=True,
    )
    given["order"] |= {"unit_code_list": "x12"}
    order = parse_order_data(given).order
    (line,) = order.lines
    assert [(one.rate, one.amount) for one in line.allowances] == [(D(5), None), (None, D("0.10"))]
    assert [one.product_code for one in line.substitutes] == ["B-2", None]
    assert line.components[0].quantity == D(2)
    assert (line.catch_weight, order.unit_code_list) == (True, "x12")


REFUSED: list[tuple[Any, str, str]] = [
    (with_line(quantity_orderd="3"), "unknown_key", "did you mean 'quantity_ordered'?"),
    (with_line(quantity_orderd="3"), "unknown_key", "order.lines[0].quantity_orderd"),
    ({"order": ORDER, "recepts": []}, "unknown_key", "did you mean 'receipts'?"),
    ({"order": ORDER | {"curency": "EUR"}}, "unknown_key", "did you mean 'currency'?"),
    (with_line(xyzzy="1"), "unknown_key", "known keys: po_line_number"),
    (with_line(unit_price=19.99), "invalid_order_data", 'write it as a string: "19.99"'),
    (with_line(unit_price=True), "invalid_order_data", "true is not a number"),
    (with_line(unit_price=10**18), "invalid_order_data", "at most 18 before"),
    (with_line(unit_price="19,99"), "invalid_order_data", "'19,99' is not a decimal string"),
    (with_line(unit_price="1e3"), "invalid_order_data", "not a decimal string"),
    (with_line(unit_price="NaN"), "invalid_order_data", "not a decimal string"),
    (with_line(unit_price="١٢"), "invalid_order_data", "not a decimal string"),
    (with_line(unit_price="-1.00"), "invalid_order_data", "order.lines[0].unit_price"),
    (with_line(price_base_quantity="0"), "invalid_order_data", "price_base_quantity"),
    (with_line(pack_factors={"CS": "0"}), "invalid_order_data", "pack_factors.CS"),
    (with_line(po_line_number=" "), "invalid_order_data", "is empty"),
    (with_line(allowances=[{}]), "invalid_order_data", "either a rate (percent) or an amount"),
    (with_line(allowances=[{"rate": "5", "amount": "1"}]), "invalid_order_data", "either a rate"),
    (with_line(allowances=[{"rate": "101"}]), "invalid_order_data", "allowances[0].rate"),
    (with_line(allowances=[{"rate": 5.5}]), "invalid_order_data", "binary floating point"),
    (with_line(allowances=[{"rat": "5"}]), "unknown_key", "did you mean 'rate'?"),
    (with_line(components=[{"quantity": "1"}]), "invalid_order_data", "give a product_code"),
    (
        with_line(components=[{"quantity": "0", "gtin": "1"}]),
        "invalid_order_data",
        "components[0].quantity",
    ),
    (with_line(substitutes=[""]), "invalid_order_data", "is empty"),
    (with_line(substitutes=[{}]), "invalid_order_data", "substitutes[0]"),
    (with_line(catch_weight="yes"), "invalid_order_data", "order.lines[0].catch_weight"),
    ({"order": ORDER | {"unit_code_list": "edifact"}}, "invalid_order_data", "unit_code_list"),
    ({"order": ORDER | {"currency": "usd"}}, "unknown_currency", "'usd' is not an ISO 4217"),
    ({"order": ORDER | {"currency": "USX"}}, "unknown_currency", "order.currency"),
    ({"order": ORDER | {"currency": 840}}, "unknown_currency", "ISO 4217"),
    ({"order": ORDER | {"order_date": "31.12.2026"}}, "invalid_order_data", "ISO date"),
    ({"order": ORDER | {"lines": []}}, "invalid_order_data", "order.lines"),
    ({"order": ORDER | {"lines": [LINE, LINE]}}, "invalid_order_data", "'1' is given twice"),
    ({"order": {"lines": [LINE]}}, "invalid_order_data", "order.po_number is missing"),
    ({"receipts": [RECEIPT]}, "invalid_order_data", 'no "order" given'),
    ({}, "invalid_order_data", 'no "order" given'),
    ([], "invalid_order_data", "the top level is a list"),
    ('{"order": ', "invalid_json", "not JSON"),
    (
        '{"order": {"po_number": "1", "po_number": "2"}}',
        "invalid_json",
        "'po_number' is given twice",
    ),
    (b"\xff\xfe\x00", "invalid_json", "not JSON"),
    ("[" * 100_000, "invalid_json", "not JSON"),
    (
        {
            "order": ORDER,
            "receipts": [
                {"receipt_id": "R1", "lines": [{"po_line_number": "9", "quantity_received": "1"}]}
            ],
        },
        "invalid_order_data",
        "po_line_number '9' is not a line of order '4711'",
    ),
]


@pytest.mark.parametrize(("content", "code", "says"), REFUSED)
def test_refused_in_words(content: Any, code: str, says: str) -> None:
    with pytest.raises(OrderDataError) as refused:
        parse_order_data(content, names=["po.json"])
    assert refused.value.code == code
    assert str(refused.value).startswith("po.json: ") or "twice" in says or "line of" in says
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_one_order_or_one_receipt_in_two_versions_is_refused() -> None:
    with pytest.raises(OrderDataError, match="order '4711' is given 2 times"):
        parse_order_data({"order": ORDER}, {"order": ORDER | {"closed": True}})
    other = RECEIPT | {"lines": []}
    with pytest.raises(OrderDataError, match="given twice with different content"):
        parse_order_data({"order": ORDER, "receipts": [RECEIPT]}, {"receipts": [other]})


def test_receipts_of_other_orders_are_left_alone() -> None:
    elsewhere = {"po_number": "1", "po_line_number": "9", "quantity_received": "1"}
    receipt = {"receipt_id": "R1", "lines": [elsewhere]}
    assert parse_order_data({"order": ORDER, "receipts": [receipt]}).receipts


def test_a_missing_file_is_named() -> None:
    with pytest.raises(OrderDataError, match=r"nowhere\.json: cannot be read") as refused:
        load_order_data(["nowhere.json"])
    assert refused.value.code == "missing_file"
