"""The verdict as people read it: every section where it belongs, and nothing made up."""

from typing import Any

import pytest

from data.exchange.order_files import parse_order_data
from data.synthesis.stories.dispute import clean_words, make_dispute
from data.synthesis.stories.files import truth_json
from data.synthesis.stories.order_data import dispute_json
from data.synthesis.stories.perfect_readings import readings_json
from serving.matching.findings.codes import STANDARD_CODES
from serving.matching.findings.paper_names import name_papers
from serving.matching.findings.records import STATUSES
from serving.presentation.prose import WIDTH, verdict_prose
from serving.presentation.verdict_words import CODE_WORDS, STATUS_WORDS
from serving.verdict.examine import examine
from serving.verdict.records import verdict_to_json
from serving.wire.document_json import documents_from_json
from tests.support.small_disputes import got, order, paper, po, row

SECTIONS = (
    "Claimed",
    "To be corrected by the vendor",
    "Waiting for a receipt",
    "Short payments the vendor disputes",
    "Open",
    "For information",
    "To look at",
    "Message to the vendor",
)


def verdict_of(name: str, seed: int = 11, index: int = 0) -> dict[str, Any]:
    one = make_dispute(seed, index, name)
    documents = documents_from_json(readings_json(truth_json(one, clean_words(one))["documents"]))
    return verdict_to_json(examine(documents, parse_order_data(dispute_json(one.story.trade))))


def told(verdict: dict[str, Any], width: int = WIDTH) -> dict[str, str]:
    """The text of each section; the headline is under ""."""
    found: dict[str, list[str]] = {"": []}
    title = ""
    for line in verdict_prose(verdict, width):
        if line.plain in SECTIONS:
            title = line.plain
            found[title] = []
        else:
            found[title].append(line.plain)
    return {name: "\n".join(rows).strip() for name, rows in found.items()}


def in_one_line(text: str) -> str:
    return " ".join(text.split())


def test_a_claim_is_told_with_its_sum_its_place_and_what_to_do() -> None:
    verdict = verdict_of("over_receipt")
    (one,) = verdict["variances"]
    sections = told(verdict)
    headline = sections[""]
    assert headline.startswith(f"Order {verdict['po_number']}, invoice ")
    assert "there is something to claim." in headline
    assert f"{one['amount']} {one['currency']} can be claimed for certain." in headline
    claimed = in_one_line(sections["Claimed"])
    assert claimed.startswith(f"• Line {one['po_line_number']}, ")
    for part in (one["explanation"], one["formula"], "See invoice ", "page 1", "receipt GR",
                 "What to do: Short-pay", "[QTY_OVER_RECEIPT]"):  # fmt: skip
        assert part in claimed, part
    assert set(sections) == {"", "Claimed", "Message to the vendor"}
    assert one["formula"] in in_one_line(sections["Message to the vendor"])


def test_a_disputed_short_payment_is_told_with_its_proof() -> None:
    verdict = verdict_of("short_payment")
    (one,) = verdict["settlements"]
    assert one["recommendation"] == "partly_repay"
    settled = in_one_line(told(verdict)["Short payments the vendor disputes"])
    assert f"Claim {one['claim_id']}" in settled
    assert "repay a part of it" in settled
    assert one["formula"] in settled
    assert f"Repay {one['repay']}" in settled
    assert "proof of delivery" in settled


def test_what_is_settled_is_open_no_more() -> None:
    verdict = verdict_of("short_payment")
    (one,) = verdict["settlements"]
    sections = told(verdict)
    headline = in_one_line(sections[""])
    assert "what the vendor disputes is settled." in headline
    money = f"{one['repay']} GBP is to be repaid, {one['stands']} GBP stays deducted."
    assert money in headline
    assert "is open" not in headline
    assert "Open" not in sections
    facts = in_one_line(sections["For information"])
    assert f"Claim {one['claim_id']} is about these units." in facts
    assert "Short-pay" not in facts


FROM_MARCH = {"unit_price": "10.50", "valid_from": "2026-03-01"}


@pytest.mark.parametrize(
    ("billed", "section"), [("10.00", "For information"), ("10.50", "Claimed")]
)
def test_of_several_prices_the_one_that_counts_is_told_once(billed: str, section: str) -> None:
    data = order(
        po("100", "10.00", price_versions=[FROM_MARCH], price_date="order_date"),
        receipts=[got("100")], head={"order_date": "2026-01-02"},
    )  # fmt: skip
    sections = told(verdict_to_json(examine([paper(row("100", billed))], data)))
    counts = "The price on the order date 2026-01-02 was agreed: 10.00 applies."
    assert counts in in_one_line(sections[section])
    where = [name for name, text in sections.items() if counts in in_one_line(text)]
    assert where == [section]


def test_a_doubt_about_the_whole_invoice_is_said_once() -> None:
    bill = paper(
        row("1", "2.00", amount="2.00"), row("1", "2.00", "A-2", amount="2.00"),
        row("1", "9.00", "X-9", amount="9.00", description="Umbrella"),
        vendor_name="Kapla Software",
    )  # fmt: skip
    data = order(
        po("1", "2.00"), po("1", "2.00"), receipts=[got("1"), got("1", "2")],
        head={"vendor_name": "Kapla Hardware Co."},
    )  # fmt: skip
    sections = told(verdict_to_json(examine([bill], data)))
    text = "\n".join(in_one_line(part) for title, part in sections.items() if title)
    assert text.count("Kapla Software") == 1
    assert "Several lines: Invoice invoice: Kapla Software" in text
    assert "line 3: invoice" not in text


def test_a_conflict_is_told_with_its_range_and_never_as_a_claim() -> None:
    verdict = verdict_of("conflicting_papers")
    sections = told(verdict)
    assert "Claimed" not in sections
    assert "Message to the vendor" not in sections
    opened = in_one_line(sections["Open"])
    conflict = next(one for one in verdict["variances"] if one["code"] == "EVIDENCE_CONFLICT")
    span = conflict["amount_range"]
    assert f"papers disagree, {span['low']} to {span['high']} {conflict['currency']}" in opened
    assert "If it holds: Short-pay" in opened
    assert "is open." in sections[""]


def test_a_missing_paper_is_asked_for() -> None:
    sections = told(verdict_of("proof_missing"))
    assert "a paper is missing" in in_one_line(sections["Open"])
    assert "We still need from you:" in sections["Message to the vendor"]
    assert " of this shipment" in sections["Message to the vendor"]


def test_what_ties_out_is_told_in_few_words() -> None:
    sections = told(verdict_of("tax_in_prices"))
    assert "everything ties out." in sections[""]
    assert "There is no money to claim." in sections[""]
    assert "Our recommendation: Nothing to claim." in sections[""]
    assert set(sections) == {""}


def test_a_line_without_a_finding_that_needs_a_person_is_listed() -> None:
    verdict = verdict_of("unknown_unit")
    assert "a unit that cannot be converted" in in_one_line(told(verdict)["Open"])
    unread = verdict | {
        "variances": [],
        "problems": [{"code": "unread", "message": "scan-1.pdf: no line was read", "page": 2}],
    }
    look = in_one_line(told(unread)["To look at"])
    assert "Scan-1.pdf: no line was read (page 2)" in look
    line = next(one for one in verdict["lines"] if one["verdict"] == "needs_review")
    assert f"Line {line['po_line_number']}, " in look


@pytest.mark.parametrize("name", ["resent", "short_payment", "freight", "wrong_total"])
@pytest.mark.parametrize("width", [60, WIDTH])
def test_rows_fit_and_name_papers_not_files(name: str, width: int) -> None:
    verdict = verdict_of(name)
    rows = [row.plain for row in verdict_prose(verdict, width)]
    assert max(map(len, rows)) <= width
    assert all(row == row.rstrip() for row in rows)
    text = "\n".join(rows)
    for document_id in verdict["papers"]:
        assert document_id not in text


def test_the_largest_claim_comes_first() -> None:
    verdict = verdict_of("over_receipt")
    (one,) = verdict["variances"]
    small = one | {"amount": "0.50", "explanation": "small"}
    bare = one | {"amount": None, "explanation": "bare"}
    sections = told(verdict | {"variances": [bare, small, one]})
    text = sections["Claimed"]
    assert text.index(one["formula"]) < text.index("Small")
    assert "Bare" in sections["To be corrected by the vendor"]
    assert "Bare" not in text


def test_what_is_only_to_be_corrected_is_no_claim() -> None:
    """Other payment terms: no money, so nothing is called a claim."""
    data = order(po("1", "2.00"), receipts=[got("1")], head={"payment_terms": "30 days net"})
    bill = paper(row("1", "2.00", amount="2.00"), payment_terms="10 days net")
    sections = told(verdict_to_json(examine([bill], data)))
    headline = in_one_line(sections[""])
    assert "something for the vendor to correct, and no money to claim." in headline
    assert "something to claim" not in headline
    assert "Claimed" not in sections
    assert "other payment terms" in sections["To be corrected by the vendor"]
    assert "Please correct:" in sections["Message to the vendor"]


def test_every_code_and_status_has_words() -> None:
    assert set(CODE_WORDS) == set(STANDARD_CODES)
    assert set(STATUS_WORDS) == set(STATUSES)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("a-1.pdf line 2: misread", "invoice RE-7 line 2: misread"),
        ("the sums of a-1.pdf do not agree", "the sums of invoice RE-7 do not agree"),
        ("a-1.pdf#2: other", "slip 9: other"),
        ("data-1.pdf stays", "data-1.pdf stays"),
        # An id that is a word stands for the paper only where it leads the sentence.
        ("invoice: no line was read", "invoice X\\1: no line was read"),
        ("The invoice names order 4", "The invoice names order 4"),
    ],
)
def test_papers_are_named_by_their_titles(sentence: str, expected: str) -> None:
    titles = {"a-1.pdf": "invoice RE-7", "a-1.pdf#2": "slip 9", "invoice": "invoice X\\1"}
    assert name_papers(sentence, titles) == expected


def test_numbers_that_only_differ_are_no_money() -> None:
    wrong = paper(row("10", "2.00"), purchase_order="9912", invoice_total="20.00")
    told = "\n".join(
        line.plain
        for line in verdict_prose(
            verdict_to_json(examine([wrong], order(po("10", "2.00"), receipts=[got("10")])))
        )
    )
    assert "9912 ≠ 4711\n" in told
    assert "9912 ≠ 4711 USD" not in told
