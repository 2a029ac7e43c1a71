"""The texts of a message to the vendor: each key with the placeholders that it may have.

A text is one string, or a list of them from the fullest to the plainest: the first whose
placeholders all have a value is written. A plural has a string for each form that its language
has. `serving.verdict.vendor_message_templates` checks the files against this.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from serving.matching.findings.codes import STANDARD_CODES


@dataclass(frozen=True, slots=True)
class Slot:
    """The placeholders of one text: `always` must be in it, `sometimes` may have no value.

    A file may leave out what `is_optional`.
    """

    always: frozenset[str] = field(default_factory=frozenset)
    sometimes: frozenset[str] = field(default_factory=frozenset)
    is_plural: bool = False
    is_optional: bool = False

    @property
    def names(self) -> list[str]:
        """Return all placeholders that the text may have, in alphabetical order."""
        return sorted(self.always | self.sometimes)


def _slot(always: str = "", sometimes: str = "", is_plural: bool = False) -> Slot:
    return Slot(frozenset(always.split()), frozenset(sometimes.split()), is_plural)


# Kinds of papers that a message may name.
PAPER_KINDS = (
    "invoice",
    "corrected_invoice",
    "credit_memo",
    "debit_memo",
    "receipt",
    "purchase_order",
    "packing_slip",
    "delivery_note",
    "bill_of_lading",
    "proof_of_delivery",
    "other",
)
# Papers that a vendor is asked for.
WANTED_KINDS = (
    "proof_of_delivery",
    "bill_of_lading",
    "delivery_note",
    "packing_slip",
    "other",
)
# Claims on a credit memo that are worded otherwise than on an invoice.
CREDIT_CODES = ("PRICE_OVER", "PRICE_UNDER", "other")
# Findings that the vendor is not told as claims, and those that never are claims on a vendor.
UNTOLD_CODES = frozenset({"VENDOR_MISMATCH", "EVIDENCE_MISSING", "EVIDENCE_CONFLICT"})
_NO_CLAIMS = frozenset(
    {
        *("QTY_UNDER_BILLED", "OVER_DELIVERY", "PRICE_UNDER"),
        *("PRICE_BASIS_SUSPECT", "UOM_UNRESOLVED", "TOTAL_OVER_ORDER"),
    }
)
_FACTS = "quantity billed ordered received open billed_price ordered_price stated agreed"

SLOTS: Mapping[str, Slot] = {
    "money": _slot("amount currency"),
    "quantity": _slot("number unit"),
    "both": _slot("first last"),
    "either": _slot("first last"),
    "comma": _slot(),
    "space": _slot(),
    "about": _slot("orders", "papers"),
    "orders": _slot("numbers", is_plural=True),
    "pages": _slot("pages", is_plural=True),
    "paper_pages": _slot("paper pages"),
    **{f"papers.{kind}": _slot("", "number") for kind in PAPER_KINDS},
    **{f"wanted.{kind}": _slot() for kind in WANTED_KINDS},
    "place": _slot("text", "order line article"),
    "claims_heading": _slot("money"),
    "credit_heading": _slot("money"),
    "corrections_heading": _slot(),
    "claim_sum": _slot("arithmetic"),
    "claim_money": _slot("money"),
    "see": _slot("papers"),
    **{
        # A finding without words of its own is worded as any "other" one.
        f"claims.{code}": Slot(sometimes=frozenset(_FACTS.split()), is_optional=True)
        for code in STANDARD_CODES
        if code not in UNTOLD_CODES | _NO_CLAIMS
    },
    "claims.other": _slot("", _FACTS),
    **{f"credit_claims.{code}": _slot("", _FACTS) for code in CREDIT_CODES},
    "answer_heading": _slot("claim invoice", "article"),
    "answer_units": _slot("billed paid claimed", "money"),
    "answer_held": _slot("money", "units"),
    "proof.receiver": _slot("paper", "remarks delivered"),
    "proof.carrier": _slot("paper", "remarks delivered"),
    "proof.receipts": _slot("receipts", "date"),
    **{f"remarks.{kind}": _slot("quantity") for kind in ("short", "over", "damaged", "refused")},
    "agreed.price": _slot(),
    "agreed.freight": _slot(),
    "agreed.other": _slot(),
    "agreed.twice": _slot(),
    "outcome.repay": _slot("units"),
    "outcome.uphold": _slot("units"),
    "repay": _slot("money", "units price"),
    "stands": _slot("money", "units"),
    "stands_rest": _slot("money", "units"),
    "in_hand": _slot("papers"),
    "nothing_in_hand": _slot(),
    **{f"weak.{kind}": _slot("paper") for kind in ("shipper", "carrier", "unsigned", "own")},
    "other_order": _slot("paper order"),
    "rule.collect": _slot(),
    "rule.prepaid": _slot(),
    "rule.unknown": _slot(),
    "rule.required": _slot("papers"),
    "ask.proof_of_delivery": _slot("papers"),
    "ask.bill_of_lading": _slot("papers"),
    "still_needed": _slot(),
    "still_needed_row": _slot("paper"),
}
# Between sentences some scripts have no space.
MAY_BE_EMPTY = frozenset({"space"})
# Words for unit codes; a code that a file has no words for is written as it is.
UNIT_SLOT = _slot(is_plural=True)
UNKNOWN_UNIT = "unknown"
