"""Planted disputes: what each change is worth, by hand, and where none may be planted."""

import json
import random
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.corpora.folder import read_corpus
from data.corpora.planting.articles import Article, billed_terms, group_articles
from data.corpora.planting.changes import Kind, possible_changes
from data.corpora.planting.disputes import (
    assemble_dispute,
    expected_json,
    find_obstacle,
    order_json,
    plant_dispute,
    plant_disputes,
)
from data.corpora.truth import TrueDocument, TrueItem
from data.exchange.order_files import parse_order_data
from serving.scoring.prediction_documents import read_prediction
from serving.verdict.examine import examine

D = Decimal
SHARED = Path(__file__).parents[3] / "shared" / "real"


def item(quantity: str, price: str, amount: str, name: str = "Bolt M6", **more: str) -> TrueItem:
    values = {"description": name, "quantity": quantity, "unit_price": price, "amount": amount}
    return TrueItem(values=values | more, visible=frozenset(values | more))


def only(**printed: str) -> TrueItem:
    """An item that prints these numbers and no other, though its truth knows more."""
    hidden = {"description": "Spot 30 s", "quantity": "99", "unit_price": "0.01"}
    return TrueItem(values=hidden | printed, visible=frozenset({"description", *printed}))


def document(*items: TrueItem, name: str = "d-1", kind: str = "invoice", **fields: str) -> Any:
    return TrueDocument(
        document_id=name,
        path=None,
        document_type=kind,
        fields=fields,
        fields_visible=frozenset(fields),
        items=items,
        excluded=(),
        labels="by hand",
        extra={},
    )


def article(*items: TrueItem) -> Article:
    (found,) = group_articles(items)
    return found


def changes(*items: TrueItem) -> dict[Kind, Any]:
    return dict(possible_changes(article(*items), random.Random(1)))


TWO = item("2", "10.00", "20.00", unit_code="H87")
# kind, article, (ordered, received, price, unit, factors), worth (code, state, quantity, amount)
BY_HAND: list[tuple[Kind, tuple[TrueItem, ...], Any, list[Any]]] = [
    (
        "ordered_less",
        (TWO,),
        ("1", "2", "10.00", "H87", {}),
        [("QTY_OVER_ORDER", "claim", "1", "10")],  # (2 - 1) x 10.00
    ),
    (
        "received_less",
        (item("0.2", "50.00", "10.00"),),
        ("0.2", "0.1", "50.00", None, {}),
        [("QTY_OVER_RECEIPT", "claim", "0.1", "5")],  # (0.2 - 0.1) x 50.00
    ),
    (
        "not_received",
        (item("300", "4.50", "13.50", price_base_quantity="100"),),
        ("300", "0", "4.50", None, {}),
        [("QTY_NO_RECEIPT", "pending", "300", "13.5")],  # 300 x 4.50 / 100
    ),
    (
        "ordered_cheaper",
        (item("1", "0.26", "0.26"),),
        ("1", "1", "0.21", None, {}),  # 20 % off is 0.208: the one step worth 0.05
        [("PRICE_OVER", "claim", "1", "0.05")],
    ),
    (
        "ordered_dearer",
        (item("1", "0.26", "0.26"),),
        ("1", "1", "0.31", None, {}),
        [("PRICE_UNDER", "information", "1", "-0.05")],
    ),
    (
        "ordered_in_packs",
        (TWO,),
        ("1", "1", "20.00", "CS", {"CS": "2", "H87": "1"}),
        [],
    ),
    (
        "ordered_in_unknown_packs",
        (TWO,),
        ("1", "1", "20.00", "CS", {}),
        [("UOM_UNRESOLVED", "open", None, None)],
    ),
    (
        "not_ordered",
        (item("3", "3.333", "10.00"),),
        "not on the order",
        [("ITEM_NOT_ORDERED", "claim", "3", "10.00")],  # as printed, not 9.999
    ),
    (
        "received_less",  # one article billed twice is one order line
        (item("1", "7.00", "7.00"), item("1", "7.00", "7.00")),
        ("2", "1", "7.00", None, {}),
        [("QTY_OVER_RECEIPT", "claim", "1", "7")],
    ),
    (
        "ordered_cheaper",  # and its price is claimed item by item
        (item("1", "0.26", "0.26"), item("2", "0.26", "0.52")),
        ("3", "3", "0.21", None, {}),
        [("PRICE_OVER", "claim", "1", "0.05"), ("PRICE_OVER", "claim", "2", "0.1")],
    ),
]


@pytest.mark.parametrize(("kind", "items", "terms", "worth"), BY_HAND)
def test_every_kind_by_hand(
    kind: Kind, items: tuple[TrueItem, ...], terms: Any, worth: list[Any]
) -> None:
    change = changes(*items)[kind]
    assert [
        (one.code, one.state, _text(one.quantity), _text(one.amount)) for one in change.effects
    ] == [(code, state, _same(quantity), _same(amount)) for code, state, quantity, amount in worth]
    if terms == "not on the order":
        assert change.terms is None
        return
    ordered, received, price, unit, factors = terms
    said = change.terms
    assert (said.ordered, said.received, said.unit_price) == (D(ordered), D(received), D(price))
    assert said.unit == unit
    assert dict(said.pack_factors) == {name: D(size) for name, size in factors.items()}


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number.normalize())


def _same(text: str | None) -> str | None:
    return None if text is None else _text(D(text))


@pytest.mark.parametrize(
    ("items", "without"),
    [
        ((item("1", "10.00", "10.00"),), {"ordered_less", "received_less"}),  # one unit
        ((item("2", "0.02", "0.04"),), {"ordered_less", "not_received", "ordered_cheaper"}),
        ((item("1", "0.01", "0.01"),), {"ordered_cheaper", "ordered_dearer"}),
        ((item("7", "1.00", "7.00", unit_code="H87"),), {"ordered_in_packs"}),  # no size fits
        ((item("8", "1.00", "8.00"),), {"ordered_in_packs"}),  # no unit is known
        ((item("8", "1.00", "8.00", unit_code="CS"),), {"ordered_in_packs"}),
    ],
)
def test_what_an_article_cannot_carry(items: tuple[TrueItem, ...], without: set[str]) -> None:
    possible = changes(*items)
    assert not without & set(possible)
    assert "not_ordered" in possible


def test_articles_that_share_a_name_stay_untouched() -> None:
    shared = group_articles([item("1", "5.00", "5.00"), item("1", "6.00", "6.00"), TWO])
    assert [one.has_unique_name for one in shared] == [False, False, False]
    assert possible_changes(shared[0], random.Random(0)) == {}
    by_code = group_articles(
        [
            item("1", "5.00", "5.00", "Nut", product_code="A1"),
            item("1", "5.00", "5.00", "Nut, red", product_code="a1 "),
            item("1", "5.00", "5.00", "Washer", product_code="A2"),
        ]
    )
    assert [one.has_unique_name for one in by_code] == [False, False, True]


@pytest.mark.parametrize(
    ("printed", "quantity", "unit_price"),
    [
        ({"amount": "20.00"}, "1", "20"),
        ({"amount": "20.00", "unit_price": "2.50"}, "8", "2.50"),
        ({"amount": "20.00", "unit_price": "20.00"}, "1", "20.00"),
        ({"amount": "20.00", "unit_price": "7.00"}, None, "7.00"),  # no whole number of units
        ({"amount": "20.00", "unit_price": "0.00"}, None, "0.00"),
        ({"amount": "20.00", "quantity": "8"}, "8", "2.5"),
        ({"amount": "20.00", "quantity": "3"}, "3", None),  # 6.6667 x 3 is not 20.00
        ({"amount": "20.00", "quantity": "3", "unit_price": "6.67"}, "3", "6.67"),
        ({"amount": "0.00"}, None, None),
    ],
)
def test_the_terms_that_a_printed_amount_bills(
    printed: dict[str, str], quantity: str | None, unit_price: str | None
) -> None:
    bare = TrueItem(values={"description": "Spot", **printed}, visible=frozenset(printed))
    terms = billed_terms(bare)
    assert (terms.values.get("quantity"), terms.values.get("unit_price")) == (quantity, unit_price)
    assert terms.visible == bare.visible


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (document(), "the truth has no line items"),
        (document(TWO, kind="credit_memo"), "a document of type credit_memo is no bill"),
        (document(TWO, kind="delivery_note"), "a document of type delivery_note is no bill"),
        (document(TWO, item("0", "1", "0.00")), "item 2 prints a quantity that is not above 0"),
        (document(item("-1", "1", "-1")), "item 1 prints a quantity that is not above 0"),
        (document(item("2", "1.00", "2.02")), "prints an amount that is not quantity x unit price"),
        (document(item("2", "1.00", "2.01")), None),  # within a cent
        (document(item("3", "3.333", "10.00")), None),
        (
            document(TrueItem({"quantity": "1", "unit_price": "2", "amount": "2"}, frozenset())),
            "item 1 prints no quantity",
        ),
        (document(only(amount="20.00")), None),
        (document(only(amount="-20.00")), "item 1 prints no quantity"),
        (document(only(amount="20.00", unit_price="7.00")), "item 1 prints no quantity"),
        (document(only(unit_price="7.00", quantity="2")), "item 1 prints no amount"),
        (document(item("1", "2", "2", "")), "item 1 has neither a code nor a description"),
        (
            document(item("1", "2", "2", price_base_quantity="0")),
            "item 1 has a price base that is not above 0",
        ),
        (document(TWO, kind="purchase_order"), None),
    ],
)
def test_which_documents_can_carry_a_dispute(changed: TrueDocument, reason: str | None) -> None:
    seen = find_obstacle(changed)
    assert (seen is None) if reason is None else (seen is not None and reason in seen)
    if reason is not None:
        with pytest.raises(ValueError, match="no dispute can be planted"):
            plant_dispute(changed)


def test_refused_documents_are_named_and_second_truths_left_out() -> None:
    good, bad = document(TWO), document(name="d-2")
    planted, refused = plant_disputes([good, bad, good])
    assert [one.document_id for one in planted] == ["d-1"]
    assert refused == {"d-2": "the truth has no line items"}


def _many(count: int, lines: int) -> list[TrueDocument]:
    rows = [item("6", f"{row}.00", f"{row * 6}.00", f"Thing {row}") for row in range(3, 3 + lines)]
    return [document(*rows, name=f"d-{number}") for number in range(count)]


def test_a_third_is_clean_and_a_quarter_of_the_other_lines_changed() -> None:
    planted, _ = plant_disputes(_many(300, 12))
    clean = sum(one.is_clean for one in planted)
    assert 70 < clean < 130
    changed = Counter(line.kind is not None for d in planted if not d.is_clean for line in d.lines)
    assert 0.2 < changed[True] / changed.total() < 0.3
    assert all(one.expected == () for one in planted if one.is_clean)
    missing = [sum(line.kind == "not_ordered" for line in one.lines) for one in planted]
    assert max(missing) == 1  # which of several is meant would be open


def test_the_seed_and_the_id_decide() -> None:
    documents = _many(6, 5)
    first, again = plant_disputes(documents), plant_disputes(list(reversed(documents)))
    assert sorted(first[0], key=str) == sorted(again[0], key=str)
    assert plant_disputes(documents, seed=1) != first


def test_what_is_written_is_read_back() -> None:
    for dispute in plant_disputes(_many(20, 4))[0]:
        assert parse_order_data(json.dumps(order_json(dispute.order))) == dispute.order
        assert len(expected_json(dispute)) == len(dispute.expected)


def test_number_and_role() -> None:
    own = plant_dispute(document(TWO, purchase_order="4711", currency="EUR"))
    assert (own.order.order.po_number, own.order_number_printed) == ("4711", True)
    assert (own.currency, own.role_assumed) == ("EUR", False)
    other = plant_dispute(document(TWO, kind="purchase_order"))
    assert (other.order_number_printed, other.role_assumed) == (False, True)


def perfect(truth: TrueDocument) -> dict[str, Any]:
    """What a reader that makes no mistake predicts."""
    return {
        "id": truth.document_id,
        "document_type": "invoice",
        "fields": dict(truth.fields),
        "line_items": [dict(one.values) for one in truth.items],
    }


@st.composite
def documents(draw: st.DrawFn) -> TrueDocument:
    items = []
    for number in range(draw(st.integers(1, 6))):
        base = draw(st.sampled_from(["1", "100"]))
        places = draw(st.sampled_from([0, 2]))
        quantity = D(draw(st.integers(1, 5000))).scaleb(-places)
        price = D(draw(st.integers(100, 10_000_000))).scaleb(-2)
        amount = (quantity * price / D(base)).quantize(D("0.01"))
        more = {"product_code": f"A-{number}", "price_base_quantity": base}
        if draw(st.booleans()):
            more["unit_code"] = draw(st.sampled_from(["H87", "C62", "KGM", "LTR"]))
        if amount > 0:
            items.append(item(str(quantity), str(price), str(amount), f"Article {number}", **more))
    return document(*(items or [TWO]), purchase_order="4711", currency="EUR")  # type: ignore[no-any-return]


@settings(max_examples=60, deadline=None)
@given(documents())
def test_an_unchanged_dispute_read_without_fault_has_no_variance(truth: TrueDocument) -> None:
    articles = group_articles(truth.items)
    dispute = assemble_dispute(truth, articles, [None] * len(articles))
    verdict = examine(read_prediction(perfect(truth)), dispute.order)
    assert (verdict.variances, verdict.status) == ((), "matched")


@settings(max_examples=60, deadline=None)
@given(documents(), st.integers(0, 50))
def test_everything_planted_is_found_when_nothing_is_misread(
    truth: TrueDocument, seed: int
) -> None:
    dispute = plant_dispute(truth, seed)
    verdict = examine(read_prediction(perfect(truth)), dispute.order)
    found = Counter(
        (one.code, one.po_line_number, None if one.amount is None else round(one.amount, 2))
        for one in verdict.variances
    )
    for one in dispute.expected:
        key = one.code, one.po_line_number, None if one.amount is None else round(one.amount, 2)
        # Goods that nobody ordered look like a renamed PO line when names are all that differ.
        assert found[key] >= 1 or one.code == "ITEM_NOT_ORDERED"


@pytest.mark.shared
@pytest.mark.parametrize("corpus", ["einvoice", "adbuy"])
def test_real_documents_carry_disputes(corpus: str) -> None:
    if not (SHARED / corpus).is_dir():
        pytest.skip("the real documents are not beside this checkout")
    truths = list(read_corpus(SHARED / corpus))
    planted, refused = plant_disputes(truths)
    assert len(planted) + len(refused) == len({one.document_id for one in truths})
    assert {one.code for dispute in planted for one in dispute.expected} >= {
        "PRICE_OVER",
        "PRICE_UNDER",
        "QTY_OVER_ORDER",
        "QTY_OVER_RECEIPT",
        "QTY_NO_RECEIPT",
        "ITEM_NOT_ORDERED",
    }
    for dispute in planted:
        assert parse_order_data(order_json(dispute.order)) == dispute.order


def test_expected_variances_carry_the_currency() -> None:
    for seed in range(8):
        dispute = plant_dispute(document(TWO, currency="EUR"), seed)
        assert {one.currency for one in dispute.expected} <= {"EUR"}
