"""One dispute in, one verdict out: read documents and order data against the buyer's policy.

Plain Python: no Ray, no model, no I/O. What is wrong with the documents is part of the verdict.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from data.order_records import OrderData
from data.records import ExtractedDocument, Field, LineItem, Problem
from data.values.currencies import read_currency
from serving.matching.compare import compare_lines
from serving.matching.evidence.agreed_credits import is_credited
from serving.matching.evidence.delivery_papers import BACKUP_TYPES
from serving.matching.evidence.paper_conflicts import missing_papers
from serving.matching.evidence.short_payments import is_disputed, with_settlements
from serving.matching.findings.paper_names import Papers
from serving.matching.findings.records import Variance
from serving.matching.invoice.agreements import HeaderCheck, is_other_order
from serving.matching.invoice.check import check_header
from serving.matching.invoice.duplicates import Copies, find_copies, versions, without_copies
from serving.matching.invoice.order_terms import Restated, restate
from serving.matching.invoice.split_files import Bill, join_parts, number_of
from serving.matching.line.check import Context, LineMatch
from serving.matching.line.tolerated import after_waiting
from serving.matching.pairing.article_names import normalise_code
from serving.matching.pairing.billed_line import SILENT_TYPES
from serving.matching.pairing.order_line import is_live
from serving.matching.rules.policy import Policy
from serving.verdict.conclusion import conclude
from serving.verdict.records import Verdict
from serving.verdict.vendor_message import vendor_message

BILLING_TYPES = frozenset({"invoice", "credit_memo", "receipt"})
# The buyer's own order, printed: order data comes as data.
IGNORED_TYPES = frozenset({"purchase_order"})


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
    problems = [problem for document in documents for problem in _unread(document)]
    originals, repeated = without_copies(
        [one for one in documents if one.document_type.value in BILLING_TYPES]
    )
    bills = join_parts(originals)
    currency = data.order.currency or _printed_currency([bill.document for bill in bills])
    context = Context(policy, currency, data.order.vendor_id)
    judged = _judge_bills(bills, data, context)
    problems += [*repeated, *judged.problems]
    prices = {name: one.price_doubts for name, one in judged.restated.items()}
    context = replace(
        context, doubts=_by_part(bills, judged.doubts), price_doubts=_by_part(bills, prices)
    )
    backup = [
        one
        for one in documents
        if one.document_type.value in BACKUP_TYPES
        and not is_other_order(one.fields.get("purchase_order"), data.order)
    ]
    disputed = [claim for claim in data.claims if is_disputed(claim)]
    header = [*judged.variances(), *missing_papers(backup, data, disputed, context)]
    matches, charges, settlements = compare_lines(judged.compared(), backup, data, context)
    settled = {one.claim.claim_id for one in settlements}
    problems += _claimed_already([bill.document for bill in bills], data, settled)
    matches = [after_waiting(match, _dates(bills), today, context) for match in matches]
    matches = with_settlements(matches, settlements)
    notes = _by_part(bills, {name: one.notes for name, one in judged.restated.items()})
    matches = [_noted(match, notes) for match in matches]
    if not any(_items(bill.document) for bill in bills):
        sentence = "no billed line was read: nothing can be concluded"
        problems.append(Problem("unread", f"{_names(documents)}: {sentence}"))
    verdict = conclude(matches, [*header, *charges], problems, settlements, context)
    papers = Papers(documents)
    text = vendor_message(data, papers, verdict.lines, verdict.variances, settlements)
    return replace(verdict, message=text, po_number=data.order.po_number, papers=papers.titles)


@dataclass(frozen=True, slots=True)
class _JudgedBills:
    """All bills as wholes: their header checks and doubts by document id, and what is compared.

    `restated` has no bill that is wrong as a whole or a copy: their lines are not compared.
    """

    bills: Sequence[Bill]
    checks: Mapping[str, HeaderCheck]
    doubts: Mapping[str, tuple[str, ...]]
    restated: Mapping[str, Restated]
    problems: tuple[Problem, ...]

    def variances(self) -> list[Variance]:
        """The findings on whole documents; what is in doubt is open and never a claim."""
        return [
            replace(one, state="open") if self.doubts[name] and not check.wrong else one
            for name, check in self.checks.items()
            for one in check.variances
        ]

    def compared(self) -> list[ExtractedDocument]:
        """The documents whose lines are compared, in the order's terms."""
        return [
            part
            for bill in self.bills
            if (one := self.restated.get(bill.document.document_id)) is not None
            for part in bill.split(one.document)
        ]


def _judge_bills(bills: Sequence[Bill], data: OrderData, context: Context) -> _JudgedBills:
    """Header checks of each bill; what is a copy of another is not looked into."""
    copies = find_copies([bill.document for bill in bills], data, context)
    torn = versions(bills, copies.copies)
    checks: dict[str, HeaderCheck] = {}
    for bill in bills:
        name = bill.document.document_id
        check = HeaderCheck(wrong=True)
        if name not in copies.copies:
            check = check_header(bill.document, data, context)
        own = tuple(one.variance for one in copies.found if one.document_id == name)
        variances = tuple(bill.placed(one) for one in (*own, *check.variances))
        checks[name] = replace(check, variances=variances)
    seen = (Problem("seen_before", sentence) for sentence in copies.seen)
    return _JudgedBills(
        bills,
        checks,
        _doubts(checks, torn, copies),
        {
            bill.document.document_id: restate(bill.document, data.order)
            for bill in bills
            if not checks[bill.document.document_id].wrong
        },
        (*seen, *torn),
    )


def _dates(bills: Sequence[Bill]) -> dict[str, Field]:
    """The invoice date by each document that a bill came in."""
    return {
        part.document_id: leaf
        for bill in bills
        for part in bill.parts
        if (leaf := bill.document.fields.get("invoice_date")) is not None
    }


def _by_part(
    bills: Sequence[Bill], said: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """What is said of a bill, by each document it came in."""
    return {
        part.document_id: said.get(bill.document.document_id, ())
        for bill in bills
        for part in bill.parts
    }


def _noted(match: LineMatch, notes: Mapping[str, tuple[str, ...]]) -> LineMatch:
    """The match with how its document's prices were brought into the order's terms."""
    more = notes.get(match.verdict.document_id or "", ())
    if not more:
        return match
    return replace(match, verdict=replace(match.verdict, reasons=(*match.verdict.reasons, *more)))


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


def _doubts(
    checks: Mapping[str, HeaderCheck],
    torn: Sequence[Problem],
    copies: Copies,
) -> dict[str, tuple[str, ...]]:
    """Sentences that bar claims, by document. An invoice in two versions bars all of them."""
    versions_of_one = tuple(one.message for one in torn)
    return {
        name: (
            *check.doubts,
            *versions_of_one,
            *(doubt for document, doubt in copies.doubts if document == name),
        )
        for name, check in checks.items()
    }


def _printed_currency(billing: Sequence[ExtractedDocument]) -> str | None:
    texts = (document.fields.get("currency") for document in billing)
    codes = {read_currency(leaf.text) for leaf in texts if leaf is not None and leaf.text}
    return codes.pop() if len(codes) == 1 else None


def _claimed_already(
    billing: Sequence[ExtractedDocument], data: OrderData, settled: Collection[str]
) -> list[Problem]:
    """Claims that stand against these invoices and are not settled here.

    What is found may have been taken already.
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
        and is_live(claim.status)
        and not is_credited(claim, billing)
        and claim.claim_id not in settled
    ]
