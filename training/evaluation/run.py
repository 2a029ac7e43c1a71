"""One evaluation: documents read or predictions taken, scored, and reported into a folder."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.corpora.published.formats import open_corpus, recognise
from data.corpora.readings import DEFAULT_CACHE, WordChoice, read_document
from data.corpora.scans import DamageLevel
from data.corpora.truth import CorpusError, TrueDocument
from data.records import Page
from training.decoding.calibration import load_calibration
from training.evaluation.entity_reader import knows_entities
from training.evaluation.fingerprints import code_hash, corpus_hash, versions, weights_hash
from training.evaluation.gate import PREDICTED, Gate, applying, check
from training.evaluation.predicting import Part, Reading
from training.evaluation.readers import RULES, ReaderName, ReadingRun
from training.metrics.predictions import read_predictions, write_predictions
from training.metrics.published import GivenPages, published_scores
from training.metrics.scoring import Scored, score
from training.network.checkpoint import DEFAULT
from training.report.charts import charts_html
from training.report.comparison import compare, load_report
from training.report.contents import build_report
from training.report.files import write_report
from training.report.gallery import gallery_html

_HEADLINE = ("item_f1", "cell_f1", "closed", "description_f1")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What is to be scored and how.

    `predictions` is a file to score instead of a reading (None: `reader` reads). With `baseline`
    the rules read the same documents beside the model. `workers` None means one process a core, or
    one on a GPU. `slices` are keys of the corpus to report by, beside the usual ones. `compare` is
    an earlier report, `gate` what the figures must reach. `without` names parts of the reading that
    are left out, to see what they are worth.
    """

    corpus: Path
    out: Path
    format_name: str | None = None
    reader: ReaderName = "model"
    baseline: bool = True
    checkpoint: Path | None = None
    predictions: Path | None = None
    words: WordChoice = "auto"
    damage: DamageLevel = "none"
    without: frozenset[Part] = frozenset()
    device: str = "auto"
    workers: int | None = None
    limit: int | None = None
    slices: tuple[str, ...] = ()
    cache: Path | None = DEFAULT_CACHE
    compare: Path | None = None
    gate: Gate | None = None

    @property
    def has_baseline(self) -> bool:
        """The rules stand beside a model that reads here, not beside themselves or a file."""
        return self.baseline and self.reader == "model" and self.predictions is None

    @property
    def weights(self) -> Path | None:
        """The checkpoint folder that reads; None where none does."""
        if self.predictions is not None or self.reader != "model":
            return None
        return self.checkpoint or DEFAULT


def evaluate(asked: Evaluation) -> dict[str, Any]:
    """The report, after writing it and `predictions.jsonl` into the folder `asked.out`.

    Raises `CorpusError`, `PredictionError` or `CheckpointError` for input that cannot be used,
    ValueError for a call that contradicts itself, a limit or workers below 1, a report that cannot
    be compared with, and (`GateError`) a gate that says nothing about this corpus.
    """
    _refuse_contradictions(asked)
    other = None if asked.compare is None else load_report(asked.compare)
    documents, known = _documents(asked)
    if asked.weights is not None and knows_entities(asked.weights):
        # Such a network says nothing of line items: there is none to find, not none found.
        documents = [_entities_only(document) for document in documents]
    _refuse_unknown_slices(asked, documents)
    # Before reading: a training run may write new weights into the folder meanwhile.
    about = _about(asked, documents)
    if asked.gate is not None:
        applying(asked.gate, about)  # whether it says anything is known before hours of reading
    asked.out.mkdir(parents=True, exist_ok=True)
    runs = _runs(asked, about)
    if asked.predictions is None:
        predictions = runs[0].predictions(documents)
    else:
        predictions = list(read_predictions(asked.predictions).values())
    write_predictions(asked.out / "predictions.jsonl", predictions)
    about["failed"] = {one["id"]: one["failed"] for one in predictions if one.get("failed")}
    scored = _score(asked, documents, predictions, known)
    about |= published_scores(asked.format_name or recognise(asked.corpus), scored, _given(asked))
    report = build_report(scored, about)
    (asked.out / "baseline.jsonl").unlink(missing_ok=True)  # of an earlier run
    if asked.has_baseline:
        report["baseline"] = _baseline(asked, runs[1], documents, report)
    if other is not None:
        report["comparison"] = compare(report, other)
    if asked.gate is not None:
        report["gate"] = [
            asdict(outcome) | {"held": outcome.held} for outcome in check(asked.gate, report)
        ]
    write_report(asked.out, report, charts_html(report), gallery_html(scored, asked.damage))
    for run in runs:
        run.kept.drop()
    return report


def _refuse_contradictions(asked: Evaluation) -> None:
    for name, count in (("limit", asked.limit), ("workers", asked.workers)):
        if count is not None and count < 1:
            raise ValueError(f"{name} must be at least 1, got {count}")
    if asked.predictions is not None:
        reading = {
            "reader rules": asked.reader != "model",
            "a checkpoint": asked.checkpoint is not None,
            f"words {asked.words}": asked.words != "auto",
            f"damage {asked.damage}": asked.damage != "none",
        }
        if given := [name for name, is_given in reading.items() if is_given]:
            raise ValueError(
                f"{asked.predictions} is scored as it is, nothing is read: leave out "
                f"{', '.join(given)}"
            )
    elif asked.reader != "model" and asked.checkpoint is not None:
        raise ValueError("rules need no checkpoint: leave out one of the two")


def _refuse_unknown_slices(asked: Evaluation, documents: Sequence[TrueDocument]) -> None:
    known = {key for document in documents for key in document.extra}
    if unknown := [key for key in asked.slices if key not in known]:
        raise ValueError(
            f"{asked.corpus}: no document has {unknown[0]!r} to slice by; there is "
            f"{', '.join(sorted(known)) or 'nothing'}"
        )


def _documents(asked: Evaluation) -> tuple[list[TrueDocument], list[str]]:
    """The documents to score, and the ids of all that the corpus holds as far as it matters."""
    # A file of predictions may speak of documents beyond the limit; then all must be known.
    limit = asked.limit if asked.predictions is None else None
    everything = list(open_corpus(asked.corpus, asked.format_name, limit, asked.cache))
    documents = everything[: asked.limit]
    if not documents:
        raise CorpusError(f"{asked.corpus}: holds no documents, nothing can be scored")
    return documents, [document.document_id for document in everything]


def _entities_only(document: TrueDocument) -> TrueDocument:
    nothing = frozenset[str]()
    return replace(
        document, items=(), excluded=(), items_labelled=False, fields={}, fields_visible=nothing
    )


def _runs(asked: Evaluation, about: Mapping[str, Any]) -> list[ReadingRun]:
    """The reading to score, and the baseline's beside it; none for predictions that were given."""
    if asked.predictions is not None:
        return []
    key = (about["settings"], about["hashes"], about["versions"])
    how = Reading(asked.words, asked.cache, asked.damage, without=asked.without)
    main = ReadingRun(
        asked.reader,
        asked.out / "predictions.jsonl",
        key,
        how,
        asked.checkpoint,
        asked.device,
        asked.workers,
    )
    if not asked.has_baseline:
        return [main]
    return [
        main,
        ReadingRun("rules", asked.out / "baseline.jsonl", key, how, workers=asked.workers),
    ]


def _score(
    asked: Evaluation,
    documents: Sequence[TrueDocument],
    predictions: Sequence[Mapping[str, Any]],
    known: Sequence[str],
) -> list[Scored]:
    by_id = {str(prediction["id"]): prediction for prediction in predictions}
    return score(documents, by_id, asked.slices, known)


def _baseline(
    asked: Evaluation,
    run: ReadingRun,
    documents: Sequence[TrueDocument],
    report: Mapping[str, Any],
) -> dict[str, Any]:
    """The rules' headline on the same documents, and how far the model is from them."""
    predictions = run.predictions(documents)
    write_predictions(run.out, predictions)
    theirs = build_report(
        _score(asked, documents, predictions, ()),
        {name: report[name] for name in ("corpus", "settings", "hashes")},
    )
    differences = compare(report, theirs)["differences"]
    return {
        "name": RULES,
        **{name: theirs[name] for name in _HEADLINE},
        "differences": {
            found["name"]: found["difference"]
            for found in differences
            if found["name"] in _HEADLINE
        },
    }


def _given(asked: Evaluation) -> GivenPages:
    """What gives a document's pages with the corpus's own words, or ours where it has none."""

    def pages_of(document: TrueDocument) -> Sequence[Page]:
        if document.given is not None:
            return document.given()
        if document.path is None:
            return ()
        return read_document(document, asked.cache).pages

    return pages_of


def _about(asked: Evaluation, documents: Sequence[TrueDocument]) -> dict[str, Any]:
    reads, weights = asked.predictions is None, asked.weights
    return {
        "corpus": asked.corpus.resolve().name,
        "calibration": _calibration(asked),
        "settings": {
            "reader": _reader_name(asked),
            "words": asked.words if reads else PREDICTED,
            "damage": asked.damage if reads else PREDICTED,
            "without": (", ".join(sorted(asked.without)) or "nothing") if reads else PREDICTED,
            "limit": asked.limit or f"none ({len(documents)} documents)",
        },
        "hashes": {
            "code": code_hash(),
            "weights": None if weights is None else weights_hash(weights),
            "corpus": corpus_hash(documents),
        },
        "versions": versions(),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _reader_name(asked: Evaluation) -> str:
    if asked.predictions is not None:
        return asked.predictions.name
    return RULES if asked.weights is None else f"checkpoint {asked.weights.name}"


def _calibration(asked: Evaluation) -> str:
    """On what the reader's confidences were fitted; nothing where none were, or nobody knows."""
    if asked.weights is None:
        return ""
    source = load_calibration(asked.weights).source
    if not source:
        return "none was fitted, the network's own probabilities are stated."
    if asked.corpus.resolve().name in source:
        return f"fitted on {source}, these documents among them: what is said here flatters."
    return f"fitted on {source}."
