"""Terms of an order as partners' files state them: freight, payment, allowances, rates, weights."""

from decimal import Decimal
from typing import Any

import pytest

from data.exchange.csv_files.mapping import CsvMapping
from data.exchange.order_files import OrderDataError, read_order_data
from data.order_records import Allowance, OrderAllowance, PurchaseOrder
from tests.support.ubl_files import change
from tests.support.ubl_files import order as ubl_order
from tests.support.ubl_files import order_line as ubl_line
from tests.support.x12_files import interchange, transaction

D = Decimal


@pytest.mark.parametrize(
    ("fob", "terms"),
    [
        (["FOB*CC"], "collect"),
        (["FOB*PP"], "prepaid"),
        (["FOB*PC"], "prepaid_and_add"),
        (["FOB*TP"], "unknown"),  # a third party pays
        ([], "unknown"),
    ],
)
def test_freight_terms_of_an_850(fob: list[str], terms: str) -> None:
    body = ("BEG*00*SA*4711**20260110", *fob, "PO1*1*10*EA*2.00**VN*A-1", "CTT*1")
    order = read_order_data([("po.x12", interchange(transaction("850", *body)).encode())]).order
    assert (order.freight_terms, order.unit_code_list) == (terms, "x12")


def test_terms_of_a_csv_order() -> None:
    head = {
        "vendor_tax_id": "DE1", "payment_terms": "NET 30", "freight_terms": "collect",
        "planned_freight": "60,00", "agreed_deposit": "12,00", "tax_rate": "19,0",
    }  # fmt: skip
    line = {"po_number": "4711", "po_line_number": "1", "quantity_ordered": "10", "category": "B"}
    cells = line | head
    columns = {name: name for name in cells}
    layout = {"order": {"delimiter": ";", "decimal": ",", "columns": columns}}
    text = f"{';'.join(cells)}\n{';'.join(cells.values())}\n"
    mapping = CsvMapping.model_validate(layout)
    order = read_order_data([("o.csv", text.encode())], mapping).order
    assert (order.vendor_tax_id, order.payment_terms, order.freight_terms) == (
        "DE1",
        "NET 30",
        "collect",
    )
    assert [str(one) for one in (order.planned_freight, order.agreed_deposit, order.tax_rate)] == [
        "60.00",
        "12.00",
        "19.0",
    ]
    assert order.lines[0].category == "B"


def csv_order(cells: dict[str, str], **layout: Any) -> PurchaseOrder:
    """The order of one row."""
    said = {"po_number": "4711", "po_line_number": "1", "quantity_ordered": "10"} | cells
    text = f"{';'.join(said)}\n{';'.join(said.values())}\n"
    columns = {name: name for name in said}
    mapping = {"delimiter": ";", "decimal": ".", "columns": columns} | layout
    read = CsvMapping.model_validate({"order": mapping})
    return read_order_data([("o.csv", text.encode())], read).order


def test_flags_and_allowances_of_a_csv_order() -> None:
    cells = {
        "closed": "N", "tax_exempt": "J", "order_allowance_rate": "2",
        "order_allowance_in_price": "J", "catch_weight": "J", "receipt_expected": "N",
        "allowance_amount": "1.20", "line_planned_freight": "3.00", "price_unit_code": "KG",
    }  # fmt: skip
    order = csv_order(cells, flags={"J": True, "N": False})
    assert (order.closed, order.tax_exempt) == (False, True)
    assert order.allowances == (OrderAllowance(rate=D(2), in_price=True),)
    (line,) = order.lines
    assert (line.catch_weight, line.receipt_expected) == (True, False)
    assert (line.allowances, line.planned_freight) == ((Allowance(amount=D("1.20")),), D("3.00"))


def test_a_flag_that_the_mapping_does_not_know_is_refused() -> None:
    with pytest.raises(
        OrderDataError, match="'yes' is not one of the mapping's flags 'true', 'false'"
    ):
        csv_order({"catch_weight": "yes"})


def test_an_allowance_that_no_row_gives_is_none() -> None:
    cells = {"order_allowance_rate": "", "order_allowance_in_price": "true", "allowance_rate": ""}
    order = csv_order(cells)
    assert (order.allowances, order.lines[0].allowances) == ((), ())


def x12_order(*head: str, line: tuple[str, ...] = ("PO1*1*10*CA*24.00**VN*A-1",)) -> PurchaseOrder:
    body = ("BEG*00*SA*4711**20260110", *head, *line, "CTT*1")
    return read_order_data([("po.x12", interchange(transaction("850", *body)).encode())]).order


@pytest.mark.parametrize(
    ("itd", "terms"),
    [
        (["ITD*01*3*2**10**30"], "2/10 NET 30"),
        (["ITD*05*3*****30"], "NET 30"),
        (["ITD*******45"], "NET 45"),
        (["ITD*14***********AS AGREED"], "AS AGREED"),
        (["ITD*01*2*2**10**30"], None),  # from the day of delivery
        (["ITD*02*3*****30"], None),  # from the end of the month
        (["ITD*01*3*2*20260201***30"], None),  # the discount has a date of its own
        (["ITD*01*3*2**10**30*500"], None),  # an amount beside the percentage
        (["ITD*01*3*2**10"], None),  # until when the whole is due is not said
        (["ITD*05*3*****30", "ITD*05*3*****60"], None),  # which of the two?
        ([], None),
    ],
)
def test_payment_terms_of_an_850(
    itd: list[str], terms: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    assert x12_order(*itd).payment_terms == terms
    assert ("the payment terms are left out" in caplog.text) == (bool(itd) and terms is None)


@pytest.mark.parametrize(
    ("sac", "allowances", "freight", "told"),
    [
        ("SAC*A*C310***5000*3*2.5*****02", [OrderAllowance(rate=D("2.5"))], None, ""),
        ("SAC*A*C310***5000*******02", [OrderAllowance(amount=D("50.00"))], None, ""),
        ("SAC*A*C310****D*2*****02", [OrderAllowance(rate=D(2))], None, ""),
        ("SAC*A*C310****8*2*****02", [], None, "its basis is not stated"),
        ("SAC*A*C310***5000*******01", [], None, "SAC12 is '01', not off invoice (02)"),
        ("SAC*A*C310***5000", [], None, "SAC12 is '', not off invoice"),
        ("SAC*C*D240***6000", [], "60.00", ""),
        ("SAC*C*D240***6000*******06", [], "60.00", ""),
        ("SAC*C*D240***6000*******05", [], None, "a charge other than freight"),
        ("SAC*C*D240", [], None, "freight without an amount"),
        ("SAC*C*D500***6000", [], None, "a charge other than freight"),
        ("SAC*N*C310***5000", [], None, ""),
    ],
)
def test_allowances_and_freight_on_an_850(
    sac: str,
    allowances: list[OrderAllowance],
    freight: str | None,
    told: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    order = x12_order(sac)
    assert list(order.allowances) == allowances
    assert order.planned_freight == (None if freight is None else D(freight))
    assert told in caplog.text if told else caplog.text == ""


PER_EACH = "PO1*1*10*CA*2.00*PE*VN*A-1"
PER_HUNDRED = "PO1*1*1000*EA*2.00*HP*VN*A-1"


@pytest.mark.parametrize(
    ("line", "sac", "allowance", "told"),
    [
        ("", "SAC*A*C310****3*5*****02", Allowance(rate=D(5)), ""),
        ("", "SAC*A*C310******1.20*CA*10**02", Allowance(amount=D("1.20")), ""),
        (
            "",
            "SAC*A*C310******1.20*CA*4**02",
            None,
            "it is for 4 units (SAC10), and 10 are ordered",
        ),
        ("", "SAC*A*C310******0.10*EA*120**02", None, "it is for 120 units"),
        ("", "SAC*A*C310******1.20*CA*10*20*02", None, "a range of quantities (SAC11)"),
        ("", "SAC*A*C310***1200*******02", None, "its share of one unit is not stated"),
        ("", "SAC*A*C310******1.20*EA***02", None, "its share of one unit is not stated"),
        ("", "SAC*A*C310****3*5*****04", None, "SAC12 is '04', not off invoice (02)"),
        (PER_EACH, "SAC*A*C310******0.10*EA***02", Allowance(amount=D("0.10")), ""),
        (PER_HUNDRED, "SAC*A*C310******0.01*EA***02", Allowance(amount=D("1.00")), ""),
    ],
)
def test_allowances_on_a_line_of_an_850(
    line: str, sac: str, allowance: Allowance | None, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    (one,) = x12_order(line=(line or "PO1*1*10*CA*24.00**VN*A-1", sac)).lines
    assert one.allowances == (() if allowance is None else (allowance,))
    assert one.unit_price is not None  # the price stays: it is before the allowance
    assert told in caplog.text if told else caplog.text == ""


@pytest.mark.parametrize(
    ("measure", "weight", "told"),
    [
        (["MEA*WT*N*243.6*LB"], "243.6", ""),
        (["MEA*WT*G*260.0*LB"], None, ""),  # with its packing
        (["MEA*WT*N*110.5*KG"], None, "the weight in KGM is left out: the price is per LB"),
        (["MEA*WT*N*243.6*LB", "MEA*WT*N*200*LB"], None, ""),  # which of the two?
        ([], None, ""),
    ],
)
def test_weights_of_an_861_are_of_the_price_unit(
    measure: list[str], weight: str | None, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    line = {
        "po_line_number": "1", "quantity_ordered": "10", "unit_code": "CS", "price_unit_code": "LB",
        "catch_weight": True, "unit_price": "3.20", "pack_factors": {"LB": "1", "CS": "25"},
    }  # fmt: skip
    given = {"order": {"po_number": "4711", "lines": [line]}}
    body = ("BRA*R-1*20260305*00*1", "REF*PO*4711", "RCD*1*10*CA", "LIN**PL*1", *measure)
    file = ("r.x12", interchange(transaction("861", *body)).encode())
    (came,) = read_order_data([file], order_json=given).receipts[0].lines
    assert came.weight == (None if weight is None else D(weight))
    assert told in caplog.text if told else caplog.text == ""


def read_ubl(*files: str) -> PurchaseOrder:
    return read_order_data([(f"{at}.xml", text.encode()) for at, text in enumerate(files)]).order


def off(amount: str, more: str = "", charge: str = "false") -> str:
    """A cac:AllowanceCharge of that amount."""
    return (
        f"<cac:AllowanceCharge><cbc:ChargeIndicator>{charge}</cbc:ChargeIndicator>{more}"
        f"<cbc:Amount>{amount}</cbc:Amount></cac:AllowanceCharge>"
    )


def of(base: str, factor: str) -> str:
    return (
        f"<cbc:MultiplierFactorNumeric>{factor}</cbc:MultiplierFactorNumeric>"
        f"<cbc:BaseAmount>{base}</cbc:BaseAmount>"
    )


def net(amount: str) -> str:
    return f"<cbc:LineExtensionAmount>{amount}</cbc:LineExtensionAmount>"


# 10 cases at 24.00
@pytest.mark.parametrize(
    ("more", "allowances", "told"),
    [
        (off("12.00", of("240.00", "0.05")), (Allowance(rate=D(5)),), ""),
        (off("12.00", of("240.00", "5")), (Allowance(rate=D(5)),), ""),
        (net("228.00") + off("12.00", of("240.00", "5")), (Allowance(rate=D(5)),), ""),
        # The price has it in it already.
        (net("240.00") + off("12.00", of("240.00", "5")), (), ""),
        (off("12.00", of("200.00", "0.06")), (), "an allowance on the whole line is left out"),
        (off("15.00", of("240.00", "0.05")), (), "an allowance on the whole line is left out"),
        (off("12.00"), (), "the share of 12.00 for one unit is not stated"),
        ("", (), ""),
    ],
)
def test_allowances_on_a_line_of_a_ubl_order(
    more: str, allowances: tuple[Allowance, ...], told: str, caplog: pytest.LogCaptureFixture
) -> None:
    (line,) = read_ubl(ubl_order(ubl_line(more=more))).lines
    assert (line.unit_price, line.allowances) == (D("24.00"), allowances)
    assert told in caplog.text if told else caplog.text == ""


FREIGHT = "<cbc:AllowanceChargeReasonCode>FC</cbc:AllowanceChargeReasonCode>"
TOTAL = f"<cac:AnticipatedMonetaryTotal>{net('240.00')}</cac:AnticipatedMonetaryTotal>"


@pytest.mark.parametrize(
    ("head", "allowances", "freight", "told"),
    [
        (off("4.80", of("240.00", "0.02")) + TOTAL, (OrderAllowance(rate=D(2)),), None, ""),
        (off("4.80", of("240.00", "0.02")), (OrderAllowance(amount=D("4.80")),), None, ""),
        (off("5.00"), (OrderAllowance(amount=D("5.00")),), None, ""),
        (off("60.00", FREIGHT, "true"), (), "60.00", ""),
        (off("60.00", FREIGHT, "true") * 2, (), "120.00", ""),
        (off("9.00", charge="true"), (), None, "a charge other than freight is left out"),
    ],
)
def test_allowances_and_freight_of_a_ubl_order(
    head: str,
    allowances: tuple[OrderAllowance, ...],
    freight: str | None,
    told: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    order = read_ubl(ubl_order(head, ubl_line()))
    assert order.allowances == allowances
    assert order.planned_freight == (None if freight is None else D(freight))
    assert told in caplog.text if told else caplog.text == ""


def rate(source: str, target: str, number: str, more: str = "") -> str:
    return (
        f"<cac:PricingExchangeRate><cbc:SourceCurrencyCode>{source}</cbc:SourceCurrencyCode>"
        f"{more}<cbc:TargetCurrencyCode>{target}</cbc:TargetCurrencyCode>"
        f"<cbc:CalculationRate>{number}</cbc:CalculationRate></cac:PricingExchangeRate>"
    )


DIVIDED = "<cbc:MathematicOperatorCode>Divide</cbc:MathematicOperatorCode>"
PER_100 = "<cbc:SourceCurrencyBaseRate>100</cbc:SourceCurrencyBaseRate>"


@pytest.mark.parametrize(
    ("head", "rates", "told"),
    [
        (rate("USD", "EUR", "0.93"), {"USD": D("0.93")}, ""),
        # So many euros are one dollar: euros are divided by it.
        (rate("EUR", "USD", "0.93", DIVIDED), {"USD": D("0.93")}, ""),
        (rate("EUR", "USD", "1.08"), {}, "it is not into EUR"),
        (rate("USD", "EUR", "1.08", DIVIDED), {}, "it is not into EUR"),
        (rate("JPY", "EUR", "0.61", PER_100), {}, "the exchange rate is left out"),
        (rate("USD", "EUR", "0.93") * 2, {"USD": D("0.93")}, ""),
        (rate("USD", "EUR", "0.93") + rate("USD", "EUR", "0.95"), {}, "they are 0.93 and 0.95"),
    ],
)
def test_exchange_rates_of_a_ubl_order(
    head: str, rates: dict[str, Decimal], told: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert read_ubl(ubl_order(head, ubl_line())).agreed_rates == rates
    assert told in caplog.text if told else caplog.text == ""


def test_the_class_of_an_article_is_its_category() -> None:
    def classed(*codes: str) -> str:
        said = "".join(
            "<cac:CommodityClassification><cbc:ItemClassificationCode>"
            f"{code}</cbc:ItemClassificationCode></cac:CommodityClassification>"
            for code in codes
        )
        return ubl_order(ubl_line().replace("</cac:Item>", f"{said}</cac:Item>"))

    assert read_ubl(classed("53131608")).lines[0].category == "53131608"
    assert read_ubl(classed("53131608", "3401")).lines[0].category is None


def test_a_change_of_a_price_restates_its_allowances(caplog: pytest.LogCaptureFixture) -> None:
    before = ubl_order(ubl_line(more=off("12.00", of("240.00", "5"))))
    (line,) = read_ubl(before, change(ubl_line(status="Revised"))).lines
    assert line.allowances == ()
    order = read_ubl(before, change(off("5.00"), ubl_line(status="4")))
    assert (order.allowances, len(order.lines[0].allowances)) == ((), 1)
    assert "a change of allowances or charges on the whole order is left out" in caplog.text
