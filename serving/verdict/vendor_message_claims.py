"""The claims of a message to the vendor: what is short-paid, to be credited or to be corrected."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from serving.matching.findings.arithmetic import rounded
from serving.matching.findings.records import LineVerdict, Variance
from serving.verdict.vendor_message_keys import CREDIT_CODES, UNTOLD_CODES
from serving.verdict.vendor_message_papers import PaperNames, kind_of
from serving.verdict.vendor_message_words import one_line

# What is asked for as a credit, not taken off an invoice.
_CREDIT_DUE = frozenset({"RETURN_NOT_CREDITED", "CREDIT_MEMO_SHORT"})

# Claims on one billed row, which may have no order line.
_ON_ROWS = frozenset({"ITEM_NOT_ORDERED", "ITEM_SUBSTITUTED", "DUPLICATE_LINE", "EXTENSION_ERROR"})

# Claims that are a difference between two texts.
_ON_TERMS = frozenset({"TERMS_MISMATCH", "CURRENCY_MISMATCH"})


def told_claims(variances: Iterable[Variance]) -> list[Variance]:
    """Return the claims that the vendor is told: none in his favour, none of another vendor's."""
    return [
        variance
        for variance in variances
        if variance.state == "claim"
        and variance.code not in UNTOLD_CODES
        and (variance.amount is None or rounded(variance.amount, variance.currency) > 0)
    ]


class ClaimTexts:
    """Paragraphs on claims, in one language. Disputes may have thousands of lines and claims."""

    def __init__(self, papers: PaperNames, lines: Sequence[LineVerdict]) -> None:
        self.papers = papers
        self._lines: defaultdict[str | None, list[LineVerdict]] = defaultdict(list)
        for line in lines:
            self._lines[line.po_line_number].append(line)
        # Of several orders: their numbers, and by receipt and line the orders that were received.
        self._numbers = {line.po_number for line in papers.data.order.lines if line.po_number}
        self._received: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._names: dict[tuple[str | None, str], str | None] = {}
        if len(self._numbers) > 1:
            for receipt in papers.data.receipts:
                for row in receipt.lines:
                    if row.po_number is not None:
                        self._received[receipt.receipt_id, row.po_line_number].add(row.po_number)
            for order_line in papers.data.order.lines:
                key = order_line.po_number, order_line.po_line_number
                self._names[key] = order_line.description

    def paragraphs(self, claims: Sequence[Variance]) -> list[str]:
        """Return a paragraph for each kind of claim that there is, its rows below its heading."""
        groups: dict[str, list[Variance]] = {}
        for claim in claims:
            groups.setdefault(self._heading(claim), []).append(claim)
        order = ("claims_heading", "credit_heading", "corrections_heading")
        return [self._paragraph(key, groups[key]) for key in order if key in groups]

    def _heading(self, claim: Variance) -> str:
        if claim.amount is None:
            return "corrections_heading"
        is_credit = claim.code in _CREDIT_DUE or self._is_on_credit_memo(claim)
        return "credit_heading" if is_credit else "claims_heading"

    def _paragraph(self, key: str, claims: Sequence[Variance]) -> str:
        words = self.papers.words
        money: dict[str | None, Decimal] = {}
        for claim in claims:
            if claim.amount is not None:
                shown = words.shown(claim.amount, claim.currency)
                money[claim.currency] = money.get(claim.currency, Decimal(0)) + shown
        sums = [words.money(amount, currency) or "" for currency, amount in money.items()]
        rows = [f"- {self._row(claim)}" for claim in claims]
        return "\n".join([words.text(key, money=words.both(sums)), *rows])

    def _is_on_credit_memo(self, claim: Variance) -> bool:
        bills = self.papers.bills_in(claim.evidence)
        return bool(bills) and all(kind_of(bill) == "credit_memo" for bill in bills)

    def _row(self, claim: Variance) -> str:
        """Return what is claimed, its sum and the papers it is in."""
        words = self.papers.words
        arithmetic = words.arithmetic(claim.formula, claim.amount, claim.currency)
        if arithmetic is not None:
            sum_text = words.text("claim_sum", arithmetic=arithmetic)
        else:
            money = words.money(claim.amount, claim.currency)
            sum_text = words.text("claim_money", money=money) if money else ""
        cited = self.papers.cite(claim.evidence)
        # The one bill that the message is about is named at its head.
        bills = self.papers.bills()
        is_plain = len(bills) == 1 and cited == [self.papers.title(bills[0])]
        see = words.text("see", papers=words.both(cited)) if cited and not is_plain else ""
        return words.sentences([self._placed(claim), sum_text, see])

    def _placed(self, claim: Variance) -> str:
        line, text = self._line(claim), self._sentence(claim)
        number = claim.po_line_number
        return self.papers.words.text(
            "place",
            text=text,
            line=number,
            article=None if line is None else one_line(line.description),
            order=None if number is None else self._order(claim),
        )

    def _line(self, claim: Variance) -> LineVerdict | None:
        """Return the line that a claim is on; None where several may be it, or none is."""
        number = claim.po_line_number
        fitting = self._lines[number]
        if number is None:
            fitting = self._rows_without_order(claim, fitting)
        elif len(fitting) > 1 and (order := self._order(claim)) is not None:
            fitting = self._of_order(fitting, number, order)
        names = {line.description for line in fitting}
        return fitting[0] if len(fitting) == 1 or len(names) == 1 else None

    def _rows_without_order(
        self, claim: Variance, lines: Sequence[LineVerdict]
    ) -> list[LineVerdict]:
        """Return the rows that a claim on a row without an order line may be on."""
        if claim.code not in _ON_ROWS:
            return []
        places = {(place.document_id, place.polygon) for place in claim.evidence}
        papers = {name for name, _ in places}
        rows = [
            line
            for line in lines
            if line.document_id in papers and line.billed in (None, claim.quantity)
        ]
        placed = [row for row in rows if (row.document_id, row.polygon) in places] or rows
        # Rows of charges have no quantity.
        counted = [row for row in placed if row.billed is not None]
        return placed if claim.quantity is None else counted or placed

    def _order(self, claim: Variance) -> str | None:
        """Return the number of the claim's order where there are several.

        The order data that the claim rests on tells it: the order itself, or its receipts.
        """
        number = claim.po_line_number
        if len(self._numbers) < 2 or number is None:
            return None
        places = {place.document_id for place in claim.evidence}
        orders = places & self._numbers
        orders |= {order for place in places for order in self._received.get((place, number), ())}
        return orders.pop() if len(orders) == 1 else None

    def _of_order(self, lines: Sequence[LineVerdict], number: str, order: str) -> list[LineVerdict]:
        """Return those of the lines that are named like the order's line of that number."""
        name = self._names.get((order, number))
        return [line for line in lines if line.description == name]

    def _sentence(self, claim: Variance) -> str:
        words, line = self.papers.words, self._line(claim)
        key = f"claims.{claim.code}"
        if self._is_on_credit_memo(claim) and claim.code not in _CREDIT_DUE:
            key = f"credit_claims.{claim.code if claim.code in CREDIT_CODES else 'other'}"
        if key not in words.template.texts:
            key = "claims.other"
        unit = claim.unit or (None if line is None else line.unit)
        quantity = None if claim.quantity is None else abs(claim.quantity)
        values = {"quantity": words.quantity(quantity, unit)} | self._terms(claim)
        if line is not None:
            values |= self._quantities(claim, line) | {
                "billed_price": words.price(line.billed_price, claim.currency),
                "ordered_price": words.price(line.ordered_price, claim.currency),
            }
        return words.text(key, **values)

    def _terms(self, claim: Variance) -> dict[str, str | None]:
        """Return what the bill states and what the order says, of a claim on terms of both."""
        if claim.code not in _ON_TERMS:
            return {}
        known = self.papers.documents
        texts = {place.document_id in known: place.raw_text for place in claim.evidence}
        return {"stated": texts.get(True), "agreed": texts.get(False)}

    def _quantities(self, claim: Variance, line: LineVerdict) -> dict[str, str | None]:
        """Return the line's quantities, of the limits only those that the claim counts from.

        Where earlier bills were taken off a limit, what was open to bill counts instead.
        """
        words, beyond = self.papers.words, None
        if line.billed is not None and claim.quantity is not None:
            beyond = line.billed - claim.quantity
        limits = {"ordered": line.ordered, "received": line.received, "open": line.expected}
        return {"billed": words.quantity(line.billed, line.unit)} | {
            name: words.quantity(limit, line.unit) if limit == beyond else None
            for name, limit in limits.items()
        }
