"""Pages of real documents: those to train on, and those held out for scoring."""

from collections.abc import Iterator

from data.labels import TAGS
from data.records import LabelledPage
from data.synthesis.ocr_fitting.shards import read_pages
from training.learning.recipe import RealCorpus, Recipe


def taught_tags(recipe: Recipe) -> tuple[str, ...]:
    """The tags to train on: ours, or the entity labels found in the corpora."""
    if recipe.labels == "tags":
        return TAGS
    from data.corpora.published.entity_pages import entity_labels

    return entity_labels(
        page for corpus in recipe.corpora for _, page in _hashed_pages(recipe, corpus)
    )


def taught_pages(recipe: Recipe, corpus: RealCorpus) -> list[LabelledPage]:
    """The pages of a corpus to train on, without those held out for scoring."""
    return [
        page
        for document, page in _hashed_pages(recipe, corpus)
        if not is_held_out(document, recipe.hold_out)
    ]


def held_out_pages(recipe: Recipe) -> list[LabelledPage]:
    """The pages of all corpora that are never trained on: those held out, and those left out."""
    held_out = [
        page
        for corpus in recipe.corpora
        for document, page in _hashed_pages(recipe, corpus)
        if is_held_out(document, recipe.hold_out)
    ]
    return held_out + [
        page for corpus in recipe.corpora if corpus.leave_out for page in _left_out_pages(corpus)
    ]


def is_held_out(document: str, share: float) -> bool:
    """Return whether a document is held out, by the first digits of its SHA-256.

    So all pages of a document are held out together, and the same ones in every recipe.
    """
    return int(document[:8], 16) < share * (1 << 32)


def _hashed_pages(recipe: Recipe, corpus: RealCorpus) -> Iterator[tuple[str, LabelledPage]]:
    """Yield the hash of the document and the page, for all pages that are not left out."""
    # Imported here: the readers of real corpora need more than a bare training machine has.
    if recipe.labels == "entities":
        from data.corpora.published.entity_pages import entity_pages

        for number, page in enumerate(entity_pages(corpus.path)):
            yield _spread(number), page
        return
    if corpus.kind == "read":
        for number, page in enumerate(read_pages(corpus.path)):
            yield _spread(number), page
        return
    from data.corpora.shards.loading import load_training_pages

    for entry in load_training_pages(corpus.path, corpus.leave_out):
        yield entry.document, entry.page


def _left_out_pages(corpus: RealCorpus) -> Iterator[LabelledPage]:
    from data.corpora.shards.loading import load_training_pages

    for entry in load_training_pages(corpus.path):
        if entry.is_in(corpus.leave_out):
            yield entry.page


def _spread(number: int) -> str:
    """A number of eight hexadecimal digits for pages without a hash, evenly spread."""
    return f"{number * 2654435761 % (1 << 32):08x}"
