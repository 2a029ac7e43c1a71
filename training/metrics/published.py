"""Scores by the rules of published benchmarks: entities, DocILE's KILE and LIR, VRDU's F1.

They stand in a report beside our own scores where a corpus brings what they need: words with
labels, boxes with DocILE's names, texts with VRDU's types.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from data.corpora.truth import TrueDocument
from data.records import Page
from training.metrics import docile, entities, vrdu
from training.metrics.counts import Count
from training.metrics.scoring import MADE_UP, Scored

GivenPages = Callable[[TrueDocument], Sequence[Page]]


def published_scores(
    format_name: str, scored: Sequence[Scored], pages_of: GivenPages
) -> dict[str, Any]:
    """The report's sections `entities`, `docile` and `vrdu`, as far as the corpus has them.

    `pages_of` gives a document's pages with the words of the corpus. Raises `PredictionError` for
    predicted places or entities that are none.
    """
    sections: dict[str, Any] = {}
    known = [one for one in scored if one.truth.labels != MADE_UP]
    if any(entity.label in entities.SAYABLE for one in known for entity in one.truth.entities):
        sections["entities"] = _entity_section(scored)
    if format_name == "docile":
        sections["docile"] = _docile_section(scored, pages_of)
    if format_name == "vrdu":
        sections["vrdu"] = _vrdu_section(known)
    return sections


def _entity_section(scored: Sequence[Scored]) -> dict[str, Any]:
    scores = [
        entities.score_entities(
            one.truth.document_id, one.truth.entities, one.prediction.get("entities", [])
        )
        for one in scored
    ]
    return {
        "f1": asdict(entities.entity_f1(scores)),
        "f1_of_known_labels": asdict(entities.entity_f1(scores, entities.SAYABLE)),
        "by_name": _by_name(entities.count_labels(scores)),
    }


def _docile_section(scored: Sequence[Scored], pages_of: GivenPages) -> dict[str, Any]:
    documents = [
        docile.DocileDocument(
            one.truth.document_id,
            pages_of(one.truth),
            one.truth.places,
            docile.docile_fields(one.prediction),
        )
        for one in scored
    ]
    section: dict[str, Any] = {}
    tasks: tuple[docile.Task, ...] = ("kile", "lir")
    for task in tasks:
        found = docile.evaluate(documents, task)
        section[task] = {
            "ap": found.ap,
            "f1": found.f1,
            "precision": found.precision,
            "recall": found.recall,
            "by_name": {
                name: asdict(own.count) | {"ap": own.ap, "f1": own.f1}
                for name, own in found.by_name.items()
            },
        }
    return section


def _vrdu_section(scored: Sequence[Scored]) -> dict[str, Any]:
    scores = [vrdu.score_vrdu(one.truth, one.prediction) for one in scored]
    return {
        "micro_f1": asdict(vrdu.micro_f1(scores)),
        "micro_f1_of_unrepeated": asdict(vrdu.unrepeated_f1(scores)),
        "macro_f1": vrdu.macro_f1(scores),
        "by_name": _by_name(vrdu.count_names(scores)),
    }


def _by_name(counts: dict[str, Count]) -> dict[str, Any]:
    return {name: asdict(count) | {"f1": count.f1} for name, count in counts.items()}
