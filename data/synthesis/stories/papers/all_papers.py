"""All documents of a trade that are in hand, bills first."""

from data.synthesis.stories.papers.bills import bill_content, order_content
from data.synthesis.stories.papers.delivery_papers import (
    debit_memos,
    receipt_content,
    shipping_content,
)
from data.synthesis.stories.papers.printed_content import Content
from data.synthesis.stories.trade.records import Trade

SHIPPING_PAPERS = ("packing_slip", "delivery_note", "bill_of_lading", "proof_of_delivery")


def contents_of(trade: Trade) -> tuple[Content, ...]:
    """All documents in hand, bills first."""
    found = [bill_content(trade, bill) for bill in trade.bills]
    if "purchase_order" in trade.papers:
        found.append(order_content(trade))
    for place, receipt in enumerate(trade.deliveries):
        for kind in SHIPPING_PAPERS:
            if kind in trade.papers:
                found.append(shipping_content(trade, kind, receipt, place))
    if "goods_receipt" in trade.papers:
        found += [receipt_content(trade, one, n) for n, one in enumerate(trade.receipt_ids)]
    return (*found, *debit_memos(trade))
