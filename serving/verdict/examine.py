"""One dispute in, one verdict out: read documents and order data against the buyer's policy.

Plain Python: no Ray, no model, no I/O. What is wrong with the documents is part of the verdict.
"""

from collections.abc import Sequence
from datetime import date

from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.matching.currencies import (
    foreign_money,
    in_invoice_money,
    lines_in_invoice_money,
)
from serving.matching.evidence.debit_memos import with_debit_memos
from serving.matching.evidence.history_invoices import with_history_invoices
from serving.matching.invoice.check import check_invoices
from serving.matching.limits import bound_by_invoice
from serving.matching.line.balance import doubt_allowances
from serving.matching.lines import check_lines
from serving.matching.pairs import pair_lines
from serving.matching.papers import sort_papers
from serving.matching.proof import check_evidence
from serving.matching.rules.decide import decide
from serving.matching.rules.policy import Policy
from serving.verdict.conclusion import conclude
from serving.verdict.records import Verdict


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
    data = with_debit_memos(data, documents)
    papers = sort_papers(with_history_invoices(documents, data), data)
    invoices = check_invoices(papers.bills, data, policy)
    pairs = pair_lines(invoices, papers, data)
    lines = check_lines(pairs, invoices.notes)
    evidence = check_evidence(lines, pairs, papers)
    on_invoices = doubt_allowances(invoices.findings, evidence.lines)
    findings = (*on_invoices, *evidence.findings, *evidence.line_findings)
    money, currency = foreign_money(pairs), pairs.context.currency
    bounded = bound_by_invoice(
        lines_in_invoice_money(evidence.lines, money, currency),
        in_invoice_money(findings, money, currency),
        papers.bills,
        policy,
    )
    decided = decide(bounded.lines, bounded.findings, invoices.dates, policy, today)
    return conclude(decided, papers, invoices, evidence, data)
