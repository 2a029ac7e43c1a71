"""Two reports compared: score differences with intervals, and the documents that changed.

Both sides are resampled with the same draws of documents (paired bootstrap: Efron and Tibshirani,
An Introduction to the Bootstrap, 1993), so that what is hard for both readers cancels out.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr
from pydantic import ValidationError as PydanticError

from training.report.tables import Table

DRAWS = 2000
_SHOWN = 30  # changed documents in the table; `compare_reports` returns all of them

_Natural = Annotated[StrictInt, Field(ge=0)]
_Key = tuple[str, int]  # id and line of a document
_Sums = npt.NDArray[np.float64]  # (documents or draws, 2): part and whole
_Draws = npt.NDArray[np.int64]  # (draws, documents): how often each was drawn


class _Count(BaseModel):
    # Rows of other versions may hold more than we compare.
    model_config = ConfigDict(extra="ignore", frozen=True)
    wanted: _Natural = 0
    predicted: _Natural = 0
    right: _Natural = 0


class _Row(BaseModel):
    """One document of a report's `per_document`; the defaults are those of a missing document."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    id: StrictStr
    line: _Natural
    items: _Count = _Count()
    cells: dict[str, _Count] | _Count = _Count()
    description: _Count | None = None
    closed: StrictBool | None = None
    type_right: StrictBool | None = None
    fields: dict[str, _Count] | _Count = _Count()


@dataclass(frozen=True, slots=True)
class _Score:
    """A score over documents: the sum of parts over the sum of wholes, both from `share`."""

    name: str
    share: Callable[[_Row], tuple[float, float]]


def load_report(path: Path) -> dict[str, Any]:
    """Load the report from that file, or from the `report.json` of that folder.

    Raises ValueError for a file that cannot be read or holds no report of documents.
    """
    file = path / "report.json" if path.is_dir() else path
    try:
        report = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"{file}: the report cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise ValueError(f"{file}: is not JSON: {error}") from error
    if not isinstance(report, dict):
        raise ValueError(f"{file}: want a report object, got a {type(report).__name__}")
    try:
        _rows(report)
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from error
    return report


def compare_reports(
    report: Mapping[str, Any], other: Mapping[str, Any], draws: int = DRAWS, seed: int = 0
) -> dict[str, Any]:
    """Return the differences of `report` from `other` (new minus other), by score and document.

    `differences` holds a score each: `new`, `other`, `difference` {value, low, high} with the 95 %
    percentile interval, the share of draws in which the new one is `better` and `worse`, and a
    `verdict`. A score that one side lacks is left out. On one and the same corpus a document in
    only one of the reports is a made-up one and counts as nothing read on the other side; on two
    corpora the common documents are compared and `notice` states it.

    Raises ValueError for a report without `per_document` and for two corpora that share no
    document.
    """
    new, old = _rows(report), _rows(other)
    only_new, only_old = sorted(new.keys() - old.keys()), sorted(old.keys() - new.keys())
    common = new.keys() & old.keys()
    notice = _notice(report, other, len(common), len(only_new), len(only_old))
    keys = sorted(common)
    if not notice:
        keys = sorted(
            common | {key for key in (*only_new, *only_old) if not _true_item_count(new, old, key)}
        )
    pairs = [(_row_or_empty(new, key), _row_or_empty(old, key)) for key in keys]
    changed = _changed_documents(pairs)
    return {
        "new": _run_summary(report),
        "other": _run_summary(other),
        "notice": notice,
        "documents": len(pairs),
        "draws": draws,
        "differences": _differences(pairs, draws, seed),
        "counts": _change_counts(changed),
        "changed": changed,
        "only_new": [{"id": name, "line": line} for name, line in only_new],
        "only_other": [{"id": name, "line": line} for name, line in only_old],
    }


def _rows(report: Mapping[str, Any]) -> dict[_Key, _Row]:
    documents = report.get("per_document")
    if not isinstance(documents, list):
        raise ValueError(
            "the report has no list 'per_document', so its documents cannot be compared; "
            "run the evaluation again to get one"
        )
    rows: dict[_Key, _Row] = {}
    for place, document in enumerate(documents):
        try:
            row = _Row.model_validate(document)
        except PydanticError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in (place, *first["loc"]))
            raise ValueError(f"per_document.{field}: {first['msg']}") from error
        if (row.id, row.line) in rows:
            raise ValueError(f"per_document.{place}: id {row.id!r} line {row.line} is listed twice")
        rows[row.id, row.line] = row
    return rows


def _row_or_empty(rows: Mapping[_Key, _Row], key: _Key) -> _Row:
    return rows.get(key) or _Row(id=key[0], line=key[1])


def _true_item_count(new: Mapping[_Key, _Row], old: Mapping[_Key, _Row], key: _Key) -> int:
    return max(_row_or_empty(new, key).items.wanted, _row_or_empty(old, key).items.wanted)


def _notice(
    report: Mapping[str, Any], other: Mapping[str, Any], common: int, only_new: int, only_old: int
) -> str:
    """Return the sentence on two corpora that are not the same; empty where they are."""
    first, second = (_corpus_hash(side) for side in (report, other))
    if first is not None and first == second and common:
        return ""
    names = f"{report.get('corpus')} ({first}) and {other.get('corpus')} ({second})"
    if not common:
        raise ValueError(f"the reports are of different corpora, {names}: no document is in both")
    return (
        f"The reports are of different corpora, {names}: only the {common} documents in both are "
        f"compared; {only_new} are only in the new report, {only_old} only in the other."
    )


def _corpus_hash(report: Mapping[str, Any]) -> str | None:
    hashes = report.get("hashes")
    corpus = hashes.get("corpus") if isinstance(hashes, Mapping) else None
    return None if corpus is None else str(corpus)


def _run_summary(report: Mapping[str, Any]) -> dict[str, Any]:
    return {"corpus": report.get("corpus"), "settings": report.get("settings")}


def _f1_parts_of_all(counts: dict[str, _Count] | _Count) -> tuple[float, float]:
    return _f1_parts(*(counts.values() if isinstance(counts, dict) else (counts,)))


def _f1_parts(*counts: _Count) -> tuple[float, float]:
    """Return twice the right ones, and all labelled and predicted: F1 is their ratio."""
    right = sum(count.right for count in counts)
    return 2.0 * right, float(sum(count.wanted + count.predicted for count in counts))


def _flag_parts(flag: bool | None) -> tuple[float, float]:
    return float(flag or 0), float(flag is not None)


def _compared_scores(pairs: Sequence[tuple[_Row, _Row]]) -> list[_Score]:
    """Return the compared scores: the five of the headline and each header field."""
    rows = [row for pair in pairs for row in pair]
    names = sorted({name for row in rows if isinstance(row.fields, dict) for name in row.fields})
    return [
        _Score("item_f1", lambda row: _f1_parts(row.items)),
        _Score("cell_f1", lambda row: _f1_parts_of_all(row.cells)),
        _Score("description_f1", lambda row: _f1_parts(row.description or _Count())),
        _Score("closed", lambda row: _flag_parts(row.closed)),
        _Score("document_type", lambda row: _flag_parts(row.type_right)),
        *(_Score(f"fields.{name}", _field_share(name)) for name in names),
    ]


def _field_share(name: str) -> Callable[[_Row], tuple[float, float]]:
    return lambda row: _f1_parts(
        row.fields.get(name, _Count()) if isinstance(row.fields, dict) else _Count()
    )


def _differences(pairs: Sequence[tuple[_Row, _Row]], draws: int, seed: int) -> list[dict[str, Any]]:
    if not pairs:
        return []
    count = len(pairs)
    # The same draws for both sides and all scores
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=draws)
    differences = []
    for score in _compared_scores(pairs):
        new = np.asarray([score.share(row) for row, _ in pairs], np.float64)
        old = np.asarray([score.share(row) for _, row in pairs], np.float64)
        if new[:, 1].any() and old[:, 1].any():
            differences.append({"name": score.name, **_difference(new, old, drawn)})
    return differences


def _difference(new: _Sums, old: _Sums, drawn: _Draws) -> dict[str, Any]:
    differences = _shares(drawn @ new) - _shares(drawn @ old)
    low, high = (float(edge) for edge in np.quantile(differences, (0.025, 0.975)))
    new_value, old_value = (float(_shares(side.sum(0, keepdims=True))[0]) for side in (new, old))
    verdict = "better" if low > 0 else "worse" if high < 0 else "no clear difference"
    return {
        "new": new_value,
        "other": old_value,
        "difference": {"value": new_value - old_value, "low": low, "high": high},
        "better": float((differences > 0).mean()),
        "worse": float((differences < 0).mean()),
        "verdict": verdict,
    }


def _shares(sums: _Sums) -> npt.NDArray[np.float64]:
    """Return (draws, 2) sums of parts and wholes as shares; 1 where there was nothing to read."""
    part, whole = sums[:, 0], sums[:, 1]
    return np.where(whole > 0, part / np.maximum(whole, 1e-12), 1.0)


def _changed_documents(pairs: Sequence[tuple[_Row, _Row]]) -> list[dict[str, Any]]:
    """Return the documents whose items or closing changed, the biggest change first."""
    changed = [
        {
            "id": new.id,
            "line": new.line,
            "wanted": max(new.items.wanted, old.items.wanted),
            "right": {"new": new.items.right, "other": old.items.right},
            "wrong": {"new": _count_wrong_items(new), "other": _count_wrong_items(old)},
            "closed": {"new": new.closed, "other": old.closed},
        }
        for new, old in pairs
        if (new.items.right, _count_wrong_items(new), new.closed)
        != (old.items.right, _count_wrong_items(old), old.closed)
    ]

    def size(row: Mapping[str, Any]) -> tuple[int, int, bool, str, int]:
        right, wrong = (row[name]["new"] - row[name]["other"] for name in ("right", "wrong"))
        flipped = row["closed"]["new"] != row["closed"]["other"]
        return -abs(right), -abs(wrong), not flipped, row["id"], row["line"]

    return sorted(changed, key=size)


def _count_wrong_items(row: _Row) -> int:
    """Count the predicted items that are not right."""
    return row.items.predicted - row.items.right


def _change_counts(changed: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Count documents and items that gained or lost, and documents whose closing changed."""
    gains = [row["right"]["new"] - row["right"]["other"] for row in changed]
    closed = [(row["closed"]["new"], row["closed"]["other"]) for row in changed]
    return {
        "documents_gained": sum(gain > 0 for gain in gains),
        "documents_lost": sum(gain < 0 for gain in gains),
        "items_gained": sum(gain for gain in gains if gain > 0),
        "items_lost": -sum(gain for gain in gains if gain < 0),
        "newly_closed": sum(new is True and old is False for new, old in closed),
        "no_longer_closed": sum(new is False and old is True for new, old in closed),
    }


def comparison_tables(comparison: Mapping[str, Any]) -> list[Table]:
    """Return the comparison as tables: scores, changed and unmatched documents."""
    tables = [_score_table(comparison)]
    if comparison["changed"]:
        tables.append(_changed_table(comparison))
    alone = [("only in this one", row) for row in comparison["only_new"]]
    alone += [("only in the other", row) for row in comparison["only_other"]]
    if alone:
        rows = tuple((row["id"], str(row["line"]), where) for where, row in alone)
        tables.append(Table("Documents in one report only", ("id", "line", "where"), rows))
    return tables


def _score_table(comparison: Mapping[str, Any]) -> Table:
    rows = tuple(
        (
            difference["name"],
            f"{difference['new']:.3f}",
            f"{difference['other']:.3f}",
            "{value:+.3f} [{low:+.3f}, {high:+.3f}]".format(**difference["difference"]),
            f"{difference['better']:.0%}",
            difference["verdict"],
        )
        for difference in comparison["differences"]
    )
    note = (
        f"{comparison['documents']} documents, each drawn for both sides at once "
        f"({comparison['draws']} draws); in brackets the 95 % interval of the difference."
    )
    columns = ("score", "this", "other", "difference", "draws in which this is better", "verdict")
    reader = (comparison["other"]["settings"] or {}).get("reader", "another report")
    return Table(f"Compared with {reader}", columns, rows, f"{comparison['notice']} {note}".strip())


def _changed_table(comparison: Mapping[str, Any]) -> Table:
    counts, changed = comparison["counts"], comparison["changed"]
    note = (
        f"{len(changed)} documents changed: {counts['documents_gained']} gained "
        f"{counts['items_gained']} right items, {counts['documents_lost']} lost "
        f"{counts['items_lost']}; {counts['newly_closed']} newly closed, "
        f"{counts['no_longer_closed']} no longer."
    )
    if len(changed) > _SHOWN:
        note += f" The {_SHOWN} biggest changes are shown."
    rows = tuple(
        (
            row["id"],
            str(row["line"]),
            str(row["wanted"]),
            *(f"{row[name]['other']} → {row[name]['new']}" for name in ("right", "wrong")),
            f"{_yes_or_no(row['closed']['other'])} → {_yes_or_no(row['closed']['new'])}",
        )
        for row in changed[:_SHOWN]
    )
    columns = ("id", "line", "items labelled", "right", "predicted wrongly", "closed")
    return Table("Documents that changed", columns, rows, note)


def _yes_or_no(flag: bool | None) -> str:
    return "-" if flag is None else "yes" if flag else "no"
