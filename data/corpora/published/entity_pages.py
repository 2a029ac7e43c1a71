"""Pages whose words carry the entity labels of their corpus: `records.LabelledPage`, for training.

Their lines are levelled (`data.pages.level_lines`), as the pages to be read are.

Any corpus that labels words of its own (`TrueDocument.entities`) can be read: CORD at word level,
CORD and FUNSD as published.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from data.corpora.published.formats import open_corpus
from data.corpora.truth import CorpusError, TrueDocument
from data.pages.level_lines import level_page
from data.records import LabelledPage

NO_ENTITY = "other"
_OUTSIDE = -1


def entity_pages(path: Path) -> Iterator[LabelledPage]:
    """The pages of a corpus; tags are its labels or `other`, items are numbers of entities.

    Raises `CorpusError` for a corpus that cannot be read or labels no words.
    """
    seen = False
    for document in open_corpus(path):
        yield from label_entities(document)
        seen = seen or bool(document.entities)
    if not seen:
        raise CorpusError(f"{path}: no document labels words as entities")


def label_entities(document: TrueDocument) -> list[LabelledPage]:
    """The pages of one document with the words that it brings; none where it brings no words."""
    given = document.given() if document.given is not None else ()
    pages = [level_page(page) for page in given]
    tags = [[NO_ENTITY] * len(page.words) for page in pages]
    items = [[_OUTSIDE] * len(page.words) for page in pages]
    for number, entity in enumerate(document.entities):
        for word in entity.words:
            tags[entity.page][word] = entity.label
            items[entity.page][word] = number
    return [
        LabelledPage(page, tuple(own_tags), tuple(own_items), document.document_type)
        for page, own_tags, own_items in zip(pages, tags, items, strict=True)
    ]


def labels_of(pages: Iterable[LabelledPage]) -> tuple[str, ...]:
    """The labels on these pages, `other` first, then by name."""
    found = {tag for page in pages for tag in page.tags} - {NO_ENTITY}
    return (NO_ENTITY, *sorted(found))
