"""Documents with the scores of their predictions, and the groups they are reported by."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from data.corpora.truth import TrueDocument
from training.metrics.items import DocumentScore, score_document
from training.metrics.predictions import Prediction

log = logging.getLogger(__name__)

MADE_UP = "not in the corpus"  # type and labels of a document that only the predictions have


@dataclass(frozen=True, slots=True)
class ScoredDocument:
    """One document with its truth, its prediction, its score and its groups.

    `groups` holds the document's value under each slice key.
    """

    truth: TrueDocument
    prediction: Prediction
    score: DocumentScore
    groups: Mapping[str, str]

    @property
    def seconds(self) -> float:
        """Seconds from file to line items; 0 where the prediction has none."""
        return float(self.prediction.get("seconds") or 0.0)


def score_documents(
    documents: Sequence[TrueDocument],
    predictions: Mapping[str, Prediction],
    slice_keys: Iterable[str] = (),
    known: Iterable[str] = (),
) -> list[ScoredDocument]:
    """Score every document.

    One without a prediction counts as nothing read. A prediction for a document that the corpus
    does not hold counts as made up: all its values are wrong. `known` names documents of the
    corpus that are left out of this run.
    """
    keys = tuple(slice_keys)
    scored = []
    for document in documents:
        prediction = predictions.get(document.document_id)
        if prediction is None:
            log.warning("%s: no prediction, scored as nothing read", document.document_id)
        scored.append(_score_document(document, prediction or {}, keys))
    held = {document.document_id for document in documents} | set(known)
    for name, prediction in predictions.items():
        if name not in held:
            log.warning("%s: predicted, but not in the corpus; scored as made up", name)
            scored.append(_score_document(_absent_document(name), prediction, keys))
    return scored


def _score_document(
    document: TrueDocument, prediction: Prediction, keys: Sequence[str]
) -> ScoredDocument:
    return ScoredDocument(
        truth=document,
        prediction=prediction,
        score=score_document(document, prediction),
        groups=_document_groups(document, prediction, keys),
    )


def _absent_document(name: str) -> TrueDocument:
    """Return the truth of a document that the corpus does not hold."""
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


def _document_groups(
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
    if pages:  # a count, or the numbers of the pages in a file of several documents
        count = len(pages) if isinstance(pages, list | tuple) else int(pages)
        groups["pages"] = _range_name(count, (1, 2, 5))
    groups["items"] = _range_name(len(document.items), (1, 5, 20))
    return groups


def _range_name(count: int, ends: Sequence[int]) -> str:
    """Return the range that a count falls into: '0', '2-5', '21 and more'; `ends` rise from 1."""
    low = 0
    for end in (0, *ends):
        if count <= end:
            return str(end) if end == low else f"{low}-{end}"
        low = end + 1
    return f"{low} and more"
