"""Documents and verdicts, from the JSON of the service, as tables for the terminal."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from data.safe_text import display_text
from serving.presentation.spreadsheet import line_key

Json = Mapping[str, Any]

NOT_READ = "not read"
_LINE_COLUMNS = ("line_number", "product_code", "description", "quantity", "unit", "unit_price")
_HEADER_COLUMNS = ("invoice_id", "purchase_order", "invoice_date", "vendor_name", "currency")


def document_tables(document: Json) -> RenderableType:
    """Return one document: its header in a line, its items in a table, its problems below."""
    kind = _leaf_text(document.get("document_type"))
    fields = document.get("fields", {})
    stated = [f"{name} {_leaf_text(fields[name])}" for name in _HEADER_COLUMNS if fields.get(name)]
    title = Text(
        display_text(
            f"{document.get('document_id')}: {kind}" + "".join(f", {part}" for part in stated)
        )
    )
    table = Table(title=title, title_justify="left")
    columns = (*_LINE_COLUMNS, "amount")
    for name in columns:
        right = name in ("quantity", "unit_price", "amount")
        table.add_column(name.replace("_", " "), justify="right" if right else "left")
    table.add_column("page", justify="right")
    table.add_column("confidence", justify="right")
    for item in document.get("line_items", ()):
        cells = [_leaf_text(item.get(name)) for name in columns]
        table.add_row(
            *map(Text, cells), _page_text(item.get("page")), _lowest_confidence(item, columns)
        )
    problems = [problem_line(problem) for problem in document.get("problems", ())]
    total = fields.get("invoice_total")
    foot = [Text(f"invoice total {_leaf_text(total)}")] if total else []
    return Group(table, *foot, *problems)


def problem_line(problem: Json) -> Text:
    """Return a problem in one line, pages counted from 1."""
    where = f"page {problem['page']}: " if problem.get("page") is not None else ""
    return Text(
        display_text(f"{problem.get('code')}: {where}{problem.get('message')}"), style="yellow"
    )


def verdict_tables(verdict: Json) -> RenderableType:
    """Return the verdict: a row for each line, each finding in a sentence, and what to do."""
    findings = verdict.get("variances", ())
    sentences = [
        Text(
            display_text(
                f"{finding.get('code')}: {finding.get('explanation')}  {finding.get('formula')}"
            )
        )
        for finding in findings
    ]
    explanations = {finding.get("explanation") for finding in findings}
    reasons = [
        Text(display_text(f"line {line.get('po_line_number') or '-'}: {reason}"), style="yellow")
        for line in verdict.get("lines", ())
        for reason in line.get("reasons", ())
        if reason not in explanations
    ]
    problems = [problem_line(problem) for problem in verdict.get("problems", ())]
    advice = Text(display_text(f"recommendation: {verdict.get('recommendation')}"), style="bold")
    return Group(line_table(verdict), *sentences, *reasons, *problems, advice)


def line_table(verdict: Json) -> Table:
    """Return a row for each line and each finding: numbers, variance, money, place."""
    findings = verdict.get("variances", ())
    table = Table(title=f"verdict: {_words(verdict.get('status'))}", title_justify="left")
    for name in ("line", "description", "billed", "ordered", "received", "variance", "money"):
        right = name in ("billed", "ordered", "received", "money")
        table.add_column(name, justify="right" if right else "left")
    table.add_column("where on the page")
    table.add_column("confidence", justify="right")
    for line in verdict.get("lines", ()):
        _add_line(table, line, _line_findings(findings, line))
    whole = [finding for finding in findings if finding.get("po_line_number") is None]
    for finding in whole:
        table.add_row("-", "the document", "", "", "", *_finding_cells(finding, {}))
    return table


def _add_line(table: Table, line: Json, findings: Sequence[Json]) -> None:
    cells: tuple[Text | str, ...] = (
        Text(display_text(str(line.get("po_line_number") or "-"))),
        Text(display_text(str(line.get("description") or ""))),
        Text(_billed_text(line)),
        # Order data is not read: where it has no number, there is none.
        *(Text(_amount_text(line.get(name) or "-")) for name in ("ordered", "received")),
    )
    if not findings:
        place = _place(line.get("page"), line.get("polygon"))
        table.add_row(*cells, _words(line.get("verdict")), "", place, "")
        return
    for number, finding in enumerate(findings):
        first = cells if number == 0 else ("",) * len(cells)
        table.add_row(*first, *_finding_cells(finding, line))


def _finding_cells(finding: Json, line: Json) -> tuple[Text, Text, str, str]:
    """Return variance, money, place on the page and confidence."""
    quantity = finding.get("quantity")
    what = str(finding.get("code")) + (
        f" ({_amount_text(quantity)})" if quantity is not None else ""
    )
    amount = finding.get("amount")
    money = (
        f"{_amount_text(amount, 2)} {finding.get('currency') or ''}" if amount is not None else "-"
    )
    placed = next(
        (
            evidence_place
            for evidence_place in finding.get("evidence", ())
            if evidence_place.get("polygon")
        ),
        line,
    )
    place = _place(placed.get("page"), placed.get("polygon"))
    confidence = finding.get("confidence")
    # As Text: in a plain string "[bold]" of a currency that was read would be markup.
    cells = Text(display_text(what)), Text(display_text(money.strip()))
    return *cells, place, "" if confidence is None else f"{confidence:.0%}"


def _line_findings(findings: Sequence[Json], line: Json) -> list[Json]:
    if line.get("po_line_number") is None:
        return []
    return [finding for finding in findings if line_key(finding) == line_key(line)]


def _place(page: int | None, polygon: Sequence[float] | None) -> str:
    """Return the page, and the middle of the box in percent from the left and the top."""
    if page is None:
        return "-"
    if not polygon:
        return f"page {page}"
    across = sum(polygon[0::2]) / 4
    down = sum(polygon[1::2]) / 4
    return f"page {page}, {across:.0%} across, {down:.0%} down"


def _amount_text(value: object, places: int | None = None) -> str:
    if value is None:
        return NOT_READ
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    return f"{number:f}" if places is None else f"{number:.{places}f}"


def _billed_text(line: Json) -> str:
    """Return the billed quantity; a charge has none, which is another thing than one not read."""
    unsure = {cell.get("field") for cell in line.get("unsure_cells", ())}
    if line.get("billed") is None and "quantity" not in unsure:
        return "-"
    return _amount_text(line.get("billed"))


def _leaf_text(leaf: object) -> str:
    value = leaf.get("value") if isinstance(leaf, Mapping) else leaf
    if isinstance(leaf, Mapping) and value is None:
        return NOT_READ
    return "" if value is None else display_text(str(value))


def _lowest_confidence(item: Json, names: Sequence[str]) -> str:
    confidences = [
        leaf["confidence"]
        for name in names
        if isinstance(leaf := item.get(name), Mapping) and leaf.get("value") is not None
    ]
    return f"{min(confidences):.0%}" if confidences else ""


def _page_text(page: int | None) -> str:
    return "" if page is None else str(page)


def _words(code: object) -> str:
    return str(code).replace("_", " ").lower()
