"""Documents set on paper: in the vendor's layout, and again until they show what they have to.

Random layouts leave cells out, strike rows and print values of their own. A layout counts only when
every word it tags is true of the story and the fields that carry the incident are printed; after
some tries the plain form is taken.
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
from data.synthesis.stories.papers.plain_form import set_form
from data.synthesis.stories.papers.printed_content import Content, Row
from data.synthesis.stories.trade.findings import Pointer

_TRIES = 12
_TILL_TRIES = 60  # tills change their quantities as they please
_SIGNED = ("receiver_name", "carrier_signature")
_HEADER, _LINE = frozenset(HEADER_TAGS), frozenset(LINE_TAGS)
# What a place may be tagged where a pointer names no tag of its own.
_TAGS_OF = {
    "shipped": ("quantity_shipped", "quantity"),
    "discount": ("discount_rate", "discount_amount"),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A document on its sheets, with what it says."""

    content: Content
    sheets: tuple[Sheet, ...]
    face: str
    family: str

    @property
    def key(self) -> str:
        return self.content.key

    def inks(self) -> Iterator[tuple[int, int, Ink]]:
        """(sheet, place among the words on that sheet, ink) of every word that lies on paper."""
        for number, sheet in enumerate(self.sheets):
            for place, ink in enumerate(sheet.on_paper()):
                yield number, place, ink

    def printed(self, row: int) -> Mapping[str, str]:
        """The printed text of each field of a row."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for _, _, ink in self.inks():
            if ink.item == row:
                found[ink.tag].append(ink.text)
        return {tag: " ".join(words) for tag, words in found.items()}

    def printed_header(self) -> Collection[str]:
        """The header tags that are printed."""
        return {ink.tag for _, _, ink in self.inks() if ink.tag in _HEADER}

    def find(self, pointer: Pointer) -> list[tuple[int, int, Ink]]:
        """The words a pointer means, if it means this document; none where not printed."""
        if pointer.document not in (self.content.key, self.content.kind):
            return []
        tags = _TAGS_OF.get(pointer.field, (pointer.field,))
        mark = pointer.field if pointer.row is None else f"{pointer.field}:{pointer.row}"
        rows = {n for n, row in enumerate(self.content.rows) if row.key == pointer.row}
        found = []
        for number, place, ink in self.inks():
            tagged = ink.tag in tags and (pointer.row is None or ink.item in rows)
            if tagged or (ink.mark and ink.mark == mark):
                found.append((number, place, ink))
        return found


def set_on_paper(content: Content, hand: int, wanted: Collection[Pointer]) -> Paper:
    """The document in the layout of the vendor whose `hand` it is, showing all that is wanted."""
    own = [one for one in wanted if one.document in (content.key, content.kind)]
    if not content.special:
        for number in range(_TILL_TRIES if content.family == "till" else _TRIES):
            rng = random.Random(f"{hand}/{content.layout}/{number}")
            document = set_document(rng, content.deal(), content.family, face_of)
            paper = _paper(content, document)
            if _is_true(paper) and all(_shows(paper, one) for one in own):
                return _signed(paper)
    for number in range(_TRIES):
        rng = random.Random(f"{hand}/{content.layout}/form/{number}")
        name = rng.choices(tuple(FACES), (50, 20, 14, 8, 8))[0]
        paper = _paper(content, set_form(rng, content, name, face_of(name)))
        if all(_shows(paper, one) for one in own):
            break
    return _signed(paper)


def _signed(paper: Paper) -> Paper:
    """With a signature over the name of whoever received the goods or drove them."""
    for sheet in paper.sheets:
        names = {ink.mark: ink for ink in reversed(sheet.inks) if ink.mark in _SIGNED}
        for ink in names.values():
            _scribble(sheet, ink)
    return paper


def _scribble(sheet: Sheet, ink: Ink) -> None:
    rng = random.Random(f"{ink.text}/signature")
    x, y, grey = ink.left - 4, ink.baseline, rng.randint(0, 90)
    for _ in range(rng.randint(16, 28)):
        to_x, to_y = x + rng.uniform(-1.5, 6), ink.baseline - rng.uniform(-3, 2) * ink.size * 0.5
        sheet.shapes.append(Shape("line", x, y, to_x, to_y, grey, 0.9))
        x, y = to_x, to_y


def _paper(content: Content, document: SyntheticDocument) -> Paper:
    return Paper(content, document.sheets, document.face, document.family)


def _shows(paper: Paper, pointer: Pointer) -> bool:
    """Whether what a pointer means is printed, as far as this document has it."""
    rows = {row.key for row in paper.content.rows}
    if pointer.row is not None and pointer.row not in rows:
        return True
    if pointer.field == "terms" and _count_terms(paper) > 1:
        return False
    return bool(paper.find(pointer))


def _count_terms(paper: Paper) -> int:
    labels = {
        pair.label.split()[0] for pair in paper.content.template.pairs if pair.mark == "terms"
    }
    return sum(ink.text.rstrip(":") in labels for _, _, ink in paper.inks())


def _is_true(paper: Paper) -> bool:
    """Whether every row is there and all that is tagged is what the story says."""
    cells: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for _, _, ink in paper.inks():
        if ink.item >= 0 and ink.tag in _LINE:
            cells[ink.item, ink.tag].append(ink.text)
    rows = paper.content.rows
    if any((place, "description") not in cells for place in range(len(rows))):
        return False
    # A layout may print rows of its own, for instance the parts of an article.
    right = all(
        item < len(rows) and _says(rows[item], tag, " ".join(words))
        for (item, tag), words in cells.items()
    )
    header = paper.content.header_texts
    headed = all(text in header.get(tag, ()) for tag, text in _runs(paper))
    return right and headed and _has_what_it_must(paper, cells) and _tax_is_there(paper)


def _tax_is_there(paper: Paper) -> bool:
    """Whether the tax is printed where there is one between the rows and the printed total."""
    printed = paper.printed_header()
    taxed = Decimal(paper.content.header.get("total_tax", "0")) != 0
    return not taxed or "total_tax" in printed or "invoice_total" not in printed


def _says(row: Row, tag: str, text: str) -> bool:
    right = row.texts.get(tag)
    return right is not None and (not right or text in right)


def _has_what_it_must(paper: Paper, cells: Collection[tuple[int, str]]) -> bool:
    """Whether every row prints what it has to."""
    return all(
        any((place, tag) in cells for tag in _TAGS_OF.get(name, (name,)))
        for place, row in enumerate(paper.content.rows)
        for name in row.must
    )


def _runs(paper: Paper) -> Iterator[tuple[str, str]]:
    """(tag, text) of each run of words with one header tag."""
    before, words = "", list[str]()
    for _, _, ink in paper.inks():
        if ink.tag == before:
            words.append(ink.text)
            continue
        if before in _HEADER:
            yield before, " ".join(words)
        before, words = ink.tag, [ink.text]
    if before in _HEADER:
        yield before, " ".join(words)
