"""Documents laid out in the vendor's layout, tried until all required fields are printed.

Random layouts leave cells out, strike rows and print values of their own. A layout is accepted only
when every tagged word agrees with the story and the fields that carry the incident are printed;
after some tries the plain form is used.
"""

import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from data.labels import HEADER_TAGS, LINE_TAGS
from data.synthesis.layouts.documents import SyntheticDocument, set_document
from data.synthesis.layouts.sheets import FACES, Ink, Shape, Sheet
from data.synthesis.paper.rendering import face_of
from data.synthesis.stories.papers.plain_form import lay_out_form
from data.synthesis.stories.papers.printed_content import Content, Row
from data.synthesis.stories.trade.findings import Pointer

_TRIES = 12
_TILL_TRIES = 60  # till layouts change quantities at random
_SIGNED_MARKS = ("receiver_name", "carrier_signature")
_HEADER, _LINE = frozenset(HEADER_TAGS), frozenset(LINE_TAGS)
# The tags that a pointer's field may have on paper, where the field is no tag itself.
_FIELD_TAGS = {
    "shipped": ("quantity_shipped", "quantity"),
    "discount": ("discount_rate", "discount_amount"),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A laid-out document: its sheets and its content."""

    content: Content
    sheets: tuple[Sheet, ...]
    face: str
    family: str

    @property
    def key(self) -> str:
        return self.content.key

    def inks(self) -> Iterator[tuple[int, int, Ink]]:
        """Yield (sheet, place among the words on that sheet, ink) of every word on paper."""
        for number, sheet in enumerate(self.sheets):
            for place, ink in enumerate(sheet.inks_on_sheet()):
                yield number, place, ink

    def row_texts(self, row: int) -> Mapping[str, str]:
        """Return the printed text of each field of a row."""
        texts: defaultdict[str, list[str]] = defaultdict(list)
        for _, _, ink in self.inks():
            if ink.item == row:
                texts[ink.tag].append(ink.text)
        return {tag: " ".join(words) for tag, words in texts.items()}

    def header_tags(self) -> Collection[str]:
        """Return the header tags that are printed."""
        return {ink.tag for _, _, ink in self.inks() if ink.tag in _HEADER}

    def find_words(self, pointer: Pointer) -> list[tuple[int, int, Ink]]:
        """Return the printed words of a pointer; none where it points to another document."""
        if pointer.document not in (self.content.key, self.content.kind):
            return []
        tags = _FIELD_TAGS.get(pointer.field, (pointer.field,))
        mark = pointer.field if pointer.row is None else f"{pointer.field}:{pointer.row}"
        rows = {place for place, row in enumerate(self.content.rows) if row.key == pointer.row}
        matches = []
        for number, place, ink in self.inks():
            is_tagged = ink.tag in tags and (pointer.row is None or ink.item in rows)
            if is_tagged or (ink.mark and ink.mark == mark):
                matches.append((number, place, ink))
        return matches


def lay_out_paper(content: Content, layout_seed: int, pointers: Collection[Pointer]) -> Paper:
    """Return the document in a layout of that seed that prints all fields of `pointers`."""
    required = [pointer for pointer in pointers if pointer.document in (content.key, content.kind)]
    if not content.needs_form:
        for number in range(_TILL_TRIES if content.family == "till" else _TRIES):
            rng = random.Random(f"{layout_seed}/{content.layout}/{number}")
            document = set_document(rng, content.deal(), content.family, face_of)
            paper = _make_paper(content, document)
            if _is_true_to_story(paper) and _prints_all(paper, required):
                return _add_signatures(paper)
    for number in range(_TRIES):
        rng = random.Random(f"{layout_seed}/{content.layout}/form/{number}")
        name = rng.choices(tuple(FACES), (50, 20, 14, 8, 8))[0]
        paper = _make_paper(content, lay_out_form(rng, content, name, face_of(name)))
        if _prints_all(paper, required):
            break
    return _add_signatures(paper)


def _add_signatures(paper: Paper) -> Paper:
    """Draw a signature over the names of the receiver and the driver; returns the paper."""
    for sheet in paper.sheets:
        names = {ink.mark: ink for ink in reversed(sheet.inks) if ink.mark in _SIGNED_MARKS}
        for ink in names.values():
            _draw_signature(sheet, ink)
    return paper


def _draw_signature(sheet: Sheet, ink: Ink) -> None:
    rng = random.Random(f"{ink.text}/signature")
    x, y, grey = ink.left - 4, ink.baseline, rng.randint(0, 90)
    for _ in range(rng.randint(16, 28)):
        to_x, to_y = x + rng.uniform(-1.5, 6), ink.baseline - rng.uniform(-3, 2) * ink.size * 0.5
        sheet.shapes.append(Shape("line", x, y, to_x, to_y, grey, 0.9))
        x, y = to_x, to_y


def _make_paper(content: Content, document: SyntheticDocument) -> Paper:
    return Paper(content, document.sheets, document.face, document.family)


def _prints_all(paper: Paper, pointers: Collection[Pointer]) -> bool:
    return all(_is_printed(paper, pointer) for pointer in pointers)


def _is_printed(paper: Paper, pointer: Pointer) -> bool:
    """Return whether the field of a pointer is printed; True without its row in the document."""
    rows = {row.key for row in paper.content.rows}
    if pointer.row is not None and pointer.row not in rows:
        return True
    if pointer.field == "terms" and _count_terms(paper) > 1:
        return False
    return bool(paper.find_words(pointer))


def _count_terms(paper: Paper) -> int:
    labels = {
        pair.label.split()[0] for pair in paper.content.template.pairs if pair.mark == "terms"
    }
    return sum(ink.text.rstrip(":") in labels for _, _, ink in paper.inks())


def _is_true_to_story(paper: Paper) -> bool:
    """Return whether every row is printed and every tagged text agrees with the story."""
    cells: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for _, _, ink in paper.inks():
        if ink.item >= 0 and ink.tag in _LINE:
            cells[ink.item, ink.tag].append(ink.text)
    rows = paper.content.rows
    if any((place, "description") not in cells for place in range(len(rows))):
        return False
    # A layout may print rows of its own, for instance the parts of an article.
    rows_agree = all(
        item < len(rows) and _is_allowed(rows[item], tag, " ".join(words))
        for (item, tag), words in cells.items()
    )
    allowed = paper.content.header_texts
    header_agrees = all(text in allowed.get(tag, ()) for tag, text in _header_texts(paper))
    is_complete = _has_required_fields(paper, cells) and _has_tax(paper)
    return rows_agree and header_agrees and is_complete


def _has_tax(paper: Paper) -> bool:
    """Return whether the tax is printed, where the printed total includes one."""
    printed = paper.header_tags()
    is_taxed = Decimal(paper.content.header.get("total_tax", "0")) != 0
    return not is_taxed or "total_tax" in printed or "invoice_total" not in printed


def _is_allowed(row: Row, tag: str, text: str) -> bool:
    allowed = row.texts.get(tag)
    return allowed is not None and (not allowed or text in allowed)


def _has_required_fields(paper: Paper, cells: Collection[tuple[int, str]]) -> bool:
    """Return whether every row prints its required fields."""
    return all(
        any((place, tag) in cells for tag in _FIELD_TAGS.get(name, (name,)))
        for place, row in enumerate(paper.content.rows)
        for name in row.required_fields
    )


def _header_texts(paper: Paper) -> Iterator[tuple[str, str]]:
    """Yield (tag, text) of each run of words with one header tag."""
    run_tag, words = "", list[str]()
    for _, _, ink in paper.inks():
        if ink.tag == run_tag:
            words.append(ink.text)
            continue
        if run_tag in _HEADER:
            yield run_tag, " ".join(words)
        run_tag, words = ink.tag, [ink.text]
    if run_tag in _HEADER:
        yield run_tag, " ".join(words)
