"""UBL orders, changes and receipt advices as order data: what is read, applied, and refused."""

from decimal import Decimal as D
from pathlib import Path

import pytest

from data.exchange.order_files import OrderDataError, load_order_data
from tests.support.ubl_files import (
    OF_ARTICLE,
    ON_LINE_1,
    bill,
    bill_line,
    change,
    load,
    order,
    order_line,
    quantity,
    receipt,
    ubl,
)


def test_an_order_is_read_in_its_units_and_price_base(tmp_path: Path) -> None:
    base = '<cbc:BaseQuantity unitCode="CS">2</cbc:BaseQuantity>'
    (line,) = load(tmp_path, order(order_line(base=base))).order.lines
    assert (line.unit_code, line.unit_price, line.price_base_quantity) == ("XCS", D("24.00"), D(2))
    assert (line.product_code, line.gtin, line.description) == ("A-1", "4006381333931", "Soap 1")
    assert line.price_unit_code is None


def test_a_price_for_another_unit_keeps_that_unit(tmp_path: Path) -> None:
    base = '<cbc:BaseQuantity unitCode="KGM">1</cbc:BaseQuantity>'
    (line,) = load(tmp_path, order(order_line(base=base))).order.lines
    assert (line.unit_code, line.price_unit_code) == ("XCS", "KGM")


@pytest.mark.parametrize(
    ("code", "unit"),
    [
        ("CS", "XCS"),  # a bare Rec 21 code
        ("CA", "XCA"),  # a can: the list in force is UNECE's
        ("XCT", "XCT"),
        ("PCE", "H87"),  # retired
        ("KGM", "KGM"),
        ("PAL", "unece PAL"),  # a pascal; on paper "pal" is a pallet
        ("Karton", "Karton"),  # a word, read as print
    ],
)
def test_unit_codes_are_of_the_list_in_force(tmp_path: Path, code: str, unit: str) -> None:
    (line,) = load(tmp_path, order(order_line(unit=code))).order.lines
    assert line.unit_code == unit


@pytest.mark.parametrize(
    ("amount", "allowance", "price"),
    [
        ("240.00", "", "24.00"),
        ("240.02", "", "24.00"),  # at the slack
        ("240.03", "", None),  # which of the two is wrong is not known
        ("230.00", "10.00", "24.00"),
        ("24.00", "", None),
    ],
)
def test_a_price_that_its_line_contradicts_is_left_out_and_told(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    amount: str,
    allowance: str,
    price: str | None,
) -> None:
    more = f"<cbc:LineExtensionAmount>{amount}</cbc:LineExtensionAmount>"
    if allowance:
        more += (
            "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>"
            f"<cbc:Amount>{allowance}</cbc:Amount></cac:AllowanceCharge>"
        )
    (line,) = load(tmp_path, order(order_line(more=more))).order.lines
    assert line.unit_price == (None if price is None else D(price))
    assert ("the price 24.00 is left out" in caplog.text) == (price is None)


def test_a_price_beside_a_charge_is_left_out_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A bill with the agreed charge must not look like one with too high a price."""
    charge = (
        "<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator>"
        "<cbc:Amount>5</cbc:Amount></cac:AllowanceCharge>"
    )
    revised = order_line(more=charge, status="Revised")
    for files in ((order(order_line(more=charge)),), (order(), change(revised))):
        caplog.clear()
        (line,) = load(tmp_path, *files).order.lines
        assert line.unit_price is None
        assert "has a charge beside it" in caplog.text


def test_prefixes_do_not_matter(tmp_path: Path) -> None:
    plain = order(order_line(), order_line("2"))
    other = plain.replace("cbc:", "b:").replace("cac:", "a:")
    other = other.replace("xmlns:cbc", "xmlns:b").replace("xmlns:cac", "xmlns:a")
    assert load(tmp_path, other) == load(tmp_path, plain)


CHANGES: list[tuple[str, dict[str, tuple[str, str]]]] = [
    (order_line("1", "15", status="Revised"), {"1": ("15", "24.00"), "2": ("10", "24.00")}),
    (order_line("1", "10", price="23.00", status="3"), {"1": ("10", "23.00")}),
    (order_line("3", "5", price="1.00", status="Added"), {"3": ("5", "1.00")}),
    (order_line("2", status="Cancelled"), {"1": ("10", "24.00")}),
    (order_line("2", "99", status="4"), {"2": ("10", "24.00")}),
    (order_line("2", "12"), {"2": ("12", "24.00")}),  # the whole state, restated
]


@pytest.mark.parametrize(("line", "expected"), CHANGES)
def test_an_order_change_is_applied(
    tmp_path: Path, line: str, expected: dict[str, tuple[str, str]]
) -> None:
    data = load(tmp_path, order(order_line(), order_line("2")), change(line))
    after = {one.po_line_number: (one.quantity_ordered, one.unit_price) for one in data.order.lines}
    for number, (count, price) in expected.items():
        assert after[number] == (D(count), D(price))
    assert ("2" in after) == ("Cancelled" not in line)


def test_a_changed_price_leaves_nothing_of_the_former_one(tmp_path: Path) -> None:
    base = '<cbc:BaseQuantity unitCode="KGM">100</cbc:BaseQuantity>'
    before, after = order(order_line(base=base)), change(order_line("1", status="Revised"))
    (line,) = load(tmp_path, before, after).order.lines
    assert (line.price_base_quantity, line.price_unit_code) == (1, None)


def test_a_change_applies_to_an_order_from_json(tmp_path: Path) -> None:
    import json

    (tmp_path / "po.json").write_text(
        json.dumps(
            {
                "order": {
                    "po_number": 4711,
                    "lines": [{"po_line_number": 1, "quantity_ordered": "10"}],
                }
            }
        )
    )
    (tmp_path / "c.xml").write_text(change(order_line("1", "15", status="Revised")))
    data = load_order_data([tmp_path / "po.json", tmp_path / "c.xml"])
    assert data.order.lines[0].quantity_ordered == 15


RECEIPTS: list[tuple[str, str, str, str, str, bool]] = [
    (quantity("Received", "8"), ON_LINE_1, "1", "8", "0", False),
    (quantity("Received", "8"), OF_ARTICLE, "2", "8", "0", False),
    (
        quantity("Received", "10") + quantity("Rejected", "2"),  # received includes rejected
        ON_LINE_1,
        *("1", "10", "2", False),
    ),
    (quantity("Received", "10") + quantity("Short", "3"), ON_LINE_1, "1", "10", "0", False),
    (quantity("Received", "-4"), ON_LINE_1, "1", "4", "0", True),  # taken back
]


@pytest.mark.parametrize(("row", "where", "number", "received", "rejected", "back"), RECEIPTS)
def test_a_receipt_advice_is_a_signed_event_on_its_line(
    tmp_path: Path, row: str, where: str, number: str, received: str, rejected: str, back: bool
) -> None:
    other = order_line("2").replace("4006381333931", "4006381333948")
    data = load(tmp_path, order(order_line(), other), receipt(row, where))
    (line,) = data.receipts[0].lines
    assert (line.po_line_number, line.quantity_received, line.quantity_rejected, line.reversed) == (
        *(number, D(received), D(rejected), back),
    )
    assert line.unit_code == "XCS"


WRONG: list[tuple[list[str], str]] = [
    ([order().replace("<cbc:ID>4711</cbc:ID>", "")], "0.xml: /Order/cbc:ID: is missing"),
    ([ubl("Order", "<cbc:ID>1</cbc:ID>")], "/Order/cac:OrderLine: is missing"),
    (
        [order(order_line("1"), order_line("2", quantity="1,5"))],
        "/Order/cac:OrderLine[2]/cac:LineItem/cbc:Quantity: "
        "expected a decimal number with a point, got '1,5'",
    ),
    ([order(order_line(quantity=""))], "cac:LineItem/cbc:Quantity: is missing"),
    ([order(order_line(price="NaN"))], "cbc:PriceAmount: expected a decimal number"),
    ([order(order_line(price="-1"))], "order.lines[0].unit_price"),
    ([order().replace("2026-03-01", "01.03.2026")], "cbc:IssueDate: expected a date YYYY-MM-DD"),
    ([order(order_line(), order_line())], "'1' is given twice"),
    ([order(), change(number="4712")], "changes order '4712', which was not given"),
    ([order(), change(order_line("9", status="Revised"))], "the order has no such line"),
    ([order(), change(order_line("1", status="Added"))], "the order already has that line"),
    ([order(), change(order_line("1", status="Odd"))], "cbc:LineStatusCode: 'Odd' is not one of"),
    ([order(), receipt("", ON_LINE_1)], "cbc:ReceivedQuantity: is missing"),
    (
        [order(), receipt(quantity("Received", "1") + quantity("Rejected", "1", "EA"), ON_LINE_1)],
        "/ReceiptAdvice/cac:ReceiptLine[1]: quantities are in EA and XCS",
    ),
    (
        [order(), receipt(quantity("Received", "1") + quantity("Rejected", "-1"), ON_LINE_1)],
        "have opposite signs",
    ),
    ([order(), receipt(quantity("Received", "1"), OF_ARTICLE)], "no line orders it"),
    (
        [
            order(order_line(), order_line("2").replace("A-2", "A-1")),
            receipt(quantity("Received", "1"), OF_ARTICLE.replace("A-2", "A-1")),
        ],
        "lines 1, 2 order it",
    ),
    ([order(), bill(bill_line())], "contains a document (invoice), not order data"),
]


@pytest.mark.parametrize(("files", "says"), WRONG)
def test_a_wrong_file_is_refused_with_its_xpath(
    tmp_path: Path, files: list[str], says: str
) -> None:
    with pytest.raises(OrderDataError) as refused:
        load(tmp_path, *files)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
