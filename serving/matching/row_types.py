"""Rows of charges, discounts and roundings that came as plain items, known by their words.

Partners' files often bill freight as one more line. A row whose whole description names a charge is
no article that nobody ordered, unless the order has a line of that kind.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from data.order_records import PurchaseOrder
from data.records import ExtractedDocument, LineItem


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NAMES: Mapping[str, frozenset[str]] = {
    "freight": _words(
        """freight shipping shipment delivery carriage postage courier transport transportation
        haulage fracht frachtkosten versand versandkosten lieferkosten transportkosten porto port
        livraison expédition envío envio flete portes spedizione trasporto consegna frete
        transporte verzending verzendkosten vracht vrachtkosten bezorging przesyłka wysyłka dostawa
        transportu 送料 運賃 配送料 运费 运输费"""
    ),
    "handling": _words(
        """handling packaging packing verpackung verpackungskosten emballage embalaje imballaggio
        imballo embalagem verpakking pakowanie opakowanie 梱包費 梱包料 包装费"""
    ),
    "fee": _words(
        """surcharge insurance restocking zuschlag mindermengenzuschlag energiezuschlag
        dieselzuschlag versicherung bearbeitungsgebühr supplément assurance recargo seguro
        supplemento assicurazione sobretaxa toeslag verzekering dopłata ubezpieczenie 附加费 保险费
        手数料 手续费"""
    ),
    "deposit": _words(
        """deposit deposits pfand palettenpfand flaschenpfand leergut consigne consignes statiegeld
        cauzione vasilhame"""
    ),
    "discount": _words(
        """discount discounts rebate allowance rabatt nachlass skonto remise rabais escompte
        ristourne sconto descuento desconto korting rabat 値引 値引き 折扣"""
    ),
    "rounding": _words(
        """rounding rundung rundungsdifferenz arrondi redondeo arrotondamento arredondamento
        afronding zaokrąglenie 端数調整 尾差"""
    ),
}
# Words beside them that name no article.
_FILLERS = _words(
    """a additional adjustment air amount and base bottle bottles by cash charge charges container
    containers coste costes costi costo costs cost crate crates custo custos customer de del der des
    despesas di difference domestic du e early economy empties en energy et express extra fee fees
    flat for frais fuel für gastos gebühr global ground i inbound incl inland international invoice
    koszt koszty kosten line loyal minimum net netto of on opłata order outbound pallet pallets
    payment pauschale per price quantity rate road rule sea small special spese standard the to
    total trade und volume y zzgl"""
)
_WORD = re.compile(r"[^\W\d_]+")
_ONE_SUM = frozenset({"freight", "handling", "fee", "discount", "rounding"})


def with_row_types(document: ExtractedDocument, order: PurchaseOrder) -> ExtractedDocument:
    """Return the document with plain items that are charges as rows of their own type."""
    types = [_type_of(item, order) for item in document.line_items]
    if not any(types):
        return document
    # What the order has a line for is an article of it.
    ordered = {charge_type(line.description) for line in order.lines}
    items = tuple(
        replace(item, line_type=kind) if kind is not None and kind not in ordered else item
        for item, kind in zip(document.line_items, types, strict=True)
    )
    return replace(document, line_items=items)


def charge_type(description: str | None) -> str | None:
    """Return the type of row that a description names, None where it may name an article.

    >>> charge_type("Shipping & handling"), charge_type("Shipping box"), charge_type("Rabatt 5 %")
    ('freight', None, 'discount')
    """
    words = {word.casefold() for word in _WORD.findall(description or "")} - _FILLERS
    kinds = [kind for kind, names in _NAMES.items() if words & names]
    if not kinds or not all(any(word in _NAMES[kind] for kind in kinds) for word in words):
        return None
    if len(kinds) > 1 and set(kinds) != {"freight", "handling"}:
        return None
    return kinds[0]


def _type_of(item: LineItem, order: PurchaseOrder) -> str | None:
    """Return the type of a plain item that is no article; None where it may be one."""
    if item.line_type != "item" or item.description is None or item.amount is None:
        return None
    kind = charge_type(item.description.text)
    quantity = None if item.quantity is None else item.quantity.decimal
    is_one = quantity is None or abs(quantity) == 1
    if kind is None or (kind in _ONE_SUM and not is_one):
        return None
    amount = item.amount.decimal
    if kind == "discount" and (amount is None or amount >= 0):
        return None
    code = None if item.product_code is None else item.product_code.text
    codes = {value for line in order.lines for value in (line.product_code, line.vendor_item_id)}
    return kind if code is None or code not in codes else None
