"""Units as they stand on invoices, what they hold, and when that is not known."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.values.unit_codes import UNITS, X12
from data.values.units import (
    code_in_force,
    convert,
    factor_to_base,
    normalise_gtin,
    price_bases,
    resolve_unit,
)

CASES = {"CS": D(12)}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        *((word, ["H87"]) for word in ("Stk", "Stk.", "Stück", "STÜCK", "st", "pcs", "PCE")),
        *((word, ["H87"]) for word in ("pièce", "pieza", "pz", "Nos", "pc(s)", "H87")),
        *((word, ["EA"]) for word in ("EA", "ea", "each")),
        *((word, ["C62"]) for word in ("C62", "unit", "unidad", "x")),
        *((word, ["XCS"]) for word in ("CS", "case", "Kiste", "caisse", "XCS")),
        *((word, ["XCT"]) for word in ("Karton", "ctn", "cartone", "colis")),
        *((word, ["DZN"]) for word in ("DZ", "Dutzend", "douzaine", "docena", "dozzina")),
        *((word, ["KGM"]) for word in ("kg", "KGM", "Kilo")),
        *((word, ["HUR"]) for word in ("h", "Std", "Std.", "heures", "hora", "ore")),
        ("g", ["GRM"]),
        ("lb", ["LBR"]),
        ("l", ["LTR"]),
        ("m²", ["MTK"]),
        ("m", ["MTR"]),
        ("lfd. m", ["MTR"]),
        ("C", ["CEN"]),
        ("MIL", ["MIL"]),
        ("M", ["MTR", "MIL"]),  # case 4
        ("CA", ["XCS", "XCA"]),  # case 3
        ("PL", ["XPX", "XPL"]),
        ("LT", ["LTR", "XLT"]),
        ("Gizmo", []),
        ("", []),
        ("12", []),
    ],
)
def test_a_printed_unit(text: str, codes: list[str]) -> None:
    assert [unit.code for unit in resolve_unit(text)] == codes


@pytest.mark.parametrize(
    ("text", "unece", "x12"),
    [
        ("CA", "XCA", "XCS"),
        ("PL", "XPL", "XPX"),
        ("PC", "XPC", "H87"),
        ("ST", "XST", "SET"),
        ("LT", "XLT", "LTR"),
        ("EA", "EA", "EA"),
        ("Stk", "H87", "H87"),  # no code of either: read as a word
    ],
)
def test_the_code_list_in_force_decides(text: str, unece: str, x12: str) -> None:
    assert [unit.code for unit in resolve_unit(text, "unece")] == [unece]
    assert [unit.code for unit in resolve_unit(text, "x12")] == [x12]


@pytest.mark.parametrize(
    ("code", "unece", "x12"),
    [
        ("CA", "XCA", "XCS"),  # case 3
        ("PL", "XPL", "XPX"),
        ("EA", "EA", "EA"),
        ("KGM", "KGM", "KGM"),  # longer than X12's codes: a word
        ("CL", "XCL", "x12 CL"),  # a cylinder in X12, "cl" on paper is a centilitre
        ("PAL", "unece PAL", "PAL"),  # a pascal in Rec 20
        ("kg", "kg", "kg"),
        ("Karton", "Karton", "Karton"),
    ],
)
def test_a_code_never_becomes_another_lists_unit(code: str, unece: str, x12: str) -> None:
    assert (code_in_force(code, "unece"), code_in_force(code, "x12")) == (unece, x12)
    for found in (unece, x12):
        if " " in found:
            assert resolve_unit(found) == ()
            assert convert(D(1), found, "EA", {"CS": D(12)}) is None


@pytest.mark.parametrize(
    ("quantity", "unit", "to", "packs", "expected"),
    [
        ("10", "CS", "EA", CASES, "120"),  # case 1
        ("10", "Kiste", "Stk", CASES, "120"),
        ("120", "EA", "CS", CASES, "10"),
        ("1", "EA", "EA", {}, "1"),
        ("5", "Stk", "EA", {}, "5"),
        ("2", "DZ", "EA", {}, "24"),  # case 6
        ("3", "C", "EA", {}, "300"),
        ("25", "M", "EA", {}, "25000"),  # case 4: no metre holds articles
        ("25", "M", "MTR", {}, "25"),
        ("25", "MIL", "C62", {}, "25000"),
        ("10", "CS", "DZ", CASES, "10"),
        ("2", "lb", "kg", {}, "0.90718474"),
        ("1500", "g", "kg", {}, "1.500"),
        ("2", "ft", "in", {}, "24"),
        ("90", "min", "h", {}, "1.5"),
        ("2", "CS", "KG", {"KG": D(1), "CS": D("11.34")}, "22.68"),  # the base unit is stated
        ("3", "foo", "EA", {"foo": D(6)}, "18"),  # unknown words, listed factor
        ("2", "CA", "EA", {"CA": D(24)}, "48"),
        ("10", "Karton", "CT", {}, "10"),  # the same package in two words
        ("-5", "CS", "EA", CASES, "-60"),
        ("2", "PX", "CS", {"CS": D(1), "PX": D(40)}, "80"),  # the base unit is a case
        ("2", "PX", "EA", {"CS": D(1), "PX": D(40)}, None),  # of who knows how many
        # not known, or not without a choice:
        ("10", "CS", "EA", {}, None),
        ("10", "CT", "EA", CASES, None),
        ("2", "CA", "EA", CASES, None),  # case or can?
        ("2", "CS", "KG", CASES, None),  # twelve what? not kilograms
        ("2", "KG", "EA", {}, None),
        ("1", "day", "h", {}, None),  # a working day is not 24 hours
        ("1", "foo", "EA", {}, None),
        ("1", "EA", "foo", {}, None),
        ("1", "SET", "EA", {}, None),
    ],
)
def test_a_quantity_in_another_unit(
    quantity: str, unit: str, to: str, packs: dict[str, D], expected: str | None
) -> None:
    converted = convert(D(quantity), unit, to, packs)
    assert converted == (expected and D(expected))


def test_an_x12_case_of_twelve() -> None:
    assert convert(D(2), "CA", "EA", CASES, "x12") == 24  # case 3
    assert convert(D(2), "CA", "EA", CASES, "unece") is None


@pytest.mark.parametrize(
    ("unit", "base", "packs", "expected"),
    [
        ("CS", "EA", CASES, "12"),
        ("EA", "EA", CASES, "1"),
        ("EA", "Stk", {}, "1"),
        ("CS", "LB", {"CS": D(25)}, "25"),  # case 20: cases of a weighed article
        ("EA", "CS", {"CS": D(4)}, "0.25"),
        ("M", "EA", {}, "1000"),
        (None, None, {}, "1"),
        (None, "EA", {}, None),
        ("EA", None, {}, None),
        ("PL", "EA", {}, None),
    ],
)
def test_the_factor_to_the_base_unit(
    unit: str | None, base: str | None, packs: dict[str, D], expected: str | None
) -> None:
    assert factor_to_base(unit, base, packs) == (expected and D(expected))


@pytest.mark.parametrize("factor", [D(0), D(-12)])
def test_a_pack_factor_must_be_positive(factor: D) -> None:
    with pytest.raises(ValueError, match="above 0"):
        convert(D(1), "CS", "EA", {"CS": factor})


@given(
    quantity=st.integers(-(10**6), 10**6).map(D),
    factor=st.integers(2, 5000).map(D),
)
def test_cases_to_articles_and_back_is_exact(quantity: D, factor: D) -> None:
    packs = {"CS": factor}
    articles = convert(quantity, "CS", "EA", packs)
    assert articles == quantity * factor
    assert convert(articles, "EA", "CS", packs) == quantity


@pytest.mark.parametrize(
    ("unit", "bases"),
    [
        ("C", [100]),
        ("M", [1, 1000]),
        ("DZ", [12]),
        ("EA", [1]),
        ("kg", [1]),
        ("CS", [1]),
        *(("HP", [100]), ("TP", [1000]), ("PN", [10]), ("PD", [12]), ("PE", [1])),
        ("foo", []),
    ],
)
def test_how_many_a_price_is_for(unit: str, bases: list[int]) -> None:
    assert [int(base) for base in price_bases(unit)] == bases


@pytest.mark.parametrize(
    ("text", "gtin"),
    [
        ("4006381333931", "04006381333931"),
        ("4006381 333931", "04006381333931"),
        ("4-006381-333931", "04006381333931"),
        ("036000291452", "00036000291452"),  # UPC-12
        ("00036000291452", "00036000291452"),
        ("96385074", "00000096385074"),  # GTIN-8
        ("4006381333932", None),  # check digit
        ("4006381339331", None),  # two digits exchanged
        ("400638133393", None),
        ("123", None),
        ("0000000000000", None),
        ("40O6381333931", None),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", None),
        ("", None),
    ],
)
def test_a_gtin_has_a_right_check_digit(text: str, gtin: str | None) -> None:
    assert normalise_gtin(text) == gtin


@given(st.integers(1, 10**13 - 1), st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(body: int, place: int, change: int) -> None:
    digits = f"{body:013d}"
    check = -sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(digits)) % 10
    right = digits + str(check)
    assert normalise_gtin(right) == right
    wrong = right[:place] + str((int(right[place]) + change) % 10) + right[place + 1 :]
    assert normalise_gtin(wrong) is None


def test_the_tables_agree() -> None:
    codes = [row[0] for row in UNITS]
    assert len(set(codes)) == len(codes)
    assert set(X12.values()) <= set(codes)
    assert all(D(factor) > 0 for _, _, _, factor, _ in UNITS if factor)
    words = [word for row in UNITS for word in row[4].split()]
    assert all(word == word.casefold() and word.isalnum() for word in words if word[0] != "=")
