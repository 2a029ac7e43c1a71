"""Titles, labels, totals and small print of vendors, by kind and language.

The words are written in `data.synthesis.languages`; here they are gathered by kind, then by
language.
"""

import random
from collections.abc import Callable

from data.synthesis.languages import LANGUAGES, Kinds, Language, Texts

Labels = dict[str, Texts]  # by language


def gather_texts(texts: Callable[[Language], Texts]) -> Labels:
    """Gather the same texts of every language."""
    return {code: texts(language) for code, language in LANGUAGES.items()}


def gather_kinds(kinds: Callable[[Language], Kinds]) -> dict[str, Labels]:
    """Gather the same kinds of texts of every language, by kind."""
    names = kinds(LANGUAGES["en"])
    return {
        name: {code: kinds(language)[name] for code, language in LANGUAGES.items()}
        for name in names
    }


TITLES = gather_kinds(lambda language: language.titles)
NUMBERS = gather_kinds(lambda language: language.numbers)
DAYS = gather_kinds(lambda language: language.days)
TOTALS = gather_kinds(lambda language: language.totals)
FIELDS = gather_kinds(lambda language: language.fields)
PAID = gather_texts(lambda language: language.paid)
HEADINGS = gather_texts(lambda language: language.headings)
OTHER_FIELDS = gather_texts(lambda language: language.other_fields)
SELLER_LABELS = gather_texts(lambda language: language.seller_labels)
BUYER_LABELS = gather_texts(lambda language: language.buyer_labels)
PLACE_LABELS = gather_texts(lambda language: language.place_labels)
SECTIONS = gather_texts(lambda language: language.sections)
DISCOUNTS = gather_texts(lambda language: language.discounts)
NETS = gather_texts(lambda language: language.nets)
PARTS = gather_texts(lambda language: language.parts)
CHARGES = gather_texts(lambda language: language.charges)
HEAD_GROUPS = gather_kinds(lambda language: language.head_groups)
PARTY_LABELS = gather_texts(lambda language: language.party_labels)
SUBTOTALS = gather_texts(lambda language: language.subtotals)
TERMS = gather_texts(lambda language: language.terms)
NOTES = gather_texts(lambda language: language.notes)
DETAIL_HEADS = gather_texts(lambda language: language.detail_heads)
JOINTS = gather_texts(lambda language: language.joints)


def pick_label(rng: random.Random, choices: Labels, language: str) -> str:
    """Draw one of the labels in that language."""
    return rng.choice(choices[language])


def pick_field_label(rng: random.Random, tag: str, document_type: str, language: str) -> str:
    """Draw the label of a header value by document type: "Inv. No." for an invoice's number."""
    labels_by_type = {"document_id": NUMBERS, "document_date": DAYS}.get(tag, {})
    if document_type in labels_by_type and rng.random() < 0.7:
        return pick_label(rng, labels_by_type[document_type], language)
    title = pick_label(rng, TITLES[document_type], language).capitalize()
    return pick_label(rng, FIELDS[tag], language).format(title).strip()
