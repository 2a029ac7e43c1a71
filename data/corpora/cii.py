"""UN/CEFACT cross-industry invoices and orders -> fields and line items by our names.

One reader for CrossIndustryInvoice (Factur-X, ZUGFeRD 2, XRechnung), CrossIndustryDocument
(ZUGFeRD 1) and Order-X (SCRDMCCBDACIOMessageStructure): their trees agree but for prefixes of
names, so elements are found by the end of their local name. BT numbers are EN 16931's.

Prices: `unit_price` is net (BT-146), `gross_unit_price` BT-148, both per `price_base_quantity`
(BT-149). Lines that only group or inform (BT-X-8) are `excluded`: their money is in their parts.
"""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from data import labels
from data.corpora.truth import CorpusError, TrueItem, is_decimal, money_text

ROOTS = (
    "CrossIndustryInvoice",
    "CrossIndustryDocument",
    "SCRDMCCBDACIOMessageStructure",
)
# UNTDID 1001; the others are "other:CODE".
_TYPES = {
    "380": "invoice",
    "381": "credit_memo",
    "384": "corrected_invoice",
    "389": "invoice",
    "326": "invoice",
    "220": "purchase_order",
    "230": "purchase_order",
    "231": "purchase_order",
}
_NO_MONEY = frozenset({"GROUP", "INFORMATION"})
_GTIN = "0160"
_DATE_LENGTHS = {"102": 8, "203": 12}  # characters, by UNTDID 2379 format code

# What ZUGFeRD 1, header and line put other words before.
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
# BT-106, BT-109, BT-107, BT-112, BT-115
_TOTALS: dict[str, str] = {
    "sub_total": "LineTotalAmount",
    "taxable_total": "TaxBasisTotalAmount",
    "total_discount": "AllowanceTotalAmount",
    "invoice_total": "GrandTotalAmount",
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
_CURRENCIES = ("InvoiceCurrencyCode", "OrderCurrencyCode")
_QUANTITIES = ("BilledQuantity", "AgreedQuantity", "RequestedQuantity")


@dataclass(frozen=True, slots=True)
class CrossIndustryDocument:
    """What the XML says, by our names; `taxable_total` (BT-109) stands in for `sub_total`."""

    document_type: str
    fields: Mapping[str, str]
    items: tuple[TrueItem, ...]
    excluded: tuple[TrueItem, ...]


def read_cii(root: Element, where: str) -> CrossIndustryDocument:
    """The fields and items of an invoice or order; `where` names it in messages.

    Every value is marked visible; what is printed is for the page to say. Raises `CorpusError`
    naming the element that does not keep to the format.
    """
    if _local(root) not in ROOTS:
        raise CorpusError(f"{where}: root is {_local(root)!r}, want one of {', '.join(ROOTS)}")
    head = _find(root, ("ExchangedDocument",))
    deal = _find(root, ("SupplyChainTradeTransaction",))
    if head is None or deal is None:
        raise CorpusError(f"{where}: want ExchangedDocument and SupplyChainTradeTransaction in it")
    code = _text(head, ("TypeCode",)) or ""
    document_type = _TYPES.get(code, f"other:{code}" if code else "other")
    items: list[TrueItem] = []
    excluded: list[TrueItem] = []
    lines = [child for child in deal if _local(child).endswith("TradeLineItem")]
    for number, line in enumerate(lines, start=1):
        item = _item(line, f"{where}: line {number}")
        status = _text(line, ("AssociatedDocumentLineDocument", "LineStatusReasonCode"))
        (excluded if status in _NO_MONEY else items).append(item)
    return CrossIndustryDocument(
        document_type, _fields(head, deal, document_type, where), tuple(items), tuple(excluded)
    )


def _fields(head: Element, deal: Element, document_type: str, where: str) -> dict[str, str]:
    base = "purchase_order" if document_type == "purchase_order" else "invoice"
    reference = ("TradeAgreement", "BuyerOrderReferencedDocument")
    settlement = _find(deal, ("TradeSettlement",))
    currency = None
    if settlement is not None:
        codes = [_text(settlement, (name,)) for name in _CURRENCIES]
        currency = next(filter(None, codes), None)
    found: dict[str, str | None] = {
        labels.header_name("document_id", base): _text(head, ("ID",)),
        labels.header_name("document_date", base): _date(
            head, ("IssueDateTime", "DateTimeString"), where
        ),
        "purchase_order": _text(deal, (*reference, "IssuerAssignedID"))
        or _text(deal, (*reference, "ID")),
        "currency": currency,
        **{name: _text(deal, path) for name, path in _HEADER_TEXTS.items()},
        **{name: _date(deal, path, where) for name, path in _HEADER_DATES.items()},
    }
    totals = _find(deal, ("TradeSettlement", "MonetarySummation"))
    if totals is not None:
        for name, element in _TOTALS.items():
            found[name] = _money(totals, element, where)
        taxes = [
            child
            for child in totals
            if _local(child) == "TaxTotalAmount"
            and child.get("currencyID", currency) in (currency, None)
        ]
        found["total_tax"] = _decimal(taxes[0], where) if len(taxes) == 1 else None
    return {name: _as_money(name, value) for name, value in found.items() if value}


def _as_money(name: str, value: str) -> str:
    money = name in _TOTALS or name == "total_tax"
    return money_text(Decimal(value)) if money else value


def _item(line: Element, where: str) -> TrueItem:
    found: dict[str, str | None] = {name: _text(line, path) for name, path in _LINE_TEXTS.items()}
    for name, path in _LINE_DECIMALS.items():
        element = _find(line, path)
        found[name] = None if element is None else _decimal(element, where)
    for name in _QUANTITIES:
        element = _find(line, ("TradeDelivery", name))
        if element is not None:
            found["quantity"] = _decimal(element, where)
            found["unit_code"] = element.get("unitCode")
            break
    for price in ("NetPriceProductTradePrice", "GrossPriceProductTradePrice"):
        element = _find(line, ("TradeAgreement", price, "BasisQuantity"))
        if element is not None and "price_base_quantity" not in found:
            found["price_base_quantity"] = _decimal(element, where)
    product = _find(line, ("SpecifiedTradeProduct",))
    code = None if product is None else _find(product, ("GlobalID",))
    if code is not None and code.get("schemeID") == _GTIN:
        found["gtin"] = (code.text or "").strip()
    period = ("TradeSettlement", "BillingSpecifiedPeriod")
    found["start_date"] = _date(line, (*period, "StartDateTime", "DateTimeString"), where)
    found["end_date"] = _date(line, (*period, "EndDateTime", "DateTimeString"), where)
    values = {name: value for name, value in found.items() if value}
    return TrueItem(values, frozenset(values), _wordings(line, values.get("description")))


def _wordings(line: Element, name: str | None) -> tuple[str, ...]:
    """The name, the name with its description (BT-154), or that alone: pages print either."""
    more = _text(line, ("SpecifiedTradeProduct", "Description"))
    both = f"{name} {more}" if name and more else None
    return tuple(dict.fromkeys(text for text in (name, both, more) if text))


def _local(element: Element) -> str:
    # Comments and processing instructions have no name of their own.
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _find(element: Element, path: Sequence[str]) -> Element | None:
    """The first descendant along the path."""
    if not path:
        return element
    for child in element:
        name = _local(child)
        if name == path[0] or (path[0] in _ENDS and name.endswith(path[0])):
            found = _find(child, path[1:])
            if found is not None:
                return found
    return None


def _text(element: Element, path: Sequence[str]) -> str | None:
    found = _find(element, path)
    return None if found is None else " ".join((found.text or "").split()) or None


def _money(element: Element, name: str, where: str) -> str | None:
    found = _find(element, (name,))
    return None if found is None else _decimal(found, where)


def _decimal(element: Element, where: str) -> str | None:
    text = (element.text or "").strip()
    if text and not is_decimal(text):
        raise CorpusError(f"{where}: {_local(element)}: want a decimal with a point, got {text!r}")
    return text or None


def _date(element: Element, path: Sequence[str], where: str) -> str | None:
    """The ISO date of a day (format 102) or a minute (203); None for months, weeks and the like."""
    found = _find(element, path)
    text = "" if found is None else (found.text or "").strip()
    length = None if found is None else _DATE_LENGTHS.get(found.get("format", "102"))
    if not text or length is None:
        return None
    if len(text) == length and text.isascii() and text.isdigit():
        with contextlib.suppress(ValueError):
            return date(int(text[:4]), int(text[4:6]), int(text[6:8])).isoformat()
    raise CorpusError(f"{where}: {path[-2]}: want YYYYMMDD{'hhmm' * (length > 8)}, got {text!r}")
