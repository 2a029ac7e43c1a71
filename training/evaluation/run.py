"""One evaluation: read the documents or take predictions, score them, and write the report."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.corpora.published.formats import open_corpus, recognise_format
from data.corpora.readings import DEFAULT_CACHE, WordChoice, read_document
from data.corpora.scans import DamageLevel
from data.corpora.truth import CorpusError, TrueDocument
from data.records import Page
from training.evaluation.entity_reader import has_entity_labels
from training.evaluation.fingerprints import code_hash, corpus_hash, versions, weights_hash
from training.evaluation.fitting import Fitting, read_fitting
from training.evaluation.gate import PREDICTED, Gate, check_report, select_thresholds
from training.evaluation.predicting import Part, ReadingOptions
from training.evaluation.readers import RULES, ReaderName, ReadingRun
from training.metrics.predictions import read_predictions, write_predictions
from training.metrics.published import PageSource, published_scores
from training.metrics.scoring import ScoredDocument, score_documents
from training.network.checkpoint import DEFAULT
from training.report.charts import charts_html
from training.report.comparison import compare_reports, load_report
from training.report.contents import build_report
from training.report.files import write_report
from training.report.gallery import gallery_html

_HEADLINE = ("item_f1", "cell_f1", "closed", "description_f1")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The settings of one evaluation.

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
        """True where the rules are compared with a model that reads here."""
        return self.baseline and self.reader == "model" and self.predictions is None

    @property
    def weights(self) -> Path | None:
        """The checkpoint folder that reads; None where none does."""
        if self.predictions is not None or self.reader != "model":
            return None
        return self.checkpoint or DEFAULT


def evaluate(evaluation: Evaluation) -> dict[str, Any]:
    """Return the report, after writing it and `predictions.jsonl` into `evaluation.out`.

    Raises `CorpusError`, `PredictionError` or `CheckpointError` for input that cannot be used,
    ValueError for a call that contradicts itself, a limit or workers below 1, a report that cannot
    be compared with, and (`GateError`) a gate without thresholds for this corpus.
    """
    _refuse_contradictions(evaluation)
    other = None if evaluation.compare is None else load_report(evaluation.compare)
    documents, known = _open_documents(evaluation)
    if evaluation.weights is not None and has_entity_labels(evaluation.weights):
        # Such a network reads no line items: there are none to score, rather than none found.
        documents = [_keep_entities_only(document) for document in documents]
    _refuse_unknown_slices(evaluation, documents)
    # Before reading: a training run may write new weights into the folder meanwhile.
    fitting = _read_fitting(evaluation, documents)
    about = _describe_run(evaluation, documents, fitting)
    if evaluation.gate is not None:
        # A gate without thresholds for this corpus is refused before hours of reading
        select_thresholds(evaluation.gate, about)
    evaluation.out.mkdir(parents=True, exist_ok=True)
    runs = _reading_runs(evaluation, about)
    predictions = _write_predictions(evaluation, runs, documents)
    about["failed"] = _failures(predictions)
    scored = _score_predictions(evaluation, documents, predictions, known)
    scored = scored if fitting is None else fitting.group(scored)
    about |= _published(evaluation, scored)
    report = build_report(scored, about)
    (evaluation.out / "baseline.jsonl").unlink(missing_ok=True)  # of an earlier run
    if evaluation.has_baseline:
        report["baseline"] = _baseline_section(evaluation, runs[1], documents, report)
    if other is not None:
        report["comparison"] = compare_reports(report, other)
    if evaluation.gate is not None:
        report["gate"] = _gate_section(evaluation.gate, report)
    gallery = gallery_html(scored, evaluation.damage)
    write_report(evaluation.out, report, charts_html(report), gallery)
    for run in runs:
        run.partial_rows.delete()
    return report


def _gate_section(gate: Gate, report: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [asdict(outcome) | {"held": outcome.held} for outcome in check_report(gate, report)]


def _read_fitting(evaluation: Evaluation, documents: Sequence[TrueDocument]) -> Fitting | None:
    """Return what the documents were used for; None where no weights read here."""
    if evaluation.weights is None:
        return None
    return read_fitting(evaluation.weights, documents)


def _write_predictions(
    evaluation: Evaluation, runs: Sequence[ReadingRun], documents: Sequence[TrueDocument]
) -> list[dict[str, Any]]:
    """Return the predictions, read here or from the given file, after writing them."""
    if evaluation.predictions is None:
        predictions = runs[0].predictions(documents)
    else:
        predictions = list(read_predictions(evaluation.predictions).values())
    write_predictions(evaluation.out / "predictions.jsonl", predictions)
    return predictions


def _failures(predictions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the reasons of documents that could not be opened, by document id."""
    failed = [prediction for prediction in predictions if prediction.get("failed")]
    return {prediction["id"]: prediction["failed"] for prediction in failed}


def _refuse_contradictions(evaluation: Evaluation) -> None:
    for name, count in (("limit", evaluation.limit), ("workers", evaluation.workers)):
        if count is not None and count < 1:
            raise ValueError(f"{name} must be at least 1, got {count}")
    if evaluation.predictions is not None:
        reading = {
            "reader rules": evaluation.reader != "model",
            "a checkpoint": evaluation.checkpoint is not None,
            f"words {evaluation.words}": evaluation.words != "auto",
            f"damage {evaluation.damage}": evaluation.damage != "none",
        }
        if conflicts := [name for name, is_set in reading.items() if is_set]:
            raise ValueError(
                f"{evaluation.predictions} is scored as it is, nothing is read: leave out "
                f"{', '.join(conflicts)}"
            )
    elif evaluation.reader != "model" and evaluation.checkpoint is not None:
        raise ValueError("rules need no checkpoint: leave out one of the two")


def _refuse_unknown_slices(evaluation: Evaluation, documents: Sequence[TrueDocument]) -> None:
    known = {key for document in documents for key in document.extra}
    if unknown := [key for key in evaluation.slices if key not in known]:
        raise ValueError(
            f"{evaluation.corpus}: no document has {unknown[0]!r} to slice by; there is "
            f"{', '.join(sorted(known)) or 'nothing'}"
        )


def _open_documents(evaluation: Evaluation) -> tuple[list[TrueDocument], list[str]]:
    """Return the documents to score, and the ids of all that the corpus holds as far as needed."""
    # A file of predictions may hold documents beyond the limit; then all must be known.
    limit = evaluation.limit if evaluation.predictions is None else None
    everything = list(
        open_corpus(evaluation.corpus, evaluation.format_name, limit, evaluation.cache)
    )
    documents = everything[: evaluation.limit]
    if not documents:
        raise CorpusError(f"{evaluation.corpus}: holds no documents, nothing can be scored")
    return documents, [document.document_id for document in everything]


def _keep_entities_only(document: TrueDocument) -> TrueDocument:
    nothing = frozenset[str]()
    return replace(
        document, items=(), excluded=(), items_labelled=False, fields={}, fields_visible=nothing
    )


def _reading_runs(evaluation: Evaluation, about: Mapping[str, Any]) -> list[ReadingRun]:
    """Return the reading to score and the baseline's; none for a file of predictions."""
    if evaluation.predictions is not None:
        return []
    key = (about["settings"], about["hashes"], about["versions"])
    options = ReadingOptions(
        evaluation.words, evaluation.cache, evaluation.damage, without=evaluation.without
    )
    main = ReadingRun(
        evaluation.reader,
        evaluation.out / "predictions.jsonl",
        key,
        options,
        evaluation.checkpoint,
        evaluation.device,
        evaluation.workers,
    )
    if not evaluation.has_baseline:
        return [main]
    return [
        main,
        ReadingRun(
            "rules", evaluation.out / "baseline.jsonl", key, options, workers=evaluation.workers
        ),
    ]


def _score_predictions(
    evaluation: Evaluation,
    documents: Sequence[TrueDocument],
    predictions: Sequence[Mapping[str, Any]],
    known: Sequence[str],
) -> list[ScoredDocument]:
    by_id = {str(prediction["id"]): prediction for prediction in predictions}
    return score_documents(documents, by_id, evaluation.slices, known)


def _baseline_section(
    evaluation: Evaluation,
    run: ReadingRun,
    documents: Sequence[TrueDocument],
    report: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the rules' headline on the same documents, and the model's difference from it."""
    predictions = run.predictions(documents)
    write_predictions(run.out, predictions)
    theirs = build_report(
        _score_predictions(evaluation, documents, predictions, ()),
        {name: report[name] for name in ("corpus", "settings", "hashes")},
    )
    differences = compare_reports(report, theirs)["differences"]
    return {
        "name": RULES,
        **{name: theirs[name] for name in _HEADLINE},
        "differences": {
            difference["name"]: difference["difference"]
            for difference in differences
            if difference["name"] in _HEADLINE
        },
    }


def _published(evaluation: Evaluation, scored: Sequence[ScoredDocument]) -> dict[str, Any]:
    """Return the scores by the rules of published benchmarks."""
    format_name = evaluation.format_name or recognise_format(evaluation.corpus)
    return published_scores(format_name, scored, _page_source(evaluation))


def _page_source(evaluation: Evaluation) -> PageSource:
    """Return a source of pages with the corpus's own words, or ours where it has none."""

    def pages_of(document: TrueDocument) -> Sequence[Page]:
        if document.read_corpus_pages is not None:
            return document.read_corpus_pages()
        if document.path is None:
            return ()
        return read_document(document, evaluation.cache).pages

    return pages_of


def _describe_run(
    evaluation: Evaluation, documents: Sequence[TrueDocument], fitting: Fitting | None
) -> dict[str, Any]:
    reads, weights = evaluation.predictions is None, evaluation.weights
    return {
        "corpus": evaluation.corpus.resolve().name,
        "calibration": "" if fitting is None else fitting.calibration_sentence(),
        "fitting": None if fitting is None else fitting.contents(),
        "settings": {
            "reader": _reader_name(evaluation),
            "words": evaluation.words if reads else PREDICTED,
            "damage": evaluation.damage if reads else PREDICTED,
            "without": (", ".join(sorted(evaluation.without)) or "nothing") if reads else PREDICTED,
            "limit": evaluation.limit or f"none ({len(documents)} documents)",
        },
        "hashes": {
            "code": code_hash(),
            "weights": None if weights is None else weights_hash(weights),
            "corpus": corpus_hash(documents),
        },
        "versions": versions(),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _reader_name(evaluation: Evaluation) -> str:
    if evaluation.predictions is not None:
        return evaluation.predictions.name
    return RULES if evaluation.weights is None else f"checkpoint {evaluation.weights.name}"
