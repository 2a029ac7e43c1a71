"""The worst documents of a report: their pages with truth and prediction drawn, tables beside."""

from collections import Counter
from collections.abc import Sequence

from data.corpora.scans import DamageLevel
from training.metrics.scoring import Scored
from training.report.contents import worst_first
from training.report.gallery_pages import draw_pages, said
from training.report.gallery_rows import (
    SHOWN_CELLS,
    Cell,
    Row,
    compare_fields,
    compare_items,
    find_marks,
)

MOST_DOCUMENTS = 8
MOST_ROWS = 40  # of one document; right ones are left out first
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
    "<p>The documents that cost most items, worst first. Point at a box to see what was read and "
    "what is true. A line is right when every printed amount, quantity and unit price of it is; "
    "its number stands beside it on the page and in the table.</p>"
    '<p class="legend">'
    '<span><svg viewBox="0 0 40 18"><rect class="m right" x="2" y="3" width="36" height="12"/>'
    "</svg>read right</span>"
    '<span><svg viewBox="0 0 40 18"><rect class="m wrong" x="2" y="3" width="36" height="12"/>'
    "</svg>✗ read wrong or made up</span>"
    '<span><svg viewBox="0 0 40 18"><rect class="m missed" x="2" y="3" width="36" height="12"/>'
    "</svg>true, but missed or read wrong (drawn where the truth says the place)</span>"
    '<span><svg viewBox="0 0 40 18"><rect class="m left-out" x="2" y="3" width="36" height="12"/>'
    "</svg>not counted</span></p>"
)


def gallery_html(scored: Sequence[Scored], damage: DamageLevel = "none") -> str:
    """The gallery as HTML; empty where every document was read right.

    `damage` is that of the run: the pages are shown as the reader saw them. The same documents
    and predictions give the same bytes. A page that cannot be shown is said, not raised.
    """
    worst = worst_first(scored)[:MOST_DOCUMENTS]
    if not worst:
        return ""
    return f'<div class="gallery">{_LEGEND}{"".join(_document(one, damage) for one in worst)}</div>'


def _document(one: Scored, damage: DamageLevel) -> str:
    rows = compare_items(one.truth, one.prediction)
    drawn = draw_pages(one.truth, find_marks(one.truth, one.prediction, rows), damage)
    pages = f'<div class="pages">{"".join(drawn.pages)}</div>' if drawn.pages else ""
    note = f'<p class="soft">{said(drawn.note, 400)}</p>' if drawn.note else ""
    return (
        f'<article class="document"><h3>{_isolated(one.truth.document_id, 120)}</h3>'
        f'<p>{said(_summary(one, rows), 900)}</p>{note}<div class="sides">{pages}'
        f'<div class="wide">{_item_table(rows)}{_field_table(one)}</div></div></article>'
    )


def _summary(one: Scored, rows: Sequence[Row]) -> str:
    fields = one.score.fields.values()
    parts = []
    if one.prediction.get("failed"):
        parts.append(f"Not opened, scored as nothing read: {str(one.prediction['failed'])[:200]}.")
    elif not one.prediction:
        parts.append("No prediction was given, scored as nothing read.")
    if rows:
        counts = Counter[str](row.outcome for row in rows)
        said_of = [f"{counts[name]} {name}" for name in _COUNTED if counts[name]]
        parts.append(f"Line items: {', '.join(said_of)}.")
    if one.score.closed is not None:
        sums = "sum" if one.score.closed else "do not sum"
        parts.append(f"The lines read {sums} to the true total.")
    if fields:
        right = sum(count.right for count in fields)
        parts.append(f"{right} of {len(fields)} printed header fields right.")
    if not one.score.type_right:
        read = str(one.prediction.get("document_type") or "nothing")[:40]
        parts.append(f"Type {one.truth.document_type[:40]}, read as {read}.")
    return " ".join(parts)


def _item_table(rows: Sequence[Row]) -> str:
    if not rows:
        return '<p class="soft">No line items, neither true nor read.</p>'
    shown = rows if len(rows) <= MOST_ROWS else _most_telling(rows)
    heads = ("line", *(name.replace("_", " ") for name in SHOWN_CELLS), "outcome")
    head = "".join(f"<th>{name}</th>" for name in heads)
    body = "".join(_item_row(row) for row in shown)
    hidden = len(rows) - len(shown)
    more = f'<p class="soft">{hidden} more lines are not listed.</p>' if hidden else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _most_telling(rows: Sequence[Row]) -> list[Row]:
    """As many rows as are shown, right and left-out ones dropped first; in their order."""
    ordered = sorted(rows, key=lambda row: (row.outcome in ("right", "left out"), row.number))
    return sorted(ordered[:MOST_ROWS], key=lambda row: row.number)


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
    """The value once where both agree; else the true one and below it what was read."""
    longest = _LONGEST.get(cell.name, _LONGEST_VALUE)
    true, read = (
        "" if value is None else _isolated(value, longest) for value in (cell.true, cell.read)
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


def _field_table(one: Scored) -> str:
    """The printed header fields that were not read right."""
    cells = [cell for cell in compare_fields(one.truth, one.prediction) if cell.outcome != "right"]
    if not cells:
        return ""
    body = "".join(
        f"<tr><td>{said(cell.name.replace('_', ' '), 40)}</td><td>{_cell(cell)}</td></tr>"
        for cell in cells
    )
    head = "<tr><th>header field</th><th>true, and what was read</th></tr>"
    return f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"


def _isolated(text: str, longest: int) -> str:
    """The text kept apart from its surroundings: right-to-left letters turn nothing else round."""
    return f"<bdi>{said(text, longest)}</bdi>"
