"""What vendors call things, in every language: titles, labels, totals, small print.

The words stand in `data.synthesis.languages`; here they are gathered by kind, then by language.
"""

import random
from collections.abc import Callable

from data.synthesis.languages import LANGUAGES, Kinds, Language, Texts

Labels = dict[str, Texts]  # by language


def gathered(texts: Callable[[Language], Texts]) -> Labels:
    """The same texts of every language."""
    return {code: texts(language) for code, language in LANGUAGES.items()}


def gathered_kinds(kinds: Callable[[Language], Kinds]) -> dict[str, Labels]:
    """The same kinds of texts of every language, by kind."""
    names = kinds(LANGUAGES["en"])
    return {name: {code: kinds(one)[name] for code, one in LANGUAGES.items()} for name in names}


TITLES = gathered_kinds(lambda language: language.titles)
NUMBERS = gathered_kinds(lambda language: language.numbers)
DAYS = gathered_kinds(lambda language: language.days)
TOTALS = gathered_kinds(lambda language: language.totals)
FIELDS = gathered_kinds(lambda language: language.fields)
PAID = gathered(lambda language: language.paid)
HEADINGS = gathered(lambda language: language.headings)
OTHER_FIELDS = gathered(lambda language: language.other_fields)
SELLER_LABELS = gathered(lambda language: language.seller_labels)
BUYER_LABELS = gathered(lambda language: language.buyer_labels)
PLACE_LABELS = gathered(lambda language: language.place_labels)
SECTIONS = gathered(lambda language: language.sections)
DISCOUNTS = gathered(lambda language: language.discounts)
NETS = gathered(lambda language: language.nets)
PARTS = gathered(lambda language: language.parts)
CHARGES = gathered(lambda language: language.charges)
HEAD_GROUPS = gathered_kinds(lambda language: language.head_groups)
PARTY_LABELS = gathered(lambda language: language.party_labels)
SUBTOTALS = gathered(lambda language: language.subtotals)
TERMS = gathered(lambda language: language.terms)
NOTES = gathered(lambda language: language.notes)
DETAIL_HEADS = gathered(lambda language: language.detail_heads)
JOINTS = gathered(lambda language: language.joints)


def say(rng: random.Random, choices: Labels, language: str) -> str:
    """One of the labels in that language."""
    return rng.choice(choices[language])


def name_field(rng: random.Random, tag: str, document_type: str, language: str) -> str:
    """What a document of that type calls that header value: "Inv. No." for an invoice's number."""
    own = {"document_id": NUMBERS, "document_date": DAYS}.get(tag, {})
    if document_type in own and rng.random() < 0.7:
        return say(rng, own[document_type], language)
    title = say(rng, TITLES[document_type], language).capitalize()
    return say(rng, FIELDS[tag], language).format(title).strip()
