"""A report as Markdown tables."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from training.report.disputes_section import CLOSES, OPENS, section_markdown
from training.report.sections import (
    confidence_tables,
    detail_tables,
    headline_table,
    notices,
    optional_tables,
    run_table,
    slice_tables,
    timing_line,
    title,
    worst_slices_table,
)
from training.report.tables import Table


def to_markdown(report: Mapping[str, Any]) -> str:
    """Return the report as Markdown; without pictures, which only `report.html` has."""
    lines = [f"# {_line(title(report))}", ""]
    lines += [f"> {_line(notice)}\n" for notice in notices(report)]
    lines += tables_to_markdown(
        [headline_table(report), worst_slices_table(report), *optional_tables(report)]
    )
    disputes = report.get("disputes")
    lines += [OPENS, section_markdown(disputes) if disputes else "", CLOSES, ""]
    lines += tables_to_markdown(
        [*confidence_tables(report), *slice_tables(report), *detail_tables(report)]
    )
    lines += [*tables_to_markdown([run_table(report)]), _line(timing_line(report)), ""]
    return "\n".join(lines)


def tables_to_markdown(tables: Iterable[Table]) -> list[str]:
    """Return the lines of tables, each under its title."""
    lines = []
    for table in tables:
        lines += [f"## {_line(table.title)}", ""]
        if table.note:
            lines += [_line(table.note), ""]
        if table.columns:
            lines.append(_row(table.columns))
            lines.append("|" + " --- |" * len(table.columns))
            lines += [_row(row) for row in table.rows]
            lines.append("")
    return lines


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(_line(cell).replace("|", "\\|") for cell in cells) + " |"


def _line(text: str) -> str:
    """Return one line of plain text: a document's words must not become Markdown or HTML."""
    flat = re.sub(r"\s+", " ", text)
    return flat.replace("\\", "\\\\").replace("<", "&lt;").replace("`", "\\`")
