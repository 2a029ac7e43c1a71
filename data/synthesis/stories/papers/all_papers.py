"""All documents of a trade that are in hand, bills first."""

from data.synthesis.stories.papers.bills import bill_content, order_content
from data.synthesis.stories.papers.delivery_papers import (
    debit_memo_contents,
    receipt_content,
    shipping_content,
)
from data.synthesis.stories.papers.printed_content import Content
from data.synthesis.stories.trade.records import Trade

SHIPPING_PAPERS = ("packing_slip", "delivery_note", "bill_of_lading", "proof_of_delivery")


def document_contents(trade: Trade) -> tuple[Content, ...]:
    """Return the contents of all documents in hand, bills first."""
    contents = [bill_content(trade, bill) for bill in trade.bills]
    if "purchase_order" in trade.papers:
        contents.append(order_content(trade))
    for place, receipt in enumerate(trade.deliveries):
        for kind in SHIPPING_PAPERS:
            if kind in trade.papers:
                contents.append(shipping_content(trade, kind, receipt, place))
    if "goods_receipt" in trade.papers:
        contents += [
            receipt_content(trade, receipt, place)
            for place, receipt in enumerate(trade.receipt_ids)
        ]
    return (*contents, *debit_memo_contents(trade))
