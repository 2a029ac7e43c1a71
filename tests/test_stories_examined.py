"""Serving on perfectly read stories: it finds what was planted where it knows the code."""

from collections import Counter
from typing import Any

import pytest

from data.orders import parse_order_data
from data.synthesis.stories.dispute import Dispute, clean_words, dispute
from data.synthesis.stories.filing import truth_json
from data.synthesis.stories.findings import plain
from data.synthesis.stories.incidents import INCIDENTS
from data.synthesis.stories.readings import readings_json
from data.synthesis.stories.telling import tell
from data.synthesis.stories.wire import dispute_json
from serving.disputes import examine
from serving.documents import documents_from_json
from serving.policy import Policy
from serving.verdict import Verdict

# What serving has no code for, or order data no key; each is named in the sentence beside it.
NOT_YET = {
    "returned": "returns are taken for rejections",
    "credit_short": "agreed credits are not compared",
    "clashing_codes": "the code list in force cannot be said",
    "catch_weight": "found as units over receipt",
    "substituted": "substitutes cannot be said",
    "not_ordered": "an article like another is left to a person",
    "repeated_row": "found as units over receipt",
    "kit_by_parts": "kits cannot be said",
    "allowance_missing": "found as a price",
    "discount_incorrect": "found as a price",
}
AGREED = [one.name for one in INCIDENTS if one.name not in NOT_YET]
# Different code, same units and same money.
OTHER_CODES = {
    "catch_weight": ("WEIGHT_ERROR", "QTY_OVER_RECEIPT"),
    "repeated_row": ("DUPLICATE_LINE", "QTY_OVER_RECEIPT"),
    "allowance_missing": ("ALLOWANCE_MISSING", "PRICE_OVER"),
    "discount_incorrect": ("DISCOUNT_INCORRECT", "PRICE_OVER"),
    "returned": ("RETURN_NOT_CREDITED", "REJECTED_BILLED"),
}


def verdict_on(one: Dispute) -> Verdict:
    truth = truth_json(one, clean_words(one))
    documents = documents_from_json(readings_json(truth["documents"]))
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
