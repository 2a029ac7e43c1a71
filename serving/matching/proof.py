"""Delivery papers and disputed short payments against the checked lines of a dispute."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from data.order_records import OrderData
from data.records import ExtractedDocument, Problem
from serving.matching.evidence.agreed_credits import is_credited
from serving.matching.evidence.deducted import without_deducted
from serving.matching.evidence.other_deductions import SETTLED_REASONS, settle_other
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
from serving.matching.rules.context import Context


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


def check_evidence(lines: CheckedLines, pairs: Pairs, papers: SortedPapers) -> CheckedEvidence:
    """Weigh delivery papers against receipts, and settle disputed short payments."""
    context, data = pairs.context, pairs.data
    compared = ClaimSources(
        pairs.order_lines,
        pairs.shares,
        lines.statements,
        (*pairs.billing, *pairs.delivery_papers),
    )
    settlements = settle(compared, data, context)
    others = _settle_others(lines, pairs, context)
    weighed = [
        weigh_papers(check, pairs.order_lines[key], lines.statements.get(key, ()), context)
        for key, check in lines.order_lines.items()
    ]
    open_units = {settlement.claim.claim_id for settlement in settlements}
    undecided = [claim for claim in data.claims if is_disputed(claim)]
    billing = [bill.document for bill in papers.bills]
    numbers = _numbers(pairs)
    checks = [
        replace(
            check,
            findings=without_deducted(
                check.findings, pairs.deductions, numbers, frozenset(open_units)
            ),
        )
        for check in (*weighed, *lines.others)
    ]
    settled = open_units | {settlement.claim.claim_id for settlement in others}
    on_invoices = without_deducted(lines.findings, pairs.deductions, numbers, frozenset(open_units))
    return CheckedEvidence(
        tuple(_held(checks, settlements)),
        tuple(missing_papers(pairs.delivery_papers, data, undecided, context)),
        on_invoices,
        _in_order((*settlements, *others), data),
        tuple(_claimed_already(billing, data, settled)),
    )


def _numbers(pairs: Pairs) -> dict[str, str]:
    """Return the numbers of the invoices by document id."""
    numbers = ((document.document_id, number_of(document)) for document in pairs.billing)
    return {name: number for name, number in numbers if number is not None}


def _settle_others(lines: CheckedLines, pairs: Pairs, context: Context) -> tuple[Settlement, ...]:
    """Settle the open deductions for prices, freight, damage and returns from these invoices."""
    checks = [*lines.order_lines.values()]
    numbers = {number_of(document) for document in pairs.billing} - {None}
    return tuple(
        settle_other(deduction, checks, lines.findings, pairs.data.order, context)
        for number, deductions in pairs.deductions.by_invoice.items()
        for deduction in deductions
        if number in numbers and deduction.stage == "open" and deduction.reason in SETTLED_REASONS
    )


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
