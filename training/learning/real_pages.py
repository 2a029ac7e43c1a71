"""Pages of real documents: those to train on, and those held out for scoring."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from data.labels import TAGS
from data.records import LabelledPage
from data.synthesis.ocr_fitting.shards import read_pages
from training.learning.recipe import RealCorpus, Recipe


class RealPage(NamedTuple):
    """A page of a corpus, the hash of its document, and whether it may be trained on."""

    document: str
    page: LabelledPage
    taught: bool


def taught_tags(recipe: Recipe) -> tuple[str, ...]:
    """The tags to train on: ours, or the entity labels found in the corpora."""
    if recipe.labels == "tags":
        return TAGS
    from data.corpora.published.entity_pages import entity_labels

    return entity_labels(
        entry.page for corpus in recipe.corpora for entry in real_pages(recipe, corpus)
    )


def taught_pages(recipe: Recipe, corpus: RealCorpus) -> list[LabelledPage]:
    """The pages of a corpus to train on, without those held out for scoring."""
    return [entry.page for entry in real_pages(recipe, corpus) if entry.taught]


def held_out_pages(recipe: Recipe) -> list[LabelledPage]:
    """The pages of all corpora that are never trained on: those held out, and those left out."""
    return [
        entry.page
        for corpus in recipe.corpora
        if recipe.hold_out or corpus.leave_out
        for entry in real_pages(recipe, corpus)
        if not entry.taught
    ]


def is_held_out(document: str, share: float) -> bool:
    """Return whether a document is held out, by the first digits of its SHA-256.

    So all pages of a document are held out together, and the same ones in every recipe.
    """
    return int(document[:8], 16) < share * (1 << 32)


def real_pages(recipe: Recipe, corpus: RealCorpus) -> Iterator[RealPage]:
    """Yield all pages of a corpus: those to train on, those held out, and those left out."""
    # Imported here: the readers of real corpora need more than a bare training machine has.
    if recipe.labels == "entities" or corpus.kind == "read":
        for number, page in enumerate(_pages_without_hash(recipe, corpus)):
            document = _spread(number)
            yield RealPage(document, page, not is_held_out(document, recipe.hold_out))
        return
    from data.corpora.shards.loading import load_training_pages

    for entry in load_training_pages(corpus.path):
        held_out = is_held_out(entry.document, recipe.hold_out)
        taught = not (held_out or entry.is_in(corpus.leave_out))
        yield RealPage(entry.document, entry.page, taught)


def _pages_without_hash(recipe: Recipe, corpus: RealCorpus) -> Iterable[LabelledPage]:
    if recipe.labels == "entities":
        from data.corpora.published.entity_pages import entity_pages

        return entity_pages(corpus.path)
    return read_pages(corpus.path)


def _spread(number: int) -> str:
    """A number of eight hexadecimal digits for pages without a hash, evenly spread."""
    return f"{number * 2654435761 % (1 << 32):08x}"
