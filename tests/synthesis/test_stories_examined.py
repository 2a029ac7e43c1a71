"""Serving on perfectly read stories: the verdict has exactly the planted variances."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from data.exchange.order_files import parse_order_data
from data.synthesis.stories.dispute import Dispute, clean_words, make_dispute
from data.synthesis.stories.files import truth_json
from data.synthesis.stories.incidents.by_name import INCIDENTS
from data.synthesis.stories.order_data import dispute_json, settlements_json
from data.synthesis.stories.perfect_readings import readings_json
from data.synthesis.stories.story import make_story
from data.synthesis.stories.trade.findings import normalise_number
from serving.matching.findings.codes import STANDARD_CODES
from serving.matching.findings.records import Variance
from serving.matching.rules.policy import Policy
from serving.verdict.examine import examine
from serving.verdict.records import Verdict, verdict_to_json
from serving.wire.document_json import documents_from_json

# Expected state by code where it is not the planted one: an unlisted article may have been
# accepted as a substitute, so the buyer asks before claiming.
NOT_PLANTED = {"TOTAL_OVER_ORDER", "CHARGE_UNPLANNED", "CHARGE_VARIANCE", "PREPAYMENT_NOT_DEDUCTED"}
STATE_BY_SERVING = {"ITEM_SUBSTITUTED": "open"}
# The goods of a closed order came before: it owes them, and the lines are compared.
OWED = {"PO_CLOSED"}
NAMES = [incident.name for incident in INCIDENTS]


def verdict_on(dispute: Dispute) -> Verdict:
    truth = truth_json(dispute, clean_words(dispute))
    documents = documents_from_json(readings_json(truth["documents"]))
    policy = Policy(pay_rejected=dispute.story.trade.vendor.pay_rejected)
    return examine(documents, parse_order_data(dispute_json(dispute.story.trade)), policy)


def planted_keys(dispute: Dispute) -> Counter[tuple[Any, ...]]:
    """The planted variances; prices of one article on one invoice are balanced."""
    cheap = sum(
        (variance.amount or Decimal(0)) for variance in dispute.variances
        if variance.code == "PRICE_UNDER"
    )  # fmt: skip
    keys = [
        (
            variance.code,
            variance.po_line,
            normalise_number(
                variance.amount + cheap
                if variance.code == "PRICE_OVER" and variance.amount is not None
                else variance.amount
            ),
        )
        for variance in dispute.variances
        if variance.code not in OWED
    ]
    return Counter(keys)


def on_its_own(verdict: Verdict) -> list[Variance]:
    """The variances but the open sum of whole documents, which stands beside lines in doubt."""
    return [variance for variance in verdict.variances if variance.code != "TOTAL_OVER_ORDER"]


def verdict_keys(verdict: Verdict) -> Counter[tuple[Any, ...]]:
    return Counter(
        (variance.code, variance.po_line_number, normalise_number(variance.amount))
        for variance in on_its_own(verdict)
    )


@pytest.mark.parametrize("name", NAMES)
def test_serving_finds_what_was_planted_and_nothing_else(name: str) -> None:
    for index in range(2):
        dispute = make_dispute(11, index, name)
        assert verdict_keys(verdict_on(dispute)) == planted_keys(dispute), dispute.dispute_id


def test_every_variance_code_is_planted_somewhere() -> None:
    planted_codes = {
        variance.code
        for name in NAMES
        for index in range(2)
        for variance in make_dispute(11, index, name).variances
    }
    assert planted_codes == set(STANDARD_CODES) - NOT_PLANTED


def test_a_clean_dispute_raises_no_claim() -> None:
    clean = [index for index in range(60) if not make_story(12, index).incidents]
    assert len(clean) > 4
    for dispute in (make_dispute(12, index) for index in clean):
        assert [variance.code for variance in verdict_on(dispute).variances] == []


def shown_sums(verdict: dict[str, Any]) -> dict[str, dict[str, Decimal]]:
    """Return the sums of the shown amounts by total and currency."""
    certain = Policy().certain_confidence
    sums: dict[str, dict[str, Decimal]] = {name: {} for name in ("certain", "likely", "open")}
    for variance in verdict["variances"]:
        if variance["amount"] is None or variance["state"] == "information":
            continue
        name = "certain" if variance["confidence"] >= certain else "likely"
        name = name if variance["state"] == "claim" else "open"
        money = sums[name]
        currency = variance["currency"] or "XXX"
        money[currency] = money.get(currency, Decimal(0)) + Decimal(variance["amount"])
    return sums


@pytest.mark.parametrize("name", NAMES)
def test_totals_are_the_sums_of_the_findings_as_shown(name: str) -> None:
    for index in range(2):
        verdict = verdict_to_json(verdict_on(make_dispute(17, index, name)))
        sums = shown_sums(verdict)
        for kind, total in verdict["totals"].items():
            money = {currency: Decimal(amount) for currency, amount in total.items()}
            assert {currency: amount for currency, amount in money.items() if amount} == {
                currency: amount for currency, amount in sums[kind].items() if amount
            }, (name, index, kind)


def test_repaid_and_standing_money_make_up_each_claim() -> None:
    settled_claims = 0
    for dispute in (make_dispute(17, index, "short_payment") for index in range(14)):
        (claim,) = dispute.story.trade.claims
        (settlement,) = verdict_to_json(verdict_on(dispute))["settlements"]
        if settlement["repay"] is not None:
            settled_claims += 1
            assert Decimal(settlement["repay"]) + Decimal(settlement["stands"]) == claim.amount
            assert settlement["formula"].endswith(f"= {settlement['repay']}")
    assert settled_claims > 3


@pytest.mark.parametrize("index", range(9))
def test_short_payments_are_settled_as_in_the_story(index: int) -> None:
    dispute = make_dispute(19, index, "short_payment")
    (truth,) = settlements_json(dispute.story.trade)
    (settlement,) = verdict_to_json(verdict_on(dispute))["settlements"]
    assert settlement["claim_id"] == truth["claim_id"]
    assert settlement["peppol_action"] == truth["action"]
    for name in ("claimed_units", "supported_units", "repay", "stands"):
        value = settlement[name]
        expected = None if truth[name] is None else Decimal(truth[name])
        assert (None if value is None else Decimal(value)) == expected, name


def test_states_are_as_in_the_story() -> None:
    for name in NAMES:
        dispute = make_dispute(23, 3, name)
        verdict = verdict_on(dispute)
        expected = Counter(
            (variance.code, STATE_BY_SERVING.get(variance.code, variance.state))
            for variance in dispute.variances
            if variance.code not in OWED
        )
        states = Counter((variance.code, variance.state) for variance in on_its_own(verdict))
        assert states == expected, name
