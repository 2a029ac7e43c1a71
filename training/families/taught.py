"""Documents that a recipe teaches, by their hashes: what goes into `learned_from.json`."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from data.corpora.shards.loading import find_shards
from data.corpora.shards.training_page import corpus_name, family_of
from data.synthesis.ocr_fitting.shards import read_shard
from training.evaluation.learned_from import LearnedFrom, hashed_documents, read_learned_from
from training.learning.real_pages import real_pages
from training.learning.recipe import RealCorpus, Recipe


def learned_documents(recipe: Recipe) -> list[str]:
    """Return the hashes of all documents that a training by this recipe learns from, in order."""
    return sorted(learned_from(recipe).documents)


def learned_from(recipe: Recipe) -> LearnedFrom:
    """Return what the weights of this recipe learn from: its corpora, and its start's documents.

    A start without a record makes it incomplete. No calibration is in it: a calibration goes with
    the weights it was fitted on, and new weights begin without one.
    """
    learned = LearnedFrom(taught_documents(recipe))
    if recipe.start_from is None:
        return learned
    before = read_learned_from(recipe.start_from)
    if before is None:
        return replace(learned, complete=False)
    return LearnedFrom(learned.documents | before.documents, complete=before.complete)


def taught_documents(recipe: Recipe) -> frozenset[str]:
    """Return the hashes of the documents of a recipe's corpora that it trains on."""
    corpora = (_taught_documents(recipe, corpus) for corpus in recipe.corpora)
    return frozenset(digest for documents in corpora for digest in documents)


def _taught_documents(recipe: Recipe, corpus: RealCorpus) -> frozenset[str]:
    if recipe.labels == "entities" or corpus.kind == "read":
        # Pages are held out there, not documents: all count as seen
        return frozenset(corpus_families(corpus.path))
    return frozenset(entry.document for entry in real_pages(recipe, corpus) if entry.taught)


def corpus_families(path: Path) -> dict[str, Mapping[str, str]]:
    """Return the hashes of all documents of a corpus or of shards, with the keys of their families.

    No page is read or labelled for it. Generated pages are no documents.
    """
    shards = find_shards(path)
    if shards:
        pages = (page for shard in shards for page in read_shard(shard))
        return {page.document: page.keys or {} for page in pages if page.document}
    name = corpus_name(path)
    return {digest: family_of(document, name) for document, digest in hashed_documents(path)}
