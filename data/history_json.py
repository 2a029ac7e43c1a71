"""The strict JSON form of what came before: receipts, earlier bills, claims, past invoices."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AliasChoices, Field, model_validator

from data.json_values import Currency, Day, Identifier, NotNegative, Number, StrictJson
from data.order_records import BilledLine, ChargeKind, Claim, GoodsReceipt, PastInvoice, ReceiptLine

# What an earlier bill without units was for.
BillKind = Literal["goods", "advance", "retention"] | ChargeKind
UNIT = Field(default=None, validation_alias=AliasChoices("unit_code", "unit"))


class ReceiptLineJson(StrictJson):
    """Of received, accepted and rejected any two imply the third; contradictions are refused.

    Where `quantity_received` is not given, the receipt counts by what was accepted.
    """

    po_line_number: Identifier
    quantity_received: Number | None = None
    quantity_accepted: Number | None = None
    po_number: Identifier | None = None
    quantity_rejected: NotNegative | None = None
    quantity_returned: NotNegative = Decimal(0)
    unit_code: Identifier | None = UNIT
    receipt_line: Identifier | None = None
    reversed: bool = False
    quantity_basis: Literal["received", "accepted"] | None = None
    weight: NotNegative | None = None

    @model_validator(mode="after")
    def _agreeing(self) -> Self:
        received, accepted = self.quantity_received, self.quantity_accepted
        if accepted is None:
            if received is None:
                raise ValueError(
                    "no quantity; give quantity_received, or quantity_accepted (and "
                    "quantity_rejected)"
                )
            return self
        if self.quantity_basis is not None:
            raise ValueError(
                "quantity_basis is about quantity_received; omit it beside quantity_accepted"
            )
        if received is None:
            if accepted < 0 and self.quantity_rejected:
                raise ValueError(
                    "a negative quantity_accepted beside quantity_rejected; give both without sign "
                    "and reversed: true"
                )
            return self
        _check_split(received, accepted, self.quantity_rejected)
        return self

    def record(self) -> ReceiptLine:
        """Return the receipt line; what is received includes what is rejected."""
        values, accepted = dict(self), self.quantity_accepted
        del values["quantity_accepted"]
        received, rejected = self.quantity_received, self.quantity_rejected or Decimal(0)
        basis = self.quantity_basis or "received"
        if accepted is not None:
            if received is None:
                received, basis = accepted + rejected, "accepted"
            else:
                rejected = received - accepted
        values |= {"quantity_received": received, "quantity_rejected": rejected}
        return ReceiptLine(**(values | {"quantity_basis": basis}))


def _check_split(received: Decimal, accepted: Decimal, rejected: Decimal | None) -> None:
    if received < 0 and accepted != received:
        raise ValueError(
            f"{received} received and {accepted} accepted; give a reversal without sign and "
            "reversed: true"
        )
    if accepted < 0 <= received or accepted > received:
        raise ValueError(f"{accepted} accepted is more than, or not a part of, {received} received")
    if rejected is not None and rejected != received - accepted:
        raise ValueError(
            f"{received} received are not {accepted} accepted and {rejected} rejected; omit the "
            "one of the three that is wrong"
        )


class ReceiptJson(StrictJson):
    receipt_id: Identifier
    lines: list[ReceiptLineJson]
    received_at: Day | None = None

    def record(self) -> GoodsReceipt:
        return GoodsReceipt(**(dict(self) | {"lines": tuple(line.record() for line in self.lines)}))


class BilledJson(StrictJson):
    invoice_id: Identifier
    po_line_number: Identifier = Field(validation_alias=AliasChoices("po_line_number", "po_line"))
    base_quantity: Number | None = None
    quantity: Number | None = None
    unit_code: Identifier | None = UNIT
    po_number: Identifier | None = None
    amount: Number | None = None
    status: str | None = None
    kind: BillKind | None = None

    @model_validator(mode="after")
    def _counted(self) -> Self:
        is_money = self.kind not in (None, "goods") and self.amount is not None
        if self.base_quantity is None and self.quantity is None and not is_money:
            raise ValueError(
                "no quantity; give quantity with unit_code, or base_quantity (in base units)"
            )
        if self.quantity is None and self.unit_code is not None:
            raise ValueError("unit_code is the unit of quantity; base_quantity has none")
        return self

    def record(self, base_quantity: Decimal) -> BilledLine:
        """Return the earlier bill, with its quantity in base units."""
        return BilledLine(**(dict(self) | {"base_quantity": base_quantity}))


class ClaimJson(StrictJson):
    claim_id: Identifier
    kind: str
    invoice_id: Identifier
    line: Identifier | None = None
    quantity: Number | None = None
    amount: Number | None = None
    status: str | None = None
    claimed_at: Day | None = None
    unit_code: Identifier | None = UNIT
    po_number: Identifier | None = None

    def record(self) -> Claim:
        return Claim(**dict(self))


class PastInvoiceJson(StrictJson):
    invoice_id: Identifier
    invoice_total: Number | None = None
    invoice_date: Day | None = None
    document_type: Literal[
        "invoice", "credit_memo", "debit_memo", "corrected_invoice", "receipt"
    ] = "invoice"
    po_number: Identifier | None = None
    currency: Currency | None = None
    file_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    result: str | None = None

    def record(self) -> PastInvoice:
        return PastInvoice(**dict(self))
