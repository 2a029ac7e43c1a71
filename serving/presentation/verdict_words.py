"""Statuses, decisions and codes of a verdict in words, for readers who do not know the codes."""

from collections.abc import Mapping

STATUS_WORDS: Mapping[str, str] = {
    "matched": "everything ties out",
    "within_tolerance": "the differences are within tolerance",
    "pending_receipt": "goods are billed that have not arrived yet",
    "discrepancy": "there is something to claim",
    "insufficient_evidence": "proof is missing",
    "needs_review": "a person has to review it",
}
DECISION_WORDS: Mapping[str, str] = {
    "repay": "repay it",
    "partly_repay": "repay a part of it",
    "uphold": "uphold it",
    "ask_for_evidence": "ask for evidence",
    "needs_analyst": "a person has to decide",
}
# Each code in words, for readers who do not know the codes.
CODE_WORDS: Mapping[str, str] = {
    "CHARGE_UNPLANNED": "a charge that nobody agreed to",
    "CHARGE_VARIANCE": "more charged than was agreed",
    "PREPAYMENT_NOT_DEDUCTED": "money paid in advance is not taken off",
    "TOTAL_OVER_ORDER": "ordered and billed in all",
    "QTY_OVER_RECEIPT": "more billed than received",
    "QTY_NO_RECEIPT": "billed and not received yet",
    "QTY_OVER_ORDER": "more billed than ordered",
    "QTY_UNDER_BILLED": "less billed than received",
    "OVER_DELIVERY": "more delivered than ordered",
    "REJECTED_BILLED": "rejected goods billed",
    "PRICE_OVER": "price above the order",
    "PRICE_UNDER": "price below the order",
    "PRICE_BASIS_SUSPECT": "units look mixed up",
    "UOM_UNRESOLVED": "a unit that cannot be converted",
    "EXTENSION_ERROR": "quantity × price is not the amount",
    "TOTAL_MISMATCH": "the sums do not agree",
    "ALLOWANCE_MISSING": "an agreed allowance is missing",
    "DISCOUNT_INCORRECT": "a discount is not as agreed",
    "FREIGHT_UNPLANNED": "freight that was not agreed",
    "FREIGHT_VARIANCE": "more freight than agreed",
    "ITEM_NOT_ORDERED": "not ordered",
    "ITEM_SUBSTITUTED": "a substitute was billed",
    "DUPLICATE_INVOICE": "billed before",
    "DUPLICATE_LINE": "a line billed twice",
    "PO_NOT_FOUND": "another order is named",
    "PO_CLOSED": "the order is closed",
    "VENDOR_MISMATCH": "another vendor bills",
    "CURRENCY_MISMATCH": "another currency",
    "TERMS_MISMATCH": "other payment terms",
    "TAX_MISMATCH": "the tax is wrong",
    "RETURN_NOT_CREDITED": "a return was not credited",
    "CREDIT_MEMO_SHORT": "less credited than agreed",
    "DEPOSIT_ERROR": "deposits are not as agreed",
    "WEIGHT_ERROR": "more weight billed than received",
    "EVIDENCE_MISSING": "a paper is missing",
    "EVIDENCE_CONFLICT": "papers disagree",
}
