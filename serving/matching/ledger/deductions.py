"""The deduction ledger: every claim of every kind and status, known to every finding.

Partners name kinds of deductions in words or by codes of their own, and say of each what became of
it. Money that was deducted is not deducted again, and what was repaid is not repaid again.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from data.order_records import Claim
from serving.matching.findings.printed_codes import normalise_code

# What a deduction is for. concealed: missing inside packages that were delivered whole.
# item: not ordered; sum: of the invoice; advance: money paid before; credit: agreed by the vendor.
Reason = Literal[
    "shortage",
    "concealed",
    "price",
    "freight",
    "damage",
    "return",
    "duplicate",
    "item",
    "tax",
    "sum",
    "advance",
    "credit",
    "other",
]
# open: held back and disputed, or may be; taken: deducted for good; repaid: paid after all;
# withdrawn: nothing is held back.
Stage = Literal["open", "taken", "repaid", "withdrawn"]

_STAGES: Mapping[str, Stage] = {
    **dict.fromkeys(
        ("repaid", "refunded", "paid back", "reimbursed", "paid after all", "fully repaid"),
        "repaid",
    ),
    **dict.fromkeys(
        ("taken", "deducted", "closed", "settled", "upheld", "final", "accepted", "approved",
         "agreed", "confirmed", "credited", "granted"),
        "taken",
    ),
    **dict.fromkeys(
        ("withdrawn", "dropped", "waived", "cancelled", "canceled", "rejected", "void", "voided",
         "reversed"),
        "withdrawn",
    ),
}  # fmt: skip
# Words for a deduction that is held back and not settled.
_OPEN_WORDS = re.compile(
    r"open|disput|pending|new|held|hold|review|submitted|contest|challenged|short paid|appeal|"
    r"escalat|active|raised|sent|in progress|waiting|unresolved|posted"
)
# Codes of retailers and of X12 element 426, where they do not clash.
_CODES: Mapping[str, Reason] = {
    **dict.fromkeys(("22", "24", "25", "28", "06", "59", "pqv"), "shortage"),
    "21": "concealed",
    **dict.fromkeys(("01", "10", "11", "12", "43", "ppv"), "price"),
    **dict.fromkeys(("02", "46", "54"), "freight"),
    **dict.fromkeys(("04", "05", "14"), "damage"),
    **dict.fromkeys(("15", "72"), "return"),
    **dict.fromkeys(("19", "30"), "duplicate"),
}
# The first of these that a kind holds decides.
_WORDS: Sequence[tuple[str, Reason]] = (
    ("agreed_credit", "credit"), ("conceal", "concealed"), ("duplic", "duplicate"),
    ("billed_twice", "duplicate"), ("not_ordered", "item"), ("unordered", "item"),
    ("wrong_item", "item"), ("substitut", "item"), ("prepay", "advance"),
    ("deposit", "advance"), ("advance", "advance"), ("pric", "price"), ("cost", "price"),
    ("allowance", "price"), ("discount", "price"), ("extension", "price"),
    ("freight", "freight"), ("shipping", "freight"), ("carriage", "freight"),
    ("damag", "damage"), ("reject", "damage"), ("qualit", "damage"), ("defect", "damage"),
    ("return", "return"), ("short", "shortage"), ("not_received", "shortage"),
    ("non_receipt", "shortage"), ("missing", "shortage"), ("quantity", "shortage"),
    ("qty", "shortage"), ("charge", "freight"), ("handling", "freight"), ("tax", "tax"),
    ("vat", "tax"), ("gst", "tax"), ("total", "sum"), ("arithmetic", "sum"),
)  # fmt: skip
_QUANTITY = ("QTY_OVER_RECEIPT", "QTY_OVER_ORDER", "QTY_NO_RECEIPT", "WEIGHT_ERROR")
_PRICE = ("PRICE_OVER", "ALLOWANCE_MISSING", "DISCOUNT_INCORRECT", "EXTENSION_ERROR",
          "ITEM_SUBSTITUTED")  # fmt: skip
_COPIES = ("DUPLICATE_INVOICE", "DUPLICATE_LINE")
# Units that are missing by one name may have been deducted by another.
_UNITS = frozenset({*_QUANTITY, *_COPIES, "REJECTED_BILLED", "RETURN_NOT_CREDITED"})
_UNIT_REASONS = frozenset({"shortage", "concealed", "damage", "return", "duplicate"})
_CODES_OF: Mapping[Reason, frozenset[str]] = {
    "shortage": frozenset(_QUANTITY),
    "concealed": frozenset(_QUANTITY),
    "price": frozenset(_PRICE),
    "freight": frozenset(
        {"FREIGHT_UNPLANNED", "FREIGHT_VARIANCE", "CHARGE_UNPLANNED", "CHARGE_VARIANCE"}
    ),
    "damage": frozenset({"REJECTED_BILLED"}),
    "return": frozenset({"RETURN_NOT_CREDITED"}),
    "duplicate": frozenset({*_COPIES, *_QUANTITY}),
    "item": frozenset({"ITEM_NOT_ORDERED", "ITEM_SUBSTITUTED"}),
    "tax": frozenset({"TAX_MISMATCH"}),
    "sum": frozenset({"TOTAL_MISMATCH", "EXTENSION_ERROR"}),
    "advance": frozenset({"PREPAYMENT_NOT_DEDUCTED", "DEPOSIT_ERROR"}),
}


def reason_of(kind: str) -> Reason:
    """Return what a deduction is for, by the words or the code that its kind is given in.

    >>> reason_of("Short Payment"), reason_of("22"), reason_of("pricing error")
    ('shortage', 'shortage', 'price')
    """
    folded = re.sub(r"[^a-z0-9]+", "_", kind.strip().casefold()).strip("_")
    code = folded.removeprefix("code_").removeprefix("reason_")
    if code in _CODES:
        return _CODES[code]
    return next((reason for word, reason in _WORDS if word in folded), "other")


def stage_of(status: str | None) -> Stage:
    """Return what became of a deduction; one without a status, or with another, is held back."""
    folded = re.sub(r"[^a-z]+", " ", (status or "").casefold()).strip()
    return _STAGES.get(folded, "open")


def is_known_status(status: str | None) -> bool:
    """Return whether a status says what became of a deduction; without one it is held back."""
    folded = re.sub(r"[^a-z]+", " ", (status or "").casefold()).strip()
    is_part = bool(re.search(r"\b(?:part|partly|partial|partially)\b", folded))
    return not folded or folded in _STAGES or (not is_part and bool(_OPEN_WORDS.search(folded)))


@dataclass(frozen=True, slots=True)
class Deduction:
    """One claim with what it is for and what became of it."""

    claim: Claim
    reason: Reason
    stage: Stage

    @property
    def money(self) -> Fraction | None:
        """The money that was held back; None where the claim states none."""
        return None if self.claim.amount is None else abs(Fraction(self.claim.amount))

    def is_about(self, code: str) -> bool:
        """Return whether a finding of that code is what this deduction was taken for."""
        return code in _CODES_OF.get(self.reason, ())

    def may_be_about(self, code: str) -> bool:
        """Return whether it may be: by units under another name, or for an unknown reason."""
        is_units = self.reason in _UNIT_REASONS and code in _UNITS
        return self.reason == "other" or is_units or self.is_about(code)


@dataclass(frozen=True, slots=True)
class DeductionLedger:
    """All deductions of a dispute, by the number of their invoice."""

    by_invoice: Mapping[str, Sequence[Deduction]]

    def on_line(self, invoice: str, line: str | None) -> list[Deduction]:
        """Return the deductions from an invoice on a line, or that name no line, if any stands.

        What was withdrawn holds nothing back.
        """
        return [
            deduction
            for deduction in self.by_invoice.get(normalise_code(invoice), ())
            if deduction.stage != "withdrawn" and deduction.claim.line in (None, line)
        ]


NO_DEDUCTIONS = DeductionLedger({})


def deduction_ledger(claims: Sequence[Claim]) -> DeductionLedger:
    """Return the ledger of all claims; agreed credits are the vendor's and stay out of it."""
    by_invoice: defaultdict[str, list[Deduction]] = defaultdict(list)
    for claim in claims:
        deduction = Deduction(claim, reason_of(claim.kind), stage_of(claim.status))
        if deduction.reason != "credit":
            by_invoice[normalise_code(claim.invoice_id)].append(deduction)
    return DeductionLedger(by_invoice)
