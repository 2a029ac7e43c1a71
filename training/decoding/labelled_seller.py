"""The vendor's name found by its label, as in "Verkäufer: ... Name: Lieferant GmbH".

A network takes the largest words at the top for the vendor's name. On forms and on readable views
of electronic invoices those name the program, and the seller is in a block under a label.
"""

from collections.abc import Sequence

from data.labels import NAME_LABELS, SELLER_LABELS
from data.records import Page, Word
from training.decoding.printed_lines import (
    COLUMN_GAP,
    Line,
    letter_width,
    printed_lines,
    split_at_gaps,
)

_MAX_LINES = 7  # of the block below its label
_REACH = 3.0  # heights to the next line of the block
_MAX_DIGITS = 0.25  # per letter of a name; more are a number, a telephone or a town's code
_MAX_WORDS = 10
_MAX_PHRASE = 7  # words of a name in its own line; more are a sentence
_SAME_SIZE = 0.25  # of the height
LEGAL_FORMS = frozenset(
    {"ltda", "gmbh", "ag", "kg", "ohg", "sarl", "sas", "sa", "inc", "llc", "ltd", "limited", "corp"}
    | {"plc", "bv", "nv", "srl", "spa", "sl", "oy", "ab", "as", "aps", "eireli", "me", "bhd", "co"}
)


def find_labelled_seller(page: Page) -> tuple[Word, ...]:
    """Find the vendor's name by a label alone on its line or with a colon; () without one."""
    lines = [split_at_gaps(line, 2 * COLUMN_GAP) for line in printed_lines(page)]
    for number, segments in enumerate(lines):
        for segment in segments:
            rest = _words_after_label(segment, SELLER_LABELS)
            if rest is None:
                continue
            name = _company_name(rest) or _name_in_block(segment, lines[number + 1 :])
            if name:
                return name
    return ()


def whole_name(page: Page, words: Line) -> Line:
    """Return the printed phrase that the words of a name are part of; the words where it is none.

    A network tags some words of a name and misses others: of "Empresa Simples Nacional Ltda" the
    last. The phrase is what is printed on one line in one size without a gap. In a sentence the
    name ends at its legal form.
    """
    for line in printed_lines(page):
        if words[0] not in line:
            continue
        for phrase in split_at_gaps(line, COLUMN_GAP):
            if words[0] in phrase and words[-1] in phrase:
                return _name_within(phrase, words)
    return words


def _name_within(phrase: Line, words: Line) -> Line:
    if len(phrase) > _MAX_PHRASE:
        ends = [n for n, word in enumerate(words) if _plain(word.text) in LEGAL_FORMS and n > 0]
        return words[: ends[-1] + 1] if ends else words
    height = max(word.box.height for word in words)
    alike = all(abs(word.box.height - height) < _SAME_SIZE * height for word in phrase)
    return phrase if alike and _company_name(phrase) else words


def _plain(text: str) -> str:
    return text.casefold().replace(".", "").rstrip(",")


def _words_after_label(segment: Line, labels: frozenset[str]) -> Line | None:
    """The words after the segment's label, () where it ends there; None where it has no label."""
    for length in (2, 1):
        label = " ".join(word.text for word in segment[:length]).casefold()
        if label.rstrip(" :") in labels:
            rest = segment[length:]
            if rest and rest[0].text == ":":
                return rest[1:]
            return rest if not rest or label.endswith(":") else None
    return None


def _name_in_block(label: Line, lines: Sequence[Sequence[Line]]) -> Line:
    """The value of "Name" in the block under the label, else its first line that may be a name."""
    left, height = label[0].box.left, max(word.box.height for word in label)
    bottom = label[0].box.bottom
    first: Line = ()
    for segments in lines[:_MAX_LINES]:
        under = _segment_under(segments, left)
        if not under:
            continue
        if under[0].box.top - bottom > _REACH * height:
            break
        bottom = under[0].box.bottom
        place = list(segments).index(under)
        beside = segments[place + 1] if place + 1 < len(segments) else ()
        rest = _words_after_label(under, NAME_LABELS)
        if rest is not None:
            return _company_name(rest or beside)
        labelled = any(word.text.endswith(":") for word in (*under, *beside[:1]))
        if not first and not labelled:
            first = _company_name(under)
    return first


def _segment_under(segments: Sequence[Line], left: float) -> Line:
    """The segment that begins about at the label's left edge; () without one."""
    for segment in segments:
        if abs(segment[0].box.left - left) <= 3 * letter_width(segment):
            return segment
    return ()


def _company_name(words: Line) -> Line:
    """The words if they can be a company's name, else ()."""
    text = "".join(word.text for word in words)
    digits = sum(char.isdigit() for char in text)
    letters = sum(char.isalpha() for char in text)
    wrong = digits > _MAX_DIGITS * letters or letters < 2 or len(words) > _MAX_WORDS or "@" in text
    return () if wrong or any(":" in word.text for word in words) else words
