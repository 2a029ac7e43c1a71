"""Which of the quantities that a paper prints is the one it stands for."""

from decimal import Decimal as D

import pytest

from data.records import Field, LineItem
from training.decoding.paper_quantities import with_paper_quantity


def line(**numbers):
    return LineItem(
        **{
            name: Field(D(value), confidence=confidence)
            for name, (value, confidence) in numbers.items()
        }
    )


ORDERED = {"quantity_ordered": ("75", 0.99)}
SHIPPED = {"quantity_shipped": ("50", 0.98)}
RECEIVED = {"quantity_received": ("46", 0.97)}
OPEN = {"quantity_backordered": ("25", 0.99)}
PRICED = {"unit_price": ("2.00", 0.9), "amount": ("100.00", 0.9)}


@pytest.mark.parametrize(
    ("document_type", "printed", "quantity"),
    [
        ("packing_slip", ORDERED | SHIPPED | OPEN, "50"),
        ("delivery_note", ORDERED | SHIPPED, "50"),
        ("delivery_note", SHIPPED | RECEIVED, "46"),  # signed for
        ("proof_of_delivery", SHIPPED | RECEIVED, "46"),
        ("proof_of_delivery", SHIPPED, "50"),
        ("bill_of_lading", SHIPPED | RECEIVED, "50"),
        ("purchase_order", ORDERED, "75"),
        # an order's count is no delivery's
        ("delivery_note", ORDERED | OPEN, None),
        ("purchase_order", SHIPPED, None),
        # on an invoice the one that multiplies was billed
        ("invoice", ORDERED | SHIPPED | PRICED, "50"),
        ("invoice", ORDERED | {"unit_price": ("2.00", 0.9), "amount": ("150.00", 0.9)}, "75"),
        ("invoice", ORDERED | PRICED, None),
        ("invoice", ORDERED | SHIPPED, None),
        # a surer quantity of the line's own stays, a doubtful one does not
        ("delivery_note", SHIPPED | {"quantity": ("230", 0.44)}, "50"),
        ("delivery_note", SHIPPED | {"quantity": ("51", 0.99)}, "51"),
        ("invoice", SHIPPED | PRICED | {"quantity": ("5", 0.2)}, "5"),
        ("delivery_note", {}, None),
    ],
)
def test_the_kind_of_paper_says_which_quantity_it_states(document_type, printed, quantity):
    stated = with_paper_quantity(line(**printed), document_type).quantity
    assert (None if stated is None else str(stated.value)) == quantity


def test_it_says_where_it_comes_from():
    stated = with_paper_quantity(line(**ORDERED, **SHIPPED), "packing_slip").quantity
    assert stated.source == "derived"
    assert stated.derived_from == ("quantity_shipped",)
    assert stated.confidence == pytest.approx(0.98)
