"""The rules baseline on pages made by hand: what it reads, and where it abstains."""

import pickle
import subprocess
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from data.records import Box, ExtractedDocument, LineItem, Page, Word, WordsSource
from training.baseline.keywords import column_tags, fold, folded_tokens, label_tags, total_phrases
from training.baseline.reader import CONFIDENCE, RulesBaseline
from training.decoding.printed_lines import printed_lines
from training.evaluation.predicting import Reader
from training.metrics.predictions import to_prediction

LETTER = 0.006  # width of a letter, fraction of the page
HEIGHT = 0.01
STEP = 0.014  # from line to line
COLUMNS = (0.05, 0.45, 0.60, 0.72, 0.90)  # left edges of description ... amount

Text = tuple[float, str]  # left edge and what is printed there, words a space apart
ENGLISH = ["Description", "Qty", "Unit", "Unit Price", "Amount"]
BOLT = ["Hex bolt", "120", "pcs", "0.25", "30.00"]
WASHER = ["Washer steel", "40", "pcs", "0.10", "4.00"]


def cells(*texts: str | None) -> list[Text]:
    """One table row, a text a column; None leaves the column empty."""
    return [(x, text) for x, text in zip(COLUMNS, texts, strict=False) if text is not None]


def page(lines: Sequence[Sequence[Text]], number: int = 0, top: float = 0.1) -> Page:
    words = []
    for row, line in enumerate(lines):
        for x, text in line:
            left = x
            for token in text.split():
                right = left + LETTER * len(token)
                y = top + row * STEP
                words.append(Word(token, Box(left, y, right, y + HEIGHT)))
                left = right + LETTER / 2
    source: WordsSource = "text" if words else "none"
    reason = "made for a test" if words else "no_text_layer: made for a test"
    return Page(number, 600.0, 800.0, tuple(words), source, reason)


def read(*pages: Page) -> ExtractedDocument:
    (document,) = RulesBaseline().extract("a.pdf", pages)
    return document


def numbers(line: LineItem) -> tuple[str | None, str | None, str | None]:
    leaves = (line.quantity, line.unit_price, line.amount)
    texts = [None if leaf is None else leaf.text for leaf in leaves]
    return texts[0], texts[1], texts[2]


def table(*rows: Sequence[str | None], heading: Sequence[str] = ENGLISH) -> Page:
    return page([cells(*heading), *(cells(*row) for row in rows)])


@pytest.mark.parametrize(
    ("heading", "total"),
    [
        (ENGLISH, "Total"),
        (["Item", "Quantity", "UOM", "Rate", "Line Total"], "Grand Total"),
        (["PRODUCT", "QTY", "UNIT", "PRICE", "TOTAL(EUR)"], "SUBTOTAL"),
        (["Bezeichnung", "Menge", "Einheit", "Einzelpreis", "Gesamtpreis"], "Summe"),
        (["Artikel", "Anzahl", "ME", "E-Preis", "Betrag"], "Zwischensumme"),
        (["Désignation", "Qté", "Unité", "Prix unitaire", "Montant HT"], "Total HT"),
        (["Descripción", "Cantidad", "Unidad", "Precio unitario", "Importe"], "Base imponible"),
        (["Descrizione", "Quantità", "Unità", "Prezzo unitario", "Importo"], "Imponibile"),
    ],
)
def test_headings_of_five_languages_name_the_columns(heading: list[str], total: str) -> None:
    document = read(table(BOLT, WASHER, [total, None, None, None, "34.00"], heading=heading))
    first, second = document.line_items
    assert numbers(first) == ("120", "0.25", "30.00")
    assert numbers(second) == ("40", "0.10", "4.00")
    assert first.description is not None
    assert first.description.value == "Hex bolt"
    assert first.unit is not None
    assert first.unit.value == "pcs"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["Bolt", "120", "pcs", "0.25", "30.00"], ("120", "0.25", "30.00")),
        (["Bolt", "-2", "pcs", "15.00", "-30.00"], ("-2", "15.00", "-30.00")),
        (["Bolt", "2 pcs", None, "15.00", "$30.00"], ("2", "15.00", "30.00")),
        (["Bolt M10 4711", "2", "pcs", "15.00 €", "30.00 €"], ("2", "15.00", "30.00")),
        (["Bolt", "2", "pcs", "15.00", "1,030.00"], ("2", "15.00", "1030.00")),
        (["Bolt", "0", "pcs", "15.00", "0.00"], ("0", "15.00", "0.00")),  # zero is no gap
        (["Bolt", "illegible", "pcs", "15.00", "30.00"], (None, "15.00", "30.00")),
        (["Bolt", "2", "pcs", "n/a", "30.00"], ("2", None, "30.00")),
        (["Bolt", "2", "pcs", None, "30.00"], ("2", "15.00", "30.00")),  # from the other two
        (["Bolt", "0", "pcs", None, "30.00"], ("0", None, "30.00")),
        (["Bolt", "-2", "pcs", None, "30.00"], ("-2", None, "30.00")),  # a price has no sign
        # More digits than any money has: no price is made up
        (
            ["Bolt", "0.0000000000001", None, None, "9,999,999,999.00"],
            ("0.0000000000001", None, "9999999999.00"),
        ),
    ],
)
def test_numbers_of_a_row_are_read_or_none(
    row: list[str | None], expected: tuple[str | None, ...]
) -> None:
    (line,) = read(table(row)).line_items
    assert numbers(line) == expected


@pytest.mark.parametrize(
    "row", [["Bolt", "2", "pcs", "15.00", "n/a"], ["See attached list"], ["Bolt", "2", "pcs"]]
)
def test_a_row_without_a_readable_amount_is_no_line(row: list[str | None]) -> None:
    assert read(table(row)).line_items == ()


def test_decimal_commas_are_the_documents_own() -> None:
    heading = ["Bezeichnung", "Menge", "Einheit", "Preis", "Betrag"]
    rows = [["Bolzen", "1.000", "Stk", "2,50", "2.500,00"], ["Mutter", "3", "Stk", "1,20", "3,60"]]
    first, second = read(table(*rows, heading=heading)).line_items
    assert numbers(first) == ("1000", "2.50", "2500.00")
    assert numbers(second) == ("3", "1.20", "3.60")


def test_a_wrapped_description_goes_with_the_row_above() -> None:
    document = read(table(BOLT, ["galvanised, grade 8"], WASHER, ["Total", None, None, None, "34"]))
    descriptions = [line.description.value for line in document.line_items if line.description]
    assert descriptions == ["Hex bolt galvanised, grade 8", "Washer steel"]


def test_words_far_below_a_row_are_not_its_description() -> None:
    below: list[list[Text]] = [[] for _ in range(5)]
    made = page([cells(*ENGLISH), cells(*BOLT), *below, cells("Thank you very much")])
    (line,) = read(made).line_items
    assert line.description is not None
    assert line.description.value == "Hex bolt"


@pytest.mark.parametrize(
    "end", ["Total", "Subtotal:", "VAT 19%", "MwSt.", "Net total", "Amount due", "Totale"]
)
def test_sums_and_taxes_end_the_table(end: str) -> None:
    document = read(table(BOLT, [None, None, None, end, "5.70"], WASHER))
    assert [numbers(line) for line in document.line_items] == [("120", "0.25", "30.00")]


def test_an_article_called_like_a_tax_does_not_end_the_table() -> None:
    row = ["Tax advice", "2", "hrs", "50.00", "100.00"]
    document = read(table(row, WASHER))
    assert [line.amount and line.amount.text for line in document.line_items] == ["100.00", "4.00"]


@pytest.mark.parametrize("heads_again", [True, False])
def test_a_table_goes_on_over_the_page(heads_again: bool) -> None:
    first = page([cells(*ENGLISH), cells(*BOLT)])
    head = [cells(*ENGLISH)] if heads_again else []
    end = cells("Total", None, None, None, "34.00")
    second = page([[(0.05, "Page 2 of 2")], *head, cells(*WASHER), end], number=1)
    lines = read(first, second).line_items
    assert [(line.page, *numbers(line)) for line in lines] == [
        (0, "120", "0.25", "30.00"),
        (1, "40", "0.10", "4.00"),
    ]


def test_nothing_goes_on_after_the_sums() -> None:
    first = page([cells(*ENGLISH), cells(*BOLT), cells("Total", None, None, None, "30.00")])
    second = page([cells(*WASHER)], number=1)
    assert len(read(first, second).line_items) == 1


def test_another_table_below_gives_no_lines() -> None:
    taxes = [
        cells("Product", None, None, "VAT", "Amount"),
        cells("Goods", None, None, "19", "5.70"),
    ]
    document = read(page([cells(*ENGLISH), cells(*BOLT), *taxes]))
    assert [numbers(line) for line in document.line_items] == [("120", "0.25", "30.00")]


def test_a_heading_over_two_lines_is_one() -> None:
    head = [cells("Description", "Qty", None, "Unit", "Amount"), cells(None, None, None, "Price")]
    (line,) = read(page([*head, cells("Bolt", "2", None, "15.00", "30.00")])).line_items
    assert numbers(line) == ("2", "15.00", "30.00")


@pytest.mark.parametrize(
    ("heading", "row", "expected"),
    [
        (["Description", None, None, None, "Amount"], ["Bolt", None, None, None, "30.00"], "30.00"),
        # The only money column is the amount
        (["Description", None, None, "Rate", None], ["Bolt", None, None, "30.00", None], "30.00"),
    ],
)
def test_columns_may_be_missing(heading: list[str], row: list[str | None], expected: str) -> None:
    (line,) = read(table(row, heading=heading)).line_items
    assert numbers(line) == (None, None, expected)


def test_of_two_sums_the_net_one_counts() -> None:
    head = [*cells("Description", "Qty", None, "Net amount"), (0.9, "Total")]
    row = [*cells("Bolt", "2", None, "30.00"), (0.9, "35.70")]
    (line,) = read(page([head, row])).line_items
    assert line.amount is not None
    assert line.amount.text == "30.00"


@pytest.mark.parametrize(
    "lines",
    [
        [[(0.05, "Dear Sir, the total amount of services was agreed in our contract.")]],
        [[(0.05, "Hex bolt 30.00")], [(0.05, "Washer 4.00")]],  # no sum says it is a bill
        [[(0.05, "Description")], [(0.05, "Hex bolt")]],
    ],
)
def test_without_a_heading_there_are_no_lines(lines: list[list[Text]]) -> None:
    assert read(page(lines)).line_items == ()


@pytest.mark.parametrize(
    ("line", "expected", "description"),
    [
        ("2 Tea 5.00", ("2", "2.50", "5.00"), "Tea"),
        ("Tea 2 2.50 5.00", ("2", "2.50", "5.00"), "Tea"),
        ("Tea 2 x 2.50 5.00 SR", ("2", "2.50", "5.00"), "Tea"),
        ("Tea 5.00", (None, None, "5.00"), "Tea"),
        ("1 Kopi 23,000", ("1", "23000.00", "23000"), "Kopi"),
    ],
)
def test_a_till_prints_lines_without_a_heading(
    line: str, expected: tuple[str | None, ...], description: str
) -> None:
    made = page([[(0.05, line)], [(0.05, "Total 99.00")], [(0.05, "Cash 99.00")]])
    (item,) = read(made).line_items
    assert numbers(item) == expected
    assert item.description is not None
    assert item.description.value == description


def test_the_name_of_a_till_line_may_stand_above_it() -> None:
    lines = ["CHOPPING BOARD", "8970669 1 X 19.00 19.00", "TOTAL 19.00"]
    (item,) = read(page([[(0.05, line)] for line in lines])).line_items
    assert numbers(item) == ("1", "19.00", "19.00")
    assert item.description is not None
    assert item.description.value == "CHOPPING BOARD"


@pytest.mark.parametrize(
    ("lines", "name", "value"),
    [
        ([[(0.05, "INVOICE")], [(0.05, "Invoice No: A-17")]], "invoice_id", "A-17"),
        ([[(0.05, "INVOICE")], [(0.05, "Invoice #")], [(0.05, "4711")]], "invoice_id", "4711"),
        ([[(0.05, "Rechnung")], [(0.05, "Rechnungs-Nr.: R17")]], "invoice_id", "R17"),
        ([[(0.05, "Rechnung (380) Nr. 17 vom 05.03.2024")]], "invoice_id", "17"),
        ([[(0.05, "Rechnung (380) Nr. 17 vom 25.03.2024")]], "invoice_date", "2024-03-25"),
        (
            [[(0.05, "Invoice")], [(0.5, "Total 12.00")], [(0.5, "Total 0.00")]],
            "invoice_total",
            "12.00",
        ),
        ([[(0.05, "FACTURE")], [(0.05, "Facture n° F17")]], "invoice_id", "F17"),
        ([[(0.05, "Invoice")], [(0.05, "Invoice date: 2024-03-05")]], "invoice_date", "2024-03-05"),
        ([[(0.05, "Rechnung")], [(0.05, "Datum: 25.03.2024")]], "invoice_date", "2024-03-25"),
        ([[(0.05, "Invoice")], [(0.05, "PO number 88")]], "purchase_order", "88"),
        (
            [[(0.05, "Invoice")], [(0.5, "Grand total"), (0.8, "1,234.50")]],
            "invoice_total",
            "1234.50",
        ),
        ([[(0.05, "Invoice")], [(0.5, "VAT 19%"), (0.8, "19.00")]], "total_tax", "19.00"),
        ([[(0.05, "Invoice")], [(0.5, "Subtotal"), (0.8, "100.00")]], "sub_total", "100.00"),
        ([[(0.05, "Invoice")], [(0.5, "Currency: CHF")]], "currency", "CHF"),
        ([[(0.05, "Invoice")], [(0.5, "Total"), (0.8, "100.00 €")]], "currency", "EUR"),
        ([[(0.05, "Invoice")], [(0.05, "Invoice No: none")]], "invoice_id", None),
        ([[(0.05, "Invoice")], [(0.05, "Due date: on receipt")]], "due_date", None),
        ([[(0.05, "Invoice")], [(0.5, "Grand total"), (0.8, "see below")]], "invoice_total", None),
    ],
)
def test_header_fields_stand_beside_or_below_their_labels(
    lines: list[list[Text]], name: str, value: str | None
) -> None:
    leaf = read(page(lines)).fields.get(name)
    assert (None if leaf is None else leaf.text) == value


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Invoice", "invoice"),
        ("Gutschrift zur Rechnung 5", "credit_memo"),
        ("Purchase Order", "purchase_order"),
        ("Lieferschein", "delivery_note"),
        ("Cash 5.00 Change 1.00", "receipt"),
        ("Good morning", "other"),
    ],
)
def test_the_title_names_the_type(title: str, kind: str) -> None:
    assert read(page([[(0.05, title)]])).document_type.value == kind


def test_every_value_has_its_place_and_the_same_confidence() -> None:
    document = read(table(BOLT, ["Total", None, None, None, "30.00"]))
    (line,) = document.line_items
    amount = line.amount
    assert amount is not None
    assert (amount.value, amount.confidence, amount.source) == (
        Decimal("30.00"),
        CONFIDENCE,
        "rule",
    )
    assert amount.polygon is not None
    assert amount.polygon[0] == pytest.approx(COLUMNS[4])
    assert line.row_polygon is not None
    prediction = to_prediction("a", [document], 0.0)
    assert prediction["line_items"][0]["places"]["amount"]["page"] == 1
    assert set(prediction["line_items"][0]["confidence"].values()) == {CONFIDENCE}


@pytest.mark.parametrize("pages", [[page([])], [page([]), page([], number=1)]])
def test_pages_without_words_give_no_lines_and_say_so(pages: list[Page]) -> None:
    document = read(*pages)
    assert (document.line_items, dict(document.fields)) == ((), {})
    assert [problem.code for problem in document.problems] == ["no_text_layer"] * len(pages)


def test_no_pages_give_no_document() -> None:
    assert RulesBaseline().extract("a.pdf", []) == ()


def test_the_baseline_travels_to_another_process() -> None:
    reader: Reader = pickle.loads(pickle.dumps(RulesBaseline()))
    made = table(BOLT)
    assert reader.extract("a", iter([made])) == RulesBaseline().extract("a", [made])


def test_keywords_are_written_as_words_are_folded() -> None:
    phrases = [*column_tags(), *total_phrases(), *label_tags()]
    assert [phrase for phrase in phrases if any(fold(word) != word for word in phrase)] == []


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Art-Nr.", ["artnr"]),
        ("Amount(RM)", ["amount", "rm"]),
        ("TypeSpots", ["type", "spots"]),
        ("Qté", ["qte"]),
        ("--", []),
    ],
)
def test_words_are_folded_to_what_they_say(text: str, tokens: list[str]) -> None:
    ((line,),) = [printed_lines(page([[(0.1, text)]]))]
    assert [token for token, _ in folded_tokens(line)] == tokens


def test_the_baseline_imports_no_torch() -> None:
    program = "import sys, training.baseline.reader; sys.exit('torch' in sys.modules)"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 0
