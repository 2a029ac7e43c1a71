"""True variances of a dispute, with their arithmetic, evidence and standard codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

# claim: the buyer may claim it; pending: a receipt has to come first; open: cannot be decided yet;
# information: true, and nothing to claim (its money, if any, is in another variance).
State = Literal["claim", "pending", "open", "information"]
Verdict = Literal[
    "matched",
    "pending_receipt",
    "discrepancy",
    "insufficient_evidence",
    "needs_review",
]


class StandardCodes(NamedTuple):
    """X12 element 426 adjustment reasons and the Peppol invoice response reason."""

    x12_426: tuple[str, ...]
    peppol_reason: str


def _codes(x12: str, peppol: str) -> StandardCodes:
    return StandardCodes(tuple(x12.split()), peppol)


STANDARD_CODES: Mapping[str, StandardCodes] = {
    "QTY_OVER_RECEIPT": _codes("06 59", "QTY"),
    "QTY_NO_RECEIPT": _codes("59", "DEL"),
    "QTY_OVER_ORDER": _codes("06", "QTY"),
    "QTY_UNDER_BILLED": _codes("", "NON"),
    "OVER_DELIVERY": _codes("06", "DEL"),
    "REJECTED_BILLED": _codes("04 05", "QUA"),
    "PRICE_OVER": _codes("01", "PRI"),
    "PRICE_UNDER": _codes("01", "PRI"),
    "PRICE_BASIS_SUSPECT": _codes("01 06", "PRI"),
    "UOM_UNRESOLVED": _codes("", "QTY"),
    "EXTENSION_ERROR": _codes("03", "PRI"),
    "TOTAL_MISMATCH": _codes("03", "FIN"),
    "ALLOWANCE_MISSING": _codes("43", "PRI"),
    "DISCOUNT_INCORRECT": _codes("24 02", "PRI"),
    "FREIGHT_UNPLANNED": _codes("02 46 54", "FIN"),
    "FREIGHT_VARIANCE": _codes("02 46 54", "FIN"),
    "ITEM_NOT_ORDERED": _codes("07 25", "ITM"),
    "ITEM_SUBSTITUTED": _codes("08", "ITM"),
    "DUPLICATE_INVOICE": _codes("19", "REF"),
    "DUPLICATE_LINE": _codes("19", "REF"),
    "PO_NOT_FOUND": _codes("61", "REF"),
    "PO_CLOSED": _codes("61", "REF"),
    "VENDOR_MISMATCH": _codes("18", "UNR"),
    "CURRENCY_MISMATCH": _codes("33", "FIN"),
    "TERMS_MISMATCH": _codes("09", "PAY"),
    "TAX_MISMATCH": _codes("55", "LEG"),
    "RETURN_NOT_CREDITED": _codes("11 12 13 14 15 72", "QTY"),
    "CREDIT_MEMO_SHORT": _codes("24 06", "FIN"),
    "DEPOSIT_ERROR": _codes("10", "FIN"),
    "WEIGHT_ERROR": _codes("22", "QTY"),
    "EVIDENCE_MISSING": _codes("44 73 70", "REF"),
    "EVIDENCE_CONFLICT": _codes("", "DEL"),
}


class Pointer(NamedTuple):
    """A field (or mark) of a document, of the rows with that key if one is given.

    `document` is a paper's key ("invoice", "packing_slip"). The place need not be on paper: the
    buyer has order and receipts as data.
    """

    document: str
    field: str
    row: str | None = None


@dataclass(frozen=True, slots=True)
class Variance:
    """One true variance.

    Modelled apart from `serving.matching` on purpose: the truth must not share code with the rules
    that it tests.

    `code` is one of those in `serving/matching/README.md`, "Findings and codes". `quantity` is in
    base units and `amount` unrounded, positive where too much is billed, None
    where it has no money. `po_line` None: it is about a document, or about a billed line that was
    not ordered. `document` is the key of the paper that bills it.
    """

    code: str
    state: State
    po_line: str | None
    quantity: Decimal | None
    amount: Decimal | None
    currency: str
    formula: str = ""
    document: str = "invoice"
    evidence: tuple[Pointer, ...] = ()

    def __post_init__(self) -> None:
        if self.code not in STANDARD_CODES:
            raise ValueError(f"variance code {self.code!r} is not one of STANDARD_CODES")

    @property
    def comparison_key(self) -> tuple[str, str, str | None, Decimal | None, Decimal | None]:
        """The values on which two independent accounts of one variance must agree."""
        return (
            self.code,
            self.state,
            self.po_line,
            normalise_number(self.quantity),
            normalise_number(self.amount),
        )


def normalise_number(number: Decimal | None) -> Decimal | None:
    """Return the number with at most 12 decimals and without trailing zeros; None for None."""
    if number is None:
        return None
    return Decimal(number_text(number))


def number_text(number: Decimal) -> str:
    """Return the number as digits and a point, at most 12 decimals, without trailing zeros."""
    text = format(number.quantize(Decimal(1).scaleb(-12), ROUND_HALF_UP), "f")
    text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def money_text(number: Decimal) -> str:
    """Return money with two decimals, or with all its decimals if it has more."""
    cents = number.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return format(cents, "f") if cents == normalise_number(number) else number_text(number)


def price_text(number: Decimal) -> str:
    """Return a price with at least two and at most six decimals."""
    rounded = Decimal(number_text(number.quantize(Decimal("0.000001"), ROUND_HALF_UP)))
    return money_text(rounded)


def to_decimal(number: Fraction) -> Decimal:
    """Return the fraction as a decimal: exact where it terminates, else with 28 digits."""
    return Decimal(number.numerator) / Decimal(number.denominator)
