"""Terms of an order as partners' files state them: freight, payment, tax number, unit codes."""

import pytest

from data.exchange.csv_mapping import CsvMapping
from data.orders import read_order_data
from tests.x12_files import interchange, transaction


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
