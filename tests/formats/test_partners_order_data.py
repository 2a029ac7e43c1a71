"""Order data as partners send it: returns, several orders, planned charges, split receipts."""

import json
from decimal import Decimal
from typing import Any

import pytest

from data.exchange.csv_files.mapping import CsvMapping
from data.exchange.order_files import (
    OrderDataError,
    merge_order_json,
    parse_order_data,
    read_order_data,
)
from data.order_records import OrderData

D = Decimal
LINE = {"po_line_number": "1", "quantity_ordered": "10", "unit_code": "EA", "unit_price": "2.50"}
ORDER = {"po_number": "PO-1", "currency": "EUR", "lines": [LINE]}
SECOND = ORDER | {"po_number": "PO-2"}


def receipt(number: str = "R1", **line: Any) -> dict[str, Any]:
    return {"receipt_id": number, "lines": [{"po_line_number": "1"} | line]}


def with_line(**change: Any) -> dict[str, Any]:
    return {"order": ORDER | {"lines": [LINE | change]}}


def refusal(*parts: object) -> str:
    with pytest.raises(OrderDataError) as refused:
        parse_order_data(*parts, names=["po.json"])
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize(
    ("written", "exact"),
    [
        ("12", D(12)),
        ('"12"', D(12)),
        ("-12", D(-12)),
        ("12.50", D("12.50")),
        ("0.1000000000000000055", None),  # 19 decimals: more than are taken
        ("0.100000000005", D("0.100000000005")),
        ("123456789012345678", D("123456789012345678")),  # beyond what a float holds
        ("1234567890123456789", None),
        ("1e3", None),
        ("1E400", None),
        ("NaN", None),
        ("Infinity", None),
        ("true", None),
        ('"12,5"', None),
    ],
)
def test_numbers_are_taken_by_their_text(written: str, exact: Decimal | None) -> None:
    text = json.dumps(with_line(quantity_ordered="?")).replace('"?"', written)
    if exact is None:
        assert "quantity_ordered" in refusal(text) or "not JSON" in refusal(text)
        return
    line = parse_order_data(text).order.lines[0]
    assert (line.quantity_ordered, str(line.quantity_ordered)) == (exact, str(exact))


def test_a_number_with_decimals_is_no_identifier() -> None:
    text = json.dumps({"order": ORDER}).replace('"PO-1"', "4711.0")
    assert 'write it as a string: "4711.0"' in refusal(text)


def test_a_return_line_is_ordered_by_a_negative_quantity() -> None:
    data = parse_order_data(
        with_line(quantity_ordered="-2") | {"receipts": [receipt(quantity_received="-2")]}
    )
    assert data.order.lines[0].quantity_ordered == -2
    assert data.receipts[0].lines[0].quantity_received == -2


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ({"quantity_received": "10"}, ("10", "0", "received")),
        ({"quantity_received": "10", "quantity_rejected": "2"}, ("10", "2", "received")),
        ({"quantity_received": "10", "quantity_accepted": "8"}, ("10", "2", "received")),
        ({"quantity_received": "10", "quantity_accepted": "10"}, ("10", "0", "received")),
        ({"quantity_accepted": "8", "quantity_rejected": "2"}, ("10", "2", "accepted")),
        ({"quantity_accepted": "8"}, ("8", "0", "accepted")),
        ({"quantity_accepted": "-8"}, ("-8", "0", "accepted")),
        (
            {"quantity_received": "10", "quantity_accepted": "8", "quantity_rejected": "2"},
            ("10", "2", "received"),
        ),
    ],
)
def test_two_of_received_accepted_and_rejected_imply_the_third(
    line: dict[str, str], counts: tuple[str, str, str]
) -> None:
    data = parse_order_data({"order": ORDER, "receipts": [receipt(**line)]})
    (row,) = data.receipts[0].lines
    assert (row.quantity_received, row.quantity_rejected) == (D(counts[0]), D(counts[1]))
    assert row.quantity_basis == counts[2]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ({}, "give quantity_received, or quantity_accepted"),
        (
            {"quantity_received": "10", "quantity_accepted": "8", "quantity_rejected": "1"},
            "10 received are not 8 accepted and 1 rejected",
        ),
        ({"quantity_received": "10", "quantity_accepted": "11"}, "11 accepted is more than"),
        ({"quantity_received": "10", "quantity_accepted": "-1"}, "-1 accepted is more than"),
        ({"quantity_received": "-10", "quantity_accepted": "-8"}, "reversed: true"),
        ({"quantity_accepted": "-8", "quantity_rejected": "2"}, "reversed: true"),
        ({"quantity_accepted": "8", "quantity_basis": "accepted"}, "omit it beside"),
        ({"quantity_received": "8", "quantity_rejected": "-2"}, "a reversal has reversed: true"),
        ({"quantity": "8"}, "quantity_received (receipt)"),
    ],
)
def test_contradicting_receipts_are_refused(line: dict[str, str], says: str) -> None:
    assert says in refusal({"order": ORDER, "receipts": [receipt(**line)]})


def billed(**row: Any) -> dict[str, Any]:
    return {"billed": [{"invoice_id": "I", "po_line_number": "1"} | row]}


@pytest.mark.parametrize(
    ("row", "base"),
    [
        ({"base_quantity": "24"}, "24"),
        ({"quantity": "2", "unit_code": "CS"}, "24"),
        ({"quantity": "2", "unit": "CS"}, "24"),
        ({"quantity": "24", "unit_code": "EA"}, "24"),
        ({"quantity": 2}, "24"),  # no unit: the order line's
        ({"quantity": "-1", "unit_code": "CS"}, "-12"),
        ({"quantity": "2", "unit_code": "DZ"}, "24"),
        ({"quantity": "2", "unit_code": "CS", "base_quantity": "24"}, "24"),
    ],
)
def test_earlier_bills_are_counted_in_base_units(row: dict[str, Any], base: str) -> None:
    order = with_line(unit_code="CS", pack_factors={"CS": "12"})
    (bill,) = parse_order_data(order | billed(**row)).billed
    assert bill.base_quantity == D(base)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({}, "give quantity with unit_code, or base_quantity"),
        ({"quantity": "2", "unit_code": "PL"}, "give it in pack_factors of order line '1'"),
        ({"base_quantity": "2", "unit_code": "CS"}, "base_quantity has none"),
        ({"quantity": "2", "unit_code": "CS", "base_quantity": "2"}, "2 CS are 24 EA"),
        ({"quantity": "2", "po_line_number": "9"}, "give base_quantity instead of quantity"),
    ],
)
def test_earlier_bills_without_a_factor_are_refused(row: dict[str, Any], says: str) -> None:
    order = with_line(unit_code="CS", pack_factors={"CS": "12"})
    assert says in refusal(order | billed(**row))


def test_several_orders_are_one_with_the_lines_of_all() -> None:
    rows = [receipt("A", quantity_received="10", po_number="PO-1")]
    rows += [receipt("B", quantity_received="9", po_number="PO-2")]
    both = parse_order_data({"orders": [ORDER, SECOND], "receipts": rows})
    assert both.order.po_number == "PO-1"
    assert [line.po_number for line in both.order.lines] == ["PO-1", "PO-2"]
    assert [order.po_number for order in both.orders] == ["PO-1", "PO-2"]
    assert both.problems == ()
    apart = parse_order_data(
        {"order": ORDER, "receipts": rows[:1]}, {"order": SECOND, "receipts": rows[1:]}
    )
    assert apart == both
    assert parse_order_data({"order": ORDER}).order.lines[0].po_number is None


def test_rows_beside_one_order_are_that_orders() -> None:
    parts: list[dict[str, Any]] = [
        {"order": order, "receipts": [receipt(number, quantity_received="1")]} | billed(quantity=1)
        for number, order in (("A", ORDER), ("B", SECOND))
    ]
    data = parse_order_data(*parts)
    assert [row.lines[0].po_number for row in data.receipts] == ["PO-1", "PO-2"]
    assert [row.po_number for row in data.billed] == ["PO-1", "PO-2"]
    # The service keeps order data as one JSON: nothing of this may be lost in it.
    files = [(f"{number}.json", json.dumps(part).encode()) for number, part in enumerate(parts)]
    merged = json.loads(json.dumps(merge_order_json(files)))
    assert parse_order_data(merged) == data == read_order_data(files)


def test_a_row_that_may_be_two_orders_is_refused() -> None:
    several = {"orders": [ORDER, SECOND], "receipts": [receipt(quantity_received="1")]}
    assert "give po_number beside it" in refusal(several)
    other = SECOND | {"lines": [LINE | {"po_line_number": "2"}]}
    data = parse_order_data({"orders": [ORDER, other], "receipts": several["receipts"]})
    assert data.receipts[0].lines[0].po_number == "PO-1"
    wrong = receipt(quantity_received="1", po_number="PO-2")
    says = refusal({"orders": [ORDER, other], "receipts": [wrong]})
    assert "'1' is not a line of order 'PO-2'; lines: 2" in says


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"currency": "USD"}, "differ in currency (PO-1: EUR, PO-2: USD)"),
        ({"vendor_id": "V2"}, "differ in vendor_id"),
        ({"po_number": "PO-1", "closed": True}, "order 'PO-1' is given 2 times"),
    ],
)
def test_orders_that_cannot_be_one_are_refused(change: dict[str, Any], says: str) -> None:
    assert says in refusal({"orders": [ORDER | {"vendor_id": "V1"}, SECOND | change]})


@pytest.mark.parametrize(
    ("first", "second", "name", "value", "problems"),
    [
        ({"tax_rate": 19}, {"tax_rate": 19}, "tax_rate", D(19), 0),
        ({"tax_rate": 19}, {"tax_rate": 7}, "tax_rate", None, 1),
        ({"tax_rate": 19}, {}, "tax_rate", None, 1),
        ({"closed": True}, {"closed": True}, "closed", True, 0),
        ({"closed": True}, {}, "closed", False, 1),
        ({"freight_terms": "collect"}, {}, "freight_terms", "unknown", 1),
        ({"planned_freight": 5}, {"planned_freight": 7}, "planned_freight", D(12), 0),
        ({"planned_freight": 5}, {}, "planned_freight", D(5), 1),
        ({"order_date": "2026-01-01"}, {"order_date": "2026-01-02"}, "order_date", None, 0),
        ({"vendor_name": "A"}, {}, "vendor_name", "A", 0),
    ],
)
def test_terms_on_which_orders_differ_are_not_known(
    first: dict[str, Any], second: dict[str, Any], name: str, value: object, problems: int
) -> None:
    data = parse_order_data({"orders": [ORDER | first, SECOND | second]})
    assert getattr(data.order, name) == value
    assert len(data.problems) == problems
    assert all(problem.code == "not_compared" for problem in data.problems)


def charged(*charges: dict[str, Any], line: bool = False) -> OrderData:
    if line:
        return parse_order_data(with_line(planned_charges=list(charges)))
    return parse_order_data({"order": ORDER | {"planned_charges": list(charges)}})


def test_planned_amounts_of_freight_and_deposit_are_sums_of_the_order() -> None:
    data = charged(
        {"kind": "freight", "amount": "60.00"},
        {"kind": "freight", "amount": "5.00"},
        {"kind": "deposit", "amount": 12},
        {"kind": "freight", "rate": "2", "description": "air"},
        {"kind": "packaging", "rate": "2"},
    )
    assert (data.order.planned_freight, data.order.agreed_deposit) == (D(65), D(12))
    assert [charge.kind for charge in data.order.planned_charges] == ["freight", "packaging"]
    assert data.problems == ()
    on_line = charged(
        {"kind": "freight", "amount": "3.00"}, {"kind": "deposit", "unit_amount": "0.10"},
        line=True,
    )  # fmt: skip
    assert on_line.order.lines[0].planned_freight == 3
    assert on_line.problems == ()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"planned_charges": [{"kind": "freight"}]}, "give one of amount"),
        ({"planned_charges": [{"kind": "handling", "amount": "-1"}]}, "allowances are taken off"),
        ({"planned_charges": [{"kind": "toll", "amount": "1"}]}, "order.planned_charges[0].kind"),
        (
            {"planned_charges": [{"kind": "freight", "amount": "1"}], "planned_freight": "1"},
            "freight is given by planned_freight and in planned_charges",
        ),
        ({"handling": "1"}, "use planned_charges"),
        ({"supplier": "A"}, "use vendor_name"),
        ({"lines": [LINE | {"unit_price": "-1"}]}, "a return has a negative quantity_ordered"),
        ({"lines": [LINE | {"qty": "-1"}]}, "use quantity_ordered (order)"),
    ],
)
def test_what_stays_refused_says_which_key_to_use(change: dict[str, Any], says: str) -> None:
    assert says in refusal({"order": ORDER | change})


def test_the_vendors_language_is_given_beside_the_order() -> None:
    assert parse_order_data({"order": ORDER, "language": "pl"}).language == "pl"
    assert "language" in refusal({"order": ORDER, "language": "Polish"})


def csv_mapping(**layouts: dict[str, str]) -> CsvMapping:
    return CsvMapping.model_validate(
        {kind: {"delimiter": ",", "decimal": ".", "columns": columns}
         for kind, columns in layouts.items()}
    )  # fmt: skip


TWO_ORDERS = "po,line,article,qty\nPO-1,1,A,10\nPO-2,1,B,5\nPO-1,2,C,-2\n"
COLUMNS = {
    "order": {"po_number": "po", "po_line_number": "line", "product_code": "article",
              "quantity_ordered": "qty"},
    "receipts": {"receipt_id": "gr", "product_code": "article", "quantity_accepted": "accepted",
                 "quantity_rejected": "rejected"},
    "billed": {"invoice_id": "inv", "po_number": "order", "po_line_number": "pos",
               "quantity": "number"},
}  # fmt: skip


def read_csv_files(*files: str) -> OrderData:
    named = [(f"{number}.csv", text.encode()) for number, text in enumerate(files)]
    return read_order_data(named, csv_mapping(**COLUMNS))


def test_one_csv_file_may_hold_several_orders() -> None:
    data = read_csv_files(
        TWO_ORDERS, "gr,article,accepted,rejected\nG1,B,4,1\n", "inv,order,pos,number\nI,PO-2,1,3\n"
    )
    keys = [(line.po_number, line.po_line_number) for line in data.order.lines]
    assert keys == [("PO-1", "1"), ("PO-1", "2"), ("PO-2", "1")]
    assert data.order.lines[1].quantity_ordered == -2
    (line,) = data.receipts[0].lines
    assert (line.po_number, line.po_line_number) == ("PO-2", "1")
    assert (line.quantity_received, line.quantity_rejected) == (5, 1)
    assert (data.billed[0].po_number, data.billed[0].base_quantity) == ("PO-2", 3)


@pytest.mark.parametrize("article", ["X", ""])
def test_a_receipt_of_an_article_that_no_one_order_has_is_refused(article: str) -> None:
    with pytest.raises(OrderDataError, match="may be for any of the orders PO-1, PO-2"):
        read_csv_files(TWO_ORDERS, f"gr,article,accepted,rejected\nG1,{article},4,1\n")
