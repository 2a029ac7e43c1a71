"""The sections of a report as tables, in the order a reader wants them: the same for every form."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from training.report.automatic import automatic_table
from training.report.comparison import comparison_tables
from training.report.confidence import RISKS
from training.report.tables import Table

HEADLINE = {
    "item_f1": "Item F1",
    "cell_f1": "Cell F1",
    "closed": "Documents closed",
    "description_f1": "Description F1",
}
_MOST_SLICES = 20  # in the list over all keys; the tables by key show all
# Optional sections of figures that other corpora bring, by their key in the report.
_FIGURES = {
    "docile": "DocILE metrics",
    "vrdu": "VRDU metrics",
    "entities": "Entities",
}
_RISKS = tuple(f"at {100 * risk:g} %" for risk in RISKS.values())
_Report = Mapping[str, Any]


def title(report: _Report) -> str:
    """The report's name with its first figure."""
    return f"Evaluation of {subject(report)}: item F1 {interval(report['item_f1'])}"


def subject(report: _Report) -> str:
    """What was scored: the corpus, and the damage that was done to its pages."""
    damage = (report.get("settings") or {}).get("damage")
    damaged = f", {damage} damage" if damage in ("light", "heavy") else ""
    return f"{report['corpus']}{damaged}"


def notices(report: _Report) -> list[str]:
    """What a reader must know before believing the figures."""
    said = []
    assisted = sum(n for text, n in report["labels"].items() if "model-assisted" in text)
    if assisted:
        said.append(
            f"The truth of {assisted} of {report['documents']} documents is model-assisted."
        )
    if report["confidence"]["calibration"]:
        said.append(f"Calibration of the confidences: {report['confidence']['calibration']}")
    if report["repeated_ids"]:
        names = ", ".join(report["repeated_ids"])
        said.append(f"One file with two truths, both scored: {names}.")
    if report.get("failed"):
        failed = "; ".join(f"{name}: {why}" for name, why in report["failed"].items())
        said.append(f"Not opened, scored as nothing read: {failed}")
    return said


def headline_table(report: _Report) -> Table:
    """The headline with counts."""
    rows = [(name, interval(report[key]), meaning(report, key)) for key, name in HEADLINE.items()]
    items, kinds = report["items"], report["document_type"]
    precision = f"{items['precision']:.3f}, {items['recall']:.3f}"
    rows += [
        ("Item precision, recall", precision, ""),
        ("Items with one cell wrong", str(items["one_cell_wrong"]), "All printed cells but one."),
        ("Predictions of excluded rows", str(items["excluded_predictions"]), "Not counted."),
        ("Document type right", f"{kinds['right']} of {kinds['of']}", ""),
    ]
    note = f"{report['documents']} documents. In brackets the 95 % bootstrap interval over them."
    return Table("Scores", ("Score", "Value", "In words"), tuple(rows), note)


def meaning(report: _Report, key: str) -> str:
    """What a headline score says, in words and counts."""
    if report[key] is None:
        return "The truth of this corpus does not say."
    if key == "item_f1":
        return _said(report["items"], "line items", "with every printed amount, quantity and price")
    if key == "cell_f1":
        cells = report["cells"].values()
        sums = {name: sum(one[name] for one in cells) for name in ("wanted", "predicted", "right")}
        return _said(sums, "printed amounts, quantities and prices", "")
    if key == "closed":
        items = report["items"]
        return (
            f"In {items['closed']} of {items['can_close']} documents the lines read sum to the "
            "true total."
        )
    return _said(report["description"], "words of descriptions", "")


def _said(counts: Mapping[str, int], what: str, how: str) -> str:
    right = f"{counts['right']} of {counts['wanted']} {what} are right"
    wrong = counts["predicted"] - counts["right"]
    return f"{right}{' ' + how if how else ''}; {wrong} of {counts['predicted']} read are wrong."


def worst_slices_table(report: _Report) -> Table:
    """The slices of all keys, worst first."""
    rows = tuple(
        (
            found["key"],
            found["value"],
            f"{found['documents']}{' (few)' if found['small'] else ''}",
            str(found["items"]),
            interval(found["item_f1"]),
            interval(found["cell_f1"]),
            interval(found["closed"]),
        )
        for found in report["worst_slices"][:_MOST_SLICES]
    )
    note = "Over all keys; slices of few documents come after the others and say little."
    columns = ("by", "value", "documents", "items", "item F1", "cell F1", "closed")
    return Table("Where it is worst", columns, rows, note)


def optional_tables(report: _Report) -> Iterator[Table]:
    """Baseline, comparison and gate, where the report has them."""
    if report.get("baseline"):
        yield _baseline_table(report, report["baseline"])
    if report.get("comparison"):
        yield from comparison_tables(report["comparison"])
    if report.get("gate"):
        yield _gate_table(report["gate"])


def _baseline_table(report: _Report, baseline: Mapping[str, Any]) -> Table:
    differences = baseline.get("differences", {})
    rows = tuple(
        (
            name,
            interval(report[key]),
            interval(baseline.get(key)),
            _signed(differences.get(key)),
        )
        for key, name in HEADLINE.items()
    )
    reader = str(report.get("settings", {}).get("reader", "this reader"))
    note = (
        "The same documents, scored in the same way. The difference is resampled in pairs: what is "
        "hard for both cancels out."
    )
    columns = ("Score", reader, str(baseline["name"]), "difference")
    return Table("Beside the baseline", columns, rows, note)


def _gate_table(outcomes: Sequence[Mapping[str, Any]]) -> Table:
    rows = tuple(
        (
            str(found["run"]),
            str(found["figure"]),
            "not measured" if found["seen"] is None else f"{found['seen']:.4f}",
            f"{'at least' if found['at_least'] else 'at most'} {found['limit']:.4f}",
            "held" if found["held"] else "MISSED",
        )
        for found in outcomes
    )
    missed = sum(not found["held"] for found in outcomes)
    note = f"{missed} of {len(outcomes)} thresholds missed."
    return Table("Release gate", ("run", "figure", "measured", "wanted", "outcome"), rows, note)


def confidence_tables(report: _Report) -> list[Table]:
    """Whether confidence may be believed, and how much passes at a stated risk."""
    found = report["confidence"]
    if not found["stated"]:
        note = "The predictions state no confidence, so nothing can be said about it."
        return [Table("Confidence", (), (), note)]
    measured = {"all line cells": found["all_cells"]} if found["all_cells"]["count"] else {}
    measured |= {**found["cells"], **{f"header {k}": v for k, v in found["fields"].items()}}
    rows = tuple(
        (
            name,
            str(one["count"]),
            str(one["count"] - one["right"]),
            f"{one['expected_error']:.3f}",
            f"{one['brier']:.3f}",
            f"{one['area']:.4f}",
            *(f"{share:.1%}" for share in one["coverage_at"].values()),
        )
        for name, one in measured.items()
    )
    note = (
        "Calibration error is the mean gap between stated confidence and share right; the last "
        "columns say which share of the values passes, surest first, before more than 0.5, 1, 2 "
        "or 5 % of them are wrong (in hindsight, on these documents)."
    )
    if found["not_stated"]:
        note += f" {found['not_stated']} judged values state no confidence and are left out."
    columns = ("field", "values", "wrong", "calibration error", "Brier", "area", *_RISKS)
    tables = [Table("Confidence", columns, rows, note)]
    if found["amounts_by_money"]:
        tables.append(_money_table(found["amounts_by_money"]))
    if report.get("automatic"):
        tables.append(automatic_table(report["automatic"]))
    if found["all_cells"]["count"]:
        tables.append(_reliability_table(found["all_cells"]["reliability"]))
    return tables


def _money_table(by_currency: Mapping[str, Mapping[str, Any]]) -> Table:
    rows = tuple(
        (
            currency,
            str(one["count"]),
            one["money"],
            one["wrong_money"],
            *(f"{share:.1%}" for share in one["coverage_at"].values()),
        )
        for currency, one in by_currency.items()
    )
    note = (
        "Amounts of line items weighted by their money: the share of the money that passes before "
        "more than the stated share of it is wrong."
    )
    columns = ("currency", "amounts", "money", "wrong", *_RISKS)
    return Table("Confidence by money", columns, rows, note)


def _reliability_table(table: Sequence[Mapping[str, float]]) -> Table:
    rows = tuple(
        (
            f"{row['low']:.2f} to {row['high']:.2f}",
            str(row["count"]),
            f"{row['stated']:.3f}",
            f"{row['right']:.3f}",
        )
        for row in table
    )
    columns = ("confidence", "cells", "stated on average", "right")
    return Table("Reliability of all line cells", columns, rows)


def slice_tables(report: _Report) -> list[Table]:
    """A table for every slice key, worst value first."""
    return [_slice_table(key, found) for key, found in report["slices"].items()]


def _slice_table(key: str, slices: Sequence[Mapping[str, Any]]) -> Table:
    rows = tuple(
        (
            found["value"],
            str(found["documents"]),
            f"{found['right']} of {found['items']}",
            *(interval(found[name]) for name in HEADLINE),
        )
        for found in slices
    )
    columns = (key, "documents", "items right", *HEADLINE.values())
    return Table(f"By {key}, worst first", columns, rows)


def detail_tables(report: _Report) -> Iterator[Table]:
    """Cells, header fields, metrics of other corpora, the worst documents."""
    yield _count_table("Cells", report["cells"])
    yield _count_table(
        "Header fields", report["fields"], "Exact after normalisation; only printed fields."
    )
    for key, name in _FIGURES.items():
        if report.get(key):
            yield from _figure_tables(name, report[key])
    columns = ("id", "wanted", "predicted", "right", "closed")
    rows = tuple(tuple(_shown(found[name]) for name in columns) for found in report["worst"])
    yield Table("Documents that cost most items", columns, rows)


def _count_table(title: str, counts: Mapping[str, Mapping[str, Any]], note: str = "") -> Table:
    rows = tuple(
        (name, *(str(one[key]) for key in ("wanted", "predicted", "right")), interval(one["f1"]))
        for name, one in counts.items()
    )
    return Table(title, ("name", "wanted", "predicted", "right", "F1"), rows, note)


def _figure_tables(title: str, found: Mapping[str, Any]) -> Iterator[Table]:
    """Single figures as one table, figures by name as one more each."""
    single = {k: v for k, v in found.items() if not isinstance(v, Mapping) or "low" in v}
    note = str(single.pop("note", ""))
    rows = tuple((_spaced(name), _shown(value)) for name, value in single.items())
    yield Table(title, ("figure", "value"), rows, note)
    for key, named in found.items():
        if key in single or not isinstance(named, Mapping) or not named:
            continue
        parts = {n: v if isinstance(v, Mapping) else {"value": v} for n, v in named.items()}
        columns = tuple(dict.fromkeys(column for part in parts.values() for column in part))
        body = tuple(
            (name, *(_shown(part.get(column)) for column in columns))
            for name, part in parts.items()
        )
        yield Table(f"{title}, {_spaced(key)}", ("name", *map(_spaced, columns)), body)


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _shown(value: object) -> str:
    if isinstance(value, Mapping) and "low" in value:
        return interval(value)
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def run_table(report: _Report) -> Table:
    """What the figures belong to: truth, settings, versions, hashes."""
    rows = [(f"truth of {count} documents", text) for text, count in report["labels"].items()]
    for section in ("settings", "versions", "hashes"):
        said = report.get(section) or {}
        rows += [(f"{section}, {name}", _shown(value)) for name, value in said.items()]
    return Table("Run", ("what", "value"), tuple(rows))


def timing_line(report: _Report) -> str:
    """All that depends on the clock, in one line: what two runs on one input may differ in."""
    seconds = report["timing"]["seconds"].items()
    spent = ", ".join(f"{name} {value:.2f}" for name, value in seconds)
    made_at = report["timing"]["made_at"]
    return f"Timing: seconds a document {spent}{f'; made at {made_at}' if made_at else ''}."


def _signed(found: Mapping[str, float] | None) -> str:
    """`+0.120 [+0.081, +0.163]`; a dash where nothing was measured."""
    if found is None:
        return "-"
    return "{value:+.3f} [{low:+.3f}, {high:+.3f}]".format(**found)


def interval(found: Mapping[str, float] | None) -> str:
    """`0.845 [0.768, 0.914]`; a dash where nothing was measured."""
    if found is None:
        return "-"
    return f"{found['value']:.3f} [{found['low']:.3f}, {found['high']:.3f}]"
