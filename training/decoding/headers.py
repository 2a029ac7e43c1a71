"""Header fields of a document: the best value of each, totals chosen together so that they add up.

The network tags words one by one; a document has each header value once. So every word that is at
all likely competes (`_candidates`), and the same value printed twice counts for both. Sub-total,
tax, total and amount due are chosen jointly: sub-total + tax (+ shipping - discount) = total, lines
sum to the sub-total, what is due is the total unless something was paid (EN 16931, BR-CO-10, -13,
-15 and -16). A total the model did not find but the others give is taken only where it is printed.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product

import numpy as np

from data.labels import DATE_TAGS, HEADER_TAGS, header_name
from data.records import Alternative, Field
from data.values.document_values import read_currency
from training.decoding.calibration import HEADER, Calibration
from training.decoding.closing_sums import CLOSED
from training.decoding.derived_values import decimal_of
from training.decoding.grouping import (
    TAG_INDEX,
    Cell,
    TaggedPage,
    cell_of,
    join_reach,
    line_height,
    on_one_line,
)
from training.decoding.labelled_seller import labelled_seller
from training.decoding.line_items import Reader, read_field

LEAST = 0.05  # tag probability from which a word competes for a header field
NOTHING = 0.25  # weight of leaving a total out
SUM_BONUS = 2.5  # log-odds that a sum which holds is no accident
DUE_BONUS = 0.7
MOST_CANDIDATES = 4  # per total
WITHOUT_DECIMALS = 0.2  # weight of money printed without decimals where other money has them
LABELLED = 0.85  # confidence of a name by its label: 33 of 38 on the development e-invoices
REST = 1 - LABELLED
DERIVED_LIMIT = 0.8  # confidence of a total that only arithmetic chose
SUMMED = ("sub_total", "total_tax", "invoice_total", "amount_due")
_MONEY_TAGS = (*SUMMED, "shipping_charge", "total_discount")
_SINGLE = tuple(tag for tag in HEADER_TAGS if tag not in SUMMED)
NAMES = ("vendor_name", "customer_name")
# A member state's prefix before eight or more signs, most of them digits: a tax number, which
# stands where order numbers stand
_VAT_NUMBER = re.compile(
    r"^(?:AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI)"
    r"(?=(?:\w*\d){7})\w{8,12}$"
)
_PHONE = re.compile(r"^\+?\(\d{2,5}\)\s*[\d-]{5,}$")
_IBAN = re.compile(r"^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$")
# File names, addresses on the web and names of standards ("urn:a:b"): what a program says of itself
_COMPUTER_NAME = re.compile(r"\.(?:xml|pdf|html?)$|://|:[^:]+:|@", re.IGNORECASE)
_MONEY = re.compile(r"\d[.,]\d\d(?!\d)")
_ID_TAGS = frozenset({"document_id", "purchase_order", "original_invoice_id"})


@dataclass(frozen=True, slots=True)
class _Valued:
    """One value with the best cell that prints it and how much speaks for it (0..1)."""

    leaf: Field
    weight: float


def read_headers(
    pages: Sequence[tuple[TaggedPage, Reader, Sequence[Cell]]],
    kind: str,
    lines_sum: Decimal | None,
    *,
    ocr: bool,
) -> dict[str, Field]:
    """The header fields by their API names for a document of that type.

    `pages` are tagged pages with their readers and the header cells found on them; `lines_sum` is
    the sum of the line amounts read, None when a line has none; `ocr`: whether OCR read any page.
    """
    calibration = pages[0][1].calibration
    found: dict[str, list[_Valued]] = {}
    for tag in HEADER_TAGS:
        leaves = [
            (leaf, _evidence(tagged, cell) if tag in NAMES else leaf.confidence)
            for tagged, reader, headers in pages
            for cell in _candidates(tagged, tag, headers)
            for reading in (cell, *cell.other_readings())
            if _plausible(leaf := read_field(reading, tag, reader), tag)
        ]
        if valued := _by_value(leaves):
            found[tag] = _with_decimals_first(valued) if tag in _MONEY_TAGS else valued
    fields = {
        tag: _leaf(found[tag], tag)
        for tag in _SINGLE
        if tag in found and found[tag][0].weight >= LEAST
    }
    if (seller := _labelled_seller(pages, fields.get("vendor_name"))) is not None:
        fields["vendor_name"] = seller
    fields |= _totals(found, fields, lines_sum, pages)
    return {
        header_name(tag, kind): _measured(fields[tag], tag, calibration, ocr=ocr)
        for tag in HEADER_TAGS
        if tag in fields
    }


def _labelled_seller(
    pages: Sequence[tuple[TaggedPage, Reader, Sequence[Cell]]], seen: Field | None
) -> Field | None:
    """The vendor's name where a label says so, with what the network took for it beside it."""
    for tagged, reader, _ in pages:
        words = labelled_seller(tagged.page)
        if not words or not len(tagged.probabilities):
            continue
        places = [tagged.page.words.index(word) for word in words]
        leaf = read_field(cell_of(tagged, places, "vendor_name"), "vendor_name", reader)
        if seen is None or seen.value is None:
            return replace(leaf, confidence=LABELLED, source="rule")
        if seen.value == leaf.value:
            return seen
        others = (Alternative(seen.value, min(seen.confidence, REST)),)
        return replace(leaf, confidence=LABELLED, source="rule", alternatives=others)
    return None


def _measured(leaf: Field, tag: str, calibration: Calibration, *, ocr: bool) -> Field:
    """The leaf with what its confidence was measured to be worth; derived values keep theirs."""
    if leaf.source != "model" or leaf.value is None:
        return leaf
    return replace(leaf, confidence=calibration.confidence(HEADER + tag, leaf.confidence, ocr=ocr))


def _candidates(tagged: TaggedPage, tag: str, headers: Sequence[Cell]) -> Iterator[Cell]:
    """The cells tagged so, and runs of words that are at least `LEAST` likely to be."""
    own = [cell for cell in headers if cell.tag == tag]
    yield from own
    joins = tag in DATE_TAGS or tag in NAMES
    whole = {cell.words for cell in own}
    taken = {word for words_of in whole for word in words_of}
    if not len(tagged.probabilities):
        return
    words = tagged.page.words
    reach = join_reach(tagged.page, line_height(words)) if joins else 0.0
    run: list[int] = []
    for index in np.nonzero(tagged.probabilities[:, TAG_INDEX[tag]] >= LEAST)[0].tolist():
        # Of a value in several words, some may be tagged and some only half believed
        if index in taken and not joins:
            continue
        if run:
            before, here = words[run[-1]].box, words[index].box
            near = here.left - before.right < reach and index == run[-1] + 1
            if not (joins and near and on_one_line(before, here)):
                if tuple(run) not in whole:
                    yield cell_of(tagged, run, tag)
                run = []
        run.append(index)
    if run and tuple(run) not in whole:
        yield cell_of(tagged, run, tag)


def _evidence(tagged: TaggedPage, cell: Cell) -> float:
    """How likely any of the cell's words belongs to the field.

    A name has several words, and a network that believes half in each believes in the name.
    """
    believed = tagged.probabilities[list(cell.words), TAG_INDEX[cell.tag]]
    return float(1 - np.prod(1 - believed))


def _plausible(leaf: Field, tag: str) -> bool:
    if leaf.value is None:
        return False
    if tag not in _ID_TAGS:
        return True
    text = str(leaf.value)
    other = _PHONE.match(text) or _VAT_NUMBER.match(text) or _COMPUTER_NAME.search(text)
    return bool(re.search(r"\d", text)) and not other and not _is_iban(text)


def _is_iban(text: str) -> bool:
    """Whether it is a bank account number by its check digits (ISO 13616: mod 97 = 1)."""
    if not _IBAN.match(text):
        return False
    return int("".join(str(int(sign, 36)) for sign in text[4:] + text[:4])) % 97 == 1


def _by_value(leaves: Sequence[tuple[Field, float]]) -> list[_Valued]:
    """One entry a value, best first; cells that print the same value speak for it together.

    With each leaf comes what speaks for it (0..1).
    """
    groups: dict[object, list[tuple[Field, float]]] = defaultdict(list)
    for leaf, weight in leaves:
        key = leaf.value if isinstance(leaf.value, Decimal) else str(leaf.value).casefold()
        groups[key].append((leaf, weight))
    valued = []
    for group in groups.values():
        best = max((leaf for leaf, _ in group), key=lambda leaf: leaf.confidence)
        doubt = math.prod(1 - min(weight, 0.999) for _, weight in group)
        valued.append(_Valued(best, 1 - doubt))
    return sorted(valued, key=lambda one: -one.weight)


def _with_decimals_first(valued: Sequence[_Valued]) -> list[_Valued]:
    """Money printed without decimals beside money with them is a count, a year or half a number."""
    printed = [bool(_MONEY.search(one.leaf.raw_text or "")) for one in valued]
    if all(printed) or not any(printed):
        return list(valued)
    weighed = [
        one if decimals else replace(one, weight=one.weight * WITHOUT_DECIMALS)
        for one, decimals in zip(valued, printed, strict=True)
    ]
    return sorted(weighed, key=lambda one: -one.weight)


def _leaf(valued: Sequence[_Valued], tag: str) -> Field:
    best = valued[0].leaf
    if tag == "currency" and best.value is not None:
        code = read_currency(str(best.value))
        sure = 0.0 if code is None else best.confidence
        return Field(code, best.raw_text, sure, best.page, best.polygon)
    return _with_others(best, valued[1:], valued[0].weight)


def _with_others(leaf: Field, others: Sequence[_Valued], weight: float) -> Field:
    """The leaf with the other values as alternatives; rivals share the confidence."""
    rivals = sum(other.weight for other in others)
    further = {other.value: other for other in leaf.alternatives}
    for other in others:
        if other.leaf.value is not None:
            further[other.leaf.value] = Alternative(other.leaf.value, other.leaf.confidence)
    kept = sorted(further.values(), key=lambda other: -other.confidence)
    share = weight / (weight + rivals) if rivals else 1.0
    return replace(leaf, confidence=min(leaf.confidence, share), alternatives=tuple(kept[:3]))


def _totals(
    found: Mapping[str, Sequence[_Valued]],
    fields: Mapping[str, Field],
    lines_sum: Decimal | None,
    pages: Sequence[tuple[TaggedPage, Reader, Sequence[Cell]]],
) -> dict[str, Field]:
    """Sub-total, tax, total and amount due, each a printed value or left out."""
    arithmetic = pages[0][1].arithmetic
    pool = _pool(found) if arithmetic else {}
    shipping = decimal_of(fields.get("shipping_charge"))
    discount = decimal_of(fields.get("total_discount"))
    best: tuple[float, tuple[_Valued | None, ...]] | None = None
    for choice in product(*(_choices(tag, found, pool) for tag in SUMMED)):
        if _one_print_twice(choice):
            continue
        score = sum(_log_weight(one) for one in choice)
        score += _sums(choice, shipping, discount, lines_sum) if arithmetic else 0.0
        if best is None or score > best[0] + 1e-9:
            best = (score, choice)
    if best is None:
        return {}
    totals: dict[str, Field] = {}
    for tag, one in zip(SUMMED, best[1], strict=True):
        if one is not None:
            others = [other for other in found.get(tag, ()) if other.leaf.value != one.leaf.value]
            own = any(other.leaf.value == one.leaf.value for other in found.get(tag, ()))
            leaf = _with_others(one.leaf, others, one.weight)
            if not own:
                leaf = replace(leaf, confidence=min(leaf.confidence, DERIVED_LIMIT))
            totals[tag] = leaf
    totals |= _third(totals, pages) if arithmetic else {}
    total, due = totals.get("invoice_total"), totals.get("amount_due")
    untaxed = not {"sub_total", "total_tax"} & set(totals)
    # Without tax the lines sum to the total itself (BR-CO-13 and -15)
    if total is not None and untaxed and lines_sum is not None and total.decimal == lines_sum:
        totals["sub_total"] = _same_amount(total, "invoice_total")
    # Nothing says that less is due than the total: it is what is due (BR-CO-16 without payments)
    if total is not None and due is None and "amount_due" not in found:
        totals["amount_due"] = _same_amount(total, "invoice_total")
    elif due is not None and total is None and "invoice_total" not in found:
        totals["invoice_total"] = _same_amount(due, "amount_due")
    return totals


def _third(
    totals: Mapping[str, Field], pages: Sequence[tuple[TaggedPage, Reader, Sequence[Cell]]]
) -> dict[str, Field]:
    """Of sub-total, tax and total the one that was not found, if the page prints what it must be.

    An amount of 0, or one that is another of the three, proves nothing.
    """
    sub, tax, total = (decimal_of(totals.get(tag)) for tag in SUMMED[:3])
    missing: tuple[str, Decimal, tuple[str, str]] | None = None
    if tax is None and sub is not None and total is not None:
        missing = "total_tax", total - sub, ("invoice_total", "sub_total")
    elif sub is None and tax and total is not None:
        missing = "sub_total", total - tax, ("invoice_total", "total_tax")
    elif total is None and tax and sub is not None:
        missing = "invoice_total", sub + tax, ("sub_total", "total_tax")
    if missing is None or not missing[1]:
        return {}
    tag, amount, parents = missing
    leaf = _printed(amount, pages)
    if leaf is None:
        return {}
    least = min(DERIVED_LIMIT, *(totals[name].confidence for name in parents))
    return {tag: replace(leaf, confidence=least, source="derived", derived_from=parents)}


def _printed(
    amount: Decimal, pages: Sequence[tuple[TaggedPage, Reader, Sequence[Cell]]]
) -> Field | None:
    """The first number with decimals in the document that is that amount; None if none is."""
    for tagged, reader, _ in pages:
        for index, word in enumerate(tagged.page.words[: len(tagged.probabilities)]):
            if _MONEY.search(word.text):
                leaf = read_field(cell_of(tagged, [index], "total_tax"), "total_tax", reader)
                if leaf.value == amount:
                    return leaf
    return None


def _same_amount(leaf: Field, parent: str) -> Field:
    return Field(
        leaf.value,
        leaf.raw_text,
        min(leaf.confidence, DERIVED_LIMIT),
        leaf.page,
        leaf.polygon,
        "derived",
        derived_from=(parent,),
    )


def _pool(found: Mapping[str, Sequence[_Valued]]) -> dict[Decimal, Field]:
    """Every amount that competes for some header field, by value."""
    pool: dict[Decimal, Field] = {}
    for tag in _MONEY_TAGS:
        for one in found.get(tag, ()):
            if isinstance(one.leaf.value, Decimal):
                pool.setdefault(one.leaf.value, one.leaf)
    return pool


def _choices(
    tag: str, found: Mapping[str, Sequence[_Valued]], pool: Mapping[Decimal, Field]
) -> list[_Valued | None]:
    """The best candidates, then amounts tagged as another total, at the least weight; None last."""
    own = list(found.get(tag, ()))[:MOST_CANDIDATES]
    values = {one.leaf.value for one in own}
    borrowed = [_Valued(leaf, LEAST) for value, leaf in pool.items() if value not in values]
    return [*own, *borrowed[: MOST_CANDIDATES - 1], None]


def _one_print_twice(choice: Sequence[_Valued | None]) -> bool:
    """Whether one printed amount would be two of the totals."""
    leaves = [id(one.leaf) for one in choice if one is not None]
    return len(set(leaves)) < len(leaves)


def _log_weight(one: _Valued | None) -> float:
    return math.log(NOTHING if one is None else max(one.weight, 1e-4))


def _sums(
    choice: Sequence[_Valued | None],
    shipping: Decimal | None,
    discount: Decimal | None,
    lines_sum: Decimal | None,
) -> float:
    sub, tax, total, due = (None if one is None else decimal_of(one.leaf) for one in choice)
    score = 0.0
    if sub is not None and total is not None:
        charges = [Decimal(0)]
        if shipping is not None:
            charges.append(shipping)
        if discount is not None:
            charges += [charge - abs(discount) for charge in charges]
        # Where no tax was read the sums hold without it; equal sums of 0 prove nothing
        if total and any(abs(sub + (tax or 0) + more - total) <= CLOSED for more in charges):
            score += SUM_BONUS if tax else SUM_BONUS / 2
        elif tax is not None:
            score -= SUM_BONUS / 2
    if lines_sum and sub is not None and abs(lines_sum - sub) <= CLOSED:
        score += SUM_BONUS
    elif lines_sum and sub is None and total is not None and abs(lines_sum - total) <= CLOSED:
        score += SUM_BONUS / 2
    if due is not None and total is not None:
        if due == total:
            score += DUE_BONUS
        elif due > total > 0:
            score -= DUE_BONUS
    return score
