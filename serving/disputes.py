"""One dispute in, one verdict out: read documents and order data against the buyer's policy.

Plain Python: no Ray, no model, no I/O. What is wrong with the documents is part of the verdict.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from data.currencies import read_currency
from data.records import ExtractedDocument, LineItem, OrderData, Problem
from serving.matching.allocation import allocate
from serving.matching.assignment import Assignment, assign_lines
from serving.matching.backup import BACKUP_TYPES, backup_evidence
from serving.matching.billed import (
    CHARGE_TYPES,
    SILENT_TYPES,
    BilledItem,
    credit_sign,
    read_item,
)
from serving.matching.credits import agreements, is_credited, match_credit
from serving.matching.findings import Status, Variance, worst
from serving.matching.headers import (
    HeaderCheck,
    check_header,
    is_other_order,
    unchecked_charges,
)
from serving.matching.kits import assemble_kits
from serving.matching.match import Context, LineMatch, match_line
from serving.matching.names import normalise_code
from serving.matching.shares import Share, share
from serving.matching.standing import Ledger, Standing, is_live, line_key, standing
from serving.matching.surroundings import Surroundings, late_deliveries, unbilled_room
from serving.matching.unmatched import (
    comparison_doubts,
    evident_substitutes,
    match_charge,
    match_other_order,
    match_unordered,
)
from serving.matching.variances import rounded
from serving.policy import Policy
from serving.verdict import NO_CURRENCY, Totals, Verdict

BILLING_TYPES = frozenset({"invoice", "credit_memo", "receipt"})
# The buyer's own order, printed: order data comes as data.
IGNORED_TYPES = frozenset({"purchase_order"})


def examine(
    documents: Sequence[ExtractedDocument], data: OrderData, policy: Policy | None = None
) -> Verdict:
    """The verdict on read documents; without a policy nothing is tolerated.

    Never "matched" when a document was not read completely or no billed line was read at all.
    """
    policy = policy or Policy()
    problems = [problem for document in documents for problem in _unread(document)]
    billing, repeated = _billing(documents)
    problems += repeated
    currency = data.order.currency or _printed_currency(billing)
    context = Context(policy, currency, data.order.vendor_id)
    checks = {
        document.document_id: check_header(document, data.order, context) for document in billing
    }
    context = replace(context, doubts=_doubts(checks, repeated), price_doubts=_price_doubts(checks))
    for document in billing:
        charges = unchecked_charges(document, context)
        problems += [Problem("charge_not_compared", sentence) for sentence in charges]
    problems += _claimed_already(billing, data)
    compared = [document for document in billing if not checks[document.document_id].wrong]
    backup = [
        one
        for one in documents
        if one.document_type.value in BACKUP_TYPES
        and not is_other_order(one.fields.get("purchase_order"), data.order)
    ]
    matches = _match(compared, backup, data, context)
    header = [variance for check in checks.values() for variance in check.variances]
    if not any(_items(document) for document in billing):
        sentence = "no billed line was read: nothing can be concluded"
        problems.append(Problem("unread", f"{_names(documents)}: {sentence}"))
    return _verdict(matches, header, problems, context)


def _names(documents: Sequence[ExtractedDocument]) -> str:
    return ", ".join(document.document_id for document in documents) or "no document"


def _items(document: ExtractedDocument) -> list[LineItem]:
    return [item for item in document.line_items if item.line_type not in SILENT_TYPES]


def _unread(document: ExtractedDocument) -> list[Problem]:
    """The document's own problems, and why it was not used where it was not."""
    problems = [
        replace(problem, message=f"{document.document_id}: {problem.message}")
        for problem in document.problems
    ]
    kind = document.document_type.value
    used = kind in BILLING_TYPES | BACKUP_TYPES | IGNORED_TYPES
    if not used and document.line_items:
        problems.append(
            Problem(
                "document_not_used",
                f"{document.document_id}: lines were read on a document of type {kind!r}, "
                "which is not compared",
            )
        )
    if kind in BILLING_TYPES and not _items(document):
        problems.append(Problem("unread", f"{document.document_id}: no line was read"))
    return problems


def _billing(
    documents: Sequence[ExtractedDocument],
) -> tuple[list[ExtractedDocument], list[Problem]]:
    """Invoices and credit memos, copies left out; and a problem per invoice given twice."""
    billing: list[ExtractedDocument] = []
    problems: list[Problem] = []
    for document in documents:
        if document.document_type.value not in BILLING_TYPES:
            continue
        twin = next((other for other in billing if _same_invoice(document, other)), None)
        if twin is None:
            billing.append(document)
            continue
        sentence = f"{document.document_id} is the same invoice as {twin.document_id}"
        if _content(document) == _content(twin):
            problems.append(Problem("duplicate_document", f"{sentence}; it counts once"))
        else:
            billing.append(document)
            problems.append(
                Problem(
                    "invoice_in_two_documents", f"{sentence}, with other lines: which is right?"
                )
            )
    return billing, problems


def _number(document: ExtractedDocument) -> str | None:
    leaf = document.fields.get("invoice_id")
    return normalise_code(leaf.text) if leaf is not None and leaf.text else None


def _same_invoice(one: ExtractedDocument, other: ExtractedDocument) -> bool:
    if one.document_type.value != other.document_type.value:
        return False
    if _number(one) is None or _number(other) is None:
        return bool(one.line_items) and _content(one) == _content(other)
    return _number(one) == _number(other)


def _content(document: ExtractedDocument) -> list[tuple[object, ...]]:
    """What a document bills, place and confidence left aside."""
    names = ("description", "quantity", "unit_price", "amount")
    return [
        tuple(leaf.value if (leaf := item.field(name)) else None for name in names)
        for item in document.line_items
    ]


def _doubts(
    checks: Mapping[str, HeaderCheck], repeated: Sequence[Problem]
) -> dict[str, tuple[str, ...]]:
    """Sentences that bar claims, by document. An invoice in two versions bars all of them."""
    torn = tuple(one.message for one in repeated if one.code == "invoice_in_two_documents")
    return {document: (*check.doubts, *torn) for document, check in checks.items()}


def _price_doubts(checks: Mapping[str, HeaderCheck]) -> dict[str, tuple[str, ...]]:
    return {document: check.price_doubts for document, check in checks.items()}


def _printed_currency(billing: Sequence[ExtractedDocument]) -> str | None:
    texts = (document.fields.get("currency") for document in billing)
    codes = {read_currency(leaf.text) for leaf in texts if leaf is not None and leaf.text}
    return codes.pop() if len(codes) == 1 else None


def _claimed_already(billing: Sequence[ExtractedDocument], data: OrderData) -> list[Problem]:
    """Claims that stand against these invoices: what is found may have been taken already."""
    numbers = {_number(document) for document in billing}
    return [
        Problem(
            "claim_exists",
            f"claim {claim.claim_id} ({claim.kind}) already stands against invoice "
            f"{claim.invoice_id}: check that nothing is claimed twice",
        )
        for claim in data.claims
        if normalise_code(claim.invoice_id) in numbers
        and is_live(claim.status)
        and not is_credited(claim, billing)
    ]


def _match(
    billing: Sequence[ExtractedDocument],
    backup: Sequence[ExtractedDocument],
    data: OrderData,
    context: Context,
) -> list[LineMatch]:
    """Every PO line that is billed, then billed lines without a PO line, then charges."""
    items, elsewhere, charges = _read_items(billing, data)
    choices = assign_lines(
        [(one.item, one.price, one.unit) for one in items],
        data.order.lines,
        data.order.unit_code_list,
    )
    chosen = assemble_kits(list(zip(items, choices, strict=True)), data.order.unit_code_list)
    standings = _standings(data, billing, chosen)
    credits, chosen = _credits(chosen, standings, data, context)
    shares = _shares(chosen, standings, context.policy)
    billed = {
        key: sum((one.quantity or Fraction(0) for one in own), Fraction(0))
        for key, own in shares.items()
    }
    evidence = backup_evidence(backup, standings, billed)
    unbilled = [standings[key] for key in standings if key not in shares]
    strange = [(one, choice) for one, choice in chosen if choice.order_line is None]
    around = Surroundings(
        unbilled_room(unbilled, context.policy.expect, context.policy.pay_rejected),
        late_deliveries(backup, standings),
        [one for one in (*charges, *(row for row, _ in strange)) if one.sign == -1],
    )
    matches = [
        match_line(standings[key], own, context, evidence.get(key, ()), around)
        for key, own in shares.items()
    ]
    matches += credits
    coded = {one.document.document_id for one, choice in chosen if "code" in choice.by}
    least = context.policy.review_confidence
    instead = evident_substitutes([one for one, _ in strange], unbilled, least)
    for number, (one, choice) in enumerate(strange):
        agree = one.document.document_id in coded
        rivals = comparison_doubts(one, choice, [other.line for other in unbilled], agree)
        matches.append(match_unordered(one, rivals, context, instead.get(number)))
    matches += [match_other_order(one, number) for one, number in elsewhere]
    found = (match_charge(charge, context) for charge in charges)
    return matches + [match for match in found if match is not None]


def _credits(
    chosen: Sequence[tuple[BilledItem, Assignment]],
    standings: Mapping[str, Standing],
    data: OrderData,
    context: Context,
) -> tuple[list[LineMatch], list[tuple[BilledItem, Assignment]]]:
    """(what became of agreed credits, the rows that are for none)."""
    by_number = {standing.line.po_line_number: standing for standing in standings.values()}
    found, used = [], set()
    for agreement in agreements(data.claims, chosen):
        if (standing := by_number.get(agreement.line or "")) is not None:
            found.append(match_credit(agreement, standing, context))
            used |= {id(one) for one, _ in agreement.rows}
    return found, [(one, choice) for one, choice in chosen if id(one) not in used]


def _shares(
    chosen: Sequence[tuple[BilledItem, Assignment]],
    standings: Mapping[str, Standing],
    policy: Policy,
) -> dict[str, list[Share]]:
    """The shares of every PO line on which something is billed."""
    by_line: dict[str, list[Share]] = {key: [] for key in standings}
    for one, choice in chosen:
        if choice.order_line is not None:
            key = line_key(choice.order_line)
            by_line[key].append(share(one, choice, standings[key].units))
    allocated = allocate(by_line, standings, policy.expect, policy.pay_rejected)
    return {key: own for key, own in allocated.items() if own}


def _read_items(
    billing: Sequence[ExtractedDocument], data: OrderData
) -> tuple[list[BilledItem], list[tuple[BilledItem, str]], list[BilledItem]]:
    """(goods, goods of other orders with the order's number, charges), in numbers."""
    items: list[BilledItem] = []
    elsewhere: list[tuple[BilledItem, str]] = []
    charges: list[BilledItem] = []
    for document in billing:
        sign = credit_sign(document)
        for number, item in enumerate(document.line_items, start=1):
            if item.line_type in SILENT_TYPES:
                continue
            one, leaf = read_item(document, number, sign), item.po_number
            if item.line_type in CHARGE_TYPES:
                charges.append(one)
            elif leaf is not None and is_other_order(leaf, data.order):
                elsewhere.append((one, leaf.text or ""))
            else:
                items.append(one)
    return items, elsewhere, charges


def _standings(
    data: OrderData,
    billing: Sequence[ExtractedDocument],
    chosen: Sequence[tuple[BilledItem, Assignment]],
) -> dict[str, Standing]:
    """How every PO line stands, in the unit that suits what is billed on it."""
    printed = {_number(document) for document in billing} - {None}
    invoices = {
        bill.invoice_id for bill in data.billed if normalise_code(bill.invoice_id) in printed
    }
    units: defaultdict[int, list[str | None]] = defaultdict(list)
    for one, choice in chosen:
        units[id(choice.order_line)].append(one.unit)
    ledger = Ledger.of(data, invoices)
    return {line_key(line): standing(ledger, line, units[id(line)]) for line in data.order.lines}


def _verdict(
    matches: Sequence[LineMatch],
    header: Sequence[Variance],
    problems: Sequence[Problem],
    context: Context,
) -> Verdict:
    variances = (*header, *(found for match in matches for found in match.variances))
    statuses: list[Status] = [match.verdict.verdict for match in matches]
    statuses += ["discrepancy" if found.state == "claim" else "needs_review" for found in header]
    if problems:
        statuses.append("needs_review")
    totals = _totals(variances, context)
    status = worst(statuses)
    return Verdict(
        status=status,
        lines=tuple(match.verdict for match in matches),
        variances=variances,
        totals=totals,
        recommendation=_recommendation(status, totals, matches, problems, variances),
        problems=tuple(problems),
    )


def _totals(variances: Sequence[Variance], context: Context) -> Totals:
    currency = context.currency or NO_CURRENCY
    certain = likely = open_ = Decimal(0)
    for found in variances:
        amount = found.amount or Decimal(0)
        if found.state != "claim":
            open_ += amount
        elif found.confidence >= context.policy.certain_confidence:
            certain += amount
        else:
            likely += amount
    return Totals({currency: certain}, {currency: likely}, {currency: open_})


def _recommendation(
    status: Status,
    totals: Totals,
    matches: Sequence[LineMatch],
    problems: Sequence[Problem],
    variances: Sequence[Variance],
) -> str:
    """What to do, in a few sentences: what can be claimed, what needs a person and why."""
    parts = []
    for currency, certain in totals.certain.items():
        claimable = certain + totals.likely[currency]
        if claimable > 0:
            parts.append(
                f"Short-pay {rounded(claimable, currency)} {currency}, of which "
                f"{rounded(certain, currency)} is certain."
            )
    waiting = [found for found in variances if found.state == "pending"]
    if waiting:
        parts.append(f"{len(waiting)} line(s) wait for a receipt.")
    if status == "needs_review":
        lines = [match.verdict for match in matches if match.verdict.verdict == "needs_review"]
        reasons = [problem.message for problem in problems]
        reasons += [reason for line in lines for reason in line.reasons[:1]]
        reasons += [found.explanation for found in variances if found.state == "open"]
        first = list(dict.fromkeys(reasons))
        more = f" (and {len(first) - 1} more)" if len(first) > 1 else ""
        parts.append(f"An analyst has to look: {first[0]}{more}")
    return " ".join(parts) or "Nothing to claim."
