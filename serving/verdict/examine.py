"""One dispute in, one verdict out: read documents and order data against the buyer's policy.

Plain Python: no Ray, no model, no I/O. What is wrong with the documents is part of the verdict.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.matching.evidence.debit_memos import with_debit_memos
from serving.matching.evidence.history_invoices import with_history_invoices
from serving.matching.findings.records import Finding, LineCheck
from serving.matching.invoice.check import CheckedInvoices, check_invoices
from serving.matching.limits import bound_by_invoice
from serving.matching.line.balance import doubt_allowances
from serving.matching.lines import check_lines
from serving.matching.pairs import pair_lines
from serving.matching.papers import SortedPapers, sort_papers, with_stated_types
from serving.matching.parent_rows import without_parents
from serving.matching.proof import CheckedEvidence, check_evidence
from serving.matching.row_types import with_row_types
from serving.matching.rules.decide import decide
from serving.matching.rules.policy import Policy
from serving.matching.totals import compare_totals
from serving.verdict.conclusion import conclude
from serving.verdict.records import Verdict


@dataclass(frozen=True, slots=True)
class CheckedDispute:
    """One dispute with every check done and nothing decided: what `judge` makes a verdict of."""

    lines: tuple[LineCheck, ...]
    findings: tuple[Finding, ...]
    papers: SortedPapers
    invoices: CheckedInvoices
    evidence: CheckedEvidence
    data: OrderData


def examine(
    documents: Sequence[ExtractedDocument],
    data: OrderData,
    policy: Policy | None = None,
    today: date | None = None,
) -> Verdict:
    """The verdict on read documents; without a policy nothing is tolerated.

    `today` is the day by which the policy's waiting days are counted; without it nothing ages.
    Never "matched" when a document was not read completely or no billed line was read at all.
    """
    policy = policy or Policy()
    return judge(check(documents, data, policy), policy, today)


def check(
    documents: Sequence[ExtractedDocument], data: OrderData, policy: Policy
) -> CheckedDispute:
    """The findings and doubts of every line and of the invoices, before any is decided."""
    documents = [
        with_row_types(without_parents(paper), data.order)
        for paper in with_stated_types(documents, data)
    ]
    data = with_debit_memos(data, documents)
    papers = sort_papers(with_history_invoices(documents, data), data)
    invoices = check_invoices(papers.bills, data, policy)
    pairs = pair_lines(invoices, papers, data)
    lines = check_lines(pairs, invoices.notes)
    on_invoices = doubt_allowances(invoices.findings, lines.order_lines.values())
    evidence = check_evidence(lines, pairs, papers, on_invoices)
    totals = compare_totals(pairs, lines, papers.bills, invoices.findings)
    findings = (*evidence.findings, *evidence.line_findings, *totals)
    bounded = bound_by_invoice(evidence.lines, findings, papers.bills, policy)
    return CheckedDispute(
        tuple(bounded.lines), tuple(bounded.findings), papers, invoices, evidence, data
    )


def judge(checked: CheckedDispute, policy: Policy, today: date | None = None) -> Verdict:
    """The verdict on a checked dispute: every finding decided, the money summed up."""
    dates = checked.invoices.dates
    decided = decide(checked.lines, checked.findings, dates, policy, today)
    return conclude(decided, checked.papers, checked.invoices, checked.evidence, checked.data)
