"""The order lines that a deduction is about, where it names none or gives its money alone.

A deduction often names the invoice and an amount and nothing else. It is about a line where the
money, or the units, are just what that line lacks; over several lines where they are just what
these lack together. Else a person has to say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from data.order_records import Claim
from serving.matching.findings.arithmetic import AMOUNT_SLACK, to_decimal
from serving.matching.findings.printed_codes import normalise_code
from serving.matching.invoice.split_files import number_of
from serving.matching.pairing.line_share import Share, units_in, value_of
from serving.matching.pairing.order_line import Standing, Standings


def lines_of_claim(
    claim: Claim,
    standings: Standings,
    shares: Mapping[str, Sequence[Share]],
    pay_rejected: bool,
) -> list[tuple[str, Claim]]:
    """Return the keys of the order lines of a claim, each with its part of the claim.

    A part names its line and its units. Empty: the claim may be about several lines.
    """
    billed = {
        key: [share for share in line_shares if _is_on(share, claim)]
        for key, line_shares in shares.items()
    }
    billed = {key: line_shares for key, line_shares in billed.items() if line_shares}
    if claim.line is not None:
        keys = [key for key, line in standings.lines.items() if line.po_line_number == claim.line]
    elif len(standings) == 1:
        keys = list(standings)
    else:
        keys = list(billed)
    if len(keys) == 1:
        (key,) = keys
        part = _with_units(claim, standings[key], billed.get(key, ()))
        return [(key, part)]
    return [] if claim.line is not None else _split(claim, standings, billed, pay_rejected)


def _is_on(share: Share, claim: Claim) -> bool:
    return number_of(share.billed.document) == normalise_code(claim.invoice_id)


def _with_units(claim: Claim, standing: Standing, shares: Sequence[Share]) -> Claim:
    """Return the claim with its line, and with the units that its money buys where it has none."""
    part = replace(claim, line=standing.line.po_line_number)
    if claim.quantity is not None or claim.amount is None:
        return part
    units, price = units_in(shares), _price(shares)
    count = abs(Fraction(claim.amount)) / price if price else Fraction(0)
    if not price or count > units or count.denominator != 1:
        return part
    return replace(part, quantity=to_decimal(count), unit_code=standing.units.name)


def _price(shares: Sequence[Share]) -> Fraction:
    units = units_in(shares)
    return value_of(shares) / units if units else Fraction(0)


def _split(
    claim: Claim,
    standings: Standings,
    billed: Mapping[str, Sequence[Share]],
    pay_rejected: bool,
) -> list[tuple[str, Claim]]:
    """Return the lines whose missing units are together just what is claimed."""
    parts, units, money = [], Fraction(0), Fraction(0)
    for key, shares in billed.items():
        standing = standings[key]
        limit = standing.receipt_limit(pay_rejected)
        if limit is None or any(share.quantity is None for share in shares):
            return []
        count = units_in(shares)
        missing = max(Fraction(0), min(count, count - (limit - standing.billed_before)))
        if not missing:
            continue
        units, money = units + missing, money + missing * _price(shares)
        part = replace(
            claim,
            line=standing.line.po_line_number,
            quantity=to_decimal(missing),
            unit_code=standing.units.name,
            amount=to_decimal(missing * _price(shares)),
        )
        parts.append((key, part))
    is_all = claim.quantity is None or abs(Fraction(claim.quantity)) == units
    if claim.amount is not None:
        is_all = is_all and abs(abs(Fraction(claim.amount)) - money) <= AMOUNT_SLACK
    stated = claim.quantity is not None or claim.amount is not None
    return parts if is_all and stated else []
