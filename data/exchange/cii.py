"""Reader of UN/CEFACT cross-industry invoices and orders (Factur-X, ZUGFeRD, XRechnung, Order-X).

One reader for CrossIndustryInvoice (Factur-X, ZUGFeRD 2, XRechnung), CrossIndustryDocument
(ZUGFeRD 1) and Order-X (SCRDMCCBDACIOMessageStructure): their trees agree but for prefixes of
names, so elements are found by the end of their local name. BT numbers are EN 16931's.

Prices: `unit_price` is net (BT-146), `gross_unit_price` BT-148, both per `price_base_quantity`
(BT-149). Lines that only group or inform (BT-X-8) are `excluded`: their money is in their parts.
Allowances and charges on the whole document are lines of their own, allowances negative.
"""

import contextlib
import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from data import labels
from data.exchange.wire.edi_document import DOCUMENT_TYPE_OF_CODE, EdiDocument, EdiLine
from data.exchange.wire.errors import ExchangeError
from data.exchange.wire.xml_tree import local_name, plain_text

ROOTS = (
    "CrossIndustryInvoice",
    "CrossIndustryDocument",
    "SCRDMCCBDACIOMessageStructure",
)
_NO_MONEY = frozenset({"GROUP", "INFORMATION"})
_GTIN = "0160"
_FREIGHT = "FC"  # UNTDID 7161
# No exponent, ASCII digits, at most 15 before the point: sums over them never overflow
_DECIMAL = re.compile(r"[+-]?\d{1,15}(\.\d{1,12})?", re.ASCII)
_DATE_LENGTHS = {"102": 8, "203": 12}  # characters, by UNTDID 2379 format code

# Names that ZUGFeRD 1, headers and lines prefix with other words.
_ENDS = frozenset(
    {
        "ExchangedDocument",
        "SupplyChainTradeTransaction",
        "TradeAgreement",
        "TradeDelivery",
        "TradeSettlement",
        "MonetarySummation",
        "ApplicablePercent",
    }
)
# Paths go child by child; a step is a local name, or the end of one.
_HEADER_TEXTS: dict[str, tuple[str, ...]] = {
    "vendor_name": ("TradeAgreement", "SellerTradeParty", "Name"),
    "customer_name": ("TradeAgreement", "BuyerTradeParty", "Name"),
}
_HEADER_DATES: dict[str, tuple[str, ...]] = {
    "due_date": (
        "TradeSettlement",
        "SpecifiedTradePaymentTerms",
        "DueDateDateTime",
        "DateTimeString",
    ),
    "delivery_date": (
        "TradeDelivery",
        "ActualDeliverySupplyChainEvent",
        "OccurrenceDateTime",
        "DateTimeString",
    ),
}
# BT-106, BT-109, BT-107, BT-108, BT-112, BT-113, BT-114, BT-115
_TOTALS: dict[str, str] = {
    "sub_total": "LineTotalAmount",
    "taxable_total": "TaxBasisTotalAmount",
    "total_discount": "AllowanceTotalAmount",
    "total_charge": "ChargeTotalAmount",
    "invoice_total": "GrandTotalAmount",
    "amount_paid": "TotalPrepaidAmount",
    "rounding_amount": "RoundingAmount",
    "amount_due": "DuePayableAmount",
}
_LINE_TEXTS: dict[str, tuple[str, ...]] = {
    "line_number": ("AssociatedDocumentLineDocument", "LineID"),
    "description": ("SpecifiedTradeProduct", "Name"),
    "product_code": ("SpecifiedTradeProduct", "SellerAssignedID"),
    "buyer_item_id": ("SpecifiedTradeProduct", "BuyerAssignedID"),
    "po_line_number": ("TradeAgreement", "BuyerOrderReferencedDocument", "LineID"),
}
_LINE_DECIMALS: dict[str, tuple[str, ...]] = {
    "unit_price": ("TradeAgreement", "NetPriceProductTradePrice", "ChargeAmount"),
    "gross_unit_price": ("TradeAgreement", "GrossPriceProductTradePrice", "ChargeAmount"),
    "amount": ("TradeSettlement", "MonetarySummation", "LineTotalAmount"),
    "tax_rate": ("TradeSettlement", "ApplicableTradeTax", "ApplicablePercent"),
}
_ORIGINAL = ("TradeSettlement", "InvoiceReferencedDocument")
_CURRENCIES = ("InvoiceCurrencyCode", "OrderCurrencyCode")
_QUANTITIES = ("BilledQuantity", "AgreedQuantity", "RequestedQuantity")


def read_cii(root: Element, where: str) -> EdiDocument:
    """Return the fields and lines of an invoice or order; `where` names it in messages.

    Raises `ExchangeError` naming the element that violates the format.
    """
    if local_name(root) not in ROOTS:
        raise ExchangeError(
            f"{where}: the root element is {local_name(root)!r}, expected one of {', '.join(ROOTS)}"
        )
    head = _find(root, ("ExchangedDocument",))
    deal = _find(root, ("SupplyChainTradeTransaction",))
    if head is None or deal is None:
        raise ExchangeError(f"{where}: ExchangedDocument or SupplyChainTradeTransaction is missing")
    code = _text(head, ("TypeCode",)) or ""
    document_type = DOCUMENT_TYPE_OF_CODE.get(code, f"other:{code}" if code else "other")
    lines: list[EdiLine] = []
    excluded: list[EdiLine] = []
    rows = [child for child in deal if local_name(child).endswith("TradeLineItem")]
    for number, row in enumerate(rows, start=1):
        line = _read_line(row, f"{where}: line {number}")
        status = _text(row, ("AssociatedDocumentLineDocument", "LineStatusReasonCode"))
        (excluded if status in _NO_MONEY else lines).append(line)
    return EdiDocument(
        document_type=document_type,
        fields=_read_fields(head, deal, document_type, where),
        lines=tuple(lines),
        charges=tuple(_charges(deal, where)),
        excluded=tuple(excluded),
        type_code=code or None,
    )


def _read_fields(head: Element, deal: Element, document_type: str, where: str) -> dict[str, str]:
    base = "purchase_order" if document_type == "purchase_order" else "invoice"
    reference = ("TradeAgreement", "BuyerOrderReferencedDocument")
    settlement = _find(deal, ("TradeSettlement",))
    currency = None
    if settlement is not None:
        codes = [_text(settlement, (name,)) for name in _CURRENCIES]
        currency = next(filter(None, codes), None)
    fields: dict[str, str | None] = {
        labels.header_name("document_id", base): _text(head, ("ID",)),
        labels.header_name("document_date", base): _date(
            head, ("IssueDateTime", "DateTimeString"), where
        ),
        "purchase_order": _text(deal, (*reference, "IssuerAssignedID"))
        or _text(deal, (*reference, "ID")),
        "original_invoice_id": _text(deal, (*_ORIGINAL, "IssuerAssignedID")),
        "currency": currency,
        **{name: _text(deal, path) for name, path in _HEADER_TEXTS.items()},
        **{name: _date(deal, path, where) for name, path in _HEADER_DATES.items()},
    }
    totals = _find(deal, ("TradeSettlement", "MonetarySummation"))
    if totals is not None:
        for name, element in _TOTALS.items():
            fields[name] = _money(totals, element, where)
        taxes = [
            child
            for child in totals
            if local_name(child) == "TaxTotalAmount"
            and child.get("currencyID", currency) in (currency, None)
        ]
        fields["total_tax"] = _decimal(taxes[0], where) if len(taxes) == 1 else None
    return {name: _as_money(name, value) for name, value in fields.items() if value}


def _as_money(name: str, value: str) -> str:
    """Return a total with at least two decimals: header values are compared as text elsewhere."""
    if name not in _TOTALS and name != "total_tax":
        return value
    money = Decimal(value)
    cents = money.quantize(Decimal("0.01"))
    return format(cents if money == cents else money, "f")


def _read_line(row: Element, where: str) -> EdiLine:
    values: dict[str, str | None] = {name: _text(row, path) for name, path in _LINE_TEXTS.items()}
    for name, path in _LINE_DECIMALS.items():
        element = _find(row, path)
        values[name] = None if element is None else _decimal(element, where)
    for name in _QUANTITIES:
        element = _find(row, ("TradeDelivery", name))
        if element is not None:
            values["quantity"] = _decimal(element, where)
            values["unit_code"] = element.get("unitCode")
            break
    for price in ("NetPriceProductTradePrice", "GrossPriceProductTradePrice"):
        element = _find(row, ("TradeAgreement", price, "BasisQuantity"))
        if element is not None and "price_base_quantity" not in values:
            values["price_base_quantity"] = _decimal(element, where)
    product = _find(row, ("SpecifiedTradeProduct",))
    code = None if product is None else _find(product, ("GlobalID",))
    if code is not None and code.get("schemeID") == _GTIN:
        values["gtin"] = (code.text or "").strip()
    period = ("TradeSettlement", "BillingSpecifiedPeriod")
    values["start_date"] = _date(row, (*period, "StartDateTime", "DateTimeString"), where)
    values["end_date"] = _date(row, (*period, "EndDateTime", "DateTimeString"), where)
    settlement = _find(row, ("TradeSettlement",))
    if settlement is not None:
        sums = {False: Decimal(0), True: Decimal(0)}
        for is_charge, amount, _ in _allowances(settlement, where):
            sums[is_charge] += amount
        values["discount_amount"] = format(sums[False], "f") if sums[False] else None
        values["charge_amount"] = format(sums[True], "f") if sums[True] else None
    stated_values = {name: value for name, value in values.items() if value}
    return EdiLine(stated_values, wordings=_wordings(row, stated_values.get("description")))


def _allowances(parent: Element, where: str) -> Iterator[tuple[bool, Decimal, Element]]:
    """Yield (whether a charge, amount, element) for each allowance or charge of a settlement."""
    for element in parent:
        if local_name(element) != "SpecifiedTradeAllowanceCharge":
            continue
        indicator = (_text(element, ("ChargeIndicator", "Indicator")) or "").casefold()
        if indicator not in ("true", "false", "1", "0"):
            raise ExchangeError(
                f"{where}: ChargeIndicator: expected true or false, got {indicator!r}"
            )
        amount = _money(element, "ActualAmount", where)
        if amount is not None:
            yield indicator in ("true", "1"), Decimal(amount), element


def _charges(deal: Element, where: str) -> Iterator[EdiLine]:
    settlement = _find(deal, ("TradeSettlement",))
    if settlement is None:
        return
    for is_charge, amount, element in _allowances(settlement, where):
        freight = is_charge and _text(element, ("ReasonCode",)) == _FREIGHT
        values = {"amount": format(amount if is_charge else -amount, "f")}
        reason = _text(element, ("Reason",))
        if reason:
            values["description"] = reason
        yield EdiLine(values, "freight" if freight else "fee" if is_charge else "allowance")


def _wordings(line: Element, name: str | None) -> tuple[str, ...]:
    """Return name, name with description (BT-154), and description alone: pages print any."""
    more = _text(line, ("SpecifiedTradeProduct", "Description"))
    both = f"{name} {more}" if name and more else None
    return tuple(dict.fromkeys(text for text in (name, both, more) if text))


def _find(element: Element, path: Sequence[str]) -> Element | None:
    """Return the first descendant along the path."""
    if not path:
        return element
    for child in element:
        name = local_name(child)
        if name == path[0] or (path[0] in _ENDS and name.endswith(path[0])):
            match = _find(child, path[1:])
            if match is not None:
                return match
    return None


def _text(element: Element, path: Sequence[str]) -> str | None:
    return plain_text(_find(element, path))


def _money(element: Element, name: str, where: str) -> str | None:
    amount = _find(element, (name,))
    return None if amount is None else _decimal(amount, where)


def _decimal(element: Element, where: str) -> str | None:
    text = (element.text or "").strip()
    if text and not _DECIMAL.fullmatch(text):
        place = f"{where}: {local_name(element)}"
        raise ExchangeError(f"{place}: expected a decimal number with a point, got {text!r}")
    return text or None


def _date(element: Element, path: Sequence[str], where: str) -> str | None:
    """Return the ISO date of a day (format 102) or a minute (203); None for months, weeks etc."""
    day_element = _find(element, path)
    text = "" if day_element is None else (day_element.text or "").strip()
    length = None if day_element is None else _DATE_LENGTHS.get(day_element.get("format", "102"))
    if not text or length is None:
        return None
    if len(text) == length and text.isascii() and text.isdigit():
        with contextlib.suppress(ValueError):
            return date(int(text[:4]), int(text[4:6]), int(text[6:8])).isoformat()
    expected = f"YYYYMMDD{'hhmm' * (length > 8)}"
    raise ExchangeError(f"{where}: {path[-2]}: expected a date {expected}, got {text!r}")
