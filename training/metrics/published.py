"""Scores by the rules of published benchmarks: entity F1, DocILE's KILE and LIR, VRDU's F1.

A report shows them beside our own scores where a corpus has what they need: words with
labels, boxes with DocILE's names, texts with VRDU's types.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from data.corpora.truth import TrueDocument
from data.records import Page
from training.metrics import docile, entities, vrdu
from training.metrics.counts import Count
from training.metrics.scoring import MADE_UP, ScoredDocument

PageSource = Callable[[TrueDocument], Sequence[Page]]


def published_scores(
    format_name: str, scored: Sequence[ScoredDocument], pages_of: PageSource
) -> dict[str, Any]:
    """Return the report's sections `entities`, `docile` and `vrdu` that the corpus allows.

    `pages_of` gives a document's pages with the words of the corpus. Raises `PredictionError` for
    predicted places or entities that are none.
    """
    sections: dict[str, Any] = {}
    known = [document for document in scored if document.truth.labels != MADE_UP]
    if any(
        entity.label in entities.EXPRESSIBLE_LABELS
        for document in known
        for entity in document.truth.entities
    ):
        sections["entities"] = _entity_section(scored)
    if format_name == "docile":
        sections["docile"] = _docile_section(scored, pages_of)
    if format_name == "vrdu":
        sections["vrdu"] = _vrdu_section(known)
    return sections


def _entity_section(scored: Sequence[ScoredDocument]) -> dict[str, Any]:
    scores = [
        entities.score_entities(
            document.truth.document_id,
            document.truth.entities,
            document.prediction.get("entities", []),
        )
        for document in scored
    ]
    return {
        "f1": asdict(entities.entity_f1(scores)),
        "f1_of_known_labels": asdict(entities.entity_f1(scores, entities.EXPRESSIBLE_LABELS)),
        "by_name": _by_name(entities.count_labels(scores)),
    }


def _docile_section(scored: Sequence[ScoredDocument], pages_of: PageSource) -> dict[str, Any]:
    documents = [
        docile.DocileDocument(
            document.truth.document_id,
            pages_of(document.truth),
            document.truth.places,
            docile.docile_fields(document.prediction),
        )
        for document in scored
    ]
    section: dict[str, Any] = {}
    tasks: tuple[docile.Task, ...] = ("kile", "lir")
    for task in tasks:
        scores = docile.evaluate(documents, task)
        section[task] = {
            "ap": scores.ap,
            "f1": scores.f1,
            "precision": scores.precision,
            "recall": scores.recall,
            "by_name": {
                name: asdict(name_scores.count) | {"ap": name_scores.ap, "f1": name_scores.f1}
                for name, name_scores in scores.by_name.items()
            },
        }
    return section


def _vrdu_section(scored: Sequence[ScoredDocument]) -> dict[str, Any]:
    scores = [vrdu.score_vrdu(document.truth, document.prediction) for document in scored]
    return {
        "micro_f1": asdict(vrdu.micro_f1(scores)),
        "micro_f1_of_unrepeated": asdict(vrdu.unrepeated_f1(scores)),
        "macro_f1": vrdu.macro_f1(scores),
        "by_name": _by_name(vrdu.count_names(scores)),
    }


def _by_name(counts: dict[str, Count]) -> dict[str, Any]:
    return {name: asdict(count) | {"f1": count.f1} for name, count in counts.items()}
