"""Field names and tags: the one list shared by corpora, synthesis, model, decoding and API.

A *tag* is the class that the model gives a word; most tags are field names. A line tag belongs to
an item, a header tag to the document, and the rest name words that only look like either.
"""

# Document types that the model distinguishes.
DOCUMENT_TYPES: tuple[str, ...] = (
    "invoice",
    "credit_memo",
    "purchase_order",
    "packing_slip",
    "delivery_note",
    "bill_of_lading",
    "proof_of_delivery",
    "receipt",
    "other",
)

LINE_TYPES: tuple[str, ...] = (
    "item",
    "freight",
    "handling",
    "tax",
    "discount",
    "allowance",
    "deposit",
    "fee",
    "rounding",
    "subtotal",
    "comment",
    "free_goods",
)

# Words of a line item.
LINE_TAGS: tuple[str, ...] = (
    "line_number",
    "description",
    "product_code",
    "buyer_item_id",
    "gtin",
    "quantity",
    "unit",
    "unit_price",
    "price_base_quantity",
    "discount_rate",
    "discount_amount",
    "amount",
    "gross_amount",
    "tax_rate",
    "tax_amount",
    "date",
    "po_number",
    "quantity_ordered",
    "quantity_shipped",
    "quantity_backordered",
    "quantity_received",
    "quantity_rejected",
)

# Words of the document itself. The document's own number has another name on each document type
# (`DOCUMENT_ID_NAMES`); the model has one tag for all, `document_id`, and decoding renames it.
HEADER_TAGS: tuple[str, ...] = (
    "document_id",
    "document_date",
    "due_date",
    "delivery_date",
    "purchase_order",
    "original_invoice_id",
    "vendor_name",
    "customer_name",
    "currency",
    "sub_total",
    "total_discount",
    "shipping_charge",
    "total_tax",
    "invoice_total",
    "amount_due",
)

# Words that look like the above and are not: the table's own head, section subtotals and
# carried-forward rows, the label of a header value.
OTHER_TAGS: tuple[str, ...] = ("other", "column_header", "subtotal_row")

TAGS: tuple[str, ...] = OTHER_TAGS + LINE_TAGS + HEADER_TAGS

# What the row of a table is to the bill; `none` is a word outside the tables that hold items.
# `parent` rows sum or name what their `child` rows list; only `item` rows are billed.
ROW_ROLES: tuple[str, ...] = (
    "none",
    "head",
    "item",
    "parent",
    "child",
    "subtotal",
    "carried_forward",
    "note",
    "heading",
    "tax",
)

# Marks put on a page by hand, visible in its picture alone: `handwriting` is any note or number
# written on it, `strike` a printed word that was struck out.
# The first three may be anywhere on the page, a strike is on a word.
FREE_MARKS: tuple[str, ...] = ("signature", "stamp", "handwriting")
MARKS: tuple[str, ...] = (*FREE_MARKS, "strike")

# The tag of a word whose truth is not known. Never predicted: training leaves such words out.
IGNORE = "ignore"

# The API's names of two header tags, by document type.
DOCUMENT_ID_NAMES: dict[str, str] = {
    "invoice": "invoice_id",
    "credit_memo": "invoice_id",
    "receipt": "invoice_id",
    "purchase_order": "po_number",
    "packing_slip": "packing_list_id",
    "delivery_note": "delivery_note_id",
    "bill_of_lading": "bol_number",
    "proof_of_delivery": "proof_of_delivery_id",
    "other": "document_id",
}
DOCUMENT_DATE_NAMES: dict[str, str] = {
    "invoice": "invoice_date",
    "credit_memo": "invoice_date",
    "receipt": "invoice_date",
    "purchase_order": "order_date",
    "packing_slip": "ship_date",
    "delivery_note": "delivery_date",
    "bill_of_lading": "ship_date",
    "proof_of_delivery": "delivery_date",
    "other": "document_date",
}

# Leaves of a line item in the API: the tags plus what is resolved or computed from them.
LINE_FIELDS: tuple[str, ...] = (
    *LINE_TAGS,
    "unit_code",
    "pack_quantity",
    "charge_amount",
    "po_line_number",
)

# How the value of a tag is read.
DECIMAL_TAGS: frozenset[str] = frozenset(
    {
        "quantity",
        "unit_price",
        "price_base_quantity",
        "discount_rate",
        "discount_amount",
        "amount",
        "gross_amount",
        "tax_rate",
        "tax_amount",
        "quantity_ordered",
        "quantity_shipped",
        "quantity_backordered",
        "quantity_received",
        "quantity_rejected",
        "sub_total",
        "total_discount",
        "shipping_charge",
        "total_tax",
        "invoice_total",
        "amount_due",
    }
)
DATE_TAGS: frozenset[str] = frozenset({"document_date", "due_date", "delivery_date", "date"})


def header_name(tag: str, document_type: str) -> str:
    """Return the API's name of a header tag in a document of that type."""
    if tag == "document_id":
        return DOCUMENT_ID_NAMES[document_type]
    if tag == "document_date":
        return DOCUMENT_DATE_NAMES[document_type]
    return tag


# Words in a line's description that mark it as a charge or discount, not an article
# (serving/matching/README.md, worked case 13).
# Folded to lower case; whole words.
LINE_TYPE_WORDS: dict[str, frozenset[str]] = {
    "freight": frozenset(
        [
            "freight",
            "shipping",
            "delivery",
            "carriage",
            "postage",
            "fracht",
            "versand",
            "versandkosten",
            "frachtkosten",
            "lieferkosten",
            "porto",
            "livraison",
            "transport",
            "expédition",
            "port",
            "spedizione",
            "envío",
        ]
    ),
    "handling": frozenset(["handling", "verpackung", "verpackungskosten", "emballage"]),
    "discount": frozenset(
        ["discount", "rabatt", "nachlass", "remise", "rabais", "sconto", "descuento"]
    ),
    "deposit": frozenset(["deposit", "pfand", "consigne"]),
}

# Words that name a document's type on it, folded to lower case; found inside longer words too
# ("Handelsrechnung"). A receipt often does not name itself.
TITLE_WORDS: dict[str, tuple[str, ...]] = {
    "invoice": ("invoice", "rechnung", "facture", "fattura", "factura", "billing"),
    "credit_memo": (
        "credit memo",
        "credit note",
        "gutschrift",
        "rechnungskorrektur",
        "rechnungs-korrektur",
        "avoir",
        "nota di credito",
        "nota de crédito",
        "abono",
        "storno",
    ),
    "purchase_order": (
        "order",
        "contract",
        "bestellung",
        "auftrag",
        "commande",
        "ordine",
        "pedido",
    ),
    "packing_slip": ("packing", "packliste", "packzettel", "colisage", "imballaggio", "embalaje"),
    "delivery_note": ("delivery", "lieferschein", "livraison", "consegna", "trasporto", "albarán"),
    "bill_of_lading": ("lading", "frachtbrief", "voiture", "connaissement", "carico", "embarque"),
    "proof_of_delivery": ("proof", "received by", "nachweis", "ablieferung", "preuve", "prova"),
}

# Labels printed over the seller's name and address, and before a name in such a block; casefolded.
SELLER_LABELS: frozenset[str] = frozenset([
    "vendor", "supplier", "seller", "vendor name", "sold by", "issued by", "verkäufer",
    "lieferant", "rechnungssteller", "leistungserbringer", "rechnungsaussteller", "vendeur",
    "fournisseur", "émetteur", "proveedor", "vendedor", "emisor", "fornitore", "cedente",
    "venditore", "cedente/prestatore", "emittente", "leverancier", "verkoper", "fornecedor",
    "emitente", "sprzedawca", "dostawca", "wystawca", "säljare", "leverantör", "leverandør",
    "sælger", "selger", "myyjä", "toimittaja", "dodavatel", "prodávající", "eladó", "szállító",
    "kiállító", "furnizor", "vânzător", "satıcı", "tedarikçi"
])  # fmt: skip
NAME_LABELS: frozenset[str] = frozenset([
    "name", "company", "firma", "nom", "raison sociale", "nombre", "razón social", "nome",
    "ragione sociale", "naam", "nazwa", "namn", "navn", "nimi", "název", "név", "nume", "ad"
])  # fmt: skip
