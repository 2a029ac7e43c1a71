"""Fit a checkpoint's calibration on labelled documents, and print how reliable it is.

    python -m training.calibrate --checkpoint DIR --corpus DIR[:words[:damage]] ...

`--corpus einvoice --corpus einvoice:ocr:light` reads the same documents from their text layers and
as light scans. Documents that the weights learned from are left out, known by their hash: a
network is surer of them than of others. The reliability tables printed are of layouts left out:
each family (the manifest's `layout`, `producer`, `country` or `vendor`, else the corpus) is read
under curves fitted on all others. The worst families come last, with how many numbers stated at .98
or more are wrong. The curves saved use all, and `learned_from.json` names their documents.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import cast, get_args

from tqdm import tqdm

from data.corpora.layout_families import family_of
from data.corpora.readings import DEFAULT_CACHE, WordChoice, read_document
from data.corpora.scans import DamageLevel
from data.corpora.truth import TrueDocument
from data.labels import HEADER_TAGS, header_name
from data.records import ExtractedDocument, Field, LineItem
from training.decoding.calibration import DERIVED, HEADER, Calibration, Case, fit, save_calibration
from training.evaluation.learned_from import (
    LearnedFrom,
    hashed_documents,
    read_learned_from,
    write_learned_from,
)
from training.extractor import Extractor
from training.metrics.items import SCORED_CELLS, judged_cells, judged_fields, model_type
from training.metrics.trust import Reliability, expected_error, reliability
from training.network.checkpoint import DEFAULT

SLACK = Decimal("0.02")
MOST_OF_A_FIELD = 8.0
CERTAIN = 0.98
WORST = 8  # families listed


@dataclass(frozen=True, slots=True)
class Source:
    """A corpus with the way its documents are read; `words` and `damage` as in the evaluator."""

    corpus: Path
    words: WordChoice = "auto"
    damage: DamageLevel = "none"

    @classmethod
    def parse(cls, text: str) -> "Source":
        """Parse `DIR[:words[:damage]]`; raises ValueError naming the fault."""
        corpus, *how = text.split(":")
        words, damage, *more = [*how, *("auto", "none")[len(how) :]]
        if more or words not in get_args(WordChoice) or damage not in get_args(DamageLevel):
            raise ValueError(
                f"{text!r}: must be DIR[:words[:damage]], words one of"
                f" {', '.join(get_args(WordChoice))}, damage one of"
                f" {', '.join(get_args(DamageLevel))}"
            )
        return cls(Path(corpus), cast(WordChoice, words), cast(DamageLevel, damage))

    def __str__(self) -> str:
        read = "" if self.words == "auto" else f" by {self.words}"
        return self.corpus.name + read + ("" if self.damage == "none" else f", {self.damage} scan")


def collect_cases(
    truth: TrueDocument, documents: Sequence[ExtractedDocument], *, ocr: bool = False
) -> list[Case]:
    """Return the judged values of a document with their confidences: line items and header."""
    return [*_line_cases(truth, documents, ocr), *_header_cases(truth, documents, ocr)]


def _header_cases(
    truth: TrueDocument, documents: Sequence[ExtractedDocument], ocr: bool
) -> list[Case]:
    """Printed header values, and the type; of several documents found the first counts."""
    if not documents:
        return []
    first = documents[0]
    kind = str(first.document_type.value)
    tags = {header_name(tag, kind): tag for tag in reversed(HEADER_TAGS)}
    fields = {name: leaf.text for name, leaf in first.fields.items() if leaf.text is not None}
    prediction = {"fields": fields, "document_type": kind}
    cases = [
        Case(HEADER + tags[under], first.fields[under].confidence, None, right, ocr)
        for _, under, right in judged_fields(truth, prediction)
        if under in tags and first.fields[under].source == "model"
    ]
    right = kind == model_type(truth.document_type)
    confidence = first.document_type.confidence
    return [*cases, Case(f"{HEADER}document_type", confidence, None, right, ocr)]


def _line_cases(
    truth: TrueDocument, documents: Sequence[ExtractedDocument], ocr: bool
) -> list[Case]:
    lines = [line for document in documents for line in document.line_items]
    prediction = {
        "line_items": [
            {name: leaf.text for name in SCORED_CELLS if (leaf := line.field(name)) and leaf.text}
            for line in lines
        ]
    }
    cases = []
    judged = judged_cells(truth, prediction)
    wrong = {(row, name) for row, name, right in judged if not right}
    for row, name, right in judged:
        leaf = lines[row].field(name)
        if leaf is not None and leaf.source == "model":
            cases.append(Case(name, leaf.confidence, _is_product(lines[row]), right, ocr))
        elif leaf is not None and name == "quantity" and not _wrong_parents(leaf, row, wrong):
            cases.append(Case(DERIVED + name, 1.0, None, right))
    return cases


def _wrong_parents(leaf: Field, row: int, wrong: set[tuple[int, str]]) -> bool:
    return any((row, parent) in wrong for parent in leaf.derived_from)


def _is_product(line: LineItem) -> bool | None:
    """True where three printed numbers multiply, as in `resolve_row`; None without three."""
    leaves = [line.quantity, line.unit_price, line.amount]
    if any(leaf is None or leaf.source != "model" for leaf in leaves):
        return None
    quantity, price, amount = (leaf.decimal for leaf in leaves if leaf is not None)
    if quantity is None or price is None or amount is None:
        return None
    base = line.price_base_quantity.decimal if line.price_base_quantity else None
    return abs(quantity * price / (base or Decimal(1)) - amount) <= SLACK


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """The judged values of one document, with the family of layouts it belongs to."""

    family: str
    cases: tuple[Case, ...]


def _read_cases(checkpoint: Path, sources: Sequence[Source], cache: Path) -> list[ReadDocument]:
    """Read the documents and return their cases, with the network's own confidences."""
    shipped = Extractor.load(checkpoint)
    extractor = Extractor(shipped.model, shipped.device, Calibration())
    sys.stderr.write(f"device {extractor.device_line}\n")
    learned = read_learned_from(checkpoint) or LearnedFrom(complete=False)
    truths = [
        (truth, source)
        for source in sources
        for truth, digest in hashed_documents(source.corpus)
        if digest not in learned.documents
    ]
    if not truths:
        raise ValueError(f"{checkpoint}: learned from every document given; calibrate on others")
    collected = []
    for truth, source in tqdm(truths, unit="document", disable=not sys.stderr.isatty()):
        pages = read_document(truth, cache, source.words, source.damage).pages
        ocr = any(page.words_source == "ocr" for page in pages)
        documents = extractor.extract(truth.document_id, pages)
        cases = share_weight(collect_cases(truth, documents, ocr=ocr))
        collected.append(ReadDocument(family_of(source.corpus.name, truth), tuple(cases)))
    return collected


def share_weight(cases: Sequence[Case]) -> list[Case]:
    """Return a document's cases with at most `MOST_OF_A_FIELD` weight for each field together.

    The rows of one document are read right or wrong together. Unweighted, a few documents of a
    hundred rows would say what a confidence is worth on all layouts.
    """
    counts = Counter(case.name for case in cases)
    return [replace(case, weight=min(1.0, MOST_OF_A_FIELD / counts[case.name])) for case in cases]


@dataclass(frozen=True, slots=True)
class LeftOutCase:
    """A case, and the confidence it gets from curves fitted without its family."""

    family: str
    case: Case
    confidence: float


def leave_families_out(collected: Sequence[ReadDocument]) -> list[LeftOutCase]:
    """Return every case with the confidence that the other families' documents give it."""
    left_out = []
    for family in dict.fromkeys(document.family for document in collected):
        others = (document.cases for document in collected if document.family != family)
        fitted = fit((case for cases in others for case in cases), "other families")
        left_out += [
            LeftOutCase(
                family, case, fitted.confidence(case.name, case.raw, case.holds, ocr=case.ocr)
            )
            for document in collected
            if document.family == family
            for case in document.cases
            if not case.name.startswith(DERIVED)
        ]
    return left_out


def _left_out_reliability(
    left_out: Sequence[LeftOutCase],
) -> Iterator[tuple[str, list[Reliability]]]:
    """Yield reliability tables of line items and header, text and OCR, before and after fitting."""
    for header, ocr in product((False, True), (False, True)):
        selected = [
            entry
            for entry in left_out
            if entry.case.ocr == ocr and entry.case.name.startswith(HEADER) == header
        ]
        if not selected:
            continue
        title = f"{'header' if header else 'line items'}, {'OCR' if ocr else 'text layer'}"
        raw = reliability((entry.case.raw, entry.case.right) for entry in selected)
        yield f"{title}: network's own", raw
        calibrated = reliability((entry.confidence, entry.case.right) for entry in selected)
        yield f"{title}: calibrated", calibrated


def _family_lines(left_out: Sequence[LeftOutCase]) -> str:
    """The families with the largest share of wrong among numbers stated as certain."""
    rows = []
    for family in dict.fromkeys(entry.family for entry in left_out):
        numbers = [
            entry
            for entry in left_out
            if entry.family == family and not entry.case.name.startswith(HEADER)
        ]
        certain = [entry for entry in numbers if entry.confidence >= CERTAIN]
        wrong = sum(not entry.case.right for entry in certain)
        table = reliability((entry.confidence, entry.case.right) for entry in numbers)
        rows.append((wrong / max(len(certain), 1), family, wrong, len(certain), table))
    rows.sort(key=lambda row: (-row[0], row[1]))
    lines = [
        f"  {family}: {wrong} of {certain} stated at {CERTAIN} or more wrong; calibration error"
        f" {expected_error(table):.3f}"
        for _, family, wrong, certain, table in rows[:WORST]
    ]
    return "\n".join([f"line items, the worst of {len(rows)} families left out", *lines]) + "\n"


def _format_table(title: str, table: Sequence[Reliability]) -> str:
    rows = [f"{title}: expected calibration error {expected_error(table):.3f}"]
    rows += [
        f"  {row.low:.2f}-{row.high:.2f}  {row.count:6d} values"
        f"  stated {row.stated:.3f}  right {row.right:.3f}"
        for row in table
    ]
    return "\n".join(rows) + "\n"


def _record_documents(checkpoint: Path, sources: Sequence[Source]) -> None:
    """Record the documents of the sources as those that the calibration is fitted on."""
    learned = read_learned_from(checkpoint) or LearnedFrom(complete=False)
    corpora = {source.corpus for source in sources}
    documents = {digest for corpus in corpora for _, digest in hashed_documents(corpus)}
    fitted_on = frozenset(documents) - learned.documents
    write_learned_from(checkpoint, replace(learned, calibrated_on=fitted_on))


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.calibrate", description=__doc__)
    parser.add_argument("--checkpoint", type=Path, default=DEFAULT)
    parser.add_argument("--corpus", action="append", required=True, metavar="DIR[:words[:damage]]")
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE)
    arguments = parser.parse_args(argv)
    try:
        sources = [Source.parse(text) for text in arguments.corpus]
        collected = _read_cases(arguments.checkpoint, sources, arguments.cache)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    left_out = leave_families_out(collected)
    for title, table in _left_out_reliability(left_out):
        sys.stdout.write(_format_table(f"families left out, {title}", table))
    sys.stdout.write(_family_lines(left_out))
    cases = [case for document in collected for case in document.cases]
    derived = [case.right for case in cases if case.name.startswith(DERIVED)]
    sys.stdout.write(
        "quantities derived from right prices and amounts: "
        f"{sum(derived)} of {len(derived)} right\n"
    )
    names = "; ".join(map(str, sources))
    source = f"{len(cases)} values of {len(collected)} documents ({names})"
    _record_documents(arguments.checkpoint, sources)
    save_calibration(arguments.checkpoint, fit(cases, source))
    sys.stderr.write(f"saved {arguments.checkpoint / 'calibration.json'}: {source}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
