"""The report's section on what may be decided without a person at a promised risk of money."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from data.corpora.truth import is_decimal
from training.metrics.conformal import DecidedDocument, DecidedLine, promise
from training.metrics.items import judged_cells
from training.metrics.scoring import Scored
from training.report.confidence import RISKS, stated_confidence
from training.report.tables import Table


def automatic_section(scored: Sequence[Scored]) -> dict[str, Any]:
    """By currency the promise at each of `RISKS`; documents without a line of money say nothing."""
    groups: defaultdict[str, list[DecidedDocument]] = defaultdict(list)
    for one in scored:
        document = _decided(one)
        if document.lines:
            groups[str(one.truth.fields.get("currency") or "not stated")].append(document)
    return {
        currency: [promise(documents, risk).to_json() for risk in RISKS.values()]
        for currency, documents in sorted(groups.items())
    }


def automatic_table(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> Table:
    """The promises as a table, one row a currency and risk."""
    rows = tuple(
        (
            currency,
            str(one["documents"]),
            f"{one['stated_risk']:.1%}",
            "none can be promised" if one["threshold"] is None else f"{one['threshold']:.4f}",
            _interval(one["risk"]),
            _interval(one["money"]),
            _interval(one["lines"]),
        )
        for currency, promises in found.items()
        for one in promises
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


def _decided(one: Scored) -> DecidedDocument:
    lines = tuple(_lines(one))
    read = sum((line.money for line in lines), Decimal(0))
    amounts = (item.visible_decimal("amount") for item in one.truth.items)
    printed = sum((abs(amount) for amount in amounts if amount is not None), Decimal(0))
    return DecidedDocument(lines, max(read, printed))


def _lines(one: Scored) -> Iterator[DecidedLine]:
    """The judged lines with an amount: as sure as their least sure number, right if all are."""
    rows: defaultdict[int, list[tuple[str, bool]]] = defaultdict(list)
    for row, name, right in judged_cells(one.truth, one.prediction):
        rows[row].append((name, right))
    said = one.prediction.get("line_items", [])
    for row, cells in sorted(rows.items()):
        amount = said[row].get("amount")
        if not isinstance(amount, str) or not is_decimal(amount):
            continue
        # A number without a confidence is never decided automatically
        sure = [stated_confidence(said[row], name) or 0.0 for name, _ in cells]
        yield DecidedLine(min(sure), abs(Decimal(amount)), all(right for _, right in cells))
