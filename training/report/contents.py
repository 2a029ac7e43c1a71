"""The report of an evaluation: one dict for machines, the same as Markdown and HTML for people."""

import html
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from training.metrics.counts import Count
from training.metrics.items import DocumentScore, cell_f1, closed_share, item_f1
from training.scoring import Scored

WORST_DOCUMENTS = 15


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def build_report(scored: Sequence[Scored], about: Mapping[str, Any]) -> dict[str, Any]:
    """The whole report; `about` (corpus, versions, settings) is taken in as it is.

    Raises ValueError without documents.
    """
    if not scored:
        raise ValueError("no documents were scored, a report needs at least one")
    scores = [one.score for one in scored]
    closed = closed_share(scores)
    items = sum((score.items for score in scores), Count())
    return {
        "item_f1": asdict(item_f1(scores)),
        "cell_f1": asdict(cell_f1(scores)),
        "closed": None if closed is None else asdict(closed),
        "documents": len(scored),
        "items": asdict(items)
        | {
            "precision": items.precision,
            "recall": items.recall,
            "one_cell_wrong": sum(score.near for score in scores),
            "excluded_predictions": sum(score.excluded for score in scores),
        },
        "cells": _counts(score.cells for score in scores),
        "fields": _counts(score.fields for score in scores),
        "document_type": {
            "right": sum(score.type_right for score in scores),
            "of": len(scores),
        },
        "slices": _slices(scored),
        "worst": _worst(scored),
        "labels": _labels(scored),
        "repeated_ids": _repeated(scored),
        "seconds": _seconds(scored),
        **about,
    }


def _counts(all_counts: Iterable[Mapping[str, Count]]) -> dict[str, dict[str, float]]:
    totals: dict[str, Count] = {}
    for counts in all_counts:
        for name, count in counts.items():
            totals[name] = totals.get(name, Count()) + count
    return {name: asdict(total) | {"f1": total.f1} for name, total in sorted(totals.items())}


def _slices(scored: Sequence[Scored]) -> dict[str, list[dict[str, Any]]]:
    """For every slice key its values, worst item F1 first."""
    keys = dict.fromkeys(key for one in scored for key in one.groups)
    return {
        key: sorted(
            (
                _slice(value, [one.score for one in scored if one.groups.get(key) == value])
                for value in sorted({one.groups[key] for one in scored if key in one.groups})
            ),
            key=lambda found: float(found["item_f1"]["value"]),
        )
        for key in keys
    }


def _slice(value: str, scores: Sequence[DocumentScore]) -> dict[str, Any]:
    closed = closed_share(scores)
    return {
        "value": value,
        "documents": len(scores),
        "items": sum(score.items.wanted for score in scores),
        "item_f1": asdict(item_f1(scores)),
        "cell_f1": cell_f1(scores).value,
        "closed": None if closed is None else closed.value,
    }


def _worst(scored: Sequence[Scored]) -> list[dict[str, Any]]:
    """The documents that cost the score most: items missed and items made up."""

    def cost(one: Scored) -> int:
        items = one.score.items
        return items.wanted + items.predicted - 2 * items.right

    ordered = sorted(scored, key=cost, reverse=True)[:WORST_DOCUMENTS]
    return [
        {"id": one.truth.document_id, **asdict(one.score.items), "closed": one.score.closed}
        for one in ordered
        if cost(one) > 0
    ]


def _labels(scored: Sequence[Scored]) -> dict[str, int]:
    return dict(Counter(one.truth.labels for one in scored).most_common())


def _repeated(scored: Sequence[Scored]) -> list[str]:
    counts = Counter(one.truth.document_id for one in scored)
    return sorted(name for name, count in counts.items() if count > 1)


def _seconds(scored: Sequence[Scored]) -> dict[str, float]:
    """Seconds per document from file to line items, as measured when it was read."""
    seconds = [one.seconds for one in scored]
    return {
        "mean": round(sum(seconds) / len(seconds), 3),
        "median": round(median(seconds), 3),
        "highest": round(max(seconds), 3),
    }


def to_markdown(report: Mapping[str, Any]) -> str:
    """The report as Markdown tables."""
    lines = [f"# {_title(report)}", ""]
    lines += [f"> {notice}\n" for notice in _notices(report)]
    for table in _tables(report):
        lines += [f"## {table.title}", ""]
        if table.note:
            lines += [table.note, ""]
        lines.append("| " + " | ".join(table.columns) + " |")
        lines.append("|" + " --- |" * len(table.columns))
        lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in table.rows]
        lines.append("")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse}td,th{padding:.25em .8em;border-bottom:1px solid #ccc;"
    "text-align:left}td{font-variant-numeric:tabular-nums}"
    "blockquote{border-left:4px solid #c60;margin:1em 0;padding:.2em 1em}"
)


def to_html(report: Mapping[str, Any]) -> str:
    """The same tables as one self-contained page."""
    said: Callable[[str], str] = html.escape
    title = said(_title(report))
    parts = [
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style><h1>{title}</h1>"
    ]
    parts += [f"<blockquote>{said(notice)}</blockquote>" for notice in _notices(report)]
    for table in _tables(report):
        parts.append(f"<h2>{said(table.title)}</h2>")
        if table.note:
            parts.append(f"<p>{said(table.note)}</p>")
        head = "".join(f"<th>{said(name)}</th>" for name in table.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{said(cell)}</td>" for cell in row) + "</tr>"
            for row in table.rows
        )
        parts.append(f"<table><tr>{head}</tr>{body}</table>")
    return "\n".join(parts) + "</html>\n"


def _title(report: Mapping[str, Any]) -> str:
    return f"Evaluation of {report['corpus']}: item F1 {_interval(report['item_f1'])}"


def _notices(report: Mapping[str, Any]) -> list[str]:
    notices = []
    assisted = sum(n for text, n in report["labels"].items() if "model-assisted" in text)
    if assisted:
        notices.append(
            f"The truth of {assisted} of {report['documents']} documents is model-assisted."
        )
    if report["repeated_ids"]:
        names = ", ".join(report["repeated_ids"])
        notices.append(f"One file with two truths, both scored: {names}.")
    if report.get("failed"):
        failed = "; ".join(f"{name}: {why}" for name, why in report["failed"].items())
        notices.append(f"Not opened, scored as nothing read: {failed}")
    return notices


def _tables(report: Mapping[str, Any]) -> list[Table]:
    return [
        _headline(report),
        *(_slice_table(key, found) for key, found in report["slices"].items()),
        _count_table("Cells", report["cells"]),
        _count_table(
            "Header fields", report["fields"], "Exact after normalisation; only printed fields."
        ),
        _worst_table(report["worst"]),
        _run_table(report),
    ]


def _headline(report: Mapping[str, Any]) -> Table:
    items, kinds = report["items"], report["document_type"]
    rows = [
        ("Item F1", _interval(report["item_f1"])),
        ("Item precision, recall", f"{items['precision']:.3f}, {items['recall']:.3f}"),
        ("Cell F1", _interval(report["cell_f1"])),
        ("Documents closed", _interval(report["closed"])),
        ("Items wanted, predicted, right", _numbers(items, "wanted", "predicted", "right")),
        ("Items with one cell wrong", str(items["one_cell_wrong"])),
        ("Predictions of excluded rows", str(items["excluded_predictions"])),
        ("Document type right", f"{kinds['right']} of {kinds['of']}"),
    ]
    note = "In brackets the 95 % bootstrap interval over documents."
    return Table("Scores", ("Score", "Value"), tuple(rows), note)


def _slice_table(key: str, slices: Sequence[Mapping[str, Any]]) -> Table:
    rows = tuple(
        (
            found["value"],
            str(found["documents"]),
            str(found["items"]),
            _interval(found["item_f1"]),
            f"{found['cell_f1']:.3f}",
            "-" if found["closed"] is None else f"{found['closed']:.3f}",
        )
        for found in slices
    )
    columns = (key, "documents", "items", "item F1", "cell F1", "closed")
    return Table(f"By {key}, worst first", columns, rows)


def _count_table(title: str, counts: Mapping[str, Mapping[str, float]], note: str = "") -> Table:
    rows = tuple(
        (name, *(f"{found[k]:.0f}" for k in ("wanted", "predicted", "right")), f"{found['f1']:.3f}")
        for name, found in counts.items()
    )
    return Table(title, ("name", "wanted", "predicted", "right", "F1"), rows, note)


def _worst_table(worst: Sequence[Mapping[str, Any]]) -> Table:
    columns = ("id", "wanted", "predicted", "right", "closed")
    rows = tuple(tuple(str(found[name]) for name in columns) for found in worst)
    return Table("Documents that cost most items", columns, rows)


def _run_table(report: Mapping[str, Any]) -> Table:
    rows = [("truth", f"{text} ({count})") for text, count in report["labels"].items()]
    rows += [(f"seconds, {name}", f"{value:.2f}") for name, value in report["seconds"].items()]
    rows += [(name, str(value)) for name, value in report.get("settings", {}).items()]
    rows += [(name, str(value)) for name, value in report.get("versions", {}).items()]
    return Table("Run", ("what", "value"), tuple(rows))


def _interval(found: Mapping[str, float] | None) -> str:
    if found is None:
        return "-"
    return f"{found['value']:.3f} [{found['low']:.3f}, {found['high']:.3f}]"


def _numbers(found: Mapping[str, float], *names: str) -> str:
    return ", ".join(f"{found[name]:.0f}" for name in names)
