"""UBL documents: Invoice, CreditNote, FreightInvoice, DespatchAdvice and OrderResponse.

Every amount of a document must be in its one currency; another one is reported as a problem. The
lines of a freight invoice are freight. An order response restates the order: lines that the vendor
did not accept are reported as problems.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from data import labels
from data.exchange.ubl.conditions import FREIGHT, is_charge
from data.exchange.ubl.elements import Node, article, currency_of, party, unit_of
from data.exchange.wire.edi_document import DOCUMENT_TYPE_OF_CODE, EdiDocument, EdiLine
from data.records import Problem

# An ASN is the vendor's own paper, as a packing slip is.
DESPATCH_TYPE = "packing_slip"
_TOTALS = {
    "sub_total": "LineExtensionAmount",
    "taxable_total": "TaxExclusiveAmount",
    "invoice_total": "TaxInclusiveAmount",
    "total_discount": "AllowanceTotalAmount",
    "total_charge": "ChargeTotalAmount",
    "amount_paid": "PrepaidAmount",
    "rounding_amount": "PayableRoundingAmount",
    "amount_due": "PayableAmount",
}
_ORIGINAL = "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"
_ORDER = "cac:OrderReference/cbc:ID"
_ORDER_LINE = "cac:OrderLineReference"
_ACCEPTED = frozenset({"", "nostatus", "accepted", "5", "4"})


def read_invoice(root: Node) -> EdiDocument:
    """Return the document of a UBL Invoice; its type code decides whether it is an invoice."""
    code = root.text("cbc:InvoiceTypeCode")
    # UBL 2.0 has words there ("SalesInvoice"), later versions UNTDID 1001.
    numeric = code is not None and code.isascii() and code.isdigit()
    kind = DOCUMENT_TYPE_OF_CODE.get(code or "", "other") if numeric else "invoice"
    return _bill(root, kind, ("cac:InvoiceLine", "cbc:InvoicedQuantity"), code)


def read_credit_note(root: Node) -> EdiDocument:
    """Return the credit memo of a UBL CreditNote."""
    lines = ("cac:CreditNoteLine", "cbc:CreditedQuantity")
    return _bill(root, "credit_memo", lines, root.text("cbc:CreditNoteTypeCode"))


def read_freight_invoice(root: Node) -> EdiDocument:
    """Return the invoice of a UBL FreightInvoice, whose lines are freight."""
    lines = ("cac:InvoiceLine", "cbc:InvoicedQuantity")
    return _bill(root, "invoice", lines, root.text("cbc:InvoiceTypeCode"), "freight")


def read_despatch_advice(root: Node) -> EdiDocument:
    """Return the packing slip of a UBL DespatchAdvice (ASN), with the shipped quantities."""
    number = root.required("cbc:ID")
    rows = root.all("cac:DespatchLine")
    fields = {
        labels.header_name("document_id", DESPATCH_TYPE): number,
        "despatch_advice_id": number,
        labels.header_name("document_date", DESPATCH_TYPE): root.day(
            "cac:Shipment/cac:Delivery/cac:Despatch/cbc:ActualDespatchDate", "cbc:IssueDate"
        ),
        "purchase_order": _purchase_order(root, rows),
        **_names(root, "cac:DespatchSupplierParty", "cac:DeliveryCustomerParty"),
    }
    return EdiDocument(
        DESPATCH_TYPE,
        _without_empty(fields),
        tuple(_despatch_line(row) for row in rows),
        type_code="351",
    )


def read_order_response(root: Node) -> EdiDocument:
    """Return the order of a UBL OrderResponse, as the vendor confirmed it."""
    fields = {
        "po_number": root.required(_ORDER),
        "order_date": root.day("cac:OrderReference/cbc:IssueDate"),
        "currency": root.text("cbc:DocumentCurrencyCode"),
        **_names(root, "cac:SellerSupplierParty", "cac:BuyerCustomerParty"),
    }
    lines, problems = [], []
    for row in root.all("cac:OrderLine/cac:LineItem"):
        status = row.text("cbc:LineStatusCode") or ""
        number = row.required("cbc:ID")
        values = {
            "line_number": number,
            "quantity_ordered": row.number("cbc:Quantity"),
            "unit_code": row.attribute("cbc:Quantity", "unitCode"),
            "unit_price": row.number("cac:Price/cbc:PriceAmount"),
            "price_base_quantity": row.number("cac:Price/cbc:BaseQuantity"),
            **article(row.find("cac:Item")),
        }
        lines.append(EdiLine(_without_empty(values)))
        if status.casefold() not in _ACCEPTED:
            message = f"order line {number}: the vendor answered {status!r}"
            problems.append(Problem("order_not_accepted", message))
    return EdiDocument(
        "purchase_order",
        _without_empty(fields),
        tuple(lines),
        problems=tuple(problems),
        type_code="231",
    )


READERS: dict[str, Callable[[Node], EdiDocument]] = {
    "Invoice": read_invoice,
    "CreditNote": read_credit_note,
    "FreightInvoice": read_freight_invoice,
    "DespatchAdvice": read_despatch_advice,
    "OrderResponse": read_order_response,
}


def _bill(
    root: Node, kind: str, lines: tuple[str, str], code: str | None, line_type: str = "item"
) -> EdiDocument:
    row_path, quantity = lines
    rows = root.all(row_path)
    number = root.required("cbc:ID")
    currency = currency_of(root, ("cac:LegalMonetaryTotal/*",))
    originals = {row.text(_ORIGINAL) for row in (root, *rows)} - {None}
    fields = {
        "invoice_id": number,
        "invoice_date": root.day("cbc:IssueDate"),
        "due_date": root.day("cbc:DueDate", "cac:PaymentMeans/cbc:PaymentDueDate"),
        "delivery_date": root.day("cac:Delivery/cbc:ActualDeliveryDate"),
        "purchase_order": _purchase_order(root, rows),
        "original_invoice_id": originals.pop() if len(originals) == 1 else None,
        "currency": currency,
        **_names(root, "cac:AccountingSupplierParty", "cac:AccountingCustomerParty"),
        **{
            name: root.number(f"cac:LegalMonetaryTotal/cbc:{element}")
            for name, element in _TOTALS.items()
        },
        "total_tax": _total_tax(root, currency),
    }
    return EdiDocument(
        document_type=kind,
        fields=_without_empty(fields),
        lines=tuple(_bill_line(row, quantity, line_type) for row in rows),
        charges=tuple(_charges(root)),
        problems=tuple(_other_currencies(root, currency)),
        type_code=code,
    )


def _without_empty(values: dict[str, str | None]) -> dict[str, str]:
    return {name: text for name, text in values.items() if text is not None}


def _names(root: Node, vendor: str, customer: str) -> dict[str, str | None]:
    seller, buyer = party(root, vendor), party(root, customer)
    return {
        "vendor_name": seller.get("name"),
        "vendor_id": seller.get("id"),
        "vendor_tax_id": seller.get("tax_id"),
        "customer_name": buyer.get("name"),
        "customer_tax_id": buyer.get("tax_id"),
    }


def _purchase_order(root: Node, rows: Sequence[Node]) -> str | None:
    """Return the order's number; where only lines state one, the one they all state."""
    numbers = {row.text(f"{_ORDER_LINE}/{_ORDER}") for row in rows} - {None}
    return root.text(_ORDER) or (numbers.pop() if len(numbers) == 1 else None)


def _total_tax(root: Node, currency: str | None) -> str | None:
    """Return the tax in the document's currency; None where it is stated twice."""
    taxes = [
        tax_total.number("cbc:TaxAmount")
        for tax_total in root.all("cac:TaxTotal")
        if currency in (None, tax_total.attribute("cbc:TaxAmount", "currencyID") or currency)
    ]
    return taxes[0] if len(taxes) == 1 else None


def _other_currencies(root: Node, currency: str | None) -> Iterator[Problem]:
    """Yield a problem where totals, prices or line amounts are in other currencies; tax may be."""
    codes: set[str] = set()
    for element in root.element.iter():
        name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if name in {*_TOTALS.values(), "PriceAmount"} and element.get("currencyID"):
            codes.add(element.get("currencyID", ""))
    if len(codes | ({currency} if currency else set())) > 1:
        message = f"amounts are in {', '.join(sorted(codes))}, the document in {currency}"
        yield Problem("mixed_currencies", message)


def _bill_line(row: Node, quantity: str, line_type: str) -> EdiLine:
    sums = {False: Decimal(0), True: Decimal(0)}
    for allowance in row.all("cac:AllowanceCharge"):
        sums[is_charge(allowance)] += Decimal(allowance.required_number("cbc:Amount"))
    taxes = row.all("cac:TaxTotal")
    values: dict[str, str | None] = {
        "line_number": row.text("cbc:ID"),
        "quantity": row.number(quantity),
        "unit_code": row.attribute(quantity, "unitCode"),
        "amount": row.number("cbc:LineExtensionAmount"),
        "discount_amount": format(sums[False], "f") if sums[False] else None,
        "charge_amount": format(sums[True], "f") if sums[True] else None,
        "po_line_number": row.text(f"{_ORDER_LINE}/cbc:LineID"),
        "po_number": row.text(f"{_ORDER_LINE}/{_ORDER}"),
        "tax_amount": taxes[0].number("cbc:TaxAmount") if len(taxes) == 1 else None,
        "tax_rate": row.number("cac:Item/cac:ClassifiedTaxCategory/cbc:Percent"),
        **article(row.find("cac:Item")),
    }
    price = row.number("cac:Price/cbc:PriceAmount")
    base_unit = unit_of(row, "cac:Price/cbc:BaseQuantity")
    if price is not None and base_unit not in (None, unit_of(row, quantity)):
        # EN 16931 R130: a price for another unit than the quantity's cannot be compared as it is.
        stated = f"{price} per {row.number('cac:Price/cbc:BaseQuantity')} {base_unit}"
        return EdiLine(_without_empty(values), line_type, unread={"unit_price": stated})
    values |= {
        "unit_price": price,
        "price_base_quantity": row.number("cac:Price/cbc:BaseQuantity"),
    }
    return EdiLine(_without_empty(values), line_type)


def _charges(root: Node) -> Iterator[EdiLine]:
    for allowance in root.all("cac:AllowanceCharge"):
        charged = is_charge(allowance)
        amount = Decimal(allowance.required_number("cbc:Amount"))
        values = {
            "description": allowance.text("cbc:AllowanceChargeReason"),
            "amount": format(amount if charged else -amount, "f"),
        }
        freight = charged and allowance.text("cbc:AllowanceChargeReasonCode") == FREIGHT
        kind = "freight" if freight else "fee" if charged else "allowance"
        yield EdiLine(_without_empty(values), kind)


def _despatch_line(row: Node) -> EdiLine:
    values = {
        "line_number": row.text("cbc:ID"),
        "quantity_shipped": row.number("cbc:DeliveredQuantity"),
        "quantity_backordered": row.number("cbc:BackorderQuantity"),
        "unit_code": row.attribute("cbc:DeliveredQuantity", "unitCode"),
        "po_line_number": row.text(f"{_ORDER_LINE}/cbc:LineID"),
        "po_number": row.text(f"{_ORDER_LINE}/{_ORDER}"),
        **article(row.find("cac:Item")),
    }
    return EdiLine(_without_empty(values))
