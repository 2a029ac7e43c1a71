"""Which pages of an attachment belong together: runs of pages that are one document."""

import re
from collections.abc import Iterator, Sequence

from training.decoding.grouping import TaggedPage, page_cells

SURE_TYPE = 0.9  # both pages' types must be this sure before a change of type splits a file
SURE_NUMBER = 0.6  # tag probability from which a document number counts as this page's own
# "Page 2 of 3" in the languages of the generator; a bare "2/3" may be anything
_PAGE_COUNT = re.compile(
    r"\b(?:page|pg\.?|seite|blatt|feuille|p[aá]gina|pag\.?|sida|side|sivu|strona|strana|oldal|sayfa)"
    r"\s*[:.]?\s*(?P<page>\d{1,3})\s*(?:/|of|von|de|sur|di|van|av|af|z|ze|din|out of)\s*\d{1,3}\b",
    re.IGNORECASE,
)


def page_runs(tagged: Sequence[TaggedPage]) -> Iterator[list[TaggedPage]]:
    """Runs of pages of one document: a new number, or a sure change of type, starts the next.

    A page that says it is the second of several, or prints the number of the document before, goes
    on with it: whatever other numbers stand there are those of orders, customers and meters. So
    does a page of the same type whose number stands on the page before.
    """
    run: list[TaggedPage] = []
    number: str | None = None
    for page in tagged:
        own = _own_number(page)
        if run and (_goes_on(page, number) or _named_before(run[-1], page, own)):
            own = None
        changed = bool(own and number and own != number)
        before = next((seen for seen in reversed(run) if seen.page.words), None)
        if run and (changed or (before and _type_changes(before, page, own))):
            yield run
            run, number = [], None
        run.append(page)
        number = own or number
    if run:
        yield run


def _goes_on(page: TaggedPage, number: str | None) -> bool:
    """Whether the page says itself that it belongs to the document before, whose number that is."""
    texts = [word.text for word in page.page.words]
    counted = _PAGE_COUNT.search(" ".join(texts))
    if counted is not None:
        return int(counted["page"]) > 1
    return number is not None and number in {_folded(text) for text in texts}


def _named_before(before: TaggedPage, page: TaggedPage, own: str | None) -> bool:
    """Whether the page's number already stands on the page before, which is of the same type.

    Of another type, the page before may be an invoice that names its delivery note.
    """
    same = int(before.document_types.argmax()) == int(page.document_types.argmax())
    return own is not None and same and own in {_folded(word.text) for word in before.page.words}


def _folded(text: str) -> str:
    return re.sub(r"\W", "", text).casefold()


def _own_number(page: TaggedPage) -> str | None:
    _, headers = page_cells(page)
    numbers = [c for c in headers if c.tag == "document_id" and c.confidence >= SURE_NUMBER]
    if not numbers:
        return None
    text = max(numbers, key=lambda cell: cell.confidence).text
    return _folded(text) or None


def _type_changes(before: TaggedPage, page: TaggedPage, own_number: str | None) -> bool:
    first, second = before.document_types, page.document_types
    sure = min(float(first.max()), float(second.max())) >= SURE_TYPE
    return sure and own_number is not None and int(first.argmax()) != int(second.argmax())
