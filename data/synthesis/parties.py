"""Invented companies with names, addresses, phones and tax numbers."""

import random
from typing import NamedTuple

from data.synthesis import catalogues, vocabulary


class Party(NamedTuple):
    """A company: its name and its address lines below the name."""

    name: str
    address: tuple[str, ...]
    phone: str
    mail: str
    tax_id: str


def make_party(rng: random.Random, language: str) -> Party:
    """A company with an address, phone, mail and tax number."""
    stem = catalogues.made_up(rng, 2, 3).title()
    name = " ".join(
        part
        for part in (
            stem,
            rng.choice(vocabulary.TRADES[language]),
            rng.choice(vocabulary.LEGAL[language]),
        )
        if part
    )
    if rng.random() < 0.25:
        name = name.upper()
    street, house = (
        rng.choice(vocabulary.STREETS[language]),
        str(rng.randint(1, 9900) % rng.choice((90, 9901)) + 1),
    )
    town, code_ = rng.choice(vocabulary.TOWNS[language]), catalogues.digits(rng, 5)
    first = f"{street} {house}" if language in ("de", "es", "it") else f"{house} {street}"
    second = f"{town} {code_}" if language == "en" else f"{code_} {town}"
    lines = [first, second]
    if rng.random() < 0.25:
        lines.insert(
            0,
            rng.choice(("Accounts Payable", "Attn: Billing", "Suite 200", "PO Box 402", "Dept. 7")),
        )
    area = rng.choice(("+49", "+1", "+33", "0", "(")) + catalogues.digits(rng, 3)
    phone = f"{area} {catalogues.digits(rng, 3)}-{catalogues.digits(rng, 4)}"
    mail = f"info@{stem.lower()}.com"
    prefix = {"de": "DE", "fr": "FR", "es": "ESB", "it": "IT"}.get(language, "")
    return Party(name, tuple(lines), phone, mail, prefix + catalogues.digits(rng, 9))
