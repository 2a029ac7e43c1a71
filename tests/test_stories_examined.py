"""Serving on perfectly read stories: it finds what was planted where it knows the code."""

from collections import Counter
from typing import Any

import pytest

from data.orders import parse_order_data
from data.records import ExtractedDocument
from data.synthesis.stories.dispute import Dispute, clean_words, dispute
from data.synthesis.stories.filing import truth_json
from data.synthesis.stories.findings import plain
from data.synthesis.stories.incidents import INCIDENTS
from data.synthesis.stories.telling import tell
from data.synthesis.stories.wire import dispute_json
from serving.disputes import examine
from serving.documents import document_from_json
from serving.policy import Policy
from serving.verdict import Verdict

# What serving has no code for, or order data no key; each is named in the sentence beside it.
NOT_YET = {
    "short_payment": "papers in conflict are no finding",
    "conflicting_papers": "papers in conflict are no finding",
    "proof_missing": "missing papers are no finding",
    "header_allowance": "allowances on the invoice cannot be said",
    "freight": "planned freight cannot be said",
    "unplanned_freight": "charges are left to a person",
    "deposit": "deposits are left to a person",
    "closed_order": "closed orders cannot be said",
    "other_vendor": "vendors are not compared",
    "other_terms": "terms cannot be said",
    "agreed_currency": "agreed rates cannot be said",
    "wrong_tax": "tax is not compared",
    "tax_on_exempt": "tax is not compared",
    "tax_in_prices": "a net subtotal under gross rows is taken for a wrong sum",
    "resent": "copies are problems, not findings",
    "one_in_two_files": "parts of an invoice are not joined",
}
AGREED = [one.name for one in INCIDENTS if one.name not in NOT_YET]
# Different code, same units and same money.
OTHER_CODES = {}


def perfectly_read(entry: dict[str, Any]) -> ExtractedDocument:
    """A manifest entry as a reader sees it who reads all that is printed and nothing else."""
    items = [
        {
            **{name: item[name] for name in item["visible"]},
            "line_type": item["line_type"],
            "page": item["page"],
            "bbox": item["bbox"],
        }
        for item in entry["line_items"]
    ]
    fields = {name: entry["fields"][name] for name in entry["fields_visible"]}
    plain_form = {"id": entry["id"], "document_type": entry["document_type"], "fields": fields}
    return document_from_json(plain_form | {"line_items": items})


def verdict_on(one: Dispute) -> Verdict:
    truth = truth_json(one, clean_words(one))
    # Receipts and debit memos are not known to serving as documents: they come as data.
    used = [entry for entry in truth["documents"] if entry["document_type"] != "other"]
    documents = [perfectly_read(entry) for entry in used]
    policy = Policy(pay_rejected=one.story.trade.vendor.pay_rejected)
    return examine(documents, parse_order_data(dispute_json(one.story.trade)), policy)


def planted(one: Dispute) -> Counter[tuple[Any, ...]]:
    return Counter(
        (found.code, found.po_line, plain(found.amount))
        for found in one.variances
        if found.state != "information"
    )


def found_in(verdict: Verdict) -> Counter[tuple[Any, ...]]:
    return Counter(
        (found.code, found.po_line_number, plain(found.amount)) for found in verdict.variances
    )


@pytest.mark.parametrize("name", AGREED)
def test_serving_finds_what_was_planted_and_nothing_else(name: str) -> None:
    for index in range(2):
        one = dispute(11, index, name)
        assert found_in(verdict_on(one)) == planted(one), one.dispute_id


@pytest.mark.parametrize("name", OTHER_CODES)
def test_serving_finds_the_money_under_another_code(name: str) -> None:
    code, theirs = OTHER_CODES[name]
    one = dispute(11, 1, name)
    (amount,) = [found.amount for found in one.variances if found.code == code]
    seen = [found.amount for found in verdict_on(one).variances if found.code == theirs]
    assert plain(amount) in [plain(money) for money in seen]


def test_a_clean_dispute_raises_no_claim() -> None:
    clean = [index for index in range(60) if not tell(12, index).incidents]
    assert len(clean) > 4
    for one in (dispute(12, index) for index in clean):
        assert [found.code for found in verdict_on(one).variances] == []
