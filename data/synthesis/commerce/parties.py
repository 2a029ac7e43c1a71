"""Invented companies with names, addresses, phones and tax numbers."""

import random
from typing import NamedTuple

from data.synthesis.commerce import catalogues
from data.synthesis.languages import LANGUAGES


class Party(NamedTuple):
    """A company: its name and its address lines below the name."""

    name: str
    address: tuple[str, ...]
    phone: str
    mail: str
    tax_id: str


def make_party(rng: random.Random, language: str) -> Party:
    """Draw a company with an address, phone, mail and tax number."""
    spoken = LANGUAGES[language]
    stem = catalogues.made_up_word(rng, 2, 3).title()
    parts = (stem, rng.choice(spoken.trades), rng.choice(spoken.legal))
    name = " ".join(part for part in parts if part)
    if rng.random() < 0.25:
        name = name.upper()
    house = str(rng.randint(1, 9900) % rng.choice((90, 9901)) + 1)
    street = spoken.street_form.format(street=rng.choice(spoken.streets), house=house)
    code = _fill_pattern(rng, rng.choice(spoken.postcodes))
    lines = [street, spoken.town_form.format(town=rng.choice(spoken.towns), code=code)]
    if rng.random() < 0.25:
        lines.insert(0, rng.choice(spoken.departments))
    phone = _fill_pattern(rng, rng.choice(spoken.phones))
    mail = f"info@{stem.lower()}.com"
    return Party(name, tuple(lines), phone, mail, _fill_pattern(rng, rng.choice(spoken.tax_ids)))


def _fill_pattern(rng: random.Random, pattern: str) -> str:
    """Fill a pattern: a digit for every `#`, the first not 0, and a letter for every `@`."""
    text = ""
    for char in pattern:
        if char == "#":
            lowest = 0 if any(before.isdigit() for before in text) else 1
            text += str(rng.randint(lowest, 9))
        else:
            text += catalogues.letters(rng, 1) if char == "@" else char
    return text
