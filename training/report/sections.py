"""The tables of a report in reading order, shared by its Markdown and HTML forms."""

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
_MAX_SLICES = 20  # in the list over all keys; the tables by key show all
# Optional sections of figures that other corpora bring, by their key in the report.
_FIGURES = {
    "grounding": "Word grounding",
    "docile": "DocILE metrics",
    "vrdu": "VRDU metrics",
    "entities": "Entities",
}
_RISKS = tuple(f"at {100 * risk:g} %" for risk in RISKS.values())
_Report = Mapping[str, Any]


def title(report: _Report) -> str:
    """Return the report's name with its first figure."""
    return f"Evaluation of {subject(report)}: item F1 {interval(report['item_f1'])}"


def subject(report: _Report) -> str:
    """Return the name of the corpus, and the damage that was done to its pages."""
    damage = (report.get("settings") or {}).get("damage")
    damaged = f", {damage} damage" if damage in ("light", "heavy") else ""
    return f"{report['corpus']}{damaged}"


def notices(report: _Report) -> list[str]:
    """Return the warnings that a reader needs before believing the figures."""
    sentences = []
    assisted = sum(n for text, n in report["labels"].items() if "model-assisted" in text)
    if assisted:
        sentences.append(
            f"The truth of {assisted} of {report['documents']} documents is model-assisted."
        )
    if report.get("fitting"):
        sentences.append(_fitting_sentence(report["fitting"]))
    if report["confidence"]["calibration"]:
        sentences.append(f"Calibration of the confidences: {report['confidence']['calibration']}")
    if report["repeated_ids"]:
        names = ", ".join(report["repeated_ids"])
        sentences.append(f"One file with two truths, both scored: {names}.")
    if report.get("failed"):
        failed = "; ".join(f"{name}: {why}" for name, why in report["failed"].items())
        sentences.append(f"Not opened, scored as nothing read: {failed}")
    return sentences


def _fitting_sentence(fitting: Mapping[str, Any]) -> str:
    if "trained" not in fitting:
        return "The checkpoint keeps no record of the documents it learned from."
    sentence = (
        f"The weights learned from {fitting['trained']} of these documents, the calibration was "
        f"fitted on {fitting['calibrated']} others, {fitting['neither']} were used for neither; "
        "their figures stand apart, by what they were used for."
    )
    if not fitting["known"]:
        sentence += " The weights it started from kept no record: it may be more."
    return sentence


def headline_table(report: _Report) -> Table:
    """Return the headline with counts."""
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
    """Return a headline score in words and counts."""
    if report[key] is None:
        return "The truth of this corpus does not label this."
    if key == "item_f1":
        return _count_sentence(
            report["items"], "line items", "with every printed amount, quantity and price"
        )
    if key == "cell_f1":
        cells = report["cells"].values()
        sums = {
            name: sum(cell[name] for cell in cells) for name in ("wanted", "predicted", "right")
        }
        return _count_sentence(sums, "printed amounts, quantities and prices", "")
    if key == "closed":
        items = report["items"]
        return (
            f"In {items['closed']} of {items['can_close']} documents the lines read sum to the "
            "true total."
        )
    return _count_sentence(report["description"], "words of descriptions", "")


def _count_sentence(counts: Mapping[str, int], what: str, how: str) -> str:
    right = f"{counts['right']} of {counts['wanted']} {what} are right"
    wrong = counts["predicted"] - counts["right"]
    return f"{right}{' ' + how if how else ''}; {wrong} of {counts['predicted']} read are wrong."


def worst_slices_table(report: _Report) -> Table:
    """Return the slices of all keys, worst first."""
    rows = tuple(
        (
            slice_row["key"],
            slice_row["value"],
            f"{slice_row['documents']}{' (few)' if slice_row['small'] else ''}",
            str(slice_row["items"]),
            interval(slice_row["item_f1"]),
            interval(slice_row["cell_f1"]),
            interval(slice_row["closed"]),
        )
        for slice_row in report["worst_slices"][:_MAX_SLICES]
    )
    note = "Over all keys; slices of few documents come last, as their scores are uncertain."
    columns = ("by", "value", "documents", "items", "item F1", "cell F1", "closed")
    return Table("Where it is worst", columns, rows, note)


def optional_tables(report: _Report) -> Iterator[Table]:
    """Yield baseline, comparison and gate, where the report has them."""
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
            _signed_interval(differences.get(key)),
        )
        for key, name in HEADLINE.items()
    )
    reader = str(report.get("settings", {}).get("reader", "this reader"))
    note = (
        "The same documents, scored in the same way. The difference is resampled in pairs, so that "
        "documents hard for both cancel out."
    )
    columns = ("Score", reader, str(baseline["name"]), "difference")
    return Table("Beside the baseline", columns, rows, note)


def _gate_table(outcomes: Sequence[Mapping[str, Any]]) -> Table:
    rows = tuple(
        (
            str(outcome["run"]),
            str(outcome["figure"]),
            "not measured" if outcome["seen"] is None else f"{outcome['seen']:.4f}",
            f"{'at least' if outcome['at_least'] else 'at most'} {outcome['limit']:.4f}",
            "held" if outcome["held"] else "MISSED",
        )
        for outcome in outcomes
    )
    missed = sum(not outcome["held"] for outcome in outcomes)
    note = f"{missed} of {len(outcomes)} thresholds missed."
    return Table("Release gate", ("run", "figure", "measured", "threshold", "outcome"), rows, note)


def confidence_tables(report: _Report) -> list[Table]:
    """Return the tables on calibration, and on the share that passes at a stated risk."""
    confidence = report["confidence"]
    if not confidence["stated"]:
        note = "The predictions state no confidence, so it cannot be measured."
        return [Table("Confidence", (), (), note)]
    rows = tuple(
        (
            name,
            str(measures["count"]),
            str(measures["count"] - measures["right"]),
            f"{measures['expected_error']:.3f}",
            f"{measures['brier']:.3f}",
            f"{measures['area']:.4f}",
            *(f"{share:.1%}" for share in measures["coverage_at"].values()),
        )
        for name, measures in _measures_by_name(confidence).items()
    )
    note = (
        "Calibration error is the mean gap between stated confidence and share right; the last "
        "columns show the share of values that passes, surest first, before more than 0.5, 1, 2 or "
        "5 % of them are wrong (in hindsight, on these documents)."
    )
    if confidence["not_stated"]:
        note += f" {confidence['not_stated']} judged values state no confidence and are left out."
    columns = ("field", "values", "wrong", "calibration error", "Brier", "area", *_RISKS)
    tables = [Table("Confidence", columns, rows, note)]
    if confidence["amounts_by_money"]:
        tables.append(_money_table(confidence["amounts_by_money"]))
    if report.get("automatic"):
        tables.append(automatic_table(report["automatic"]))
    if confidence["all_cells"]["count"]:
        tables.append(_reliability_table(confidence["all_cells"]["reliability"]))
    return tables


def _measures_by_name(confidence: Mapping[str, Any]) -> dict[str, Any]:
    overall = {"all line cells": confidence["all_cells"]}
    return {
        **(overall if confidence["all_cells"]["count"] else {}),
        **confidence["cells"],
        **{f"header {name}": measures for name, measures in confidence["fields"].items()},
    }


def _money_table(by_currency: Mapping[str, Mapping[str, Any]]) -> Table:
    rows = tuple(
        (
            currency,
            str(measures["count"]),
            measures["money"],
            measures["wrong_money"],
            *(f"{share:.1%}" for share in measures["coverage_at"].values()),
        )
        for currency, measures in by_currency.items()
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
    """Return a table for every slice key, worst value first."""
    return [_slice_table(key, slices) for key, slices in report["slices"].items()]


def _slice_table(key: str, slices: Sequence[Mapping[str, Any]]) -> Table:
    rows = tuple(
        (
            slice_row["value"],
            str(slice_row["documents"]),
            f"{slice_row['right']} of {slice_row['items']}",
            *(interval(slice_row[name]) for name in HEADLINE),
        )
        for slice_row in slices
    )
    columns = (key, "documents", "items right", *HEADLINE.values())
    return Table(f"By {key}, worst first", columns, rows)


def detail_tables(report: _Report) -> Iterator[Table]:
    """Yield cells, header fields, metrics of other corpora, and the worst documents."""
    yield _count_table("Cells", report["cells"])
    yield _count_table(
        "Header fields", report["fields"], "Exact after normalisation; only printed fields."
    )
    for key, name in _FIGURES.items():
        if report.get(key):
            yield from _figure_tables(name, report[key])
    keys = ("id", "wanted", "predicted", "right", "closed")
    rows = tuple(tuple(_cell_text(document[key]) for key in keys) for document in report["worst"])
    columns = ("id", "labelled", "predicted", "right", "closed")
    yield Table("Documents with the most wrong items", columns, rows)


def _count_table(title: str, counts: Mapping[str, Mapping[str, Any]], note: str = "") -> Table:
    rows = tuple(
        (
            name,
            *(str(count[key]) for key in ("wanted", "predicted", "right")),
            interval(count["f1"]),
        )
        for name, count in counts.items()
    )
    return Table(title, ("name", "labelled", "predicted", "right", "F1"), rows, note)


def _figure_tables(title: str, figures: Mapping[str, Any]) -> Iterator[Table]:
    """Yield single figures as one table, and one more table for each set of named ones."""
    single = {k: v for k, v in figures.items() if not isinstance(v, Mapping) or "low" in v}
    note = str(single.pop("note", ""))
    rows = tuple((_with_spaces(name), _cell_text(value)) for name, value in single.items())
    yield Table(title, ("figure", "value"), rows, note)
    for key, named in figures.items():
        if key in single or not isinstance(named, Mapping) or not named:
            continue
        parts = {n: v if isinstance(v, Mapping) else {"value": v} for n, v in named.items()}
        columns = tuple(dict.fromkeys(column for part in parts.values() for column in part))
        body = tuple(
            (name, *(_cell_text(part.get(column)) for column in columns))
            for name, part in parts.items()
        )
        yield Table(f"{title}, {_with_spaces(key)}", ("name", *map(_with_spaces, columns)), body)


def _with_spaces(name: str) -> str:
    return name.replace("_", " ")


def _cell_text(value: object) -> str:
    if isinstance(value, Mapping) and "low" in value:
        return interval(value)
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def run_table(report: _Report) -> Table:
    """Return the conditions of the run: truth, settings, versions, hashes."""
    rows = [(f"truth of {count} documents", text) for text, count in report["labels"].items()]
    for section in ("settings", "versions", "hashes"):
        values = report.get(section) or {}
        rows += [(f"{section}, {name}", _cell_text(value)) for name, value in values.items()]
    return Table("Run", ("what", "value"), tuple(rows))


def timing_line(report: _Report) -> str:
    """Return one line with all that depends on the clock: runs on one input differ only here."""
    seconds = report["timing"]["seconds"].items()
    spent = ", ".join(f"{name} {value:.2f}" for name, value in seconds)
    made_at = report["timing"]["made_at"]
    return f"Timing: seconds a document {spent}{f'; made at {made_at}' if made_at else ''}."


def _signed_interval(difference: Mapping[str, float] | None) -> str:
    """Return `+0.120 [+0.081, +0.163]`; a dash where nothing was measured."""
    if difference is None:
        return "-"
    return "{value:+.3f} [{low:+.3f}, {high:+.3f}]".format(**difference)


def interval(score: Mapping[str, float] | None) -> str:
    """Return `0.845 [0.768, 0.914]`; a dash where nothing was measured."""
    if score is None:
        return "-"
    return f"{score['value']:.3f} [{score['low']:.3f}, {score['high']:.3f}]"
