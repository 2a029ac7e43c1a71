"""Numbers that print cut in two or glued together: joined and split by what geometry shows."""

import pytest

from data.records import Box, Word
from data.values.number_words import mend_numbers

DIGIT = 0.01  # widths of the words below, in fractions of the page


def line(*parts: str | float, top: float = 0.5, left: float = 0.1) -> list[Word]:
    """Words side by side; a number between two is the gap in digits."""
    words: list[Word] = []
    for part in parts:
        if isinstance(part, str):
            right = left + DIGIT * len(part)
            words.append(Word(part, Box(left, top, right, top + 0.012), 0.9))
            left = right
        else:
            left += part * DIGIT
    return words


@pytest.mark.parametrize(
    ("parts", "texts"),
    [
        (("40.", 0.2, "00"), ["40.00"]),
        (("18.", 0.3, "500000"), ["18.500000"]),
        (("1.234,", 0.1, "56"), ["1.234,56"]),
        (("1,234", 0.1, ".50"), ["1,234.50"]),
        (("$", 0.2, "12.50"), ["$12.50"]),
        (("-", 0.1, "12.50"), ["-12.50"]),
        (("40.", 0.6, "00"), ["40.", "00"]),  # a printed space: open, both stay
        (("1.", 0.2, "123"), ["1.", "123"]),  # a position and a code
        (("5", 0.2, "00"), ["5", "00"]),
        (("12.50", 0.2, "30.00"), ["12.50", "30.00"]),
        (("150.0030.00",), ["150.00", "30.00"]),
        (("$1,250.00$0.50",), ["$1,250.00", "$0.50"]),
        (("12,5017,00",), ["12,50", "17,00"]),
        (("12,507,00",), ["12,507,00"]),  # 12,507.00 with a misread mark, or two
        (("1.234.56",), ["1.234.56"]),  # one number with a misread mark
        (("12.05.2024",), ["12.05.2024"]),
        (("192.168.10.10",), ["192.168.10.10"]),
        (("12.5030",), ["12.5030"]),
        (("Total", 0.2, "00"), ["Total", "00"]),
        ((), []),
    ],
)
def test_one_number_is_one_word(parts: tuple[str | float, ...], texts: list[str]) -> None:
    assert [word.text for word in mend_numbers(line(*parts))] == texts


@pytest.mark.parametrize(
    ("above", "below", "texts"),
    [
        (("$2,000.",), ("00",), ["$2,000.00"]),
        (("1,234.",), ("50",), ["1,234.50"]),
        (("$2,000.",), (5.0, "00"), ["$2,000.00"]),  # right-aligned
        (("$2,000.",), (2.5, "00"), ["$2,000.", "00"]),  # under neither edge
        (("$2,000.",), ("00", 0.5, "Net"), ["$2,000.", "00", "Net"]),
        (("$2,000.",), ("000",), ["$2,000.", "000"]),
        (("12.",), ("00",), ["12.", "00"]),  # may be a position
    ],
)
def test_wrapped_cents_join_their_amount(
    above: tuple[str | float, ...], below: tuple[str | float, ...], texts: list[str]
) -> None:
    words = line(*above) + line(*below, top=0.515)
    assert [word.text for word in mend_numbers(words)] == texts


def test_the_split_shares_the_box_by_letters() -> None:
    first, second = mend_numbers(line("150.0030.00"))
    assert first.box.right == second.box.left == pytest.approx(0.1 + 6 * DIGIT)
    assert second.box.right == pytest.approx(0.1 + 11 * DIGIT)


@pytest.mark.parametrize(
    ("text", "width", "height", "confidence", "stays"),
    [
        ("1", 0.002, 0.02, 0.6, False),
        ("|", 0.002, 0.02, 0.6, False),
        ("1", 0.006, 0.02, 0.6, True),  # as wide as a digit: a large 1
        ("1", 0.002, 0.012, 0.6, True),  # as high as the others: a narrow 1
        ("1", 0.002, 0.02, None, True),  # a text layer has no strokes
        ("7", 0.002, 0.02, 0.6, True),
    ],
)
def test_a_tall_thin_stroke_is_a_table_rule(
    text: str, width: float, height: float, confidence: float | None, stays: bool
) -> None:
    stroke = Word(text, Box(0.5, 0.5, 0.5 + width, 0.5 + height), confidence)
    words = [*line("12.50", 2.0, "40.00", 2.0, "9.99"), stroke]
    assert (stroke in mend_numbers(words)) is stays
