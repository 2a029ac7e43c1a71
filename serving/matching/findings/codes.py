"""Standard codes of every finding (X12, UNTDID, Peppol), for partners' systems.

X12 element 426 is the adjustment reason of an 812 or 820, element 412 and UNTDID 4221 name facts of
a receipt; reason and action are those of the Peppol Invoice Response (OpenPeppol OPStatusReason and
OPStatusAction): NOA nothing to do, PIN provide information, NIN issue a new invoice, CNF credit
fully, CNP credit partially, CNA credit the amount.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StandardCodes:
    """One finding in standard codes; the first of `x12` fits best, () where none does."""

    x12: tuple[str, ...]
    peppol_reason: str
    peppol_action: str
    x12_412: tuple[str, ...] = ()
    untdid_4221: tuple[str, ...] = ()

    @property
    def x12_426(self) -> str | None:
        """The adjustment reason that fits best."""
        return self.x12[0] if self.x12 else None


def _codes(x12: str, peppol: str, x12_412: str = "", untdid_4221: str = "") -> StandardCodes:
    reason, action = peppol.split()
    return StandardCodes(
        tuple(x12.split()), reason, action, tuple(x12_412.split()), tuple(untdid_4221.split())
    )


STANDARD_CODES: Mapping[str, StandardCodes] = {
    "QTY_OVER_RECEIPT": _codes("06 59", "QTY CNP"),
    "QTY_NO_RECEIPT": _codes("59", "DEL PIN"),
    "QTY_OVER_ORDER": _codes("06", "QTY CNP"),
    "QTY_UNDER_BILLED": _codes("", "NON NOA"),
    "OVER_DELIVERY": _codes("06", "DEL NOA", "03", "AC"),
    "REJECTED_BILLED": _codes("05 04", "QUA CNP", "01 04 08"),
    "PRICE_OVER": _codes("01", "PRI CNP"),
    "PRICE_UNDER": _codes("01", "PRI NOA"),
    "PRICE_BASIS_SUSPECT": _codes("01 06", "PRI PIN"),
    "UOM_UNRESOLVED": _codes("", "QTY PIN"),
    "EXTENSION_ERROR": _codes("03", "PRI NIN"),
    "TOTAL_MISMATCH": _codes("03", "FIN NIN"),
    "TOTAL_OVER_ORDER": _codes("06", "FIN PIN"),
    "ALLOWANCE_MISSING": _codes("43", "PRI CNP"),
    "DISCOUNT_INCORRECT": _codes("24 02", "PRI CNP"),
    "FREIGHT_UNPLANNED": _codes("02 46 54", "FIN CNA"),
    "FREIGHT_VARIANCE": _codes("02 46 54", "FIN CNP"),
    "CHARGE_UNPLANNED": _codes("02 46", "FIN CNA"),
    "CHARGE_VARIANCE": _codes("02 46", "FIN CNP"),
    "PREPAYMENT_NOT_DEDUCTED": _codes("19", "FIN CNP"),
    "ITEM_NOT_ORDERED": _codes("07 25", "ITM CNP"),
    "ITEM_SUBSTITUTED": _codes("08", "ITM CNP", "", "IS CS"),
    "DUPLICATE_INVOICE": _codes("19", "REF CNF"),
    "DUPLICATE_LINE": _codes("19", "REF CNP"),
    "PO_NOT_FOUND": _codes("61", "REF PIN"),
    "PO_CLOSED": _codes("61", "REF CNF"),
    "VENDOR_MISMATCH": _codes("18", "UNR CNF"),
    "CURRENCY_MISMATCH": _codes("33", "FIN NIN"),
    "TERMS_MISMATCH": _codes("09", "PAY NIN"),
    "TAX_MISMATCH": _codes("55", "LEG NIN"),
    "RETURN_NOT_CREDITED": _codes("72 11 12 13 14 15", "QTY CNA"),
    "CREDIT_MEMO_SHORT": _codes("24 06", "FIN CNA"),
    "DEPOSIT_ERROR": _codes("10", "FIN CNP"),
    "WEIGHT_ERROR": _codes("22", "QTY CNP"),
    "EVIDENCE_MISSING": _codes("44 73 70", "REF PIN"),
    "EVIDENCE_CONFLICT": _codes("", "DEL PIN"),
}
