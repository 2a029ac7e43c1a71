"""Header fields of a document: the best value of each, with totals that add up.

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
    is_on_one_line,
    join_reach,
    line_height,
    make_cell,
)
from training.decoding.labelled_seller import find_labelled_seller, whole_name
from training.decoding.line_items import PageContext, read_field

MIN_PROBABILITY = 0.05  # tag probability from which a word competes for a header field
OMITTED_WEIGHT = 0.25  # weight of leaving a total out
SUM_BONUS = 2.5  # log-odds that a sum which holds is no accident
DUE_BONUS = 0.7
MAX_CANDIDATES = 4  # per total
WITHOUT_DECIMALS = 0.2  # weight of money printed without decimals where other money has them
LABELLED = 0.85  # confidence of a name by its label: 33 of 38 on the development e-invoices
UNLABELLED_LIMIT = 1 - LABELLED
DERIVED_LIMIT = 0.8  # confidence of a total that only arithmetic chose
SUMMED = ("sub_total", "total_tax", "invoice_total", "amount_due")
_MONEY_TAGS = (*SUMMED, "shipping_charge", "total_discount")
_SINGLE = tuple(tag for tag in HEADER_TAGS if tag not in SUMMED)
NAMES = ("vendor_name", "customer_name")
# A member state's prefix before eight or more signs, most of them digits: a tax number, printed
# where order numbers are printed
_VAT_NUMBER = re.compile(
    r"^(?:AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI)"
    r"(?=(?:\w*\d){7})\w{8,12}$"
)
_PHONE = re.compile(r"^\+?\(\d{2,5}\)\s*[\d-]{5,}$")
_IBAN = re.compile(r"^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$")
# File names, addresses on the web and names of standards ("urn:a:b"), which programs print
_COMPUTER_NAME = re.compile(r"\.(?:xml|pdf|html?)$|://|:[^:]+:|@", re.IGNORECASE)
_MONEY = re.compile(r"\d[.,]\d\d(?!\d)")
_ID_TAGS = frozenset({"document_id", "purchase_order", "original_invoice_id"})


@dataclass(frozen=True, slots=True)
class HeaderPage:
    """A tagged page with its context and the header cells found on it."""

    tagged: TaggedPage
    context: PageContext
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class _WeightedValue:
    """One value with the best cell that prints it and the weight of the evidence for it (0..1)."""

    leaf: Field
    weight: float


def read_headers(
    pages: Sequence[HeaderPage],
    kind: str,
    lines_sum: Decimal | None,
    *,
    ocr: bool,
) -> dict[str, Field]:
    """Return the header fields of a document of that type, by their API names.

    `lines_sum` is the sum of the line amounts read, None when a line has none; `ocr` is true where
    OCR read any page.
    """
    calibration = pages[0].context.calibration
    values_by_tag: dict[str, list[_WeightedValue]] = {}
    for tag in HEADER_TAGS:
        leaves = [
            (leaf, _evidence(page.tagged, cell) if tag in NAMES else leaf.confidence)
            for page in pages
            for cell in _candidates_of(tag, page)
            for reading in (cell, *cell.other_readings())
            if _is_plausible(leaf := read_field(reading, tag, page.context), tag)
        ]
        if valued := _merge_by_value(leaves):
            values_by_tag[tag] = _prefer_decimals(valued) if tag in _MONEY_TAGS else valued
    fields = {
        tag: _best_field(values_by_tag[tag], tag)
        for tag in _SINGLE
        if tag in values_by_tag and values_by_tag[tag][0].weight >= MIN_PROBABILITY
    }
    if (seller := _labelled_seller(pages, fields.get("vendor_name"))) is not None:
        fields["vendor_name"] = seller
    fields |= _totals(values_by_tag, fields, lines_sum, pages)
    return {
        header_name(tag, kind): _calibrate(fields[tag], tag, calibration, ocr=ocr)
        for tag in HEADER_TAGS
        if tag in fields
    }


def _candidates_of(tag: str, page: HeaderPage) -> list[Cell]:
    """Return the cells that compete for a tag; parts of one printed vendor's name are one cell."""
    cells = list(_candidates(page.tagged, tag, page.cells))
    if tag != "vendor_name":
        return cells
    whole: dict[tuple[int, ...], Cell] = {}
    for cell in (_whole_name(page.tagged, cell) for cell in cells):
        if cell.words not in whole or cell.confidence > whole[cell.words].confidence:
            whole[cell.words] = cell
    return list(whole.values())


def _whole_name(tagged: TaggedPage, cell: Cell) -> Cell:
    """Return the cell with the whole printed name of which the network tagged a part."""
    words = tagged.page.words
    phrase = whole_name(tagged.page, tuple(words[index] for index in cell.words))
    places = tuple(words.index(word) for word in phrase)
    if places == cell.words or max(places) >= len(tagged.probabilities):
        return cell
    text = " ".join(word.text for word in phrase)
    return replace(make_cell(tagged, places, cell.tag), text=text, confidence=cell.confidence)


def _labelled_seller(pages: Sequence[HeaderPage], tagged_name: Field | None) -> Field | None:
    """The vendor's name by its label, with the network's candidate as an alternative."""
    for page in pages:
        tagged = page.tagged
        words = find_labelled_seller(tagged.page)
        if not words or not len(tagged.probabilities):
            continue
        places = [tagged.page.words.index(word) for word in words]
        leaf = read_field(make_cell(tagged, places, "vendor_name"), "vendor_name", page.context)
        if tagged_name is None or tagged_name.value is None:
            return replace(leaf, confidence=LABELLED, source="rule")
        if tagged_name.value == leaf.value:
            return tagged_name
        others = (Alternative(tagged_name.value, min(tagged_name.confidence, UNLABELLED_LIMIT)),)
        return replace(leaf, confidence=LABELLED, source="rule", alternatives=others)
    return None


def _calibrate(leaf: Field, tag: str, calibration: Calibration, *, ocr: bool) -> Field:
    """Return the leaf with its confidence calibrated; derived values keep theirs."""
    if leaf.source != "model" or leaf.value is None:
        return leaf
    return replace(leaf, confidence=calibration.confidence(HEADER + tag, leaf.confidence, ocr=ocr))


def _candidates(tagged: TaggedPage, tag: str, headers: Sequence[Cell]) -> Iterator[Cell]:
    """Yield the cells of that tag, and runs of words with at least `MIN_PROBABILITY` of it."""
    tagged_cells = [cell for cell in headers if cell.tag == tag]
    yield from tagged_cells
    joins = tag in DATE_TAGS or tag in NAMES
    whole = {cell.words for cell in tagged_cells}
    used_words = {word for words_of in whole for word in words_of}
    if not len(tagged.probabilities):
        return
    words = tagged.page.words
    reach = join_reach(tagged.page, line_height(words)) if joins else 0.0
    run: list[int] = []
    for index in np.nonzero(tagged.probabilities[:, TAG_INDEX[tag]] >= MIN_PROBABILITY)[0].tolist():
        # Of a value in several words, some may be tagged and some only half likely
        if index in used_words and not joins:
            continue
        if run:
            previous, box = words[run[-1]].box, words[index].box
            near = box.left - previous.right < reach and index == run[-1] + 1
            if not (joins and near and is_on_one_line(previous, box)):
                if tuple(run) not in whole:
                    yield make_cell(tagged, run, tag)
                run = []
        run.append(index)
    if run and tuple(run) not in whole:
        yield make_cell(tagged, run, tag)


def _evidence(tagged: TaggedPage, cell: Cell) -> float:
    """The probability that any of the cell's words belongs to the field.

    A name has several words: a probability of a half for each of them makes the name likely.
    """
    believed = tagged.probabilities[list(cell.words), TAG_INDEX[cell.tag]]
    return float(1 - np.prod(1 - believed))


def _is_plausible(leaf: Field, tag: str) -> bool:
    if leaf.value is None:
        return False
    if tag not in _ID_TAGS:
        return True
    text = str(leaf.value)
    other = _PHONE.match(text) or _VAT_NUMBER.match(text) or _COMPUTER_NAME.search(text)
    return bool(re.search(r"\d", text)) and not other and not _is_iban(text)


def _is_iban(text: str) -> bool:
    """True where the text is an IBAN by its check digits (ISO 13616: mod 97 = 1)."""
    if not _IBAN.match(text):
        return False
    return int("".join(str(int(sign, 36)) for sign in text[4:] + text[:4])) % 97 == 1


def _merge_by_value(leaves: Sequence[tuple[Field, float]]) -> list[_WeightedValue]:
    """One entry a value, best first; cells that print the same value add to its weight.

    Each leaf comes with the weight of its evidence (0..1).
    """
    groups: dict[object, list[tuple[Field, float]]] = defaultdict(list)
    for leaf, weight in leaves:
        key = leaf.value if isinstance(leaf.value, Decimal) else str(leaf.value).casefold()
        groups[key].append((leaf, weight))
    valued = []
    for group in groups.values():
        best = max((leaf for leaf, _ in group), key=lambda leaf: leaf.confidence)
        doubt = math.prod(1 - min(weight, 0.999) for _, weight in group)
        valued.append(_WeightedValue(best, 1 - doubt))
    return sorted(valued, key=lambda value: -value.weight)


def _prefer_decimals(valued: Sequence[_WeightedValue]) -> list[_WeightedValue]:
    """Prefer money with decimals: beside it, money without is a count, a year or half a number."""
    printed = [bool(_MONEY.search(value.leaf.raw_text or "")) for value in valued]
    if all(printed) or not any(printed):
        return list(valued)
    weighed = [
        value if decimals else replace(value, weight=value.weight * WITHOUT_DECIMALS)
        for value, decimals in zip(valued, printed, strict=True)
    ]
    return sorted(weighed, key=lambda value: -value.weight)


def _best_field(valued: Sequence[_WeightedValue], tag: str) -> Field:
    best = valued[0].leaf
    if tag == "currency" and best.value is not None:
        code = read_currency(str(best.value))
        confidence = 0.0 if code is None else best.confidence
        return Field(code, best.raw_text, confidence, best.page, best.polygon)
    return _with_others(best, valued[1:], valued[0].weight)


def _with_others(leaf: Field, others: Sequence[_WeightedValue], weight: float) -> Field:
    """Return the leaf with the other values as alternatives; rivals share the confidence."""
    rivals = sum(other.weight for other in others)
    further = {other.value: other for other in leaf.alternatives}
    for other in others:
        if other.leaf.value is not None:
            further[other.leaf.value] = Alternative(other.leaf.value, other.leaf.confidence)
    alternatives = sorted(further.values(), key=lambda other: -other.confidence)
    share = weight / (weight + rivals) if rivals else 1.0
    return replace(
        leaf, confidence=min(leaf.confidence, share), alternatives=tuple(alternatives[:3])
    )


def _totals(
    values_by_tag: Mapping[str, Sequence[_WeightedValue]],
    fields: Mapping[str, Field],
    lines_sum: Decimal | None,
    pages: Sequence[HeaderPage],
) -> dict[str, Field]:
    """Sub-total, tax, total and amount due, each a printed value or left out."""
    arithmetic = pages[0].context.arithmetic
    pool = _amount_pool(values_by_tag) if arithmetic else {}
    shipping = decimal_of(fields.get("shipping_charge"))
    discount = decimal_of(fields.get("total_discount"))
    best: tuple[float, tuple[_WeightedValue | None, ...]] | None = None
    for choice in product(*(_choices(tag, values_by_tag, pool) for tag in SUMMED)):
        if _has_repeated_print(choice):
            continue
        score = sum(_log_weight(value) for value in choice)
        score += _sum_evidence(choice, shipping, discount, lines_sum) if arithmetic else 0.0
        if best is None or score > best[0] + 1e-9:
            best = (score, choice)
    if best is None:
        return {}
    totals = {
        tag: _total_field(value, values_by_tag.get(tag, ()))
        for tag, value in zip(SUMMED, best[1], strict=True)
        if value is not None
    }
    totals |= _missing_total(totals, pages) if arithmetic else {}
    return totals | _equal_totals(totals, values_by_tag, lines_sum)


def _total_field(value: _WeightedValue, tagged: Sequence[_WeightedValue]) -> Field:
    """The chosen total beside the other values tagged so; one not tagged is less certain."""
    others = [other for other in tagged if other.leaf.value != value.leaf.value]
    leaf = _with_others(value.leaf, others, value.weight)
    if len(others) == len(tagged):
        return replace(leaf, confidence=min(leaf.confidence, DERIVED_LIMIT))
    return leaf


def _equal_totals(
    totals: Mapping[str, Field],
    values_by_tag: Mapping[str, Sequence[_WeightedValue]],
    lines_sum: Decimal | None,
) -> dict[str, Field]:
    """The totals that were not found but have to equal one that was."""
    equal: dict[str, Field] = {}
    total, due = totals.get("invoice_total"), totals.get("amount_due")
    untaxed = not {"sub_total", "total_tax"} & set(totals)
    # Without tax the lines sum to the total itself (BR-CO-13 and -15)
    if total is not None and untaxed and lines_sum is not None and total.decimal == lines_sum:
        equal["sub_total"] = _same_amount(total, "invoice_total")
    # Nothing shows that less is due than the total: it is what is due (BR-CO-16 without payments)
    if total is not None and due is None and "amount_due" not in values_by_tag:
        equal["amount_due"] = _same_amount(total, "invoice_total")
    elif due is not None and total is None and "invoice_total" not in values_by_tag:
        equal["invoice_total"] = _same_amount(due, "amount_due")
    return equal


def _missing_total(totals: Mapping[str, Field], pages: Sequence[HeaderPage]) -> dict[str, Field]:
    """The one of sub-total, tax and total that was not found, if its implied amount is printed.

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
    leaf = _find_printed(amount, pages)
    if leaf is None:
        return {}
    confidence = min(DERIVED_LIMIT, *(totals[name].confidence for name in parents))
    return {tag: replace(leaf, confidence=confidence, source="derived", derived_from=parents)}


def _find_printed(amount: Decimal, pages: Sequence[HeaderPage]) -> Field | None:
    """Find the first number with decimals in the document that is that amount."""
    for page in pages:
        tagged = page.tagged
        for index, word in enumerate(tagged.page.words[: len(tagged.probabilities)]):
            if _MONEY.search(word.text):
                leaf = read_field(
                    make_cell(tagged, [index], "total_tax"), "total_tax", page.context
                )
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


def _amount_pool(values_by_tag: Mapping[str, Sequence[_WeightedValue]]) -> dict[Decimal, Field]:
    """Every amount that competes for some header field, by value."""
    pool: dict[Decimal, Field] = {}
    for tag in _MONEY_TAGS:
        for value in values_by_tag.get(tag, ()):
            if isinstance(value.leaf.value, Decimal):
                pool.setdefault(value.leaf.value, value.leaf)
    return pool


def _choices(
    tag: str, values_by_tag: Mapping[str, Sequence[_WeightedValue]], pool: Mapping[Decimal, Field]
) -> list[_WeightedValue | None]:
    """The best candidates, then amounts tagged as another total, weighted least; None last."""
    candidates = list(values_by_tag.get(tag, ()))[:MAX_CANDIDATES]
    values = {value.leaf.value for value in candidates}
    borrowed = [
        _WeightedValue(leaf, MIN_PROBABILITY)
        for amount, leaf in pool.items()
        if amount not in values
    ]
    return [*candidates, *borrowed[: MAX_CANDIDATES - 1], None]


def _has_repeated_print(choice: Sequence[_WeightedValue | None]) -> bool:
    """True where one printed amount would be two of the totals."""
    leaves = [id(value.leaf) for value in choice if value is not None]
    return len(set(leaves)) < len(leaves)


def _log_weight(value: _WeightedValue | None) -> float:
    return math.log(OMITTED_WEIGHT if value is None else max(value.weight, 1e-4))


def _sum_evidence(
    choice: Sequence[_WeightedValue | None],
    shipping: Decimal | None,
    discount: Decimal | None,
    lines_sum: Decimal | None,
) -> float:
    sub, tax, total, due = (None if value is None else decimal_of(value.leaf) for value in choice)
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
