"""Fit a checkpoint's calibration on labelled documents, and show what it is worth.

    python -m training.calibrate --checkpoint DIR --corpus DIR[:words[:damage]] ...

`--corpus einvoice --corpus einvoice:ocr:light` reads the same documents from their text layers and
as light scans. Every second document of each corpus is held out first: the reliability tables
printed are of these, under curves fitted on the others. The curves that are saved use all.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import cast, get_args

from tqdm import tqdm

from data.corpora.folder import read_corpus
from data.corpora.readings import DEFAULT_CACHE, WordChoice, read_document
from data.corpora.scans import DamageLevel
from data.corpora.truth import TrueDocument
from data.labels import HEADER_TAGS, header_name
from data.records import ExtractedDocument, LineItem
from training.decoding.calibration import HEADER, Calibration, Case, fit, save_calibration
from training.extractor import Extractor
from training.metrics.items import SCORED_CELLS, judged_cells, judged_fields, model_type
from training.metrics.trust import Reliability, expected_error, reliability
from training.network.checkpoint import DEFAULT

SLACK = Decimal("0.02")


@dataclass(frozen=True, slots=True)
class Source:
    """A corpus and how its documents are read; `words` and `damage` as the evaluator's."""

    corpus: Path
    words: WordChoice = "auto"
    damage: DamageLevel = "none"

    @classmethod
    def parse(cls, text: str) -> "Source":
        """`DIR[:words[:damage]]`; raises ValueError naming what is wrong."""
        corpus, *how = text.split(":")
        words, damage, *more = [*how, *("auto", "none")[len(how) :]]
        if more or words not in get_args(WordChoice) or damage not in get_args(DamageLevel):
            raise ValueError(
                f"{text!r}: want DIR[:words[:damage]] with words of"
                f" {', '.join(get_args(WordChoice))} and damage of"
                f" {', '.join(get_args(DamageLevel))}"
            )
        return cls(Path(corpus), cast(WordChoice, words), cast(DamageLevel, damage))

    def __str__(self) -> str:
        read = "" if self.words == "auto" else f" by {self.words}"
        return self.corpus.name + read + ("" if self.damage == "none" else f", {self.damage} scan")


def cases_of(
    truth: TrueDocument, documents: Sequence[ExtractedDocument], *, ocr: bool = False
) -> list[Case]:
    """The judged values of a document, with the confidence each stated: line items and header."""
    return [*_line_cases(truth, documents, ocr), *_header_cases(truth, documents, ocr)]


def _header_cases(
    truth: TrueDocument, documents: Sequence[ExtractedDocument], ocr: bool
) -> list[Case]:
    """Printed header values, and the type; of several documents found the first speaks."""
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
    sure = first.document_type.confidence
    return [*cases, Case(f"{HEADER}document_type", sure, None, right, ocr)]


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
    for row, name, right in judged_cells(truth, prediction):
        leaf = lines[row].field(name)
        if leaf is not None and leaf.source == "model":
            cases.append(Case(name, leaf.confidence, _holds(lines[row]), right, ocr))
    return cases


def _holds(line: LineItem) -> bool | None:
    """Whether three printed numbers multiply, as in `resolve_row`; None without three."""
    leaves = [line.quantity, line.unit_price, line.amount]
    if any(leaf is None or leaf.source != "model" for leaf in leaves):
        return None
    quantity, price, amount = (leaf.decimal for leaf in leaves if leaf is not None)
    if quantity is None or price is None or amount is None:
        return None
    base = line.price_base_quantity.decimal if line.price_base_quantity else None
    return abs(quantity * price / (base or Decimal(1)) - amount) <= SLACK


def _collect(checkpoint: Path, sources: Sequence[Source], cache: Path) -> list[list[Case]]:
    """Cases by document, read with the network's own confidences."""
    shipped = Extractor.load(checkpoint)
    extractor = Extractor(shipped.model, shipped.device, Calibration())
    sys.stderr.write(f"device {extractor.device_line}\n")
    truths = [(truth, source) for source in sources for truth in read_corpus(source.corpus)]
    collected = []
    for truth, source in tqdm(truths, unit="document", disable=not sys.stderr.isatty()):
        pages = read_document(truth, cache, source.words, source.damage).pages
        ocr = any(page.words_source == "ocr" for page in pages)
        found = extractor.extract(truth.document_id, pages)
        collected.append(cases_of(truth, found, ocr=ocr))
    return collected


def _held_out_tables(
    collected: Sequence[Sequence[Case]],
) -> Iterator[tuple[str, list[Reliability]]]:
    """Reliability on every second document before and after fitting on the others, by kind."""
    fitted = fit((case for cases in collected[::2] for case in cases), "held out")
    asked = [case for cases in collected[1::2] for case in cases]
    for header in (False, True):
        for ocr in (False, True):
            some = [c for c in asked if c.ocr == ocr and c.name.startswith(HEADER) == header]
            if not some:
                continue
            what = f"{'header' if header else 'line items'}, {'OCR' if ocr else 'text layer'}"
            yield f"{what}: network's own", reliability((c.raw, c.right) for c in some)
            worth = ((fitted.confidence(c.name, c.raw, c.holds, ocr=c.ocr), c.right) for c in some)
            yield f"{what}: calibrated", reliability(worth)


def _table(title: str, table: Sequence[Reliability]) -> str:
    rows = [f"{title}: expected calibration error {expected_error(table):.3f}"]
    rows += [
        f"  {row.low:.2f}-{row.high:.2f}  {row.count:6d} values"
        f"  stated {row.stated:.3f}  right {row.right:.3f}"
        for row in table
    ]
    return "\n".join(rows) + "\n"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.calibrate", description=__doc__)
    parser.add_argument("--checkpoint", type=Path, default=DEFAULT)
    parser.add_argument("--corpus", action="append", required=True, metavar="DIR[:words[:damage]]")
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE)
    given = parser.parse_args(argv)
    try:
        sources = [Source.parse(text) for text in given.corpus]
        collected = _collect(given.checkpoint, sources, given.cache)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for title, table in _held_out_tables(collected):
        sys.stdout.write(_table(f"held-out half, {title}", table))
    cases = [case for document in collected for case in document]
    names = "; ".join(map(str, sources))
    source = f"{len(cases)} values of {len(collected)} documents ({names})"
    save_calibration(given.checkpoint, fit(cases, source))
    sys.stderr.write(f"saved {given.checkpoint / 'calibration.json'}: {source}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
