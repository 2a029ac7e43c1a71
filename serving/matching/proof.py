"""Delivery papers and disputed short payments against the checked lines of a dispute."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from data.order_records import OrderData
from data.records import ExtractedDocument, Problem
from serving.matching.currencies import (
    InvoiceMoney,
    claims_in_order_money,
    foreign_money,
    in_invoice_money,
    lines_in_invoice_money,
    money_by_number,
    settlements_in_invoice_money,
)
from serving.matching.evidence.agreed_credits import is_credited
from serving.matching.evidence.deducted import Deducted
from serving.matching.evidence.other_deductions import SETTLED_REASONS, Records, settle_others
from serving.matching.evidence.paper_conflicts import missing_papers, weigh_papers
from serving.matching.evidence.short_payments import (
    ClaimSources,
    Settlement,
    held_units,
    is_disputed,
    settle,
)
from serving.matching.findings.records import Finding, LineCheck
from serving.matching.invoice.split_files import number_of
from serving.matching.ledger.deductions import stage_of
from serving.matching.lines import CheckedLines
from serving.matching.pairing.article_names import normalise_code
from serving.matching.pairs import Pairs
from serving.matching.papers import SortedPapers


@dataclass(frozen=True, slots=True)
class CheckedEvidence:
    """The lines of a dispute weighed against papers and claims, ready to be decided.

    `findings` are about required papers that are missing, `line_findings` those on no billed line.
    """

    lines: tuple[LineCheck, ...]
    findings: tuple[Finding, ...]
    line_findings: tuple[Finding, ...]
    settlements: tuple[Settlement, ...]
    problems: tuple[Problem, ...]


def check_evidence(
    lines: CheckedLines, pairs: Pairs, papers: SortedPapers, on_invoices: Sequence[Finding]
) -> CheckedEvidence:
    """Weigh delivery papers against receipts, and settle deductions that the vendor disputes.

    `on_invoices` are the findings on whole invoices, in their own money; so is all that comes back.
    """
    context, data = pairs.context, pairs.data
    money = foreign_money(pairs)
    by_number = money_by_number(pairs, money)
    documents = (*pairs.billing, *pairs.delivery_papers)
    compared = ClaimSources(pairs.order_lines, pairs.shares, lines.statements, documents)
    by_units = settle(compared, claims_in_order_money(data, by_number), context)
    settlements = settlements_in_invoice_money(by_units, by_number)
    weighed = [
        weigh_papers(check, pairs.order_lines[key], lines.statements.get(key, ()), context)
        for key, check in lines.order_lines.items()
    ]
    checked = lines_in_invoice_money((*weighed, *lines.others), money, context.currency)
    records = _records(lines, pairs, papers, on_invoices)
    others = _settle_others(records, pairs, by_number)
    by_count = frozenset(settlement.claim.claim_id for settlement in settlements)
    known = Deducted(pairs.deductions, records.numbers, by_count)
    undecided = [claim for claim in data.claims if is_disputed(claim)]
    billing = [bill.document for bill in papers.bills]
    settled = by_count | {settlement.claim.claim_id for settlement in others}
    checks, (line_findings, invoice_findings) = known.taken_off(
        checked, (records.findings[: len(lines.findings)], on_invoices)
    )
    return CheckedEvidence(
        tuple(_held(checks, settlements)),
        tuple(missing_papers(pairs.delivery_papers, data, undecided, context)),
        (*line_findings, *invoice_findings),
        _in_order((*settlements, *others), data),
        tuple(_claimed_already(billing, data, settled)),
    )


def _records(
    lines: CheckedLines, pairs: Pairs, papers: SortedPapers, on_invoices: Sequence[Finding]
) -> Records:
    """Return what the checks found, in the money of the invoices."""
    money, currency = foreign_money(pairs), pairs.context.currency
    return Records(
        lines_in_invoice_money((*lines.order_lines.values(), *lines.others), money, currency),
        (*in_invoice_money(lines.findings, money, currency), *on_invoices),
        pairs.data.order,
        _numbers(papers),
        _paid(pairs.data),
    )


def _numbers(papers: SortedPapers) -> dict[str, str]:
    """Return the numbers of the invoices by document id."""
    numbers = (
        (document.document_id, number_of(bill.document))
        for bill in papers.bills
        for document in (bill.document, *bill.parts)
    )
    return {name: number for name, number in numbers if number is not None}


def _paid(data: OrderData) -> frozenset[str]:
    """Return the numbers of invoices that the history calls paid."""
    stated = [(bill.invoice_id, bill.status) for bill in data.billed]
    stated += [(invoice.invoice_id, invoice.result) for invoice in data.invoices]
    return frozenset(
        normalise_code(number)
        for number, status in stated
        if (status or "").strip().casefold() == "paid"
    )


def _settle_others(
    records: Records, pairs: Pairs, money: Mapping[str, InvoiceMoney]
) -> tuple[Settlement, ...]:
    """Settle the open deductions from these invoices that no count of units settles."""
    numbers = set(records.numbers.values())
    deductions = [
        deduction
        for number, on_invoice in pairs.deductions.by_invoice.items()
        for deduction in on_invoice
        if number in numbers
        and deduction.reason in SETTLED_REASONS
        and deduction.stage in ("open", "taken")
    ]
    contexts = {
        number: replace(pairs.context, currency=money[number].currency)
        if number in money
        else pairs.context
        for number in numbers
    }
    return settle_others(deductions, records, contexts)


def _in_order(settlements: Sequence[Settlement], data: OrderData) -> tuple[Settlement, ...]:
    """Return the settlements in the order of their claims."""
    places = {claim.claim_id: place for place, claim in enumerate(data.claims)}
    return tuple(sorted(settlements, key=lambda settlement: places[settlement.claim.claim_id]))


def _held(checks: Sequence[LineCheck], settlements: Sequence[Settlement]) -> list[LineCheck]:
    """The checks with the units of their lines that disputed short payments hold back."""
    by_line: defaultdict[str, list[Settlement]] = defaultdict(list)
    for settlement in (part for whole in settlements for part in (whole.parts or (whole,))):
        if settlement.claim.line is not None:
            by_line[settlement.claim.line].append(settlement)
    return [
        replace(check, held=held_units(by_line[number]))
        if (number := check.facts.po_line_number) is not None and number in by_line
        else check
        for check in checks
    ]


def _claimed_already(
    billing: Sequence[ExtractedDocument], data: OrderData, settled: Collection[str]
) -> list[Problem]:
    """Problems for live claims against these invoices that are not settled here.

    The same money may have been claimed already.
    """
    numbers = {number_of(document) for document in billing}
    return [
        Problem(
            "claim_exists",
            f"claim {claim.claim_id} ({claim.kind}) already stands against invoice "
            f"{claim.invoice_id}: check that nothing is claimed twice",
        )
        for claim in data.claims
        if normalise_code(claim.invoice_id) in numbers
        and stage_of(claim.status) == "open"
        and not is_credited(claim, billing)
        and claim.claim_id not in settled
    ]
