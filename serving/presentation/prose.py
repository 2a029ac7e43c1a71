"""A verdict in prose for accounts payable: claims with reasons, open points, what to do.

Made from the verdict's JSON, as the tables are, so that any holder of the JSON can print it.
"""

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from rich.text import Text

from data.safe_text import display_text
from serving.matching.findings.paper_names import name_papers
from serving.presentation.spreadsheet import line_key
from serving.presentation.verdict_words import CODE_WORDS, DECISION_WORDS, STATUS_WORDS

Json = Mapping[str, Any]

WIDTH = 100  # of a line of prose, at most
# The first words of the titles of bills (`findings.paper_names`).
_BILL_WORDS = frozenset({"invoice", "corrected", "credit", "debit", "receipt"})
_OPEN_STATUSES = ("needs_review", "insufficient_evidence")
# What the data is that a finding rests on, by its field; else the order.
_DATA_KINDS: Mapping[str, str] = {
    "quantity_received": "receipt",
    "billed_amount": "earlier bill",
    "amount": "claim",
}
_MOST_NAMED = 5  # orders, of many
_CERTAIN = 0.995  # shown as 100 %


def verdict_prose(verdict: Json, width: int = WIDTH) -> Iterator[Text]:
    """Yield the verdict line by line, in sections; a section without content is left out."""
    yield from _headline(verdict, width)
    for title, paragraphs in (
        ("Claimed", _claims(verdict)),
        ("To be corrected by the vendor", _corrections(verdict)),
        ("Waiting for a receipt", _findings_in_state(verdict, "pending")),
        ("Short payments the vendor disputes", _settlements(verdict)),
        ("Open", _findings_in_state(verdict, "open")),
        ("For information", _information(verdict)),
        ("To look at", _review_items(verdict)),
        ("Message to the vendor", _message(verdict)),
    ):
        rows = list(paragraphs)
        if rows:
            yield Text("")
            yield Text(title, style="bold")
            for indent, row in rows:
                yield from _wrapped(row, width, indent)


# A paragraph: the lead of its first line, and its text.
Paragraph = tuple[str, str]
_HEAD, _BODY = "• ", "  "


def _wrapped(text: str, width: int, lead: str) -> Iterator[Text]:
    rows = textwrap.wrap(
        display_text(text), width, initial_indent=lead, subsequent_indent=" " * len(lead),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    style = "bold" if lead == _HEAD else ""
    yield from (Text(row, style=style) for row in rows or [""])


def _headline(verdict: Json, width: int) -> Iterator[Text]:
    """Yield order, invoices and status in a sentence; then the money."""
    papers = verdict.get("papers", {}).values()
    bills = [paper for paper in papers if paper.split()[0] in _BILL_WORDS]
    about = [_orders(verdict)] if verdict.get("po_number") else []
    about += list(dict.fromkeys(bills))
    status = _status_words(verdict)
    subject = _capitalise(", ".join(about) or "the dispute")
    for row in textwrap.wrap(display_text(f"{subject}: {status}."), width):
        yield Text(row, style="bold")
    advice = name_papers(str(verdict.get("recommendation")), verdict.get("papers", {}))
    for text in (_money_line(verdict), f"Our recommendation: {advice}"):
        yield from (Text(row) for row in textwrap.wrap(display_text(text), width))


def _orders(verdict: Json) -> str:
    """Return the orders of the dispute in words."""
    numbers = verdict.get("po_numbers") or [verdict.get("po_number")]
    if len(numbers) == 1:
        return f"order {numbers[0]}"
    shown = numbers if len(numbers) <= _MOST_NAMED else numbers[: _MOST_NAMED - 1]
    rest = [] if len(shown) == len(numbers) else [f"{len(numbers) - len(shown)} more"]
    names = [*map(str, shown), *rest]
    return f"orders {', '.join(names[:-1])} and {names[-1]}"


def _status_words(verdict: Json) -> str:
    status = str(verdict.get("status"))
    claims = [claim for claim in verdict.get("variances", ()) if claim.get("state") == "claim"]
    if status != "discrepancy" or any(map(_is_owed, claims)):
        return STATUS_WORDS.get(status, status)
    if claims:
        return "there is something for the vendor to correct, and no money to claim"
    settled = "what the vendor disputes is settled"
    return settled if verdict.get("settlements") else "there are differences, none of them to claim"


def _is_owed(claim: Json) -> bool:
    return claim.get("amount") is not None and Decimal(claim["amount"]) > 0


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


def _money_line(verdict: Json) -> str:
    """Return certain, likely and open money, and that of settled short payments, in words."""
    parts = []
    totals = verdict.get("totals", {}) | _settled_money(verdict)
    for name, words in (
        ("certain", "can be claimed for certain"),
        ("likely", "can likely be claimed"),
        ("open", "is open"),
        ("repay", "is to be repaid"),
        ("stands", "stays deducted"),
    ):
        sums = [
            f"{amount} {'' if currency == 'XXX' else currency}".strip()
            for currency, amount in totals.get(name, {}).items()
            if Decimal(amount) > 0
        ]
        if sums:
            parts.append(f"{' and '.join(sums)} {words}")
    return f"{', '.join(parts)}." if parts else "There is no money to claim."


def _settled_money(verdict: Json) -> dict[str, dict[str, str]]:
    """Return the money that short payments repay and that stays deducted, by currency."""
    money: dict[str, dict[str, str]] = {"repay": {}, "stands": {}}
    for settlement in verdict.get("settlements", ()):
        for name, sums in money.items():
            if settlement.get(name) is not None:
                currency = settlement.get("currency") or "XXX"
                sums[currency] = str(Decimal(sums.get(currency, "0")) + Decimal(settlement[name]))
    return money


def _claims(verdict: Json) -> Iterator[Paragraph]:
    """Yield the claims on money, the largest first."""
    claims = [
        claim
        for claim in verdict.get("variances", ())
        if claim.get("state") == "claim" and claim.get("amount") is not None
    ]
    for claim in sorted(claims, key=lambda claim: -Decimal(claim["amount"])):
        yield from _finding(claim, verdict, with_notes=False)


def _corrections(verdict: Json) -> Iterator[Paragraph]:
    """Yield what the vendor has to correct, without any money in it."""
    for claim in verdict.get("variances", ()):
        if claim.get("state") == "claim" and claim.get("amount") is None:
            yield from _finding(claim, verdict, with_notes=False)


def _information(verdict: Json) -> Iterator[Paragraph]:
    """Yield facts without a claim, and the price that counts where no claim states it."""
    yield from _findings_in_state(verdict, "information")
    explained_lines = {
        line_key(finding)
        for finding in verdict.get("variances", ())
        if str(finding.get("code")).startswith("PRICE_")
    }
    for line in verdict.get("lines", ()):
        if line.get("price_note") and line_key(line) not in explained_lines:
            yield _HEAD, f"{_line_name(line, verdict)}: several prices"
            yield _BODY, str(line["price_note"])


def _findings_in_state(verdict: Json, state: str) -> Iterator[Paragraph]:
    noted_lines: set[object] = set()
    for finding in verdict.get("variances", ()):
        if finding.get("state") == state:
            # Notes on a line are printed once, with its first finding.
            yield from _finding(finding, verdict, with_notes=line_key(finding) not in noted_lines)
            noted_lines.add(line_key(finding))


def _finding(finding: Json, verdict: Json, with_notes: bool) -> Iterator[Paragraph]:
    """Yield one finding: kind and money, reason with the sum, papers, what to do."""
    yield _HEAD, f"{_subject(finding, verdict)}: {_stake(finding)}"
    yield (
        _BODY,
        _capitalise(name_papers(str(finding.get("explanation")), verdict.get("papers", {}))),
    )
    if finding.get("amount") is not None:
        formula = str(finding.get("formula"))
        # A comparison of two values is not a sum of money.
        sum_of_money = " = " in formula and formula[-1:].isdigit()
        yield _BODY, f"{formula}{_in_currency(finding) if sum_of_money else ''}"
    if where := _places(finding, verdict):
        yield _BODY, f"See {where}."
    for reason in _notes(finding, verdict) if with_notes else ():
        yield _BODY, f"Note: {reason}"
    action = str(finding.get("recommended_action"))
    lead = (
        "If it holds" if finding.get("state") == "open" and "hort-pay" in action else "What to do"
    )
    yield _BODY, f"{lead}: {action}"


def _in_currency(amount_row: Json) -> str:
    return f" {amount_row['currency']}" if amount_row.get("currency") else ""


def _line_of(verdict: Json, finding: Json) -> Json:
    """Return the line that a finding is on: of its number, and of its order where that is told."""
    empty: Json = {}
    number, order = finding.get("po_line_number"), finding.get("po_number")
    rows = (
        row
        for row in verdict.get("lines", ())
        if row.get("po_line_number") == number and order in (None, row.get("po_number"))
    )
    return next(rows, empty)


def _subject(finding: Json, verdict: Json) -> str:
    """Return the order line, or the document, that a finding is about."""
    number = finding.get("po_line_number")
    if number is not None:
        line = _line_of(verdict, finding) or {"po_line_number": number}
        return _line_name(line, verdict)
    papers = verdict.get("papers", {})
    ids = [place["document_id"] for place in finding.get("evidence", ())]
    names = [papers[name] for name in ids if name in papers]
    return _capitalise(names[0] if names else _orders(verdict))


def _stake(finding: Json) -> str:
    """Return kind and money of a finding, and its probability where that is not certain."""
    code = str(finding.get("code"))
    money = ""
    if finding.get("amount") is not None:
        money = f", {finding['amount']}{_in_currency(finding)}"
    elif finding.get("amount_range"):
        span = finding["amount_range"]
        is_one = span["low"] == span["high"]
        money = f", {span['low'] if is_one else span['low'] + ' to ' + span['high']}"
        money += _in_currency(finding)
    confidence = finding.get("confidence", 1.0)
    probability = "" if confidence >= _CERTAIN else f", {confidence:.0%} probable"
    return f"{CODE_WORDS.get(code, code)}{money}{probability} [{code}]"


def _places(finding: Json, verdict: Json) -> str:
    """Return papers with pages, then the order data that a finding rests on."""
    papers = verdict.get("papers", {})
    pages: dict[str, set[int]] = {}
    data: list[str] = []
    for place in finding.get("evidence", ()):
        name = place["document_id"]
        if name not in papers:
            data.append(f"{_DATA_KINDS.get(place['field'], 'order')} {name}")
            continue
        numbers = pages.setdefault(papers[name], set())
        if place.get("page") is not None:
            numbers.add(place["page"])
    cited = [
        name + (f", page {' and '.join(map(str, sorted(numbers)))}" if numbers else "")
        for name, numbers in pages.items()
    ]
    return "; ".join((*cited, *dict.fromkeys(data)))


def _notes(finding: Json, verdict: Json) -> list[str]:
    """Return the other reasons of an open finding's line, most of them why it is open."""
    if finding.get("state") != "open" or finding.get("po_line_number") is None:
        return []
    papers, shared = verdict.get("papers", {}), _shared_notes(verdict)
    line = _line_of(verdict, finding)
    texts = [note["text"] for note in _line_notes(line, verdict) if _note_key(note) not in shared]
    return [_capitalise(name_papers(text, papers)) for text in texts]


def _line_notes(line: Json, verdict: Json) -> list[Json]:
    """Return what a line's reasons tell beside its findings.

    Verdicts stored by earlier versions have reasons alone, those of their findings among them.
    """
    if "notes" in line:
        return list(line["notes"])
    explanations = {finding.get("explanation") for finding in verdict.get("variances", ())}
    return [
        {"kind": "remark", "scope": "line", "text": reason}
        for reason in line.get("reasons", ())
        if reason not in explanations
    ]


def _note_key(note: Json) -> tuple[str, ...]:
    return note["kind"], note["scope"], note["text"]


def _shared_notes(verdict: Json) -> dict[tuple[str, ...], str]:
    """Return notes that several lines which need a person have in common: printed once."""
    asking = [line for line in verdict.get("lines", ()) if line.get("verdict") in _OPEN_STATUSES]
    under = Counter(_note_key(note) for line in asking for note in _line_notes(line, verdict))
    return {key: key[-1] for key, count in under.items() if count > 1}


def _settlements(verdict: Json) -> Iterator[Paragraph]:
    """Yield each disputed short payment: what to do and why."""
    for settlement in verdict.get("settlements", ()):
        number = settlement.get("po_line_number")
        place = f", line {number}" if number else ""
        decision = DECISION_WORDS[settlement["recommendation"]]
        claim = f"Claim {settlement['claim_id']} on invoice {settlement['invoice_id']}{place}"
        yield _HEAD, f"{claim}: {decision}"
        for reason in settlement.get("reasons", ()):
            yield _BODY, _capitalise(reason)
        if settlement.get("repay") is not None:
            currency = _in_currency(settlement)
            yield _BODY, f"{settlement['formula']}{currency}"
            yield (
                _BODY,
                f"Repay {settlement['repay']}{currency}; {settlement['stands']}{currency} stands.",
            )
        if settlement.get("missing"):
            missing = " or ".join(kind.replace("_", " ") for kind in settlement["missing"])
            yield _BODY, f"What is missing: {missing}."


def _review_items(verdict: Json) -> Iterator[Paragraph]:
    """Yield problems with documents, and lines that need a person without an open finding."""
    papers = verdict.get("papers", {})
    for problem in verdict.get("problems", ()):
        where = f" (page {problem['page']})" if problem.get("page") is not None else ""
        yield _HEAD, f"{_capitalise(name_papers(str(problem.get('message')), papers))}{where}"
    shared = _shared_notes(verdict)
    if shared:
        yield _HEAD, "Several lines:"
        yield from ((_BODY, _capitalise(name_papers(text, papers))) for text in shared.values())
    opened = {
        line_key(finding) for finding in verdict.get("variances", ()) if finding["state"] == "open"
    }
    for line in verdict.get("lines", ()):
        is_told = line.get("po_line_number") is not None and line_key(line) in opened
        if line.get("verdict") not in _OPEN_STATUSES or is_told:
            continue
        notes = [note for note in _line_notes(line, verdict) if _note_key(note) not in shared]
        if notes:
            yield _HEAD, f"{_line_name(line, verdict)}:"
            yield from ((_BODY, _capitalise(name_papers(note["text"], papers))) for note in notes)


def _line_name(line: Json, verdict: Json) -> str:
    number, name = line.get("po_line_number"), line.get("description")
    if number is None:
        return f"Billed line {name!r}" if name else "A billed line without a name"
    several = len(verdict.get("po_numbers") or ()) > 1 and line.get("po_number")
    order = f"Order {line['po_number']}, line" if several else "Line"
    return f"{order} {number}{f', {name}' if name else ''}"


def _message(verdict: Json) -> Iterator[Paragraph]:
    text = str(verdict.get("message") or "")
    for row in text.split("\n") if text else ():
        yield ("  - ", row[2:]) if row.startswith("- ") else (_BODY, row)
