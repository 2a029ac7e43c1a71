"""X12 envelopes: delimiters of every kind, and what is refused because it does not add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.exchange.wire.errors import ExchangeError
from data.exchange.x12.segments import Delimiters, read_delimiters, read_transactions
from tests.support.x12_files import interchange, isa, transaction

SIGNS = "*~>|^!:;+#%@\n\x1c\x1d\x1e"
ORDER = transaction("850", "BEG*00*SA*4711**20260301", "PO1*1*10*CA*24.00")
GOOD = interchange(ORDER)


def elements_without(signs: str) -> st.SearchStrategy[str]:
    """Texts of an element: no delimiter, and nothing at its ends that is stripped."""
    letters = st.characters(codec="latin-1", exclude_characters=signs + "\r\n\x85\xa0 ")
    return st.text(letters, max_size=8).map(lambda text: "".join(text.split()))


@st.composite
def written(draw: st.DrawFn) -> tuple[str, list[list[str]], Delimiters]:
    """(text, segments of one transaction, delimiters)."""
    signs = draw(st.permutations(SIGNS))
    element, component, segment = signs[:3]
    delimiters = Delimiters(element, component, segment, None)
    texts = elements_without("".join(signs[:3]))
    names = st.from_regex(r"[A-Z][A-Z0-9]{1,2}", fullmatch=True).filter(
        lambda name: name not in ("ISA", "IEA", "GS", "GE", "ST", "SE")
    )
    body = draw(st.lists(st.tuples(names, st.lists(texts, max_size=5)), max_size=6))
    segments = [[name, *values] for name, values in body]
    text = interchange(["850", *segments], element=element, component=component, segment=segment)
    return text, segments, delimiters


@given(written())
def test_what_is_written_is_read_back(case: tuple[str, list[list[str]], Delimiters]) -> None:
    text, segments, delimiters = case
    (found,) = read_transactions(text, "x")
    assert (found.code, found.control, found.delimiters) == ("850", "0001", delimiters)
    assert [[one.name, *one.elements] for one in found.segments] == segments


@pytest.mark.parametrize(
    ("element", "component", "segment"),
    [
        ("*", ">", "~"),
        ("|", ":", "\n"),
        ("\x1d", "\x1f", "\x1c"),
        ("+", ".", "'"),
        ("*", "|", "\r"),
    ],
)
def test_delimiters_are_the_interchanges_own(element: str, component: str, segment: str) -> None:
    text = interchange(ORDER, element=element, component=component, segment=segment)
    assert read_delimiters(text, "x") == Delimiters(element, component, segment)
    (found,) = read_transactions(text, "x")
    assert found.segments[1].element(2) == "10"


def test_the_repetition_separator_came_with_a_later_release() -> None:
    text = interchange(ORDER, version="00501", eleven="^")
    assert read_delimiters(text, "x").repetition == "^"
    assert read_delimiters(interchange(ORDER, eleven="^"), "x").repetition is None


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\n\n"])
def test_lines_may_be_broken_after_segments(ending: str) -> None:
    text = GOOD.replace("~", f"~{ending}")
    (found,) = read_transactions(text, "x")
    assert [one.name for one in found.segments] == ["BEG", "PO1"]


def test_a_file_may_hold_several_interchanges_each_with_its_delimiters() -> None:
    text = GOOD + "\n" + interchange(ORDER, ORDER, element="|", segment="!")
    assert [one.delimiters.element for one in read_transactions(text, "x")] == ["*", "|", "|"]


def test_an_element_that_was_not_sent_is_empty_and_has_a_place() -> None:
    (found,) = read_transactions(GOOD, "po.x12")
    line = found.segments[1]
    assert (line.element(5), line.element(99)) == ("", "")
    assert line.place_of(2) == "po.x12: segment 5: PO102"


BROKEN: list[tuple[str, str]] = [
    ("", "has no transaction set"),
    ("ISA*00*", "ISA has 7 characters, but its fixed length is 106"),
    (GOOD.replace("VENDOR         ", "VENDOR", 1), "ISA07 begins at character"),
    (GOOD.replace(isa(), isa(component="*")), "declares '*' as a delimiter"),
    (GOOD.replace(isa(), isa(component="A")), "declares 'A' as a delimiter"),
    (GOOD[:-20], "segment 7: the interchange ends without IEA; the file is cut off"),
    (
        GOOD.replace("SE*4*", "SE*5*"),
        "segment 6: SE01: states '5' segments from ST to SE, but 4 found",
    ),
    (GOOD.replace("SE*4*", "SE*x*"), "SE01: states 'x' segments"),
    (GOOD.replace("SE*4*0001", "SE*4*0002"), "SE02: is '0002', but ST02 is '0001'"),
    (
        GOOD.replace("PO1*1*10*CA*24.00~", ""),
        "SE01: states '4' segments from ST to SE, but 3 found",
    ),
    (GOOD.replace("GE*1*7", "GE*2*7"), "GE01: states '2' transaction sets, but 1 found"),
    (GOOD.replace("GE*1*7", "GE*1*8"), "GE02: is '8', but GS06 is '7'"),
    (GOOD.replace("IEA*1*", "IEA*3*"), "IEA01: states '3' groups, but 1 found"),
    (GOOD.replace("IEA*1*000000007", "IEA*1*000000008"), "IEA02: is '000000008', but ISA13"),
    (GOOD.replace("SE*4*0001~", ""), "ends a group that is not open"),
    (GOOD.replace("GE*1*7~", ""), "a group or transaction set is not closed"),
    (GOOD.replace("GS*", "TA1*"), "segment 3: ST: begins outside a group"),
    (GOOD.replace("ST*850*0001~", ""), "segment 3: BEG: is outside any transaction set"),
    (GOOD.replace("GE*1*7~", "GS*PO~GE*1*7~"), "a group begins inside another one"),
    (GOOD.replace("PO1*1", "po1*1"), "segment 5: 'po1' is not a segment name"),
    (GOOD + "rubbish", "begins with 'rub', but an X12 interchange begins with 'ISA'"),
]


@pytest.mark.parametrize(("text", "says"), BROKEN)
def test_a_broken_envelope_is_refused_with_its_place(text: str, says: str) -> None:
    with pytest.raises(ExchangeError) as refused:
        read_transactions(text, "po.x12")
    assert str(refused.value).startswith("po.x12: ")
    assert says in str(refused.value)


@given(st.integers(0, len(GOOD) - 2))
def test_a_cut_file_is_never_taken(length: int) -> None:
    with pytest.raises(ExchangeError):
        read_transactions(GOOD[:length], "x")
