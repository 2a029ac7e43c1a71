"""DocILE's 55 fieldtypes and our names for them; None where we have no such name.

Source of the list: github.com/rossumai/docile, `docile.dataset`: 36 fieldtypes of key information
(KILE) and 19 of line items (LIR). Our names are tags: the document's own number and date are
`document_id` and `document_date` whatever its type (`labels.header_name` gives the API's name).

Two fieldtypes may have one name here: net and gross money are one column in our records unless
both are printed, and a purchase order's number is one thing whoever issued it.
"""

from collections.abc import Mapping

KILE_NAMES: Mapping[str, str | None] = {
    "account_num": None,
    "amount_due": "amount_due",
    "amount_paid": None,
    "amount_total_gross": "invoice_total",
    "amount_total_net": "sub_total",
    "amount_total_tax": "total_tax",
    "bank_num": None,
    "bic": None,
    "currency_code_amount_due": "currency",
    "customer_billing_address": None,
    "customer_billing_name": "customer_name",
    "customer_delivery_address": None,
    "customer_delivery_name": None,
    "customer_id": None,
    "customer_order_id": "purchase_order",
    "customer_other_address": None,
    "customer_other_name": None,
    "customer_registration_id": None,
    "customer_tax_id": None,
    "date_due": "due_date",
    "date_issue": "document_date",
    "document_id": "document_id",
    "iban": None,
    "order_id": "purchase_order",
    "payment_reference": None,
    "payment_terms": None,
    "tax_detail_gross": None,
    "tax_detail_net": None,
    "tax_detail_rate": None,
    "tax_detail_tax": None,
    "vendor_address": None,
    "vendor_email": None,
    "vendor_name": "vendor_name",
    "vendor_order_id": None,
    "vendor_registration_id": None,
    "vendor_tax_id": None,
}

LIR_NAMES: Mapping[str, str | None] = {
    "line_item_amount_gross": "gross_amount",  # "amount" where no net amount is printed
    "line_item_amount_net": "amount",
    "line_item_code": "product_code",
    "line_item_currency": None,
    "line_item_date": "date",
    "line_item_description": "description",
    "line_item_discount_amount": "discount_amount",
    "line_item_discount_rate": "discount_rate",
    "line_item_hts_number": None,
    "line_item_order_id": "po_number",
    "line_item_person_name": None,
    "line_item_position": "line_number",
    "line_item_quantity": "quantity",
    "line_item_tax": "tax_amount",
    "line_item_tax_rate": "tax_rate",
    "line_item_unit_price_gross": "unit_price",  # where no net money is printed
    "line_item_unit_price_net": "unit_price",
    "line_item_units_of_measure": "unit",
    "line_item_weight": None,
}

# The fieldtype to return where two have our name: the issuer of an order's number is not known
# here, and an invoice's reference to an order mostly is its customer's.
_PREFERRED: Mapping[str, str] = {"purchase_order": "customer_order_id"}


def kile_fieldtype(name: str) -> str | None:
    """The fieldtype of a header tag; None where DocILE has none."""
    if name in _PREFERRED:
        return _PREFERRED[name]
    return next((known for known, ours in KILE_NAMES.items() if ours == name), None)


def lir_fieldtype(name: str, net: bool) -> str | None:
    """The fieldtype of a line item's value; None where DocILE has none.

    `net`: the document prints net beside gross money, so that `amount` and `unit_price` are net.
    Without it the only money column is gross, as DocILE labels it.
    """
    if name in ("amount", "unit_price"):
        return f"line_item_{name}_{'net' if net else 'gross'}"
    return next((known for known, ours in LIR_NAMES.items() if ours == name), None)
