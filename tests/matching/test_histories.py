"""Random histories of an order against a plain clerk: every cent in one place, and none twice."""

import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from data.records import ExtractedDocument
from serving.verdict.examine import examine
from serving.verdict.records import Verdict
from tests.support.plain_clerk import ZERO, Bill, Sheet
from tests.support.small_disputes import got, order, paper, po, row

D = Decimal
KIND_OF = {
    "PRICE_OVER": "price", "REJECTED_BILLED": "damage", "RETURN_NOT_CREDITED": "return",
}  # fmt: skip
FEW, MANY = 300, 10_000


@dataclass
class History:
    """What happened on one order line so far: the clerk's sheet, and the records as data."""

    rng: random.Random
    sheet: Sheet
    receipts: list[dict[str, Any]] = field(default_factory=list)
    billed: list[dict[str, Any]] = field(default_factory=list)
    claims: list[dict[str, Any]] = field(default_factory=list)

    def verdict(self, document: ExtractedDocument) -> Verdict:
        """The verdict on a paper; in which order the records are listed must not matter."""
        parts = [list(part) for part in (self.receipts, self.billed, self.claims)]
        for part in parts:
            self.rng.shuffle(part)
        line = po(str(self.sheet.ordered), str(self.sheet.price))
        data = order(line, receipts=parts[0], billed=parts[1], claims=parts[2])
        return examine([document], data)

    def post(self, number: str, units: int, money: Decimal) -> None:
        bill = {"invoice_id": number, "po_line_number": "1", "base_quantity": str(units)}
        self.billed.append(bill | {"amount": str(money)})


def start(seed: int) -> History:
    rng = random.Random(seed)
    # Prices so near that no factor of a pack, and no lump, explains them.
    return History(rng, Sheet(rng.randint(5, 60), D(rng.randint(900, 1100)) / 100))


def money_of(verdict: Verdict, *states: str) -> Decimal:
    """The money in these states; what is in no claim, open or waiting stays payable."""
    amounts = (one.amount or ZERO for one in verdict.variances if one.state in states)
    return sum(amounts, ZERO)


def receive(history: History) -> None:
    units = history.rng.randint(1, 20)
    rejected = history.rng.choice([0, 0, 0, history.rng.randint(0, units)])
    history.receipts.append(got(str(units), quantity_rejected=str(rejected)))
    history.sheet.received += units
    history.sheet.rejected += rejected


def send_back(history: History) -> None:
    sheet = history.sheet
    units = sheet.received - sheet.rejected - sheet.returned
    if units:
        returned = history.rng.randint(1, units)
        history.receipts.append(got("0", quantity_returned=str(returned)))
        sheet.returned += returned


def bill(history: History) -> None:
    """A new invoice: what the matching holds back is what the clerk would not pay."""
    rng, sheet = history.rng, history.sheet
    price = sheet.price + D(rng.choice([0, 0, 0, -20, 15, 33])) / 100
    judge_bill(history, rng.randint(1, 25), price, deducts=rng.random() < 0.7)


def bill_all(history: History) -> None:
    """All that may be billed at some price, which a buyer who asks for credits pays in full."""
    rng, sheet = history.rng, history.sheet
    room = sheet.kept - sheet.billed_units
    if room > 0:
        price = sheet.price + D(rng.choice([0, 40, 55, -30, -45])) / 100
        judge_bill(history, room, price, deducts=False)


def judge_bill(history: History, units: int, price: Decimal, *, deducts: bool) -> None:
    sheet, total = history.sheet, units * price
    number = f"I-{len(history.billed) + 1}"
    room = sheet.kept - sheet.billed_units
    if price != sheet.price and units != room and units * price == room * sheet.price:
        return  # equal totals are another story
    document = paper(row(str(units), str(price), amount=str(total)), invoice_id=number)
    verdict = history.verdict(document)
    held = money_of(verdict, "claim", "pending", "open")
    assert abs(held - sheet.judge(units, price)) < D("0.02"), verdict.variances
    assert 0 <= held <= total
    entry = Bill(number, units, price)
    is_claim = not [one for one in verdict.variances if one.state in ("pending", "open")]
    if held and is_claim and deducts:
        deduct(history, entry, verdict, document)
    sheet.bills.append(entry)
    history.post(number, units, total)


def deduct(history: History, entry: Bill, verdict: Verdict, document: ExtractedDocument) -> None:
    """Take the claims: nothing is taken again, whatever becomes of them; withdrawn they return."""
    claims = [
        {
            "claim_id": f"D-{entry.number}-{place}", "invoice_id": entry.number, "line": "1",
            "kind": KIND_OF.get(one.code, "shortage"), "quantity": str(one.quantity),
            "amount": str(one.amount),
        }
        for place, one in enumerate(verdict.variances)
        if one.state == "claim"
    ]  # fmt: skip
    held = money_of(verdict, "claim")
    before = list(history.claims)
    for status, again in (("taken", ZERO), ("repaid", ZERO), ("withdrawn", held)):
        history.claims = [*before, *(claim | {"status": status} for claim in claims)]
        repeated = history.verdict(document)
        assert money_of(repeated, "claim", "open", "pending") == again, (status, repeated.variances)
        assert repeated.settlements == ()
    status = history.rng.choice(["taken", "repaid"])
    history.claims = [*before, *(claim | {"status": status} for claim in claims)]
    entry.deducted = held
    entry.repaid = held if status == "repaid" else ZERO


def credit_price(history: History) -> None:
    """A credit for prices that were paid too high: units stay, what is missing is asked for."""
    sheet, rng = history.sheet, history.rng
    beyond = sheet.overbilled
    if beyond < 2 or history.claims or sheet.billed_units != sheet.kept or not sheet.bills:
        return
    short = rng.choice([ZERO, ZERO, D("0.02"), D("0.03"), D("1.00")])
    money = beyond - short
    if rng.random() < 0.5:
        cells = row("1", str(money), amount=str(money))
    else:
        units = sum(entry.units for entry in sheet.bills)
        cells = row(str(units), None, amount=str(money))
    if abs(money - sheet.price) < 1:
        return  # looks like one unit that went back
    number = f"C-{len(history.billed) + 1}"
    memo = paper(cells, kind="credit_memo", invoice_id=number, original_invoice_id="I-1")
    verdict = history.verdict(memo)
    missing = short if short > D("0.02") else ZERO
    assert money_of(verdict, "claim") == missing, verdict.variances
    assert money_of(verdict, "open", "pending") == 0
    sheet.money_credited += money
    history.post(number, 0, -money)


def credit_units(history: History) -> None:
    """A credit for units that went back: what is not credited of them is asked for."""
    sheet, rng = history.sheet, history.rng
    excess = sheet.billed_units - min(
        sheet.ordered, sheet.received - sheet.rejected - sheet.returned
    )
    if not 0 < excess <= sheet.returned - sheet.units_credited or history.claims:
        return
    if sheet.units_credited or sheet.overbilled:
        return
    units = rng.randint(1, excess)
    number = f"C-{len(history.billed) + 1}"
    total = units * sheet.price
    memo = paper(
        row(str(units), str(sheet.price), amount=str(total)),
        kind="credit_memo", invoice_id=number, original_invoice_id="I-1",
    )  # fmt: skip
    verdict = history.verdict(memo)
    assert money_of(verdict, "claim") == (excess - units) * sheet.price, verdict.variances
    sheet.units_credited += units
    sheet.money_credited += total
    history.post(number, -units, -total)


def debit_price(history: History) -> None:
    """A debit for prices that were billed too low: no more than what is missing is paid."""
    sheet, rng = history.sheet, history.rng
    missing = -sheet.overbilled
    room = min(sheet.ordered, sheet.received - sheet.rejected - sheet.returned)
    if missing < 1 or history.claims or sheet.billed_units < room:
        return
    units = sum(entry.units for entry in sheet.bills)
    beyond = rng.choice([ZERO, ZERO, D("0.02"), D("0.50")])
    money = missing + beyond
    if money / units > sheet.price / 3:
        return  # may be a price
    number = f"I-{len(history.billed) + 1}"
    document = paper(row(str(units), None, amount=str(money)), invoice_id=number)
    verdict = history.verdict(document)
    assert money_of(verdict, "claim") == (beyond if beyond > D("0.02") else 0), verdict.variances
    assert money_of(verdict, "open", "pending") == 0
    sheet.money_credited -= money
    history.post(number, 0, money)


def pay_and_correct(history: History) -> None:
    """A bill paid in full, and what corrects its price afterwards."""
    bill_all(history)
    history.rng.choice([credit_price, debit_price])(history)
    credit_price(history)
    debit_price(history)


def pay_and_return(history: History) -> None:
    """A bill paid in full, of which units go back."""
    bill_all(history)
    send_back(history)
    credit_units(history)


DEDUCTING = [receive, receive, send_back, bill, bill, bill]
CREDITING = [receive, receive, pay_and_correct, pay_and_correct, pay_and_return]


def replay(seed: int) -> None:
    history = start(seed)
    events = history.rng.choice([DEDUCTING, CREDITING])
    for _ in range(history.rng.randint(2, 10)):
        history.rng.choice(events)(history)
        check_books(history.sheet)


def check_books(sheet: Sheet) -> None:
    """Each bill is paid, deducted or given back, to the cent, and never more than once."""
    for entry in sheet.bills:
        assert entry.paid + entry.deducted - entry.repaid == entry.amount
        assert ZERO <= entry.deducted <= entry.amount
        assert entry.repaid in (ZERO, entry.deducted)
    asked = sum((entry.amount for entry in sheet.bills), ZERO)
    assert sheet.paid + sheet.held + sheet.money_credited == asked


@pytest.mark.parametrize("block", range(10))
def test_histories_agree_with_the_clerk(block: int) -> None:
    for seed in range(block * FEW // 10, (block + 1) * FEW // 10):
        replay(seed)


@pytest.mark.slow
def test_many_histories_agree_with_the_clerk() -> None:
    for seed in range(FEW, MANY):
        replay(seed)


def test_the_clerk_counts_unit_by_unit() -> None:
    sheet = Sheet(10, D("5.00"), received=8, rejected=1)
    assert sheet.judge(7, D("5.00")) == 0
    assert sheet.judge(9, D("5.00")) == D("10.00")
    assert sheet.judge(9, D("4.00")) == D("8.00")
    assert sheet.judge(9, D("6.00")) == D("19.00")
    sheet.bills.append(Bill("I-1", 7, D("5.00")))
    assert sheet.judge(1, D("5.00")) == D("5.00")
