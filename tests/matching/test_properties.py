"""What holds for every PO line: parts that sum, and numbers that do not hang on how it is told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from data.exchange.order_files import parse_order_data
from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.matching.pairing.order_line import Ledger, standing_of
from serving.matching.rules.policy import Policy, ToleranceRow
from serving.verdict.examine import examine
from serving.verdict.records import Verdict
from tests.support.small_disputes import claimed, doubtful, got, order, paper, po, row

D = Decimal
Row = tuple[int, Decimal]  # quantity, price

# Prices so near to one another that no factor of a pack explains them.
prices = st.integers(600, 1100).map(lambda cents: D(cents) / 100)
rows_of = st.lists(st.tuples(st.integers(1, 40), prices), min_size=1, max_size=4)
views = st.sampled_from(["variance", "deduction"])


@dataclass(frozen=True)
class Told:
    """One PO line: what was ordered and received, and the rows that bill it."""

    ordered: int
    price: Decimal
    received: int
    rejected: int
    returned: int
    allowance: int
    rows: tuple[Row, ...]

    def data(self) -> OrderData:
        event = got(str(self.received), quantity_rejected=str(self.rejected))
        event["quantity_returned"] = str(self.returned)
        more = {"allowances": [{"rate": str(self.allowance)}]} if self.allowance else {}
        return order(po(str(self.ordered), str(self.price), **more), receipts=[event])

    def invoice(self) -> ExtractedDocument:
        return paper(*(_row(quantity, price) for quantity, price in self.rows))

    def expected(self) -> Fraction:
        """What may be billed, in money at the ordered net price."""
        billed = sum(quantity for quantity, _ in self.rows)
        room = min(self.ordered, self.received - self.rejected - self.returned)
        net = Fraction(self.price) * (100 - self.allowance) / 100
        return min(billed, max(0, room)) * net

    def held_back(self, view: str) -> Fraction:
        """Units that may not be billed, at the billed price or, if it is less, the ordered one."""
        net = Fraction(self.price) * (100 - self.allowance) / 100
        units = sum(quantity for quantity, _ in self.rows)
        room = min(self.ordered, self.received - self.rejected - self.returned)
        most = sum(quantity * min(Fraction(price), net) for quantity, price in self.rows)
        worth = self.value() if view == "deduction" else most
        return max(0, units - max(0, room)) * worth / units

    def value(self) -> Fraction:
        return sum((quantity * Fraction(price) for quantity, price in self.rows), Fraction(0))


def _row(quantity: int, price: Decimal, **more: Any) -> dict[str, Any]:
    return row(str(quantity), str(price), amount=str(quantity * price), **more)


@st.composite
def told(draw: st.DrawFn) -> Told:
    received = draw(st.integers(0, 120))
    rejected = draw(st.integers(0, received))
    return Told(
        ordered=draw(st.integers(1, 120)),
        price=draw(prices),
        received=received,
        rejected=rejected,
        returned=draw(st.integers(0, received - rejected)),
        allowance=draw(st.sampled_from([0, 0, 5])),
        rows=tuple(draw(rows_of)),
    )


def summed(verdict: Verdict) -> Fraction:
    taken = [one for one in verdict.variances if one.state != "information"]
    return sum((Fraction(one.amount or 0) for one in taken), Fraction(0))


@given(told(), views)
def test_both_views_sum_to_billed_less_expected(one: Told, view: Any) -> None:
    """Billed less expected; what is too cheap takes nothing off missing units.

    Where nothing at all is expected, claims are cut by the cents that rounding would add.
    """
    verdict = examine([one.invoice()], one.data(), Policy(decomposition=view))
    due = max(one.held_back(view), one.value() - one.expected())
    if len({*one.rows}) < len(one.rows):
        return  # a repeated row is taken at its own price
    assert -Fraction(1, 10**15) < due - summed(verdict) < Fraction(2, 100)
    assert one.expected() == 0 or abs(summed(verdict) - due) < Fraction(1, 10**15)


# 18.33 beyond receipts, 6.11 returned, −0.43 of price: each rounded by itself, 24.01 of 24.00.
CENT_TOO_MUCH = Told(1, Decimal("6.43"), 1, 0, 1, 5, ((4, Decimal("6")),))


@example(CENT_TOO_MUCH, "variance", "quantity", False)
@given(told(), views, st.sampled_from(["quantity", "unit_price", "unit", "amount"]), st.booleans())
def test_no_claim_exceeds_what_is_billed(one: Told, view: Any, cell: str, weak: bool) -> None:
    document = doubtful(one.invoice(), cell, confidence=0.5) if weak else one.invoice()
    verdict = examine([document], one.data(), Policy(decomposition=view))
    assert claimed(verdict) <= one.value()
    assert not weak or cell == "amount" or verdict.status == "needs_review"


limits = st.one_of(st.none(), st.integers(0, 40).map(D))


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    rows = [
        ToleranceRow(
            kind=kind,
            abs_upper=draw(limits), abs_lower=draw(limits),
            pct_upper=draw(limits), pct_lower=draw(limits),
            cumulative_pct_upper=draw(limits),
        )
        for kind in ("price", "quantity")
    ]  # fmt: skip
    return Policy(tolerances=tuple(rows), decomposition=draw(views))


def outcome(verdict: Verdict) -> tuple[str, Fraction, Fraction]:
    """What may not depend on how the same thing is told; money as it is before it is shown."""
    claims = [one.amount or D(0) for one in verdict.variances if one.state == "claim"]
    claimed = sum(map(Fraction, claims), Fraction(0)).limit_denominator(10**9)
    return verdict.status, claimed, summed(verdict).limit_denominator(10**9)


@given(told(), policies(), st.randoms())
def test_the_order_of_rows_does_not_matter(one: Told, policy: Policy, rng: Any) -> None:
    rows = list(one.rows)
    rng.shuffle(rows)
    other = replace(one, rows=tuple(rows))
    wanted = outcome(examine([one.invoice()], one.data(), policy))
    assert outcome(examine([other.invoice()], other.data(), policy)) == wanted


@given(told(), policies(), st.integers(1, 39))
def test_splitting_a_row_does_not_matter(one: Told, policy: Policy, cut: int) -> None:
    quantity, price = one.rows[0]
    pieces = [(cut, price), (quantity - cut, price)]
    others = one.rows[1:]
    # Equal rows are another story: one of them may be a repetition.
    if cut >= quantity or cut * 2 == quantity or len({*pieces, *one.rows}) < 2 + len(one.rows):
        return
    split = replace(one, rows=(*pieces, *others))
    wanted = outcome(examine([one.invoice()], one.data(), policy))
    assert outcome(examine([split.invoice()], split.data(), policy)) == wanted


@given(told(), policies(), st.sampled_from(["ordered", "received", "billed"]))
def test_the_unit_of_measure_does_not_matter(one: Told, policy: Policy, cased: str) -> None:
    """Everything in dozens, or one of the three in cases of twelve and the rest in pieces."""
    pieces = replace(
        one,
        ordered=one.ordered * 12, received=one.received * 12, rejected=one.rejected * 12,
        returned=one.returned * 12,
        rows=tuple((quantity * 12, price) for quantity, price in one.rows),
    )  # fmt: skip
    line = po(str(pieces.ordered), str(one.price), pack_factors={"CS": "12"})
    event = got(str(pieces.received), quantity_rejected=str(pieces.rejected), unit_code="EA")
    event["quantity_returned"] = str(pieces.returned)
    rows = [_row(quantity, price) for quantity, price in pieces.rows]
    plain = examine([paper(*rows)], order(line, receipts=[event]), policy)
    if cased == "ordered":
        line |= {"quantity_ordered": str(one.ordered), "unit_code": "CS"}
        line |= {"unit_price": str(one.price * 12)}
    elif cased == "received":
        event |= {"quantity_received": str(one.received), "unit_code": "CS"}
        event |= {"quantity_rejected": str(one.rejected), "quantity_returned": str(one.returned)}
    else:
        rows = [_row(quantity, price * 12, unit="CS") for quantity, price in one.rows]
    told_otherwise = examine([paper(*rows)], order(line, receipts=[event]), policy)
    assert outcome(told_otherwise) == outcome(plain)


Event = tuple[int, bool]  # quantity, reversed


@st.composite
def events(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Receipts of one PO line, some of them reversed by a later event, some rejected."""
    found = []
    for quantity in draw(st.lists(st.integers(1, 30), min_size=1, max_size=4)):
        rejected = draw(st.integers(0, quantity))
        found.append(got(str(quantity), quantity_rejected=str(rejected)))
        if draw(st.booleans()):
            sign = draw(st.sampled_from(["", "-"]))
            back = got(f"{sign}{quantity}", quantity_rejected=str(rejected), reversed=True)
            found.append(back)
    return found


def numbers(data: OrderData) -> tuple[object, ...]:
    """Where the PO line stands, without the places that say so."""
    at = standing_of(Ledger.of(data, ()), data.order.lines[0], ["EA"])
    return at.ordered, at.received, at.rejected, at.returned, at.billed_before, at.amount_before


@given(events(), st.permutations(range(8)), st.integers(1, 30))
def test_events_in_any_order_give_the_same_ledger(
    given_events: Sequence[dict[str, Any]], places: Sequence[int], billed: int
) -> None:
    bills = [
        {
            "invoice_id": f"I{number}",
            "po_line_number": "1",
            "base_quantity": quantity,
            "amount": "9",
        }
        for number, quantity in enumerate(("5", "-2", "3"))
    ]
    ordered = [given_events[place] for place in places if place < len(given_events)]
    shuffled = [bills[place] for place in places if place < len(bills)]
    one = order(po("100", "10.00"), receipts=given_events, billed=bills)
    other = order(po("100", "10.00"), receipts=ordered, billed=shuffled)
    assert numbers(one) == numbers(other)
    invoice = paper(_row(billed, D("10.00")))
    assert outcome(examine([invoice], one)) == outcome(examine([invoice], other))


@given(events())
def test_a_receipt_in_two_documents_or_in_one_is_the_same(rows: Sequence[dict[str, Any]]) -> None:
    apart = order(po("100", "10.00"), receipts=rows)
    head = {"po_number": "4711", "currency": "USD"}
    line = {"po_line_number": "1", "product_code": "A-1", "unit_code": "EA"}
    together = parse_order_data(
        {
            "order": head | {"lines": [line | po("100", "10.00")]},
            "receipts": [{"receipt_id": "R1", "lines": list(rows)}],
        }
    )
    assert numbers(apart) == numbers(together)


@given(prices, st.integers(1, 40), st.integers(1, 100), views)
def test_exactly_at_the_tolerance_is_inside(
    price: Decimal, pct: int, quantity: int, view: Any
) -> None:
    rows = (ToleranceRow(kind="price", pct_upper=D(pct), pct_lower=D(pct)),)
    policy = Policy(tolerances=rows, decomposition=view)
    data = order(po(str(quantity), str(price)), receipts=[got(str(quantity))])
    for side in (1, -1):
        at = price * (100 + side * pct) / 100
        inside = examine([paper(row(str(quantity), str(at)))], data, policy)
        assert (inside.status, inside.variances) == ("within_tolerance", ())
        beyond = examine([paper(row(str(quantity), str(at + side * D("0.00001"))))], data, policy)
        assert len(beyond.variances) == 1


def each(kind: str, **limits_of: Any) -> Policy:
    return Policy(tolerances=(ToleranceRow(kind=kind, **limits_of),))


def test_rows_that_are_each_inside_breach_together() -> None:
    """30.00 and 30.00 against a limit of 50.00 on the PO line, at two prices."""
    data = order(po("200", "10.00"), receipts=[got("200")])
    rows = [row("100", "10.30"), row("100", "10.29")]
    policy = each("price", abs_upper=D(50))
    assert claimed(examine([paper(rows[0])], data, policy)) == 0
    assert claimed(examine([paper(*rows)], data, policy)) == D("59.00")


@pytest.mark.parametrize(
    ("kind", "bill", "cumulative", "claim"),
    [
        # Ten invoices of 11 units against ten receipts of 10: each is 10 % over.
        ("quantity", {"base_quantity": "99", "amount": "990.00"}, None, "0"),
        ("quantity", {"base_quantity": "99", "amount": "990.00"}, "2", "100.00"),
        ("quantity", {"base_quantity": "99", "amount": "990.00"}, "10", "0"),
        # Ten invoices at 10.50 for 10.00: each is 5 % dear. A bill without money says nothing.
        ("price", {"base_quantity": "90", "amount": "945.00"}, None, "0"),
        ("price", {"base_quantity": "90", "amount": "945.00"}, "2", "5.00"),
        ("price", {"base_quantity": "90", "amount": "945.00"}, "5", "0"),
        ("price", {"base_quantity": "90", "amount": "890.00"}, "2", "0"),
        ("price", {"base_quantity": "90"}, "2", "0"),
    ],
)
def test_what_each_invoice_may_the_invoices_together_may_not(
    kind: str, bill: dict[str, str], cumulative: str | None, claim: str
) -> None:
    quantity, price = ("11", "10.00") if kind == "quantity" else ("10", "10.50")
    own: dict[str, Any] = {"abs_upper": D(100)}
    if cumulative is not None:
        own["cumulative_pct_upper"] = D(cumulative)
    billed = [{"invoice_id": "I0", "po_line_number": "1"} | bill]
    data = order(po("200", "10.00"), receipts=[got("100")], billed=billed)
    verdict = examine([paper(row(quantity, price))], data, each(kind, **own))
    assert claimed(verdict) == D(claim)


@pytest.mark.parametrize(("confidence", "claim"), [(0.5, "0"), (1.0, "360.00")])
def test_units_are_not_claimed_at_more_than_they_were_billed_at(
    confidence: float, claim: str
) -> None:
    """40 units too many were billed at 9.00; ordered at 10.00 they would be worth more."""
    billed = [{"invoice_id": "I0", "po_line_number": "1", "base_quantity": "40"}]
    data = order(po("40", "10.00"), receipts=[got("40")], billed=billed)
    document = doubtful(paper(row("40", "9.00")), "unit_price", confidence=confidence)
    assert claimed(examine([document], data)) == D(claim)
