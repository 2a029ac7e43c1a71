"""Measure the reading of pages on every real set: words, numbers, seconds; by engine and quality.

    python -m training.evaluation.reading [--corpora DIR] [--sample N] [--engines NAME ...]
        [--only SET ...] [--items] [--out DIR]

Prints a table a set as Markdown and writes `reading.json` into --out. A page is good, fair or poor
by Tesseract's mean certainty of it. With --items each set that brings its own words is also read
into line items from those and from our own reading: the difference in item F1 is the reading's
share. The exit status is 2 when the call or its input cannot be used.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from data.corpora.published.formats import open_corpus
from data.corpora.readings import DEFAULT_CACHE, Reading, read_document
from data.corpora.truth import CorpusError, TrueDocument
from data.pages.attachments import AttachmentError
from data.pages.ocr import certainty
from data.records import Page
from training.evaluation.reading_counts import ReadingCounts, count_reading
from training.evaluation.run import Evaluation, evaluate

UNUSABLE = 2
REAL_SETS = Path("../shared/real")
MANIFEST = "manifest.jsonl"
# What an engine is: where words come from, and whether the second engine joins in.
ENGINES: dict[str, tuple[str, bool]] = {
    "service": ("auto", True),  # as the service reads: text layers, and both engines
    "both": ("ocr", True),  # the pixels by both engines
    "tesseract": ("ocr", False),
}
GOOD, FAIR = 0.85, 0.65  # Tesseract's mean certainty from which a page is good, and fair


@dataclass(frozen=True, slots=True)
class ReadingMeasurement:
    """Settings of a measurement: sets below `corpora`, first `sample` documents, engines."""

    corpora: Path
    engines: tuple[str, ...]
    sample: int | None = None
    only: frozenset[str] = frozenset()
    items: bool = False
    out: Path = Path("runs/reading")
    cache: Path | None = DEFAULT_CACHE


def measure_reading(measurement: ReadingMeasurement) -> dict[str, Any]:
    """Return the figures by set, after writing them; sets that cannot be read say why.

    Raises `CorpusError` where there is no set.
    """
    folders = _set_folders(measurement)
    if not folders:
        raise CorpusError(f"{measurement.corpora}: no set with a {MANIFEST} to measure")
    report: dict[str, Any] = {"sample": measurement.sample, "sets": {}}
    for name, folder in folders.items():
        try:
            report["sets"][name] = _measure_set(folder, name, measurement)
        except CorpusError as error:
            report["sets"][name] = {"skipped": str(error)}
        sys.stderr.write(f"{name}: done\n")
    measurement.out.mkdir(parents=True, exist_ok=True)
    (measurement.out / "reading.json").write_text(json.dumps(report, indent=2) + "\n")
    return report


def markdown(report: dict[str, Any]) -> str:
    """Return the figures as Markdown, one table for words and numbers and one for items."""
    head = "| set | engine | pages | documents | number recall | word recall | word precision | s |"
    lines = [head, "|---|---|---|--:|--:|--:|--:|--:|"]
    items = [
        "| set | item F1, given words | own words | the reading's share |",
        "|---|--:|--:|--:|",
    ]
    for name, figures in report["sets"].items():
        if "skipped" in figures:
            lines.append(f"| {name} | not measured: {figures['skipped']} |||||||")
            continue
        for row in figures["engines"]:
            shares = ("number_recall", "word_recall", "word_precision", "seconds_a_page")
            cells = " | ".join(_shown(row[share]) for share in shares)
            lines.append(
                f"| {name} | {row['engine']} | {row['quality']} | {row['documents']} | {cells} |"
            )
        if (f1 := figures.get("item_f1")) is not None:
            share = _shown(f1["given"] - f1["own"])
            items.append(f"| {name} | {_shown(f1['given'])} | {_shown(f1['own'])} | {share} |")
    return "\n".join(lines + (["", *items] if len(items) > 2 else [])) + "\n"


def _set_folders(measurement: ReadingMeasurement) -> dict[str, Path]:
    manifests = sorted(measurement.corpora.glob(f"**/{MANIFEST}"))
    folders = {str(path.parent.relative_to(measurement.corpora)): path.parent for path in manifests}
    only = measurement.only
    return {name: path for name, path in folders.items() if not only or name in only}


def _measure_set(folder: Path, name: str, measurement: ReadingMeasurement) -> dict[str, Any]:
    documents = [
        document
        for document in open_corpus(folder, None, measurement.sample, measurement.cache)
        if document.path is not None
    ][: measurement.sample]
    if not documents:
        raise CorpusError("it has words and no pages")
    counts: dict[tuple[str, str], ReadingCounts] = defaultdict(ReadingCounts)
    for document in documents:
        for engine, quality, count in _count_document(document, measurement):
            for group in ("all", quality):
                counts[engine, group] += count
    order = (*ENGINES, "all", "good", "fair", "poor")
    ordered = sorted(counts.items(), key=lambda item: tuple(map(order.index, item[0])))
    figures: dict[str, Any] = {
        "engines": [_row(engine, group, count) for (engine, group), count in ordered]
    }
    if measurement.items and any(document.read_corpus_pages for document in documents):
        figures["item_f1"] = _item_f1(folder, name, measurement)
    return figures


def _count_document(
    document: TrueDocument, measurement: ReadingMeasurement
) -> Iterator[tuple[str, str, ReadingCounts]]:
    """Yield the counts by engine, with the quality of the pages."""
    true_pages = document.read_corpus_pages() if document.read_corpus_pages is not None else ()
    try:
        quality = page_quality(_read(document, "tesseract", measurement).pages)
        for engine in measurement.engines:
            reading = _read(document, engine, measurement)
            count = count_reading(document, reading.pages, true_pages, reading.seconds)
            yield engine, quality, count
    except AttachmentError as error:
        sys.stderr.write(f"{document.document_id}: {error}\n")


def page_quality(pages: Sequence[Page]) -> str:
    """Return good, fair or poor: how sure Tesseract is of the words of the pages."""
    mean = certainty([word for page in pages for word in page.words])
    return "good" if mean >= GOOD else "fair" if mean >= FAIR else "poor"


def _read(document: TrueDocument, engine: str, measurement: ReadingMeasurement) -> Reading:
    words, second = ENGINES[engine]
    choice = "auto" if words == "auto" else "ocr"
    return read_document(document, measurement.cache, choice, second_reading=second)  # type: ignore[arg-type]


def _row(engine: str, quality: str, count: ReadingCounts) -> dict[str, Any]:
    shares = ("number_recall", "word_recall", "word_precision", "seconds_a_page")
    return {
        "engine": engine,
        "quality": quality,
        **asdict(count),
        **{share: getattr(count, share) for share in shares},
    }


def _item_f1(folder: Path, name: str, measurement: ReadingMeasurement) -> dict[str, float]:
    """Return the item F1 from the corpus's own words and from our reading."""
    scores = {}
    for key, words in (("given", "given"), ("own", "auto")):
        report = evaluate(
            Evaluation(
                corpus=folder,
                out=measurement.out / name.replace("/", "_") / key,
                baseline=False,
                words="given" if words == "given" else "auto",
                limit=measurement.sample,
                cache=measurement.cache,
            )
        )
        scores[key] = float(report["item_f1"]["value"])
    return scores


def _shown(share: float | None) -> str:
    return "-" if share is None else f"{share:.3f}"


def main(argv: list[str] | None = None) -> int:
    """Run the measurement and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m training.evaluation.reading")
    parser.add_argument("--corpora", type=Path, default=REAL_SETS, help="folder of the sets")
    parser.add_argument("--sample", type=int, help="only the first N documents of each set")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    parser.add_argument("--only", nargs="+", default=[], metavar="SET", help="like odoo_fr/dev")
    parser.add_argument("--items", action="store_true", help="also item F1, given words and own")
    parser.add_argument("--out", type=Path, default=Path("runs/reading"))
    options = parser.parse_args(argv)
    if options.sample is not None and options.sample < 1:
        sys.stderr.write(f"--sample must be at least 1, got {options.sample}\n")
        return UNUSABLE
    measurement = ReadingMeasurement(
        options.corpora,
        tuple(options.engines),
        options.sample,
        frozenset(options.only),
        options.items,
        options.out,
    )
    try:
        sys.stdout.write(markdown(measure_reading(measurement)))
    except (CorpusError, OSError) as error:
        sys.stderr.write(" ".join(str(error).split()) + "\n")
        return UNUSABLE
    return 0


if __name__ == "__main__":
    sys.exit(main())
