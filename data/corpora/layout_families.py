"""The family of layouts of a labelled document, from its manifest."""

from data.corpora.truth import TrueDocument

# Keys of a manifest that tell layouts apart; of several the first counts.
FAMILY_KEYS = ("layout", "producer", "country", "vendor")


def family_of(corpus: str, truth: TrueDocument) -> str:
    """Return the corpus and the document's layout, producer, country or vendor, if it has one.

    Without any of them the whole corpus is one family.
    """
    values = [str(truth.extra[key]) for key in FAMILY_KEYS if truth.extra.get(key)]
    return "/".join([corpus, *values[:1]])
