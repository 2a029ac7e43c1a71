"""Serving on perfectly read stories: it finds what was planted where it knows the code."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from data.exchange.order_files import parse_order_data
from data.synthesis.stories.dispute import Dispute, clean_words, dispute
from data.synthesis.stories.files import truth_json
from data.synthesis.stories.incidents.by_name import INCIDENTS
from data.synthesis.stories.order_data import dispute_json, settlements_json
from data.synthesis.stories.perfect_readings import readings_json
from data.synthesis.stories.story import tell
from data.synthesis.stories.trade.findings import plain
from serving.matching.findings.codes import STANDARD_CODES
from serving.matching.rules.policy import Policy
from serving.verdict.examine import examine
from serving.verdict.records import Verdict, verdict_to_json
from serving.wire.document_json import documents_from_json

# What is explained before it is claimed: an article nobody listed may have been accepted instead.
ASKED_FIRST = {"ITEM_SUBSTITUTED": "open"}
NAMES = [one.name for one in INCIDENTS]


def verdict_on(one: Dispute) -> Verdict:
    truth = truth_json(one, clean_words(one))
    documents = documents_from_json(readings_json(truth["documents"]))
    policy = Policy(pay_rejected=one.story.trade.vendor.pay_rejected)
    return examine(documents, parse_order_data(dispute_json(one.story.trade)), policy)


def planted(one: Dispute) -> Counter[tuple[Any, ...]]:
    return Counter((found.code, found.po_line, plain(found.amount)) for found in one.variances)


def found_in(verdict: Verdict) -> Counter[tuple[Any, ...]]:
    return Counter(
        (found.code, found.po_line_number, plain(found.amount)) for found in verdict.variances
    )


@pytest.mark.parametrize("name", NAMES)
def test_serving_finds_what_was_planted_and_nothing_else(name: str) -> None:
    for index in range(2):
        one = dispute(11, index, name)
        assert found_in(verdict_on(one)) == planted(one), one.dispute_id


def test_every_code_of_the_reference_is_planted_somewhere() -> None:
    planted_codes = {
        found.code
        for name in NAMES
        for index in range(2)
        for found in dispute(11, index, name).variances
    }
    assert planted_codes == set(STANDARD_CODES)


def test_a_clean_dispute_raises_no_claim() -> None:
    clean = [index for index in range(60) if not tell(12, index).incidents]
    assert len(clean) > 4
    for one in (dispute(12, index) for index in clean):
        assert [found.code for found in verdict_on(one).variances] == []


def shown_sums(seen: dict[str, Any]) -> dict[str, dict[str, Decimal]]:
    """What a person gets who adds up the amounts of the findings as they are shown."""
    certain = Policy().certain_confidence
    sums: dict[str, dict[str, Decimal]] = {name: {} for name in ("certain", "likely", "open")}
    for one in seen["variances"]:
        if one["amount"] is None or one["state"] == "information":
            continue
        name = "certain" if one["confidence"] >= certain else "likely"
        name = name if one["state"] == "claim" else "open"
        money = sums[name]
        currency = one["currency"] or "XXX"
        money[currency] = money.get(currency, Decimal(0)) + Decimal(one["amount"])
    return sums


@pytest.mark.parametrize("name", [one.name for one in INCIDENTS])
def test_totals_are_the_sums_of_the_findings_as_shown(name: str) -> None:
    for index in range(2):
        seen = verdict_to_json(verdict_on(dispute(17, index, name)))
        sums = shown_sums(seen)
        for kind, total in seen["totals"].items():
            money = {currency: Decimal(amount) for currency, amount in total.items()}
            assert {key: one for key, one in money.items() if one} == {
                key: one for key, one in sums[kind].items() if one
            }, (name, index, kind)


def test_repaid_and_standing_money_make_up_each_claim() -> None:
    made_up = 0
    for one in (dispute(17, index, "short_payment") for index in range(14)):
        (claim,) = one.story.trade.claims
        (found,) = verdict_to_json(verdict_on(one))["settlements"]
        if found["repay"] is not None:
            made_up += 1
            assert Decimal(found["repay"]) + Decimal(found["stands"]) == claim.amount
            assert found["formula"].endswith(f"= {found['repay']}")
    assert made_up > 3


@pytest.mark.parametrize("index", range(9))
def test_short_payments_are_settled_as_the_story_knows(index: int) -> None:
    one = dispute(19, index, "short_payment")
    (truth,) = settlements_json(one.story.trade)
    (found,) = verdict_to_json(verdict_on(one))["settlements"]
    assert found["claim_id"] == truth["claim_id"]
    assert found["peppol_action"] == truth["action"]
    for name in ("claimed_units", "supported_units", "repay", "stands"):
        wanted = None if truth[name] is None else Decimal(truth[name])
        assert (None if found[name] is None else Decimal(found[name])) == wanted, name


def test_states_and_statuses_are_as_the_story_knows() -> None:
    for name in NAMES:
        one = dispute(23, 3, name)
        verdict = verdict_on(one)
        wanted = Counter(
            (found.code, ASKED_FIRST.get(found.code, found.state)) for found in one.variances
        )
        seen = Counter((found.code, found.state) for found in verdict.variances)
        assert seen == wanted, name
