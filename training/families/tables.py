"""A report by families as Markdown: the means first, then each set, then every family."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from training.families.contents import SMALL_FAMILY
from training.families.scores import SCORES, SURE
from training.report.markdown import tables_to_markdown
from training.report.sections import interval
from training.report.tables import Table

_Report = Mapping[str, Any]

STANDINGS = {
    "new": "families that nothing was fitted or tuned on",
    "left_out": "all families that the weights did not see",
    "tuned": "families that thresholds or calibration were chosen on; the weights did not see them",
    "trained": "families that the weights learned from",
    "unknown": "families of which nobody knows whether the weights saw them",
}
_SHORT = {"new": "new", "tuned": "tuned on", "trained": "trained on", "unknown": "unknown"}


def contents_to_markdown(report: _Report) -> str:
    """Return the report as Markdown."""
    lines = [f"# {title(report)}", ""]
    lines += [f"> {notice}\n" for notice in report["notices"]]
    tables = [means_table(report), *_worst_tables(report), sets_table(report)]
    tables += [families_table(report), _run_table(report)]
    return "\n".join([*lines, *tables_to_markdown(tables)])


def title(report: _Report) -> str:
    """Return the reader's name with its first figure."""
    means = report["means"]
    name = next(name for name in ("new", "left_out", "unknown", "trained") if means.get(name))
    score = means[name]["all"]["scores"]["item_f1"]
    return f"{report['reader']}: item F1 {interval(score)}, mean over {STANDINGS[name]}"


def means_table(report: _Report) -> Table:
    """Return the means over families, the ones that nothing was tuned on first."""
    rows = []
    for standing, meaning in STANDINGS.items():
        means = report["means"].get(standing)
        for source, mean in (means or {}).items():
            stated = mean["sure"]
            rows.append(
                (
                    f"{meaning}: {source}" if source != "all" else f"{meaning}",
                    f"{mean['families']} / {mean['documents']}",
                    *(interval(mean["scores"][score]) for score in SCORES),
                    f"{stated['wrong']} of {stated['count']}",
                )
            )
    note = (
        "Every family counts the same; in brackets the 95 % interval of a bootstrap over families, "
        "then over the documents in them. Text is a page's own text layer, a scan is read by OCR "
        "or brings OCR's words. Grounded: value right and its box at IoU of .5 or more with the "
        "true one, of the numbers whose true box is known."
    )
    columns = (
        "mean over",
        "families / documents",
        *SCORES.values(),
        f"wrong of cells stated ≥ {SURE}",
    )
    return Table("Means over families", columns, tuple(rows), note)


def _worst_tables(report: _Report) -> Iterator[Table]:
    rows = []
    for standing, family in report["worst"].items():
        if family is not None:
            score = interval(family["scores"]["item_f1"])
            source = f"{family['source']} ({family['reading']})"
            documents = str(family["documents"])
            rows.append((_SHORT[standing], family["family"], source, documents, score))
    note = f"Of families with {SMALL_FAMILY} documents or more."
    if rows:
        columns = ("standing", "family", "words", "documents", "item F1")
        yield Table("The worst family", columns, tuple(rows), note)


def sets_table(report: _Report) -> Table:
    """Return each set pooled over its documents, as evaluations of one corpus have it."""
    rows = tuple(
        (
            entry["set"],
            entry["reading"],
            _SHORT[entry["standing"]],
            f"{entry['families']} / {entry['documents']}",
            *(interval(entry["pooled"][score]) for score in SCORES),
        )
        for entry in report["sets"]
    )
    note = "Here every item, cell or document counts the same. Intervals are clustered as above."
    columns = ("set", "words", "standing", "families / documents", *SCORES.values())
    return Table("Sets", columns, rows, note)


def families_table(report: _Report) -> Table:
    """Return every family, those that nothing was tuned on first, the worst first."""
    rows = tuple(
        (
            entry["family"],
            f"{entry['source']} ({entry['reading']})",
            _SHORT[entry["standing"]],
            _seen(entry),
            str(entry["documents"]),
            *(_share(entry, score) for score in SCORES),
        )
        for entry in report["families"]
    )
    columns = ("family", "words", "standing", "fitted on", "documents", *SCORES.values())
    note = (
        "In brackets how the words were asked for: auto is what the service does. Intervals are "
        "over the documents of the family; one document has none."
    )
    return Table("Families, worst first", columns, rows, note)


def _seen(entry: Mapping[str, Any]) -> str:
    counts = []
    if entry["trained"]:
        counts.append(f"weights {entry['trained']}")
    if entry["calibrated"]:
        counts.append(f"calibration {entry['calibrated']}")
    return ", ".join(counts) or "-"


def _share(entry: Mapping[str, Any], score: str) -> str:
    share = entry["scores"][score]
    if share is None or entry["documents"] > 1:
        return interval(share)
    return f"{share['value']:.3f}"


def _run_table(report: _Report) -> Table:
    rows: list[tuple[str, str]] = []
    for section in ("settings", "hashes", "versions"):
        rows += [(f"{section}, {name}", _text(value)) for name, value in report[section].items()]
    notes: Sequence[Mapping[str, str]] = report.get("set_notes", ())
    rows += [(f"set {entry['set']}", entry["note"]) for entry in notes]
    return Table("Run", ("what", "value"), tuple(rows))


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
