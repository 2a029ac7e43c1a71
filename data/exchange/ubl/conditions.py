"""What a UBL order agrees on beside its prices: allowances, freight and exchange rates.

A condition is used where UBL states it exactly. What order data has no place for, a lump sum off a
line or a charge that is no freight, is left out and told.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from data.exchange.ubl.elements import Node
from data.exchange.wire.errors import ExchangeError
from data.exchange.wire.wire_values import wire_number

FREIGHT = "FC"  # UNTDID 7161
SLACK = Decimal("0.02")


def is_charge(allowance: Node) -> bool:
    """Whether a cac:AllowanceCharge is a charge; it has to say so."""
    said = allowance.flag("cbc:ChargeIndicator")
    if said is None:
        raise ExchangeError(
            f"{allowance.place}/cbc:ChargeIndicator: is missing; want true or false"
        )
    return said


def order_conditions(root: Node, currency: str | None, left_out: list[str]) -> dict[str, Any]:
    """`allowances`, `planned_freight` and `agreed_rates` of an order, those that are stated."""
    allowances: list[dict[str, str]] = []
    freight: list[Decimal] = []
    lines = root.number("cac:AnticipatedMonetaryTotal/cbc:LineExtensionAmount")
    for one in root.all("cac:AllowanceCharge"):
        if not is_charge(one):
            base = None if lines is None else Decimal(lines)
            rate = None if base is None else _rate(one, base)
            amount = one.needed_number("cbc:Amount")
            allowances.append({"amount": amount} if rate is None else {"rate": rate})
        elif one.text("cbc:AllowanceChargeReasonCode") == FREIGHT:
            freight.append(Decimal(one.needed_number("cbc:Amount")))
        else:
            said = one.text("cbc:AllowanceChargeReason") or "without a reason"
            left_out.append(f"{one.place}: a charge that is no freight is left out ({said})")
    found: dict[str, Any] = {
        "allowances": allowances,
        "planned_freight": format(sum(freight, Decimal(0)), "f") if freight else None,
        "agreed_rates": agreed_rates(root, currency, left_out),
    }
    return {name: value for name, value in found.items() if value}


def line_allowances(
    item: Node, product: Decimal | None, left_out: list[str]
) -> list[dict[str, str]]:
    """The allowances beside the price of a cac:LineItem; `product` is quantity x price, if known.

    Where the line's own amount is that product, the price has them in it already.
    """
    stated = item.all("cac:AllowanceCharge")
    amount = item.number("cbc:LineExtensionAmount")
    if None not in (amount, product) and abs((product or 0) - Decimal(amount or 0)) <= SLACK:
        return []
    allowances = []
    for one in stated:
        if is_charge(one):
            continue
        rate = None if product is None else _rate(one, product)
        if rate is None:
            said = one.number("cbc:Amount") or "no amount"
            left_out.append(
                f"{one.place}: an allowance on the whole line is left out: how much of {said} "
                "belongs to one unit is not said"
            )
        else:
            allowances.append({"rate": rate})
    return allowances


def _rate(allowance: Node, whole: Decimal) -> str | None:
    """The percentage that an allowance takes off `whole`, where it says so consistently.

    cbc:MultiplierFactorNumeric is a percentage in some profiles and a fraction in others; base and
    amount tell which.
    """
    factor, base, amount = (
        allowance.number(f"cbc:{name}")
        for name in ("MultiplierFactorNumeric", "BaseAmount", "Amount")
    )
    if factor is None or base is None or amount is None or abs(Decimal(base) - whole) > SLACK:
        return None
    percents = (Decimal(factor), Decimal(factor) * 100)
    fitting = [one for one in percents if abs(whole * one / 100 - Decimal(amount)) <= SLACK]
    return wire_number(format(fitting[0], "f")) if len(fitting) == 1 else None


def agreed_rates(root: Node, currency: str | None, left_out: list[str]) -> dict[str, str]:
    """What one unit of another currency is in the order's, by its code."""
    found: dict[str, set[str]] = {}
    for one in _exchanges(root):
        rate = _exchange_rate(one, currency)
        if rate is None:
            left_out.append(
                f"{one.place}: the exchange rate is left out: it is not into {currency}"
            )
        else:
            found.setdefault(rate[0], set()).add(rate[1])
    for code in [code for code, rates in found.items() if len(rates) > 1]:
        shown = " and ".join(sorted(found.pop(code)))
        left_out.append(f"{root.place}: the rates of {code} are left out: there are {shown}")
    return {code: rates.pop() for code, rates in found.items()}


def _exchanges(root: Node) -> Iterator[Node]:
    for name in ("PricingExchangeRate", "PaymentExchangeRate"):
        yield from root.all(f"cac:{name}")


def _exchange_rate(exchange: Node, currency: str | None) -> tuple[str, str] | None:
    """(other currency, what one of it is in the order's), where the file says just that."""
    source, target = (exchange.text(f"cbc:{end}CurrencyCode") for end in ("Source", "Target"))
    rate = exchange.number("cbc:CalculationRate")
    # Rates of 100 units of a currency, say; nothing else says what the rate is for then.
    bases = (exchange.number(f"cbc:{side}CurrencyBaseRate") for side in ("Source", "Target"))
    if rate is None or any(base is not None and Decimal(base) != 1 for base in bases):
        return None
    operator = (exchange.text("cbc:MathematicOperatorCode") or "multiply").casefold()
    if operator == "multiply" and target == currency and source is not None:
        return source, rate
    # Money of the order is divided by it: so many of the order's units are one of the other.
    if operator == "divide" and source == currency and target is not None:
        return target, rate
    return None
