"""Conditions of a UBL order beside its prices: allowances, freight and exchange rates.

A condition is used where UBL states it exactly. Conditions that order data has no field for, a lump
sum off a line or a charge other than freight, are left out and reported.
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
    """Return whether a cac:AllowanceCharge is a charge; its indicator is required."""
    charge = allowance.flag("cbc:ChargeIndicator")
    if charge is None:
        raise ExchangeError(
            f"{allowance.place}/cbc:ChargeIndicator: is missing; give true or false"
        )
    return charge


def order_conditions(root: Node, currency: str | None, left_out: list[str]) -> dict[str, Any]:
    """Return the stated ones of `allowances`, `planned_freight` and `agreed_rates` of an order."""
    allowances: list[dict[str, str]] = []
    freight: list[Decimal] = []
    lines = root.number("cac:AnticipatedMonetaryTotal/cbc:LineExtensionAmount")
    for allowance in root.all("cac:AllowanceCharge"):
        if not is_charge(allowance):
            base = None if lines is None else Decimal(lines)
            rate = None if base is None else _rate(allowance, base)
            amount = allowance.required_number("cbc:Amount")
            allowances.append({"amount": amount} if rate is None else {"rate": rate})
        elif allowance.text("cbc:AllowanceChargeReasonCode") == FREIGHT:
            freight.append(Decimal(allowance.required_number("cbc:Amount")))
        else:
            reason = allowance.text("cbc:AllowanceChargeReason") or "without a reason"
            left_out.append(
                f"{allowance.place}: a charge other than freight is left out ({reason})"
            )
    conditions: dict[str, Any] = {
        "allowances": allowances,
        "planned_freight": format(sum(freight, Decimal(0)), "f") if freight else None,
        "agreed_rates": agreed_rates(root, currency, left_out),
    }
    return {name: value for name, value in conditions.items() if value}


def line_allowances(
    item: Node, product: Decimal | None, left_out: list[str]
) -> list[dict[str, str]]:
    """Return the allowances beside a cac:LineItem's price; `product` is quantity x price, if known.

    Where the line's own amount is that product, the price includes them already.
    """
    stated_allowances = item.all("cac:AllowanceCharge")
    amount = item.number("cbc:LineExtensionAmount")
    if None not in (amount, product) and abs((product or 0) - Decimal(amount or 0)) <= SLACK:
        return []
    allowances = []
    for allowance in stated_allowances:
        if is_charge(allowance):
            continue
        rate = None if product is None else _rate(allowance, product)
        if rate is None:
            amount_text = allowance.number("cbc:Amount") or "no amount"
            left_out.append(
                f"{allowance.place}: an allowance on the whole line is left out: the share of "
                f"{amount_text} for one unit is not stated"
            )
        else:
            allowances.append({"rate": rate})
    return allowances


def _rate(allowance: Node, whole: Decimal) -> str | None:
    """Return the percentage that an allowance takes off `whole`, where it is stated consistently.

    cbc:MultiplierFactorNumeric is a percentage in some profiles and a fraction in others; base and
    amount show which.
    """
    factor, base, amount = (
        allowance.number(f"cbc:{name}")
        for name in ("MultiplierFactorNumeric", "BaseAmount", "Amount")
    )
    if factor is None or base is None or amount is None or abs(Decimal(base) - whole) > SLACK:
        return None
    percents = (Decimal(factor), Decimal(factor) * 100)
    fitting = [
        percent for percent in percents if abs(whole * percent / 100 - Decimal(amount)) <= SLACK
    ]
    return wire_number(format(fitting[0], "f")) if len(fitting) == 1 else None


def agreed_rates(root: Node, currency: str | None, left_out: list[str]) -> dict[str, str]:
    """Return the order-currency value of one unit of other currencies, by their codes."""
    rates_by_code: dict[str, set[str]] = {}
    for exchange in _exchanges(root):
        rate = _exchange_rate(exchange, currency)
        if rate is None:
            left_out.append(
                f"{exchange.place}: the exchange rate is left out: it is not into {currency}"
            )
        else:
            rates_by_code.setdefault(rate[0], set()).add(rate[1])
    for code in [code for code, rates in rates_by_code.items() if len(rates) > 1]:
        stated_rates = " and ".join(sorted(rates_by_code.pop(code)))
        left_out.append(f"{root.place}: the rates of {code} are left out: they are {stated_rates}")
    return {code: rates.pop() for code, rates in rates_by_code.items()}


def _exchanges(root: Node) -> Iterator[Node]:
    for name in ("PricingExchangeRate", "PaymentExchangeRate"):
        yield from root.all(f"cac:{name}")


def _exchange_rate(exchange: Node, currency: str | None) -> tuple[str, str] | None:
    """Return (other currency, rate into the order's), where the file states exactly that."""
    source, target = (exchange.text(f"cbc:{end}CurrencyCode") for end in ("Source", "Target"))
    rate = exchange.number("cbc:CalculationRate")
    # Base rates other than 1, such as rates of 100 units of a currency, are not supported.
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
