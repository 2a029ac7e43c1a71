"""X12 850, 860, 861 and 812 as order data: what is read, applied, and refused."""

from decimal import Decimal as D
from pathlib import Path

import pytest

from data.exchange.csv_files.mapping import CsvMapping, X12Terms
from data.exchange.order_files import OrderDataError, load_order_data
from data.exchange.recognise import read_exchange_file
from data.exchange.wire.errors import ExchangeError
from data.order_records import OrderData, OrderLine
from tests.support.x12_files import interchange, transaction

BEGIN = "BEG*00*SA*4711**20260301"
LINES = (
    *("PO1*1*10*CA*24.00**VN*A-1*UP*036000291452", "PID*F****Soap, lemon", "PO4*12"),
    *("PO1*2*25000*EA*4.50*TP*VN*B-2*IN*77", "PO1*3*100*LB*3.20**SK*C-3", "CTT*3"),
)
ORDER = transaction(
    "850", BEGIN, "CUR*BY*USD", "N1*VN*Acme Supplies*92*V-9", "N1*ST*Dock 4", *LINES
)


def load(tmp_path: Path, *files: str, mapping: CsvMapping | None = None) -> OrderData:
    paths = []
    for number, text in enumerate(files):
        paths.append(tmp_path / f"{number}.x12")
        paths[-1].write_text(text, encoding="utf-8")
    return load_order_data(paths, mapping)


def changed(tmp_path: Path, *segments: str, begin: str = "BCH*04*SA*4711**1*20260301") -> OrderData:
    change = transaction("860", begin, *segments)
    return load(tmp_path, interchange(ORDER), interchange(change))


def line(data: OrderData, number: str) -> OrderLine:
    return next(one for one in data.order.lines if one.po_line_number == number)


def test_an_850_is_the_order(tmp_path: Path) -> None:
    order = load(tmp_path, interchange(ORDER)).order
    assert (order.po_number, order.currency) == ("4711", "USD")
    assert (order.vendor_id, order.vendor_name) == ("V-9", "Acme Supplies")
    assert str(order.order_date) == "2026-03-01"
    first, second, third = order.lines
    assert first == OrderLine(
        po_line_number="1",
        quantity_ordered=D(10),
        product_code="A-1",
        gtin="036000291452",
        description="Soap, lemon",
        unit_code="XCS",  # X12 355 CA is a case; in UNECE Rec 21 it would be a can
        unit_price=D("24.00"),
        pack_factors={"XCS": D(12)},
    )
    assert (second.unit_price, second.price_base_quantity) == (D("4.50"), D(1000))
    assert (second.buyer_item_id, second.price_unit_code) == ("77", None)
    assert (third.product_code, third.unit_code) == ("C-3", "LBR")


@pytest.mark.parametrize(
    ("written", "unit", "price_unit", "base"),
    [
        ("PO1*1*10*CA*2.00*PE", "XCS", "EA", "1"),  # a price per each on cases
        ("PO1*1*10*DZ*0.50*PE", "DZN", "EA", "1"),
        ("PO1*1*10*EA*2.00*PE", "EA", None, "1"),
        ("PO1*1*10*EA*2.00*HP", "EA", None, "100"),
        ("PO1*1*10*LB*2.00*HP", "LBR", None, "100"),
        ("PO1*1*10*CA*24.00*NT", "XCS", None, "1"),  # net: says nothing of units
        ("PO1*1*10*CS*24.00", "XCS", None, "1"),
        ("PO1*1*10*CL*24.00", "x12 CL", None, "1"),  # cylinder, not centilitre
        ("PO1*1*10*EA>1>2*24.00", "EA", None, "1"),  # a composite unit
        ("PO1*1*10**24.00", None, None, "1"),
    ],
)
def test_units_and_price_bases_of_a_line(
    tmp_path: Path, written: str, unit: str | None, price_unit: str | None, base: str
) -> None:
    (one,) = load(tmp_path, interchange(transaction("850", BEGIN, written))).order.lines
    assert (one.unit_code, one.price_unit_code, one.price_base_quantity) == (
        unit,
        price_unit,
        D(base),
    )


@pytest.mark.parametrize(
    ("segments", "says"),
    [
        (["PO1*1*10*EA*2.00", "SAC*C*D240***500"], "the line has a charge beside it (SAC)"),
        (["PO1*1*10*EA*2.00*HT"], "its basis 'HT' (element 639) is not known"),
    ],
)
def test_a_price_that_cannot_be_compared_is_left_out_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, segments: list[str], says: str
) -> None:
    (one,) = load(tmp_path, interchange(transaction("850", BEGIN, *segments))).order.lines
    assert one.unit_price is None
    assert says in caplog.text


def test_an_odd_delimiter_changes_nothing(tmp_path: Path) -> None:
    odd = interchange(ORDER, element="|", component=":", segment="\n")
    assert load(tmp_path, odd) == load(tmp_path, interchange(ORDER))


@pytest.mark.parametrize(
    ("segments", "says"),
    [
        (["PO1*1*10*EA*2.00"], "850 0001: has no BEG segment"),
        ([BEGIN], "has no PO1 segment"),
        (["BEG*00*SA***20260301", "PO1*1*1*EA"], "BEG03: is missing"),
        ([BEGIN, "PO1*1**EA*2.00"], "segment 5: PO102: is missing"),
        ([BEGIN, "PO1*1*1,5*EA*2.00"], "PO102: expected a decimal number with a point, got '1,5'"),
        ([BEGIN, "PO1*1*1*EA*1E3"], "PO104: expected a decimal number"),
        (["BEG*00*SA*4711**20261301", "PO1*1*1*EA"], "BEG05: expected a date CCYYMMDD"),
        (["BEG*01*SA*4711**20260301", "PO1*1*1*EA"], "BEG01: cancels the order"),
        ([BEGIN, "PO1*1*1*EA", "PO1**1*EA"], "PO101: is missing while other lines"),
        ([BEGIN, "PO1*1*1*EA", "CTT*2"], "CTT01: states '2' PO1 lines, but 1 found"),
        ([BEGIN, "CUR*BY*USX", "PO1*1*1*EA"], "'USX' is not an ISO 4217 code"),
        ([BEGIN, "PO1*1*5*EA*-1.00"], "a return has a negative quantity_ordered"),
        ([BEGIN, "PO1*1*5*EA", "PO1*1*6*EA"], "'1' is given twice"),
    ],
)
def test_a_wrong_850_is_refused_with_its_segment(
    tmp_path: Path, segments: list[str], says: str
) -> None:
    with pytest.raises(OrderDataError) as refused:
        load(tmp_path, interchange(transaction("850", *segments)))
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("poc", "number", "quantity", "price"),
    [
        ("POC*1*QI*15**CA", "1", "15", "24.00"),
        ("POC*1*QD*4**CA", "1", "4", "24.00"),
        ("POC*1*PC****23.50", "1", "10", "23.50"),
        ("POC*1*PQ*12**CA*23.00", "1", "12", "23.00"),
        ("POC*1*RZ*7**CA*20.00**VN*A-1X", "1", "7", "20.00"),
        ("POC*1*CT*99**CA*99.00", "1", "10", "24.00"),  # a change of dates
        ("POC*1*NC", "1", "10", "24.00"),
        ("POC*4*AI*5**EA*1.25**VN*D-4", "4", "5", "1.25"),
        ("POC*1*CE", "1", "10", None),  # other charges: what a unit costs now is not known
        ("POC*1*PC****23.50*HF", "1", "10", None),  # per hundred feet, on cases
    ],
)
def test_an_860_changes_its_order(
    tmp_path: Path, poc: str, number: str, quantity: str, price: str | None
) -> None:
    one = line(changed(tmp_path, poc), number)
    assert (one.quantity_ordered, one.unit_price) == (D(quantity), price and D(price))


def test_a_change_leaves_what_it_does_not_name(tmp_path: Path) -> None:
    one = line(changed(tmp_path, "POC*1*QI*15**CA"), "1")
    assert (one.product_code, one.description, one.pack_factors) == (
        "A-1",
        "Soap, lemon",
        {"XCS": D(12)},
    )


def test_a_deleted_line_is_gone_and_changes_apply_by_their_sequence(tmp_path: Path) -> None:
    second = transaction("860", "BCH*04*SA*4711**2*20260301", "POC*1*RZ*20**CA")
    first = transaction("860", "BCH*04*SA*4711**1*20260301", "POC*1*RZ*15**CA", "POC*3*DI")
    data = load(tmp_path, interchange(second, first), interchange(ORDER))
    assert [one.po_line_number for one in data.order.lines] == ["1", "2"]
    assert line(data, "1").quantity_ordered == 20


@pytest.mark.parametrize(
    ("segments", "says"),
    [
        (["POC*9*PC****1.00"], "order line '9' is changed, but the order has no such line"),
        (["POC*9*DI"], "order line '9' is changed, but the order has no such line"),
        (["POC*1*AI*5**EA"], "order line '1' is added, but the order already has that line"),
        (["POC*9*AI***EA"], "added without a quantity"),
        (["POC*1*QI*5**CA"], "a quantity increase from 10 to 5; give the new quantity"),
        (["POC*1*QD*10**CA"], "a quantity decrease from 10 to 10"),
        (["POC*1*TI*5**CA"], "POC02: change 'TI' (element 670) cannot be applied"),
        (["POC*1*CF"], "cancels order '4711'"),
        (["POC*1*PC****x"], "POC06: expected a decimal number"),
        (["POC*1*PC****1.00", "CTT*2"], "CTT01: states '2' POC lines, but 1 found"),
    ],
)
def test_a_change_that_cannot_be_applied_is_refused(
    tmp_path: Path, segments: list[str], says: str
) -> None:
    with pytest.raises(OrderDataError) as refused:
        changed(tmp_path, *segments)
    assert says in str(refused.value)


def test_a_change_of_another_order_or_a_cancelled_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OrderDataError, match="changes order '4712', which was not given"):
        changed(tmp_path, "POC*1*NC", begin="BCH*04*SA*4712**1*20260301")
    with pytest.raises(OrderDataError, match="cancels order '4711'"):
        changed(tmp_path, begin="BCH*01*SA*4711**1*20260301")


def receipt(*segments: str, begin: str = "BRA*R-1*20260305*00*1") -> str:
    return interchange(transaction("861", begin, "REF*PO*4711", *segments))


RECEIPTS: list[tuple[tuple[str, ...], str, str, str, str]] = [
    # segments, order line, received, rejected, returned
    (("RCD*1*8*CA", "LIN**PL*1"), "1", "8", "0", "0"),
    (("RCD*1*8*CA", "LIN**VN*A-1"), "1", "8", "0", "0"),  # placed by its article
    (("RCD*1*8*CA", "LIN*9*UP*036000291452"), "1", "8", "0", "0"),  # LIN01 is a count of its own
    (("RCD*2*8*EA",), "2", "8", "0", "0"),  # no article: the line's number
    (("RCD*1*10*CA***2*CA*01", "LIN**PL*1"), "1", "10", "2", "0"),
    (("RCD*1*10*CA***2*CA*02", "LIN**PL*1"), "1", "10", "0", "0"),  # short: none of them came
    (("RCD*1*10*CA***2*CA*09", "LIN**PL*1"), "1", "10", "0", "0"),  # held, not rejected
    (("RCD*1*10*CA***2*CA*01*1*CA*08*3*CA*12", "LIN**PL*1"), "1", "10", "3", "3"),
    (("RCD*1*10*CA*4*CA", "LIN**PL*1"), "1", "10", "0", "4"),
    (("RCD*1*-3*CA", "LIN**PL*1"), "1", "-3", "0", "0"),  # signed
]


@pytest.mark.parametrize(("segments", "number", "received", "rejected", "returned"), RECEIPTS)
def test_an_861_is_a_receipt_on_its_order_line(
    tmp_path: Path,
    segments: tuple[str, ...],
    number: str,
    received: str,
    rejected: str,
    returned: str,
) -> None:
    data = load(tmp_path, interchange(ORDER), receipt(*segments))
    (one,) = data.receipts[0].lines
    assert one.po_line_number == number
    assert (one.quantity_received, one.quantity_rejected, one.quantity_returned) == (
        D(received),
        D(rejected),
        D(returned),
    )
    assert one.quantity_basis == "received"


def test_an_accepted_quantity_is_stored_as_such(tmp_path: Path) -> None:
    """RCD02 is "received or accepted": only the partners know which, unless the type says."""
    terms = CsvMapping(x12=X12Terms(rcd02="accepted"))
    text = receipt("RCD*1*10*CA***2*CA*01", "LIN**PL*1", begin="BRA*R-1*20260305*00*3")
    with pytest.raises(OrderDataError, match=r"BRA04: type '3' does not state whether RCD02"):
        load(tmp_path, interchange(ORDER), text)
    data = load(tmp_path, interchange(ORDER), text, mapping=terms)
    (one,) = data.receipts[0].lines
    assert (one.quantity_basis, one.quantity_received, one.quantity_rejected) == (
        "accepted",
        D(12),
        D(2),
    )


def test_received_and_accepted_quantities_of_one_line_are_not_added(tmp_path: Path) -> None:
    import json

    came = receipt("RCD*1*10*CA", "LIN**PL*1")
    accepted = {
        "receipts": [
            {
                "receipt_id": "R-2",
                "lines": [
                    {
                        "po_line_number": "1",
                        "quantity_received": "9",
                        "quantity_basis": "accepted",
                    }
                ],
            }
        ]
    }
    with pytest.raises(OrderDataError, match="the same goods would count twice"):
        load(tmp_path, interchange(ORDER), came, json.dumps(accepted))


def test_a_cancelled_receipt_is_taken_back(tmp_path: Path) -> None:
    came = receipt("RCD*1*10*CA", "LIN**PL*1")
    back = receipt("RCD*1*10*CA", "LIN**PL*1", begin="BRA*R-1*20260306*01*1")
    data = load(tmp_path, interchange(ORDER), came, back)
    assert [one.receipt_id for one in data.receipts] == ["R-1", "R-1 (cancelled)"]
    assert [one.lines[0].reversed for one in data.receipts] == [False, True]


@pytest.mark.parametrize(
    ("segments", "says"),
    [
        (["RCD*1**CA"], "RCD02: is missing"),
        (["RCD*1*8*CA***2*EA*01", "LIN**PL*1"], "RCD07: is not in the unit of RCD03"),
        (["RCD*9*8*CA"], "names no article; in order '4711' no line orders it"),
        (["RCD*1*8*CA", "LIN**VN*X-9"], "product_code 'X-9'"),
        (["RCD*1*8*CA", "LIN**PL*9"], "po_line_number '9' is not a line of order '4711'"),
        ([], "has no RCD segment"),
        (["RCD*1*8*CA", "CTT*3"], "CTT01: states '3' RCD lines, but 1 found"),
    ],
)
def test_a_receipt_without_a_sure_place_is_refused(
    tmp_path: Path, segments: list[str], says: str
) -> None:
    with pytest.raises(OrderDataError) as refused:
        load(tmp_path, interchange(ORDER), receipt(*segments))
    assert says in str(refused.value)


def test_an_812_among_order_data_is_a_claim_that_stands(tmp_path: Path) -> None:
    memo = transaction(
        "812",
        "BCD*20260310*DM-1*M*5000*D*20260301*I-9**4711",
        "CDD*06*D*1*4500***3*CA",
        "CDD*01*C*2*500",
    )
    shortage, price = load(tmp_path, interchange(ORDER), interchange(memo)).claims
    assert (shortage.claim_id, shortage.invoice_id, shortage.kind) == ("DM-1", "I-9", "426 06")
    assert (shortage.amount, shortage.quantity) == (D("45.00"), D(3))
    assert (price.amount, price.quantity) == (D("-5.00"), None)


def test_documents_are_sent_to_the_option_they_belong_to(tmp_path: Path) -> None:
    bill = interchange(transaction("810", "BIG*20260301*I-1**4711", "IT1*1*1*EA*1.00"))
    with pytest.raises(OrderDataError, match=r"contains a document .* give it with --document"):
        load(tmp_path, interchange(ORDER), bill)
    with pytest.raises(ExchangeError, match="transaction set '997' is not supported"):
        read_exchange_file(interchange(transaction("997", "AK1*PO*1")).encode(), "x")
