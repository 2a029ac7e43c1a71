"""The terms that hold for all lines of a dispute: policy, currency, vendor, doubts by invoice."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from data.order_records import OrderLine
from serving.matching.findings.records import Doubt
from serving.matching.rules.policy import Policy
from serving.matching.rules.tolerances import Kind, Tolerance, tolerance_for


@dataclass(frozen=True, slots=True)
class Context:
    """The terms that hold for all lines of a dispute.

    `doubts`, `price_doubts` and `claim_doubts` are by document id: they keep its lines from any
    claim, its prices from being compared, or a price that differs from being claimed.
    """

    policy: Policy
    currency: str | None
    vendor: str | None = None
    doubts: Mapping[str, tuple[Doubt, ...]] = field(default_factory=dict)
    price_doubts: Mapping[str, tuple[Doubt, ...]] = field(default_factory=dict)
    claim_doubts: Mapping[str, tuple[Doubt, ...]] = field(default_factory=dict)

    def tolerance(self, kind: Kind, line: OrderLine) -> Tolerance:
        """The tolerance for a kind of difference on a PO line."""
        return tolerance_for(self.policy.tolerance_rows(), kind, self.vendor, item_codes(line))


def item_codes(line: OrderLine) -> tuple[str | None, ...]:
    """Every code by which a tolerance may name the line's item."""
    return line.product_code, line.vendor_item_id, line.buyer_item_id, line.gtin
