"""Splitting an attachment into documents: runs of pages that belong together."""

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
    """Yield runs of pages of one document: a new number, or a sure change of type, starts the next.

    A page that is numbered as the second or a later one, or prints the number of the document
    before, continues that document: other numbers on it are those of orders, customers and meters.
    So does a page of the same type whose number is printed on the page before.
    """
    run: list[TaggedPage] = []
    number: str | None = None
    for page in tagged:
        printed_number = _document_number(page)
        if run and (
            _is_continuation(page, number) or _has_number_before(run[-1], page, printed_number)
        ):
            printed_number = None
        changed = bool(printed_number and number and printed_number != number)
        before = next((earlier for earlier in reversed(run) if earlier.page.words), None)
        if run and (changed or (before and _has_new_type(before, page, printed_number))):
            yield run
            run, number = [], None
        run.append(page)
        number = printed_number or number
    if run:
        yield run


def _is_continuation(page: TaggedPage, number: str | None) -> bool:
    """True where the page continues the document of that number: by page count or number."""
    texts = [word.text for word in page.page.words]
    counted = _PAGE_COUNT.search(" ".join(texts))
    if counted is not None:
        return int(counted["page"]) > 1
    return number is not None and number in {_fold(text) for text in texts}


def _has_number_before(before: TaggedPage, page: TaggedPage, number: str | None) -> bool:
    """True where the page before has the same type and already prints this page's number.

    Of another type, the page before may be an invoice that names its delivery note.
    """
    same = int(before.document_types.argmax()) == int(page.document_types.argmax())
    return (
        number is not None and same and number in {_fold(word.text) for word in before.page.words}
    )


def _fold(text: str) -> str:
    return re.sub(r"\W", "", text).casefold()


def _document_number(page: TaggedPage) -> str | None:
    _, headers = page_cells(page)
    numbers = [c for c in headers if c.tag == "document_id" and c.confidence >= SURE_NUMBER]
    if not numbers:
        return None
    text = max(numbers, key=lambda cell: cell.confidence).text
    return _fold(text) or None


def _has_new_type(before: TaggedPage, page: TaggedPage, number: str | None) -> bool:
    first, second = before.document_types, page.document_types
    types_are_sure = min(float(first.max()), float(second.max())) >= SURE_TYPE
    return types_are_sure and number is not None and int(first.argmax()) != int(second.argmax())
