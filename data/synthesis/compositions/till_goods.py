"""Rows of a till that are items though they look like none: returns, coupons, weighed, unpriced.

Marked in `DealLine.words["till"]`: the till prints a credit without a count, weighed goods with
their weight, goods without a price with their count alone.
"""

import random
from dataclasses import replace
from decimal import Decimal

from data.synthesis.commerce import catalogues
from data.synthesis.commerce.deals import Deal, DealLine

CREDITS = 0.16  # share of the receipts with coupons or returned deposits
WEIGHED = 0.16
UNPRICED = 0.07
REFUND = 0.015  # all goods are taken back
_CREDITS = {
    "en": ("COUPON", "MEMBER SAVINGS", "MFR COUPON", "BOTTLE RETURN", "INSTANT SAVINGS",
           "LOYALTY DISC",
           "/{code}", "STORE COUPON", "REWARD", "{code} SAVINGS", "PROMO", "DEPOSIT REFUND"),
    "de": ("LEERGUT", "LEERGUT EINWEG", "Pfand Rückgabe", "COUPON", "RABATT", "Aktionsrabatt",
           "GUTSCHEIN", "PFANDBON"),
    "fr": ("BON REDUCTION", "REMISE FIDELITE", "AVANTAGE CARTE", "REMISE IMMEDIATE", "CONSIGNE"),
    "es": ("CUPON DTO", "DESCUENTO", "AHORRO CLUB", "VALE DTO"),
    "it": ("BUONO SCONTO", "SCONTO CARTA", "SCONTO", "RESO"),
    "nl": ("KORTING", "BONUS", "STATIEGELD RETOUR", "EMBALLAGE"),
}  # fmt: skip
_WEIGHTS = ("kg", "kg", "kg", "KG", "lb", "lb", "Kg")


def prepare_till(rng: random.Random, deal: Deal) -> None:
    """Draw the rows of the deal that a till prints in a way of its own."""
    deal.shipping = deal.deduction = Decimal(0)
    if rng.random() < WEIGHED:
        for line in deal.lines:
            if rng.random() < 0.4:
                _weigh(rng, line)
    if rng.random() < UNPRICED and len(deal.lines) > 1:
        for line in deal.lines[1:]:
            if rng.random() < 0.35:
                line.price, line.words["till"] = Decimal(0), "unpriced"
                line.quantity = Decimal(rng.choice((1, 1, 2, 3)))
    if rng.random() < CREDITS:
        for _ in range(rng.choice((1, 1, 2, 3))):
            place = rng.randint(1, len(deal.lines))
            deal.lines.insert(place, _credit(rng, deal, deal.lines[place - 1]))
        if rng.random() < 0.5:
            deal.style = replace(deal.style, negative="trailing")
    for line in deal.lines:
        line.discount_rate = Decimal(0) if "till" in line.words else line.discount_rate
    if rng.random() < REFUND:
        for line in deal.lines:
            line.quantity = -abs(line.quantity)


def _weigh(rng: random.Random, line: DealLine) -> None:
    """Sell the goods by weight, at a price for each kilogram or pound."""
    line.quantity = Decimal(rng.randint(40, 3500)) / 1000
    line.product = line.product._replace(unit=rng.choice(_WEIGHTS))
    line.price = Decimal(rng.randint(49, 3999)) / 100 * (1 if line.money_places else 1000)
    line.words["till"] = "weighed"


def _credit(rng: random.Random, deal: Deal, line: DealLine) -> DealLine:
    """Return a row with a negative amount: a coupon or a returned deposit."""
    texts = _CREDITS.get(deal.style.language, _CREDITS["en"])
    text = rng.choice(texts).format(code=catalogues.digits(rng, 6))
    value = Decimal(rng.choice((15, 25, 50, 75, 100, 150, 200, 300, 400, rng.randint(5, 900))))
    scale = Decimal(100) if deal.style.money_places else Decimal(1) / 100
    return replace(
        line, product=line.product._replace(description=text, extra=""), quantity=Decimal(1),
        base=Decimal(1), price=-value / scale, discount_rate=Decimal(0), words={"till": "credit"},
    )  # fmt: skip
