"""One verdict judged against what was planted: roles, and lines that the order does not have."""

import random
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from data.corpora.planting.articles import group_articles
from data.corpora.planting.changes import Kind, possible_changes
from data.corpora.planting.disputes import PlantedDispute, assemble_dispute
from data.corpora.truth import TrueDocument, TrueItem
from serving.evaluate import _worst_documents
from serving.matching.rules.policy import Policy
from serving.scoring.planted_verdicts import check_planting
from serving.scoring.what_if import judge_planting
from training.metrics.disputes import DisputeScore, Money

BOLT = {"description": "Hex bolt", "quantity": "12", "unit_price": "2.50", "amount": "30.00"}
HOSE = {"description": "Garden hose", "quantity": "2", "unit_price": "20.00", "amount": "40.00"}


def planted(*kinds: Kind | None, document_type: str = "invoice") -> PlantedDispute:
    """Bolts and a hose billed, each with the change named."""
    fields = {"purchase_order": "4711", "currency": "EUR"}
    document = TrueDocument(
        document_id="d",
        path=None,
        document_type=document_type,
        fields=fields,
        fields_visible=frozenset(fields),
        items=tuple(TrueItem(values, frozenset(values)) for values in (BOLT, HOSE)),
        excluded=(),
        labels="made here",
        extra={},
    )
    articles = group_articles(document.items)
    changes = [
        None if kind is None else possible_changes(article, random.Random(1))[kind]
        for article, kind in zip(articles, kinds, strict=True)
    ]
    return assemble_dispute(document, articles, changes)


def read(*rows: dict[str, Any], document_type: str = "invoice") -> dict[str, Any]:
    fields = {"purchase_order": "4711", "currency": "EUR"}
    said = {"id": "d", "document_type": document_type, "fields": fields}
    return said | {"line_items": list(rows)}


def score_of(dispute: PlantedDispute, prediction: dict[str, Any]) -> DisputeScore:
    return judge_planting(check_planting(dispute, prediction, Policy()), Policy()).score


@pytest.mark.parametrize(
    ("true_type", "read_type", "claimed"),
    [
        ("invoice", "invoice", "30.00"),
        ("purchase_order", "purchase_order", "30.00"),  # taken for the bill
        ("invoice", "purchase_order", "0.00"),  # misread: an order bills nothing
    ],
)
def test_an_order_is_a_bill_only_where_the_dispute_takes_it_for_one(
    true_type: str, read_type: str, claimed: str
) -> None:
    dispute = planted("not_ordered", None, document_type=true_type)
    score = score_of(dispute, read(BOLT, HOSE, document_type=read_type))
    assert f"{score.money.claimed:.2f}" == claimed
    assert score.money.false == 0


@pytest.mark.parametrize(
    ("row", "decided", "missed"),
    [
        (HOSE, 2, Money(claimable=Decimal("40.00"))),
        (
            HOSE | {"confidence": {"amount": 0.3, "quantity": 0.3}},
            1,
            Money(claimable=Decimal("40.00"), missed_asked=Decimal("40.00")),
        ),
        (
            None,
            1,
            Money(claimable=Decimal("40.00"), missed_unread=Decimal("40.00")),
        ),
    ],
)
def test_a_line_that_nobody_ordered_is_decided_asked_about_or_unread(
    row: dict[str, Any] | None, decided: int, missed: Money
) -> None:
    dispute = planted(None, "not_ordered")
    rows = (BOLT,) if row is None else (BOLT, row)
    score = score_of(dispute, read(*rows))
    seen = score.money
    assert (score.lines, score.lines_decided) == (2, decided)
    assert (seen.claimable, seen.missed_asked, seen.missed_unread, seen.missed_silent) == (
        missed.claimable,
        missed.missed_asked,
        missed.missed_unread,
        missed.missed_silent,
    )


def test_the_worst_documents_cost_false_money_first_then_money_nobody_looks_at() -> None:
    def cost(name: str, **money: str) -> DisputeScore:
        amounts = {kind: Decimal(amount) for kind, amount in money.items()}
        return replace(base, document_id=name, money=Money(**amounts))

    base = score_of(planted(None, None), read(BOLT, HOSE))
    scores = [
        cost("nothing", claimable="9"),
        cost("asked", missed_asked="900"),
        cost("unseen", missed_silent="10", missed_unseen="10"),
        cost("false", false="1"),
    ]
    assert [one["id"] for one in _worst_documents(scores, 9)] == ["false", "unseen", "asked"]
    assert [one["id"] for one in _worst_documents(scores, 1)] == ["false"]
