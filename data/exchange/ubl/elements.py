"""Access to UBL 2.x elements by path, with the XPath of missing or wrong ones in errors.

Paths use the prefixes cbc and cac, independent of the prefixes in the file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from data.exchange.wire.errors import ExchangeError
from data.exchange.wire.wire_values import iso_day, wire_number
from data.exchange.wire.xml_tree import plain_text
from data.values.units import code_in_force

_SCHEMA = "urn:oasis:names:specification:ubl:schema:xsd:"
_NAMESPACES = {
    "cbc": f"{_SCHEMA}CommonBasicComponents-2",
    "cac": f"{_SCHEMA}CommonAggregateComponents-2",
}
_GTIN_SCHEMES = ("GTIN", "0160", "EAN", "EAN13", "UPC")


@dataclass(frozen=True, slots=True)
class Node:
    """An element with its place: the file's name and its XPath."""

    element: Element
    place: str

    def all(self, path: str) -> list["Node"]:
        """Return every element along the path, numbered in its XPath."""
        elements = self.element.findall(path, _NAMESPACES)
        return [
            Node(element, f"{self.place}/{path}[{number}]")
            for number, element in enumerate(elements, start=1)
        ]

    def find(self, path: str) -> "Node | None":
        element = self.element.find(path, _NAMESPACES)
        return None if element is None else Node(element, f"{self.place}/{path}")

    def text(self, *paths: str) -> str | None:
        """Return the text of the first of these paths that has one."""
        texts = (plain_text(self.element.find(path, _NAMESPACES)) for path in paths)
        return next((text for text in texts if text), None)

    def required(self, path: str) -> str:
        text = self.text(path)
        if text is None:
            raise ExchangeError(f"{self.place}/{path}: is missing but required")
        return text

    def number(self, path: str) -> str | None:
        """Return the decimal string at the path."""
        text = self.text(path)
        if text is None:
            return None
        number = wire_number(text)
        if number is None:
            message = f"{self.place}/{path}: expected a decimal number with a point, got {text!r}"
            raise ExchangeError(message)
        return number

    def required_number(self, path: str) -> str:
        self.required(path)
        return self.number(path) or ""

    def day(self, *paths: str) -> str | None:
        """Return the ISO date at the first of these paths that has one, without a time zone."""
        for path in paths:
            text = self.text(path)
            if text is None:
                continue
            day = iso_day(text[:10], "%Y-%m-%d")
            if day is None:
                raise ExchangeError(
                    f"{self.place}/{path}: expected a date YYYY-MM-DD, got {text!r}"
                )
            return day
        return None

    def attribute(self, path: str, name: str) -> str | None:
        element = self.element.find(path, _NAMESPACES)
        return None if element is None else (element.get(name) or "").strip() or None

    def flag(self, path: str) -> bool | None:
        """Return the indicator at the path."""
        text = self.text(path)
        if text is not None and text.casefold() not in ("true", "false", "1", "0"):
            raise ExchangeError(f"{self.place}/{path}: expected true or false, got {text!r}")
        return None if text is None else text.casefold() in ("true", "1")


def ubl_type(root: Element) -> str | None:
    """Return the document's UBL name, such as "Invoice"; None for a root of another format."""
    namespace, _, name = root.tag.rpartition("}")
    return name if namespace == f"{{{_SCHEMA}{name}-2" else None


def unit_of(node: Node, path: str) -> str | None:
    """Return the unit code of a quantity as in our tables (UNECE Rec 20, which UBL uses)."""
    code = node.attribute(path, "unitCode")
    return None if code is None else code_in_force(code, "unece")


def currency_of(node: Node, amounts: Iterable[str]) -> str | None:
    """Return the document's currency: as stated, else the one of all amounts at these paths."""
    stated = node.text("cbc:DocumentCurrencyCode", "cbc:PricingCurrencyCode")
    if stated is not None:
        return stated
    codes = {
        amount.get("currencyID")
        for path in amounts
        for amount in node.element.findall(path, _NAMESPACES)
    } - {None}
    return codes.pop() if len(codes) == 1 else None


def article(item: Node | None) -> dict[str, str]:
    """Return the identifiers of a cac:Item by our names, and its description."""
    if item is None:
        return {}
    values = {
        "product_code": item.text("cac:SellersItemIdentification/cbc:ID"),
        "buyer_item_id": item.text("cac:BuyersItemIdentification/cbc:ID"),
        "description": item.text("cbc:Name", "cbc:Description"),
    }
    path = "cac:StandardItemIdentification/cbc:ID"
    scheme = item.attribute(path, "schemeID")
    if scheme is None or scheme.upper() in _GTIN_SCHEMES:
        values["gtin"] = item.text(path)
    return {name: text for name, text in values.items() if text}


def party(node: Node, path: str) -> dict[str, str]:
    """Return `name`, `id` and `tax_id` of a party such as cac:SellerSupplierParty."""
    element = node.find(path)
    if element is None:
        return {}
    values = {
        "name": element.text(
            "cac:Party/cac:PartyName/cbc:Name",
            "cac:Party/cac:PartyLegalEntity/cbc:RegistrationName",
        ),
        "id": element.text(
            "cbc:CustomerAssignedAccountID", "cac:Party/cac:PartyIdentification/cbc:ID"
        ),
        "tax_id": element.text("cac:Party/cac:PartyTaxScheme/cbc:CompanyID"),
    }
    return {name: text for name, text in values.items() if text}
