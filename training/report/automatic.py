"""The report's section on lines decided without a person at a promised risk of money."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from data.corpora.truth import is_decimal
from training.metrics.conformal import DecidedDocument, DecidedLine, measure_promise
from training.metrics.items import judged_cells
from training.metrics.scoring import ScoredDocument
from training.report.confidence import RISKS, stated_confidence
from training.report.tables import Table


def automatic_section(scored: Sequence[ScoredDocument]) -> dict[str, Any]:
    """Return by currency the promise at each of `RISKS`, from documents with money on a line."""
    groups: defaultdict[str, list[DecidedDocument]] = defaultdict(list)
    for scored_document in scored:
        decided = _decided_document(scored_document)
        if decided.lines:
            groups[str(scored_document.truth.fields.get("currency") or "not stated")].append(
                decided
            )
    return {
        currency: [measure_promise(documents, risk).to_json() for risk in RISKS.values()]
        for currency, documents in sorted(groups.items())
    }


def automatic_table(section: Mapping[str, Sequence[Mapping[str, Any]]]) -> Table:
    """Return the promises as a table, one row for each currency and risk."""
    rows = tuple(
        (
            currency,
            str(promise["documents"]),
            f"{promise['stated_risk']:.1%}",
            "none can be promised"
            if promise["threshold"] is None
            else f"{promise['threshold']:.4f}",
            _interval(promise["risk"]),
            _interval(promise["money"]),
            _interval(promise["lines"]),
        )
        for currency, currency_promises in section.items()
        for promise in currency_promises
    )
    note = (
        "Conformal risk control: lines whose least sure number reaches the threshold are decided "
        "without a person; of a further document of this kind at most the promised share of its "
        "money is expected to be decided wrongly. The last columns are measured on documents that "
        "did not help to pick the threshold (five folds)."
    )
    columns = ("currency", "documents", "promised", "threshold", "realised", "money", "lines")
    return Table("Decided without a person", columns, rows, note)


def _interval(share: Mapping[str, float]) -> str:
    return f"{share['value']:.2%} [{share['low']:.2%}, {share['high']:.2%}]"


def _decided_document(document: ScoredDocument) -> DecidedDocument:
    lines = tuple(_decided_lines(document))
    read = sum((line.money for line in lines), Decimal(0))
    amounts = (item.visible_decimal("amount") for item in document.truth.items)
    printed = sum((abs(amount) for amount in amounts if amount is not None), Decimal(0))
    return DecidedDocument(lines, max(read, printed))


def _decided_lines(document: ScoredDocument) -> Iterator[DecidedLine]:
    """Yield judged lines with an amount: as sure as their least sure number, right if all are."""
    rows: defaultdict[int, list[tuple[str, bool]]] = defaultdict(list)
    for row, name, right in judged_cells(document.truth, document.prediction):
        rows[row].append((name, right))
    predicted_lines = document.prediction.get("line_items", [])
    for row, cells in sorted(rows.items()):
        amount = predicted_lines[row].get("amount")
        if not isinstance(amount, str) or not is_decimal(amount):
            continue
        # A number without a confidence is never decided automatically
        confidences = [stated_confidence(predicted_lines[row], name) or 0.0 for name, _ in cells]
        yield DecidedLine(min(confidences), abs(Decimal(amount)), all(right for _, right in cells))
