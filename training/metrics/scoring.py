"""Documents with their predictions' scores, and the groups they are reported by."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from data.corpora.truth import TrueDocument
from training.metrics.items import DocumentScore, score_document
from training.metrics.predictions import Prediction

log = logging.getLogger(__name__)

MADE_UP = "not in the corpus"  # type and labels of a document that only the predictions have


@dataclass(frozen=True, slots=True)
class Scored:
    """One document with its truth, its prediction, the score and what the run knows about it.

    `groups` holds the document's value under each slice key.
    """

    truth: TrueDocument
    prediction: Prediction
    score: DocumentScore
    groups: Mapping[str, str]

    @property
    def seconds(self) -> float:
        """From file to line items; 0 where the prediction does not say."""
        return float(self.prediction.get("seconds") or 0.0)


def score(
    documents: Sequence[TrueDocument],
    predictions: Mapping[str, Prediction],
    slice_keys: Iterable[str] = (),
    known: Iterable[str] = (),
) -> list[Scored]:
    """Every document with its score.

    One without a prediction counts as nothing read. A prediction for a document that the corpus
    does not hold counts as made up: all it says is wrong. `known` names documents that the corpus
    holds and that are left out of this run.
    """
    keys = tuple(slice_keys)
    scored = []
    for document in documents:
        prediction = predictions.get(document.document_id)
        if prediction is None:
            log.warning("%s: no prediction, scored as nothing read", document.document_id)
        scored.append(_score(document, prediction or {}, keys))
    held = {document.document_id for document in documents} | set(known)
    for name, prediction in predictions.items():
        if name not in held:
            log.warning("%s: predicted, but not in the corpus; scored as made up", name)
            scored.append(_score(_nothing(name), prediction, keys))
    return scored


def _score(document: TrueDocument, prediction: Prediction, keys: Sequence[str]) -> Scored:
    return Scored(
        truth=document,
        prediction=prediction,
        score=score_document(document, prediction),
        groups=_groups(document, prediction, keys),
    )


def _nothing(name: str) -> TrueDocument:
    """The truth of a document that is not there."""
    return TrueDocument(
        document_id=name,
        path=None,
        document_type=MADE_UP,
        fields={},
        fields_visible=frozenset(),
        items=(),
        excluded=(),
        labels=MADE_UP,
        extra={},
    )


def _groups(
    document: TrueDocument, prediction: Prediction, slice_keys: Iterable[str]
) -> dict[str, str]:
    groups = {"document type": document.document_type}
    for key in dict.fromkeys(("layout", "vendor", *slice_keys)):
        if key in document.extra:
            groups[key] = str(document.extra[key])
    locale = document.extra.get("locale") or document.extra.get("language")
    if locale or prediction.get("language"):
        groups["language"] = str(locale or f"{prediction['language']} (guessed)")
    if prediction.get("words_source"):
        groups["words from"] = str(prediction["words_source"])
    pages = document.extra.get("pages") or prediction.get("pages")
    if pages:
        groups["pages"] = _range(int(pages), (1, 2, 5))
    groups["items"] = _range(len(document.items), (1, 5, 20))
    return groups


def _range(count: int, ends: Sequence[int]) -> str:
    """The range a count falls into: '0', '2-5', '21 and more'; `ends` rise from 1."""
    low = 0
    for end in (0, *ends):
        if count <= end:
            return str(end) if end == low else f"{low}-{end}"
        low = end + 1
    return f"{low} and more"
