"""The report's section on planted disputes: its tables, and putting them into a report."""

import html
from collections.abc import Mapping, Sequence
from typing import Any

from training.report.disputes_chart import risk_picture
from training.report.tables import Table

OPENS, CLOSES = "<!-- disputes -->", "<!-- /disputes -->"
_Json = Mapping[str, Any]


def dispute_tables(disputes: _Json) -> list[Table]:
    """Return the tables of the section that `python -m serving.evaluate` adds to a report."""
    return [
        _headline(disputes),
        *(_money_table(currency, money) for currency, money in disputes["money"].items()),
        *(_risk_table(currency, money) for currency, money in disputes["money"].items()),
        _code_table(disputes["codes"]),
        _certain_table(disputes),
        _family_table(disputes["by_family"]),
        *_rule_tables(disputes["rules"]),
        _worst_table(disputes["worst"]),
        _planted_table(disputes),
    ]


def _headline(disputes: _Json) -> Table:
    clean, accused = disputes["clean_documents"], disputes["clean_documents_claimed_against"]
    rows = (
        ("Documents with planted disputes", str(disputes["documents"])),
        ("Planted disputes", str(disputes["disputes"])),
        ("Variances shown to a person, F1", _interval(disputes["variances"])),
        ("Variances asserted without a person, F1", _interval(disputes["claims"])),
        ("Lines decided without a person", _percent(disputes["lines_decided"])),
        ("Documents settled without a person", str(disputes["settled_documents"])),
        ("Clean documents claimed against", f"{accused} of {clean}"),
        ("Wrong claims that look certain", str(len(disputes["wrong_but_certain"]))),
    )
    return Table("Disputes", ("What", "Value"), rows, _note(disputes))


def _note(disputes: _Json) -> str:
    parts = [
        "Order and receipts are derived from each document's truth and changed by "
        f"{_seeds(disputes)}; what the reader read of the real page is matched with them. In "
        f"brackets the 95 % bootstrap interval over {disputes['families']} families of layouts, "
        "then documents."
    ]
    if disputes["role_assumed"]:
        parts.append(
            f"{disputes['role_assumed']} of the documents are purchase orders by their truth and "
            "treated as the vendor's invoice: real print, assumed role."
        )
    if disputes["order_number_not_labelled"]:
        parts.append(
            f"The truth of {disputes['order_number_not_labelled']} does not state the printed "
            "order number; the order has the number that was read."
        )
    return " ".join(parts)


def _seeds(disputes: _Json) -> str:
    first, count = disputes["seed"], disputes["seeds"]
    return f"seed {first}" if count == 1 else f"seeds {first} to {first + count - 1}"


def _per_thousand(money: _Json) -> str:
    false = money["false_per_1000"]
    if false["value"] is None:
        return "nothing was claimed"
    return f"{false['value']:.2f}, at most {false['upper']:.2f}"


def _money_table(currency: str, money: _Json) -> Table:
    rows = (
        ("Claimable by truth", money["claimable"]),
        ("Claimed", money["claimed"]),
        ("Claimed rightly", money["found"]),
        ("Claimed falsely", money["false"]),
        ("False share of the claimed money", _percent(money["risk"])),
        ("False money per 1,000 claimed, upper bound", _per_thousand(money)),
        ("Share of the claimable money claimed rightly", _percent(money["recovered"])),
        ("Missed, left to a person or a receipt", money["missed_asked"]),
        ("Missed, line not read", money["missed_unread"]),
        ("Missed silently", money["missed_silent"]),
        ("Missed in documents no person looks at", money["missed_unseen"]),
        ("Billed money decided without a person", _percent(money["billed_share_decided"])),
    )
    title = f"Dispute money, currency {currency}, {money['documents']} documents"
    return Table(title, ("What", "Value"), rows)


def _risk_table(currency: str, money: _Json) -> Table:
    rows = tuple(
        (
            f"{choice['stated_risk'] * 100:g} %",
            "none" if choice["threshold"] is None else f"{choice['threshold']:.3f}",
            str(choice["claims"]),
            "-" if choice["risk"] is None else f"{choice['risk'] * 100:.2f} %",
            _percent(choice["coverage"]),
            _percent(choice["recovered"]),
        )
        for choice in money["at_risk"]
    )
    columns = (
        "stated money risk",
        "confidence from",
        "claims taken",
        "measured risk",
        "share of claimed money",
        "share of claimable money",
    )
    note = (
        "The confidence is picked on every second document, all else measured on the other ones. "
        "Risk is false money over claimed money."
    )
    return Table(
        f"Decided automatically at a stated risk, currency {currency}", columns, rows, note
    )


def _code_table(codes: Mapping[str, _Json]) -> Table:
    rows = []
    for code, count in codes.items():
        shown, asserted = count["reported"], count["asserted"]
        rows.append(
            (
                code,
                str(shown["wanted"]),
                f"{shown['predicted']}, {shown['right']}",
                f"{shown['precision']:.3f}, {shown['recall']:.3f}",
                f"{asserted['predicted']}, {asserted['right']}",
                f"{asserted['precision']:.3f}, {asserted['recall']:.3f}",
                str(count["wrong_money"]),
            )
        )
    columns = (
        "code",
        "planted",
        "shown, right",
        "precision, recall",
        "asserted, right",
        "precision, recall ",
        "wrong money",
    )
    note = (
        "Right: code and PO line agree and the amount is right within a cent. Shown: findings in "
        "any state; asserted: claimed, or pending a receipt, without asking a person."
    )
    return Table("Variances by code", columns, tuple(rows), note)


def _certain_table(disputes: _Json) -> Table:
    rows = tuple(
        (
            claim["id"],
            claim["code"],
            claim["po_line_number"] or "-",
            claim["claimed"],
            claim["false"],
            f"{claim['confidence']:.3f}",
            claim["note"],
        )
        for claim in disputes["wrong_but_certain"]
    )
    columns = ("id", "code", "PO line", "claimed", "false", "confidence", "arithmetic")
    note = f"False claims of confidence {disputes['certain_from']} or more: the worst errors."
    return Table("Wrong but certain", columns, rows, note if rows else f"{note} None here.")


def _worst_table(worst: Sequence[_Json]) -> Table:
    columns = ("id", "currency", "false", "missed", "missed_unseen", "claimable")
    rows = tuple(tuple(str(document[name] or "-") for name in columns) for document in worst)
    heads = ("id", "currency", "false", "missed", "missed unseen", "claimable")
    return Table("Documents with the most dispute money wrong", heads, rows)


def _family_table(families: Sequence[_Json]) -> Table:
    rows = tuple(
        (
            row["family"],
            row["currency"],
            str(row["documents"]),
            row["claimable"],
            row["claimed"],
            row["false"],
            f"{row['recovered'] * 100:.1f} %",
            f"{row['lines_decided'] * 100:.1f} %",
        )
        for row in families
    )
    columns = (
        "family",
        "currency",
        "documents",
        "claimable",
        "claimed",
        "false",
        "claimed rightly",
        "lines decided",
    )
    return Table("Claims by family of layouts, the largest false share first", columns, rows)


def _rule_tables(rules: Sequence[_Json]) -> list[Table]:
    """Return why lines are left to a person, and what each rule holds back, if that was asked."""
    if not any("without" in rule for rule in rules):
        return [_held_table(rules)]
    return [_held_table(rules), _without_table(rules)]


def _held_table(rules: Sequence[_Json]) -> Table:
    return Table(
        "Why lines are left to a person",
        ("kind", "rule", "lines", "of them alone", "billed money", "of it alone"),
        tuple(
            (
                rule["kind"],
                rule["rule"],
                str(rule["lines"]),
                str(rule["lines_alone"]),
                _amounts(rule["money"]),
                _amounts(rule["money_alone"]),
            )
            for rule in rules
        ),
        "A line may have several reasons; alone: it has no other.",
    )


def _without_table(rules: Sequence[_Json]) -> Table:
    rows = tuple(
        (
            rule["kind"],
            rule["rule"],
            str(rule["without"]["lines_decided"]),
            *(
                _amounts(rule["without"][name])
                for name in ("claimed_rightly", "false", "missed_silent")
            ),
        )
        for rule in rules
        if "without" in rule
    )
    columns = (
        "kind",
        "rule",
        "lines decided",
        "claimed rightly",
        "claimed falsely",
        "missed silently",
    )
    note = "Everything decided again as if the one rule did not exist; changes against the report."
    return Table("What would change without each rule", columns, rows, note)


def _amounts(money: Mapping[str, str]) -> str:
    return ", ".join(f"{amount} {currency}" for currency, amount in money.items()) or "-"


def _planted_table(disputes: _Json) -> Table:
    rows = [(kind.replace("_", " "), str(count)) for kind, count in disputes["planted"].items()]
    refused = disputes["not_planted"]
    note = f"{len(refused)} documents carry no dispute." if refused else ""
    if refused:
        note += " " + "; ".join(f"{name}: {why}" for name, why in refused.items()) + "."
    return Table("Ordered lines by what was changed", ("change", "lines"), tuple(rows), note)


def _interval(share: _Json) -> str:
    return f"{share['value']:.3f} [{share['low']:.3f}, {share['high']:.3f}]"


def _percent(share: _Json) -> str:
    low, high = share["low"] * 100, share["high"] * 100
    return f"{share['value'] * 100:.1f} % [{low:.1f}, {high:.1f}]"


def put_section(text: str, section: str) -> str:
    """Return the text with the section between its marks, else before the page's end."""
    marked = f"{OPENS}\n{section}\n{CLOSES}"
    if OPENS in text:
        before, _, after = text.partition(OPENS)
        if CLOSES in after:
            after = after.partition(CLOSES)[2]
        return before + marked + after
    for end in ("</body>", "</html>"):
        if end in text:
            before, _, after = text.rpartition(end)
            return f"{before}{marked}\n{end}{after}"
    return f"{text.rstrip()}\n\n{marked}\n"


def section_markdown(disputes: _Json) -> str:
    """Return the section as Markdown tables."""
    lines: list[str] = []
    for table in dispute_tables(disputes):
        lines += [f"## {_flat(table.title)}", ""]
        if table.note:
            lines += [_flat(table.note), ""]
        lines += [_markdown_row(table.columns), "|" + " --- |" * len(table.columns)]
        lines += [*map(_markdown_row, table.rows), ""]
    return "\n".join(lines).rstrip()


def _markdown_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_flat(cell).replace("|", "\\|") for cell in cells) + " |"


def _flat(text: str) -> str:
    """Return one line in which a document's words are no Markdown, no HTML and no section mark."""
    flat = " ".join(text.split())
    return flat.replace("\\", "\\\\").replace("<", "&lt;").replace("`", "\\`")


def section_html(disputes: _Json) -> str:
    """Return the section as HTML tables, with the risk-coverage curve of each currency."""
    parts = []
    for table in dispute_tables(disputes):
        parts.append(f"<h2>{html.escape(table.title)}</h2>")
        if table.note:
            parts.append(f"<p>{html.escape(table.note)}</p>")
        rows = _html_row("th", table.columns) + "".join(_html_row("td", row) for row in table.rows)
        parts.append(f'<div class="wide"><table>{rows}</table></div>')
    pictures = (
        risk_picture(
            money["risk_coverage"],
            "False share of the claimed money when claims are taken from the surest on, currency "
            f"{html.escape(currency)}; all {money['documents']} documents.",
        )
        for currency, money in disputes["money"].items()
    )
    parts.append(f'<div class="charts">{"".join(pictures)}</div>')
    return "\n".join(parts)


def _html_row(tag: str, cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"
