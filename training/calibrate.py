"""Fit a checkpoint's calibration on labelled documents, and show what it is worth.

    python -m training.calibrate --checkpoint DIR --corpus DIR [--corpus DIR ...]

Every second document of each corpus is held out first: the reliability table printed is of these,
under curves fitted on the others. The curves that are saved use all documents.
"""

import argparse
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from tqdm import tqdm

from data.corpora.folder import read_corpus
from data.corpora.readings import read_document
from data.corpora.truth import TrueDocument
from data.records import ExtractedDocument, LineItem
from training.calibration import Calibration, Case, fit, save_calibration
from training.checkpoint import DEFAULT
from training.extractor import Extractor
from training.metrics.items import SCORED_CELLS, judged_cells
from training.metrics.trust import Reliability, expected_error, reliability

SLACK = Decimal("0.02")


def cases_of(truth: TrueDocument, documents: Sequence[ExtractedDocument]) -> list[Case]:
    """The judged line-item values of a document, with the confidence each stated."""
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
            cases.append(Case(name, leaf.confidence, _holds(lines[row]), right))
    return cases


def _holds(line: LineItem) -> bool | None:
    """As `data.values.resolve_row`: whether three printed numbers multiply; None without three."""
    leaves = [line.quantity, line.unit_price, line.amount]
    if any(leaf is None or leaf.source != "model" for leaf in leaves):
        return None
    quantity, price, amount = (leaf.decimal for leaf in leaves if leaf is not None)
    if quantity is None or price is None or amount is None:
        return None
    base = line.price_base_quantity.decimal if line.price_base_quantity else None
    return abs(quantity * price / (base or Decimal(1)) - amount) <= SLACK


def _collect(checkpoint: Path, corpora: Sequence[Path], cache: Path) -> list[list[Case]]:
    """Cases by document, read with the network's own confidences."""
    shipped = Extractor.load(checkpoint)
    extractor = Extractor(shipped.model, shipped.device, Calibration())
    sys.stderr.write(f"device {extractor.device_line}\n")
    truths = [truth for corpus in corpora for truth in read_corpus(corpus)]
    collected = []
    for truth in tqdm(truths, unit="document", disable=not sys.stderr.isatty()):
        pages = read_document(truth, cache).pages
        collected.append(cases_of(truth, extractor.extract(truth.document_id, pages)))
    return collected


def _held_out_tables(
    collected: Sequence[Sequence[Case]],
) -> tuple[list[Reliability], list[Reliability]]:
    """Reliability on every second document before and after fitting on the others."""
    taught = [case for cases in collected[::2] for case in cases]
    asked = [case for cases in collected[1::2] for case in cases]
    fitted = fit(taught, "held out")
    before = reliability((case.raw, case.right) for case in asked)
    after = reliability(
        (fitted.confidence(case.name, case.raw, case.holds), case.right) for case in asked
    )
    return before, after


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
    parser.add_argument("--corpus", type=Path, action="append", required=True)
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "tieout")
    given = parser.parse_args(argv)
    collected = _collect(given.checkpoint, given.corpus, given.cache)
    before, after = _held_out_tables(collected)
    sys.stdout.write(_table("held-out half, network's own", before))
    sys.stdout.write(_table("held-out half, calibrated", after))
    cases = [case for document in collected for case in document]
    names = ", ".join(corpus.name for corpus in given.corpus)
    source = f"{len(cases)} values of {len(collected)} documents ({names})"
    save_calibration(given.checkpoint, fit(cases, source))
    sys.stderr.write(f"saved {given.checkpoint / 'calibration.json'}: {source}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
