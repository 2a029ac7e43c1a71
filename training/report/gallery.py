"""The worst documents of a report: pages with truth and prediction drawn, tables beside them."""

from collections import Counter
from collections.abc import Sequence

from data.corpora.scans import DamageLevel
from training.metrics.scoring import ScoredDocument
from training.report.contents import sort_worst_first
from training.report.gallery_pages import draw_pages, escape_text
from training.report.gallery_rows import (
    SHOWN_CELLS,
    Cell,
    Row,
    compare_fields,
    compare_items,
    find_marks,
)

MAX_DOCUMENTS = 8
MAX_ROWS = 40  # of one document; right ones are left out first
_LONGEST = {"description": 120}  # characters shown of a value
_LONGEST_VALUE = 40

_OUTCOMES = {
    "right": "✓ right",
    "wrong": "✗ wrong",
    "missed": "– missed",
    "made up": "✗ made up",
    "left out": "not counted",
}
_COUNTED = ("right", "wrong", "missed", "made up")
_CLASSES = {"right": "right", "wrong": "wrong", "made up": "wrong", "missed": "missed"}

_LEGEND = (
    "<p>The documents with the most wrong items, worst first. Point at a box to see the value read "
    "and the true one. A line is right when every printed amount, quantity and unit price of it "
    "is; its number is shown beside it on the page and in the table.</p>"
    '<p class="legend">'
    '<span><svg viewBox="0 0 40 18"><rect class="m right" x="2" y="3" width="36" height="12"/>'
    "</svg>read right</span>"
    '<span><svg viewBox="0 0 40 18"><rect class="m wrong" x="2" y="3" width="36" height="12"/>'
    "</svg>✗ read wrong or made up</span>"
    '<span><svg viewBox="0 0 40 18"><rect class="m missed" x="2" y="3" width="36" height="12"/>'
    "</svg>true, but missed or read wrong (drawn where the truth has its place)</span>"
    '<span><svg viewBox="0 0 40 18"><rect class="m left-out" x="2" y="3" width="36" height="12"/>'
    "</svg>not counted</span></p>"
)


def gallery_html(scored: Sequence[ScoredDocument], damage: DamageLevel = "none") -> str:
    """Return the gallery as HTML; empty where every document was read right.

    `damage` is that of the run: the pages are shown as the reader saw them. The same documents
    and predictions give the same bytes. A page that cannot be shown is noted, not raised.
    """
    worst = sort_worst_first(scored)[:MAX_DOCUMENTS]
    if not worst:
        return ""
    articles = "".join(_document_html(document, damage) for document in worst)
    return f'<div class="gallery">{_LEGEND}{articles}</div>'


def _document_html(document: ScoredDocument, damage: DamageLevel) -> str:
    rows = compare_items(document.truth, document.prediction)
    drawn = draw_pages(
        document.truth, find_marks(document.truth, document.prediction, rows), damage
    )
    pages = f'<div class="pages">{"".join(drawn.pages)}</div>' if drawn.pages else ""
    note = f'<p class="soft">{escape_text(drawn.note, 400)}</p>' if drawn.note else ""
    return (
        f'<article class="document"><h3>{_isolate_text(document.truth.document_id, 120)}</h3>'
        f"<p>{escape_text(_summarise_document(document, rows), 900)}</p>{note}"
        f'<div class="sides">{pages}'
        f'<div class="wide">{_item_table(rows)}{_field_table(document)}</div></div></article>'
    )


def _summarise_document(document: ScoredDocument, rows: Sequence[Row]) -> str:
    fields = document.score.fields.values()
    parts = []
    if document.prediction.get("failed"):
        parts.append(
            f"Not opened, scored as nothing read: {str(document.prediction['failed'])[:200]}."
        )
    elif not document.prediction:
        parts.append("No prediction was given, scored as nothing read.")
    if rows:
        counts = Counter[str](row.outcome for row in rows)
        outcome_counts = [f"{counts[name]} {name}" for name in _COUNTED if counts[name]]
        parts.append(f"Line items: {', '.join(outcome_counts)}.")
    if document.score.closed is not None:
        sums = "sum" if document.score.closed else "do not sum"
        parts.append(f"The lines read {sums} to the true total.")
    if fields:
        right = sum(count.right for count in fields)
        parts.append(f"{right} of {len(fields)} printed header fields right.")
    if not document.score.type_right:
        read = str(document.prediction.get("document_type") or "nothing")[:40]
        parts.append(f"Type {document.truth.document_type[:40]}, read as {read}.")
    return " ".join(parts)


def _item_table(rows: Sequence[Row]) -> str:
    if not rows:
        return '<p class="soft">No line items, neither true nor read.</p>'
    shown = rows if len(rows) <= MAX_ROWS else _most_informative(rows)
    heads = ("line", *(name.replace("_", " ") for name in SHOWN_CELLS), "outcome")
    head = "".join(f"<th>{name}</th>" for name in heads)
    body = "".join(_item_row(row) for row in shown)
    hidden = len(rows) - len(shown)
    more = f'<p class="soft">{hidden} more lines are not listed.</p>' if hidden else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _most_informative(rows: Sequence[Row]) -> list[Row]:
    """Return as many rows as are shown, dropping right and left-out ones; in their order."""
    ordered = sorted(rows, key=lambda row: (row.outcome in ("right", "left out"), row.number))
    return sorted(ordered[:MAX_ROWS], key=lambda row: row.number)


def _item_row(row: Row) -> str:
    cells = "".join(
        f'<td class="{"text" if cell.name == "description" else "number"}">'
        f"{_cell(cell, row.outcome == 'missed')}</td>"
        for cell in row.cells
    )
    kind = _CLASSES.get(row.outcome, "soft")
    outcome = f'<td class="number {kind}">{_OUTCOMES[row.outcome]}</td>'
    return f"<tr><td>{row.number}</td>{cells}{outcome}</tr>"


def _cell(cell: Cell, whole_line_missed: bool = False) -> str:
    """Return the value once where both agree; else the true one and below it the one read."""
    longest = _LONGEST.get(cell.name, _LONGEST_VALUE)
    true, read = (
        "" if value is None else _isolate_text(value, longest) for value in (cell.true, cell.read)
    )
    if cell.outcome == "right":
        return true
    if cell.outcome == "missed":
        return true if whole_line_missed else f'{true}<div class="missed">– not read</div>'
    if cell.outcome == "not judged":
        return f'<span class="soft">{read}</span>'
    if cell.name == "description" and true:  # no line is wrong for its description alone
        return f'{true}<div class="soft">≠ {read}</div>'
    return f'{true or "<i>none</i>"}<div class="wrong">✗ {read}</div>'


def _field_table(document: ScoredDocument) -> str:
    """Return the printed header fields that were not read right as a table."""
    cells = [
        cell
        for cell in compare_fields(document.truth, document.prediction)
        if cell.outcome != "right"
    ]
    if not cells:
        return ""
    body = "".join(
        f"<tr><td>{escape_text(cell.name.replace('_', ' '), 40)}</td><td>{_cell(cell)}</td></tr>"
        for cell in cells
    )
    head = "<tr><th>header field</th><th>true, and what was read</th></tr>"
    return f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"


def _isolate_text(text: str, longest: int) -> str:
    """Return the text isolated: right-to-left letters do not reorder what is beside them."""
    return f"<bdi>{escape_text(text, longest)}</bdi>"
