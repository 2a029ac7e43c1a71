"""CSV by its mapping: what is read, and every way in which nothing is guessed."""

import re
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest
import yaml

from data.exchange.csv_files.mapping import (
    COLUMNS,
    REQUIRED,
    CsvMapping,
    Layout,
    X12Terms,
    load_mapping,
)
from data.exchange.order_files import OrderDataError, load_order_data
from data.exchange.recognise import read_documents
from data.exchange.wire.errors import ExchangeError
from data.order_records import OrderData

CONFIG = Path(__file__).parents[2] / "configs" / "mapping.yaml"
HEAD = "Bestellung;Position;Artikel;Bezeichnung;Menge;Einheit;Preis;Preiseinheit;Datum;Inhalt;Notiz"
ROWS = (
    '4711;10;HX;"Schraube; M6";1.200;Stk;4,50;100;01.03.2026;;x',
    "4711;20;SE;Seife;12;KT;24,00;;01.03.2026;12;",
)
ORDER = "\n".join((HEAD, *ROWS))
RECEIPTS = (
    "Beleg;Eingang;Position;Menge;Gesperrt;Einheit\n"
    "GR-1;05.03.2026;10;1.000;0;Stk\n"
    "GR-1;05.03.2026;20;12;2;KT\n"
    "GR-2;06.03.2026;20;-2;;KT\n"
)


def load(tmp_path: Path, *files: str | bytes, mapping: CsvMapping | None = None) -> OrderData:
    paths = []
    for at, content in enumerate(files):
        paths.append(tmp_path / f"{at}.csv")
        data = content.encode() if isinstance(content, str) else content
        paths[-1].write_bytes(data)
    return load_order_data(paths, mapping or load_mapping(CONFIG))


def test_the_shipped_mapping_shows_every_key() -> None:
    written = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
    assert set(written) == set(CsvMapping.model_fields)
    assert set(written["order"]) == set(Layout.model_fields)
    assert set(written["x12"]) == set(X12Terms.model_fields)
    assert all(set(REQUIRED[kind]) <= set(COLUMNS[kind]) for kind in COLUMNS)


def test_the_shipped_mapping_names_every_column_of_order_data() -> None:
    text = CONFIG.read_text(encoding="utf-8")
    named = {name for kind in COLUMNS if kind != "document" for name in COLUMNS[kind]}
    assert [name for name in sorted(named) if not re.search(rf"\b{name}\b", text)] == []


def test_orders_and_receipts_are_told_apart_by_their_headings(tmp_path: Path) -> None:
    data = load(tmp_path, RECEIPTS, ORDER)
    bolts, soap = data.order.lines
    assert (data.order.po_number, data.order.currency) == ("4711", "EUR")
    assert str(data.order.order_date) == "2026-03-01"
    assert (bolts.quantity_ordered, bolts.unit_price, bolts.price_base_quantity) == (
        *(D(1200), D("4.50"), D(100)),
    )
    assert (bolts.description, bolts.pack_factors) == ("Schraube; M6", {})
    assert (soap.unit_code, soap.pack_factors, soap.price_base_quantity) == ("KT", {"KT": 12}, 1)
    assert [(one.receipt_id, len(one.lines)) for one in data.receipts] == [("GR-1", 2), ("GR-2", 1)]
    assert data.receipts[0].lines[1].quantity_rejected == 2
    assert data.receipts[1].lines[0].quantity_received == -2  # a reversal is signed


def test_bills_and_claims_come_as_rows(tmp_path: Path) -> None:
    billed = "invoice,po_line,quantity_in_base_units,net_amount\nI-1,20,-3,-6.00\n"
    claims = "claim,reason,invoice,claimed\nC-1,shortage,I-1,5.00\n"
    data = load(tmp_path, ORDER, billed, claims)
    assert (data.billed[0].base_quantity, data.billed[0].amount) == (D(-3), D("-6.00"))
    assert data.claims[0].amount == D("5.00")


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ";"), ("utf-8-sig", ";"), ("cp1252", "\t"), ("utf-16", "|")],
)
def test_encoding_and_delimiter_are_the_stated_ones(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    text = ORDER.replace("Seife", "Größe").replace('"Schraube; M6"', "Schraube")
    stated = load_mapping(CONFIG)
    assert stated.order is not None
    name = encoding.removesuffix("-sig")
    layout = stated.order.model_copy(update={"encoding": name, "delimiter": delimiter})
    content = text.replace(";", delimiter).encode(encoding)
    data = load(tmp_path, content, mapping=CsvMapping(order=layout))
    assert data.order.lines[1].description == "Größe"


NUMBERS: list[tuple[str, str, str | None, str | None]] = [
    # text, decimal mark, thousands, value (None: refused)
    ("1.234,50", ",", ".", "1234.50"),
    ("1.234", ",", ".", "1234"),
    ("1.234", ".", None, "1.234"),
    ("1.234", ",", None, None),  # grouping that was not agreed
    ("1.23", ",", ".", None),  # no group of three
    ("1.234.56", ",", ".", None),
    ("1,234.50", ".", ",", "1234.50"),
    ("1 234,5", ",", " ", "1234.5"),
    ("1'234.5", ".", "'", "1234.5"),
    ("12,50", ".", None, None),
    ("5-", ",", ".", "-5"),  # SAP's way
    ("-5", ",", ".", "-5"),
    ("-5-", ",", ".", None),
    ("(5)", ",", ".", None),
    ("5 EUR", ",", ".", None),
    ("1e3", ".", None, None),
    ("١٢", ".", None, None),
]


@pytest.mark.parametrize(("text", "decimal", "thousands", "value"), NUMBERS)
def test_a_number_keeps_to_the_stated_marks_or_is_refused(
    tmp_path: Path, text: str, decimal: Any, thousands: Any, value: str | None
) -> None:
    layout = Layout(
        delimiter="|",
        decimal=decimal,
        thousands=thousands,
        columns={"invoice_id": "i", "po_line_number": "l", "base_quantity": "q"},
    )
    stated = load_mapping(CONFIG).model_copy(update={"billed": layout})
    rows = f"i|l|q\nI-1|10|{text}\n"
    if value is not None:
        assert load(tmp_path, ORDER, rows, mapping=stated).billed[0].base_quantity == D(value)
        return
    with pytest.raises(OrderDataError, match=r"1\.csv: row 2: 'q': .* is not a number with"):
        load(tmp_path, ORDER, rows, mapping=stated)


REFUSED: list[tuple[str, str]] = [
    (ORDER.replace("Menge", "Anzahl"), "layout order needs the heading 'Menge'"),
    (ORDER.replace("Notiz", "Menge"), "heading 'Menge' of the mapping (order) occurs twice"),
    (HEAD, "0.csv: has no rows below its headings"),
    (
        ORDER.replace("01.03.2026;12", "02.03.2026;12"),
        "row 3: order_date is '2026-03-02', but '2026-03-01' in the rows before",
    ),
    (ORDER.replace("4711;20", ";20"), "row 3: po_number is empty but required"),
    (ORDER.replace("4711;20;", "4711;;"), "row 3: po_line_number is empty"),
    (ORDER.replace("01.03.2026;12", "2026-03-01;12"), "row 3: 'Datum': '2026-03-01' is not a date"),
    (ORDER + "\n4711;30;x", "row 4: has 3 cells for 11 headings; check the delimiter ';'"),
    (ORDER.replace('"Schraube; M6"', '"Schraube" M6'), "row 2: not CSV"),
    (ORDER.replace("24,00", "24.00"), "row 3: 'Preis': '24.00' is not a number"),
    (ORDER.replace("24,00", "-24,00"), "order.lines[1].unit_price"),
    (ORDER.replace("4711;20", "4711;10"), "'10' is given twice"),
]


@pytest.mark.parametrize(("text", "says"), REFUSED)
def test_a_wrong_file_is_refused_with_row_and_heading(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(OrderDataError) as refused:
        load(tmp_path, text)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_csv_without_a_mapping_is_refused(tmp_path: Path) -> None:
    (tmp_path / "order.csv").write_text(ORDER)
    with pytest.raises(OrderDataError, match=r"order\.csv: .*; a CSV file needs --mapping"):
        load_order_data([tmp_path / "order.csv"])


def mapped(**change: Any) -> dict[str, Any]:
    good: dict[str, Any] = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
    return {"order": good["order"] | change}


def without(key: str) -> dict[str, Any]:
    order = mapped()["order"]
    return {"order": {name: value for name, value in order.items() if name != key}}


WRONG_MAPPINGS: list[tuple[Any, str]] = [
    (without("delimiter"), "order.delimiter is missing but required; it is never guessed"),
    (without("decimal"), "order.decimal is missing but required"),
    (mapped(delimeter=";"), "unknown key 'delimeter'; did you mean 'delimiter'?"),
    ({"ordr": {}}, "unknown key 'ordr'; did you mean 'order'?"),
    ({"x12": {"rcd": "received"}}, "unknown key 'rcd'; did you mean 'rcd02'?"),
    ({"x12": {"rcd02": "both"}}, "x12.rcd02"),
    (mapped(columns={"quantity_orderd": "M"}), "did you mean 'quantity_ordered'?"),
    (mapped(columns={"po_number": "B"}), "'po_line_number' is required, as a column or a constant"),
    (mapped(constants={"po_number": "1"}), "'po_number' is both a column and a constant"),
    (mapped(thousands=","), "decimal and thousands are both ','"),
    (mapped(decimal=";"), "order.decimal"),
    (mapped(delimiter=";;"), "order.delimiter"),
    ([], "expected keys such as order and receipts"),
    ("order: [", "not YAML"),
]


@pytest.mark.parametrize(("content", "says"), WRONG_MAPPINGS)
def test_a_wrong_mapping_is_refused_by_key(tmp_path: Path, content: Any, says: str) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
    with pytest.raises(ExchangeError) as refused:
        load_mapping(path)
    assert says in str(refused.value)
    assert str(refused.value).startswith(str(path))


def test_a_mapping_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match=r"none\.yaml: cannot be read"):
        load_mapping(tmp_path / "none.yaml")


def test_headings_that_fit_two_layouts_are_refused(tmp_path: Path) -> None:
    layout = Layout(
        delimiter=",",
        decimal=".",
        columns={"claim_id": "a", "kind": "b", "invoice_id": "c"},
    )
    other = Layout(
        delimiter=",",
        decimal=".",
        columns={"invoice_id": "a", "po_line_number": "b", "base_quantity": "c"},
    )
    with pytest.raises(OrderDataError, match="the headings fit billed and claims"):
        load(tmp_path, "a,b,c\n1,2,3\n", mapping=CsvMapping(billed=other, claims=layout))


def test_documents_come_as_rows_too() -> None:
    text = (
        "type,number,order,item,qty,price,total\n"
        "invoice,I-1,4711,SE,12,24.00,288.00\n"
        "invoice,I-1,4711,HX,-100,0.045,-4.50\n"
        "credit_memo,C-1,4711,HX,1,0.045,0.05\n"
    )
    bill, credit = read_documents(text.encode(), "bills.csv", load_mapping(CONFIG))
    assert (bill.document_id, credit.document_type.value) == ("bills.csv#1", "credit_memo")
    assert bill.value("purchase_order") == "4711"
    assert [item.quantity and item.quantity.value for item in bill.line_items] == [12, -100]
    assert bill.line_items[0].quantity is not None
    assert bill.line_items[0].quantity.source == "edi"
    wrong, mapping = text.replace("\ninvoice", "\nbill").encode(), load_mapping(CONFIG)
    with pytest.raises(ExchangeError, match="document_type 'bill' is not one of invoice"):
        read_documents(wrong, "bills.csv", mapping)
