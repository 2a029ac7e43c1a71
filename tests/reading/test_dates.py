"""Dates as printed: one reading where the print tells, two where day and month can be exchanged."""

from datetime import date, timedelta

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from data.values.dates import decide_day_first, read_date

DAYS = st.integers(0, (date(2069, 12, 31) - date(2000, 1, 1)).days).map(
    lambda days: date(2000, 1, 1) + timedelta(days)
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-12-31", "2026-12-31"),
        ("2026/12/31", "2026-12-31"),
        ("20261231", "2026-12-31"),
        ("2026-12-31T00:00:00Z", "2026-12-31"),
        ("31.12.2026", "2026-12-31"),
        ("31.12.26", "2026-12-31"),
        ("31.12.2026 14:05", "2026-12-31"),
        ("Mi. 31.12.2026", "2026-12-31"),
        ("12/31/26", "2026-12-31"),
        ("12/31/2026 2:05 PM", "2026-12-31"),
        ("31-Dec-2026", "2026-12-31"),
        ("31DEC2026", "2026-12-31"),
        ("Dec 31, 2026", "2026-12-31"),
        ("Dec. 31, 2026", "2026-12-31"),
        ("December 31st, 2026", "2026-12-31"),
        ("Wednesday, December 31, 2026", "2026-12-31"),
        ("31. Dezember 2026", "2026-12-31"),
        ("5. März 2026", "2026-03-05"),
        ("1er janvier 2026", "2026-01-01"),
        ("1 août 26", "2026-08-01"),
        ("31 de diciembre de 2026", "2026-12-31"),
        ("5 ene. 2026", "2026-01-05"),
        ("1° gennaio 2026", "2026-01-01"),
        ("Mar 5 2026", "2026-03-05"),  # March, not martedì
        ("03/03/20", "2020-03-03"),
        ("the 31st of December 2026", "2026-12-31"),
        ("31st December '26", "2026-12-31"),
        ("31-Dec-\u201926", "2026-12-31"),
        ("2nd Feb 2026", "2026-02-02"),
        ("3rd. March, 2026", "2026-03-03"),
        ("1º de março de 2026", "2026-03-01"),
        ("31 grudnia 2026 r.", "2026-12-31"),
        ("31. prosince 2026", "2026-12-31"),
        ("den 31 december 2026", "2026-12-31"),
        ("31. desember 2026", "2026-12-31"),
        ("1. maaliskuuta 2026", "2026-03-01"),
        ("2026. december 31.", "2026-12-31"),
        ("2026. 12. 31.", "2026-12-31"),
        ("31 Aralık 2026", "2026-12-31"),
        ("5 Şubat 26", "2026-02-05"),
        ("31 decembrie 2026", "2026-12-31"),
        ("2026-Dec-31", "2026-12-31"),
        ("2026\u5e7412\u670831\u65e5", "2026-12-31"),
        ("2026\ub144 12\uc6d4 31\uc77c", "2026-12-31"),
        ("\u0661\u0663/\u0660\u0663/\u0662\u0660\u0662\u0666", "2026-03-13"),
        ("29.02.2024", "2024-02-29"),
        ("31.12.69", "2069-12-31"),  # the window's last year
        ("1.2.70", "1970-02-01"),
    ],
)
def test_a_clear_date(text: str, value: str) -> None:
    readings = read_date(text)
    assert readings[0].value.isoformat() == value
    assert readings[0].probability >= 0.9


@pytest.mark.parametrize(
    "text",
    [
        *("", "12", "12.50", "1.234,56", "1.234.567", "Dec 2026", "31 Foo 2026", "5 jui 2026"),
        *("31/02/2026", "29.02.2025", "99/99/99", "00/01/2026", "4 Mai 1869", "31.12.2101"),
        *("31.12-2026", "12345678", "20261301", "1" * 5000),
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert read_date(text) == ()


@pytest.mark.parametrize(
    ("day_first", "values"),
    [
        (None, ["2020-04-03", "2020-03-04"]),
        (True, ["2020-04-03"]),
        (False, ["2020-03-04"]),
    ],
)
def test_an_open_order_keeps_both(day_first: bool | None, values: list[str]) -> None:
    readings = read_date("03/04/20", day_first)
    assert [reading.value.isoformat() for reading in readings] == values
    assert sum(reading.probability for reading in readings) == pytest.approx(1)


def test_a_date_only_the_other_order_explains_is_read() -> None:
    assert [r.value for r in read_date("12/31/26", day_first=True)] == [date(2026, 12, 31)]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["03/04/2020", "25/03/2020"], True),
        (["03/04/2020", "03/25/2020"], False),
        (["03.04.2020"], True),  # dots
        (["03/04/2020"], None),
        (["25/03/2020", "03/25/2020"], None),  # they differ
        (["2020-04-03", "3 April 2020", "12.50"], None),
        ([], None),
    ],
)
def test_the_document_decides_the_order(texts: list[str], expected: bool | None) -> None:
    assert decide_day_first(texts) is expected


@given(
    value=DAYS,
    language=st.sampled_from(
        [
            *("en_US", "en_GB", "de", "fr", "es", "it", "pt", "nl"),
            *("pl", "cs", "sv", "da", "nb", "fi", "hu", "ro", "tr"),
        ]
    ),
    width=st.sampled_from(["medium", "long", "full"]),
)
def test_a_written_date_is_read_back(value: date, language: str, width: str) -> None:
    text = format_date(value, width, locale=language)
    assert value in {reading.value for reading in read_date(text)}


@given(
    value=DAYS,
    pattern=st.sampled_from(["%d/%m/%Y", "%d-%m-%y", "%d.%m.%Y", "%m/%d/%y", "%m-%d-%Y"]),
)
def test_a_numeric_date_is_read_back_in_its_order(value: date, pattern: str) -> None:
    day_first = pattern.startswith("%d")
    text = value.strftime(pattern)
    assert value in {reading.value for reading in read_date(text)}
    (reading,) = read_date(text, day_first)
    assert (
        reading.value in {value, value.replace(month=value.day, day=value.month)}
        if (value.day <= 12)
        else {value}
    )
    assert read_date(text, day_first)[0].value == value
