"""Numbers in every writing that vendors use: digits, dashes, cents, currencies, products."""

import pytest

from data.values.numerals import NumberFormat, read_number

US = NumberFormat(".", (",",))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # digits of other scripts, and their marks
        ("\uff15\uff10\uff0e\uff10\uff10", "50.00"),
        ("\uff11\uff0c\uff12\uff13\uff14\uff0e\uff15\uff10", "1234.50"),
        ("\u0663\u0664", "34"),
        ("\u0661\u066c\u0662\u0663\u0664\u066b\u0665\u0660", "1234.50"),
        ("\u06f1\u06f2\u066b\u06f5", "12.5"),
        ("\u0967\u0968\u0969.\u096b\u0966", "123.50"),
        ("\u09e7\u09e8\u09e9", "123"),
        # minus signs
        *((f"{dash}5.00", "-5.00") for dash in "-\u2212\u2010\u2012\u2013\u2014\u2015\u207b\u2796"),
        *((f"5.00{dash}", "-5.00") for dash in "-\u2212\u2013\ufe63\uff0d"),
        *(("2.00-", "-2.00"), ("(3,75)", "-3.75"), ("5.00 (CR)", "-5.00"), ("(-)5.00", "-5.00")),
        *(("5.00+", "5.00"), ("<5.00>", "-5.00"), ("Cr5.00", "-5.00"), ("5.00 DR", "5.00")),
        # no cents, raised cents, fractions
        *(("EUR 5,-", "5.00"), ("5.--", "5.00"), ("5.\u2014", "5.00"), ("CHF 5.\u2013", "5.00")),
        *(("500/-", "500"), ("Rs.500/-", "500"), ("\u20b91,23,456.00/-", "123456.00")),
        *(("12\u2079\u2079 \u20ac", "12.99"), ("\u20ac12\u2075\u2070", "12.50"), ("1½", "1.5")),
        *(("50¢", "0.50"), ("¢5", "0.05"), ("£5·00", "5.00")),
        *(("1 234:50 kr", "1234.50"), ("12:50 kr", "12.50"), ("1234:50", "1234.50")),
        # currencies
        *(("R 16,875.00", "16875.00"), ("R16 875.00", "16875.00"), ("Q50.00", "50.00")),
        *(("S/ 50.00", "50.00"), ("S/.50.00", "50.00"), ("B/.5.00", "5.00"), ("Bs 50", "50")),
        *(("RD$ 500.00", "500.00"), ("US $5.00", "5.00"), ("U$S 500", "500"), ("$CAD 5", "5")),
        *(
            ("GH₵ 5.00", "5.00"),
            ("KSh1,200.00", "1200.00"),
            ("PhP500", "500"),
            ("5,00 Eur", "5.00"),
        ),
        *(("KD 2.15", "2.15"), ("L.E. 50", "50"), ("500 \u5186", "500"), ("500\u5143", "500")),
        # words and letters behind money
        *(("12,00 A", "12.00"), ("12.00A", "12.00"), ("9.99T", "9.99"), ("5,00 TTC", "5.00")),
        *(("5.00 net", "5.00"), ("12kg", "12"), ("3x", "3"), ("10PCS", "10"), ("3-EA", "3")),
        *(("5szt.", "5"), ("5\u0448\u0442", "5"), ("12\u500b", "12"), ("3 ks", "3")),
        # frames
        *(("5.00|", "5.00"), ("_5.00", "5.00"), ("[5.00]", "5.00"), ("«5.00»", "5.00")),
        *(('"5.00"', "5.00"), (":12.50", "12.50"), ("=12.50", "12.50")),
        ("28 x 2 x 190 = 10,640.00", "10640.00"),
    ],
)
def test_a_number_is_read_in_every_writing(text: str, value: str) -> None:
    readings = read_number(text)
    assert [str(reading.value) for reading in readings] == [value]
    assert not readings[0].repaired


@pytest.mark.parametrize(
    "text",
    [
        *("R16", "Q4", "K12", "R-16", "B12.A", "m²", "x²", "²³", "12:30", "1:50", "12:30:45"),
        *("½", "1/2", "3 1/2", "S/N 12", "5.00 CARTS", "A12,00", "12,0 A", "12 A", "DIN 5"),
        *("\u0661\u0662/\u0663", "\u6b62", "· 5", "2 x 5", "12 = 13 = 14x"),
    ],
)
def test_codes_times_and_words_are_no_numbers(text: str) -> None:
    assert [r for r in read_number(text) if not r.repaired] == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2.150 KD", ["2.150", "2150"]),
        ("1.250 BHD", ["1.250", "1250"]),
        ("R.O. 3.500", ["3.500", "3500"]),
        ("CLP 12.990", ["12990", "12.990"]),
        ("1,200\u5186", ["1200", "1.200"]),
        ("¥1,200", ["1200", "1.200"]),  # yen or yuan: as without a currency
        ("€ 1,449", ["1449", "1.449"]),  # a litre of fuel has three decimals
        ("|5.00", ["5.00", "15.00"]),  # a table rule, or a 1
        ("28 x 2 x 190 = 10,640", ["10640"]),
        ("2 x 5 = 1,100", ["1100", "1.100"]),
    ],
)
def test_what_is_open_keeps_both_readings(text: str, values: list[str]) -> None:
    readings = read_number(text)
    assert [str(reading.value) for reading in readings] == values
    assert readings[0].probability < 1


@pytest.mark.parametrize(
    ("text", "value", "least"),
    [
        ("40. 00", "40.00", 0.9),
        ("18. 500000", "18.500000", 0.9),
        ("$ 2,000. 00", "2000.00", 0.9),
        ("18 .50", "18.50", 0.9),
        ("12, 50", "12.50", 0.9),
        ("1, 234.50", "1234.50", 0.6),
    ],
)
def test_a_space_beside_the_mark_is_closed_up(text: str, value: str, least: float) -> None:
    (reading,) = read_number(text)
    assert (str(reading.value), reading.repaired) == (value, True)
    assert least <= reading.probability < 1


def test_the_documents_format_decides_before_the_currency() -> None:
    (reading,) = read_number("1,250 BHD", US)
    assert str(reading.value) == "1250"
