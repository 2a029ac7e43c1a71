"""Pages whose words carry their corpus's entity labels: `records.LabelledPage`, to train on.

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
    """Yield the pages of a corpus; tags are its labels or `other`, items are numbers of entities.

    Raises `CorpusError` for a corpus that cannot be read or labels no words.
    """
    has_entities = False
    for document in open_corpus(path):
        yield from label_entities(document)
        has_entities = has_entities or bool(document.entities)
    if not has_entities:
        raise CorpusError(f"{path}: no document labels words as entities")


def label_entities(document: TrueDocument) -> list[LabelledPage]:
    """Return one document's pages with the words of its corpus; none where there are no words."""
    corpus_pages = document.read_corpus_pages() if document.read_corpus_pages is not None else ()
    pages = [level_page(page) for page in corpus_pages]
    tags = [[NO_ENTITY] * len(page.words) for page in pages]
    items = [[_OUTSIDE] * len(page.words) for page in pages]
    for number, entity in enumerate(document.entities):
        for word in entity.words:
            tags[entity.page][word] = entity.label
            items[entity.page][word] = number
    return [
        LabelledPage(page, tuple(page_tags), tuple(page_items), document.document_type)
        for page, page_tags, page_items in zip(pages, tags, items, strict=True)
    ]


def entity_labels(pages: Iterable[LabelledPage]) -> tuple[str, ...]:
    """The labels on these pages, `other` first, then by name."""
    tags = {tag for page in pages for tag in page.tags} - {NO_ENTITY}
    return (NO_ENTITY, *sorted(tags))
