"""A verdict told to people in accounts payable: what is claimed and why, what is open, what to do.

Made from the verdict's JSON, as the tables are, so that it can be told wherever that arrives.
"""

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from rich.text import Text

from data.safe_text import shown
from serving.matching.findings.paper_names import named

Json = Mapping[str, Any]

WIDTH = 100  # of a line of prose, at most
STATUS_WORDS: Mapping[str, str] = {
    "matched": "everything ties out",
    "within_tolerance": "the differences are within tolerance",
    "pending_receipt": "goods are billed that have not arrived yet",
    "discrepancy": "there is something to claim",
    "insufficient_evidence": "proof is missing",
    "needs_review": "a person has to look",
}
DECISION_WORDS: Mapping[str, str] = {
    "repay": "repay it",
    "partly_repay": "repay a part of it",
    "uphold": "uphold it",
    "ask_for_evidence": "ask for evidence",
    "needs_analyst": "a person has to decide",
}
# What each code means to somebody who does not know it.
CODE_WORDS: Mapping[str, str] = {
    "QTY_OVER_RECEIPT": "more billed than received",
    "QTY_NO_RECEIPT": "billed and not received yet",
    "QTY_OVER_ORDER": "more billed than ordered",
    "QTY_UNDER_BILLED": "less billed than received",
    "OVER_DELIVERY": "more delivered than ordered",
    "REJECTED_BILLED": "rejected goods billed",
    "PRICE_OVER": "price above the order",
    "PRICE_UNDER": "price below the order",
    "PRICE_BASIS_SUSPECT": "units look mixed up",
    "UOM_UNRESOLVED": "a unit nobody can convert",
    "EXTENSION_ERROR": "quantity × price is not the amount",
    "TOTAL_MISMATCH": "the sums do not agree",
    "ALLOWANCE_MISSING": "an agreed allowance is missing",
    "DISCOUNT_INCORRECT": "a discount is not as agreed",
    "FREIGHT_UNPLANNED": "freight nobody agreed on",
    "FREIGHT_VARIANCE": "more freight than agreed",
    "ITEM_NOT_ORDERED": "not ordered",
    "ITEM_SUBSTITUTED": "a substitute was billed",
    "DUPLICATE_INVOICE": "billed before",
    "DUPLICATE_LINE": "a line billed twice",
    "PO_NOT_FOUND": "another order is named",
    "PO_CLOSED": "the order is closed",
    "VENDOR_MISMATCH": "another vendor bills",
    "CURRENCY_MISMATCH": "another currency",
    "TERMS_MISMATCH": "other payment terms",
    "TAX_MISMATCH": "the tax is not right",
    "RETURN_NOT_CREDITED": "a return was not credited",
    "CREDIT_MEMO_SHORT": "less credited than agreed",
    "DEPOSIT_ERROR": "deposits are not as agreed",
    "WEIGHT_ERROR": "another weight than received",
    "EVIDENCE_MISSING": "a paper is missing",
    "EVIDENCE_CONFLICT": "papers disagree",
}
_OPEN_STATUSES = ("needs_review", "insufficient_evidence")
_CERTAIN = 0.995  # shown as 100 %


def verdict_prose(verdict: Json, width: int = WIDTH) -> Iterator[Text]:
    """The verdict line by line, in sections; a section without content is left out."""
    yield from _headline(verdict, width)
    for title, paragraphs in (
        ("Claimed", _claimed(verdict)),
        ("Waiting for a receipt", _of_state(verdict, "pending")),
        ("Short payments the vendor disputes", _settlements(verdict)),
        ("Open", _of_state(verdict, "open")),
        ("For information", _information(verdict)),
        ("To look at", _to_look_at(verdict)),
        ("Message to the vendor", _message(verdict)),
    ):
        rows = list(paragraphs)
        if rows:
            yield Text("")
            yield Text(title, style="bold")
            for indent, row in rows:
                yield from _wrapped(row, width, indent)


# A paragraph: how its first line is led in, and its text.
Paragraph = tuple[str, str]
_HEAD, _BODY = "• ", "  "


def _wrapped(text: str, width: int, lead: str) -> Iterator[Text]:
    rows = textwrap.wrap(
        shown(text), width, initial_indent=lead, subsequent_indent=" " * len(lead),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    style = "bold" if lead == _HEAD else ""
    yield from (Text(row, style=style) for row in rows or [""])


def _headline(verdict: Json, width: int) -> Iterator[Text]:
    """Order, invoices and status in a sentence; then the money."""
    papers = verdict.get("papers", {}).values()
    bills = [one for one in papers if one.split()[0] in ("invoice", "credit", "receipt")]
    about = [f"order {verdict['po_number']}"] if verdict.get("po_number") else []
    about += list(dict.fromkeys(bills))
    status = _status_words(verdict)
    subject = _capital(", ".join(about) or "the dispute")
    for row in textwrap.wrap(shown(f"{subject}: {status}."), width):
        yield Text(row, style="bold")
    advice = named(str(verdict.get("recommendation")), verdict.get("papers", {}))
    for text in (_money_line(verdict), f"Our recommendation: {advice}"):
        yield from (Text(row) for row in textwrap.wrap(shown(text), width))


def _status_words(verdict: Json) -> str:
    status = str(verdict.get("status"))
    claims = any(one.get("state") == "claim" for one in verdict.get("variances", ()))
    if status == "discrepancy" and verdict.get("settlements") and not claims:
        return "what the vendor disputes is settled"
    return STATUS_WORDS.get(status, status)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _money_line(verdict: Json) -> str:
    """Certain, likely and open money, and that of settled short payments, in words."""
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
            if Decimal(amount)
        ]
        if sums:
            parts.append(f"{' and '.join(sums)} {words}")
    return f"{', '.join(parts)}." if parts else "There is no money to claim."


def _settled_money(verdict: Json) -> dict[str, dict[str, str]]:
    """What short payments repay and what of them stands, by currency."""
    found: dict[str, dict[str, str]] = {"repay": {}, "stands": {}}
    for one in verdict.get("settlements", ()):
        for name, sums in found.items():
            if one.get(name) is not None:
                currency = one.get("currency") or "XXX"
                sums[currency] = str(Decimal(sums.get(currency, "0")) + Decimal(one[name]))
    return found


def _claimed(verdict: Json) -> Iterator[Paragraph]:
    """The largest claim first; what has no amount last."""
    claims = [one for one in verdict.get("variances", ()) if one.get("state") == "claim"]
    for one in sorted(claims, key=lambda one: -Decimal(one.get("amount") or "0")):
        yield from _finding(one, verdict, noted=False)


def _information(verdict: Json) -> Iterator[Paragraph]:
    """Facts that nothing is taken on, and which price counts where no claim has told it."""
    yield from _of_state(verdict, "information")
    told = {
        one.get("po_line_number")
        for one in verdict.get("variances", ())
        if str(one.get("code")).startswith("PRICE_")
    }
    for line in verdict.get("lines", ()):
        if line.get("price_note") and line.get("po_line_number") not in told:
            yield _HEAD, f"{_line_name(line)}: several prices"
            yield _BODY, str(line["price_note"])


def _of_state(verdict: Json, state: str) -> Iterator[Paragraph]:
    seen: set[object] = set()
    for one in verdict.get("variances", ()):
        if one.get("state") == state:
            # What is to be known about a line is said once, with its first finding.
            yield from _finding(one, verdict, noted=one.get("po_line_number") not in seen)
            seen.add(one.get("po_line_number"))


def _finding(one: Json, verdict: Json, noted: bool) -> Iterator[Paragraph]:
    """One finding: what and how much, why with the sum, where it stands, what to do."""
    yield _HEAD, f"{_subject(one, verdict)}: {_stake(one)}"
    yield _BODY, _capital(named(str(one.get("explanation")), verdict.get("papers", {})))
    if one.get("amount") is not None:
        formula = str(one.get("formula"))
        # What stands against what is no sum of money.
        sum_of_money = " = " in formula and formula[-1:].isdigit()
        yield _BODY, f"{formula}{_in_currency(one) if sum_of_money else ''}"
    if where := _places(one, verdict):
        yield _BODY, f"See {where}."
    for reason in _notes(one, verdict) if noted else ():
        yield _BODY, f"Note: {reason}"
    action = str(one.get("recommended_action"))
    lead = "If it holds" if one.get("state") == "open" and "hort-pay" in action else "What to do"
    yield _BODY, f"{lead}: {action}"


def _in_currency(one: Json) -> str:
    return f" {one['currency']}" if one.get("currency") else ""


def _line_of(verdict: Json, number: object) -> Json:
    empty: Json = {}
    rows = (row for row in verdict.get("lines", ()) if row.get("po_line_number") == number)
    return next(rows, empty)


def _subject(one: Json, verdict: Json) -> str:
    """The order line, or the document, that a finding is about."""
    number = one.get("po_line_number")
    if number is not None:
        return _line_name(_line_of(verdict, number) or {"po_line_number": number})
    papers = verdict.get("papers", {})
    ids = [place["document_id"] for place in one.get("evidence", ())]
    names = [papers[name] for name in ids if name in papers]
    return _capital(names[0] if names else f"order {verdict.get('po_number')}")


def _stake(one: Json) -> str:
    """What it is and how much money, with how probably it holds where that is not certain."""
    code = str(one.get("code"))
    money = ""
    if one.get("amount") is not None:
        money = f", {one['amount']}{_in_currency(one)}"
    elif one.get("amount_range"):
        span = one["amount_range"]
        money = f", {span['low']} to {span['high']}{_in_currency(one)}"
    confidence = one.get("confidence", 1.0)
    sure = "" if confidence >= _CERTAIN else f", {confidence:.0%} probable"
    return f"{CODE_WORDS.get(code, code)}{money}{sure} [{code}]"


def _places(one: Json, verdict: Json) -> str:
    """Papers with pages, then the order data that a finding rests on."""
    papers = verdict.get("papers", {})
    pages: dict[str, set[int]] = {}
    data: list[str] = []
    for place in one.get("evidence", ()):
        name = place["document_id"]
        if name not in papers:
            kind = "receipt" if place["field"] == "quantity_received" else "order"
            data.append(f"{kind} {name}")
            continue
        numbers = pages.setdefault(papers[name], set())
        if place.get("page") is not None:
            numbers.add(place["page"])
    cited = [
        name + (f", page {' and '.join(map(str, sorted(numbers)))}" if numbers else "")
        for name, numbers in pages.items()
    ]
    return "; ".join((*cited, *dict.fromkeys(data)))


def _notes(one: Json, verdict: Json) -> list[str]:
    """What else is known of an open finding's line, most of it why it is open."""
    number = one.get("po_line_number")
    if one.get("state") != "open" or number is None:
        return []
    told = {_capital(str(other.get("explanation"))) for other in verdict.get("variances", ())}
    told |= {f"{sentence}." for sentence in told} | {one.removesuffix(".") for one in told}
    told |= set(_of_several_lines(verdict))
    papers = verdict.get("papers", {})
    reasons = _line_of(verdict, number).get("reasons", ())
    return [
        _capital(named(reason, papers))
        for reason in reasons
        if _capital(reason) not in told and reason not in told
    ]


def _of_several_lines(verdict: Json) -> dict[str, None]:
    """The reasons of more than one line that needs a person, in their order: they are said once."""
    asking = [one for one in verdict.get("lines", ()) if one.get("verdict") in _OPEN_STATUSES]
    under = Counter(reason for line in asking for reason in line.get("reasons", ()))
    return {reason: None for reason, count in under.items() if count > 1}


def _settlements(verdict: Json) -> Iterator[Paragraph]:
    """Each disputed short payment: what to do and why."""
    for one in verdict.get("settlements", ()):
        number = one.get("po_line_number")
        place = f", line {number}" if number else ""
        decision = DECISION_WORDS[one["recommendation"]]
        yield _HEAD, f"Claim {one['claim_id']} on invoice {one['invoice_id']}{place}: {decision}"
        for reason in one.get("reasons", ()):
            yield _BODY, _capital(reason)
        if one.get("repay") is not None:
            currency = _in_currency(one)
            yield _BODY, f"{one['formula']}{currency}"
            yield _BODY, f"Repay {one['repay']}{currency}; {one['stands']}{currency} stands."
        if one.get("missing"):
            missing = " or ".join(kind.replace("_", " ") for kind in one["missing"])
            yield _BODY, f"What is missing: {missing}."


def _to_look_at(verdict: Json) -> Iterator[Paragraph]:
    """Problems with the documents, and lines that need a person without an open finding."""
    papers = verdict.get("papers", {})
    for one in verdict.get("problems", ()):
        where = f" (page {one['page']})" if one.get("page") is not None else ""
        yield _HEAD, f"{_capital(named(str(one.get('message')), papers))}{where}"
    shared = _of_several_lines(verdict)
    if shared:
        yield _HEAD, "Several lines:"
        yield from ((_BODY, _capital(named(reason, papers))) for reason in shared)
    findings = verdict.get("variances", ())
    opened = {one.get("po_line_number") for one in findings if one["state"] == "open"} - {None}
    told = {one.get("explanation") for one in findings} | shared.keys()
    for line in verdict.get("lines", ()):
        asks = line.get("verdict") in _OPEN_STATUSES and line.get("po_line_number") not in opened
        reasons = [named(one, papers) for one in line.get("reasons", ()) if one not in told]
        if asks and reasons:
            yield _HEAD, f"{_line_name(line)}:"
            yield from ((_BODY, _capital(reason)) for reason in reasons)


def _line_name(line: Json) -> str:
    number, name = line.get("po_line_number"), line.get("description")
    if number is None:
        return f"Billed line {name!r}" if name else "A billed line without a name"
    return f"Line {number}{f', {name}' if name else ''}"


def _message(verdict: Json) -> Iterator[Paragraph]:
    text = str(verdict.get("message") or "")
    for row in text.split("\n") if text else ():
        yield ("  - ", row[2:]) if row.startswith("- ") else (_BODY, row)
