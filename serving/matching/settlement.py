"""x"""

from data.records import Claim
from serving.matching.standing import is_live

_SHORT_PAYMENTS = frozenset({"short_payment", "short payment", "shortage", "short_pay"})


def is_disputed(claim: Claim) -> bool:
    """Whether the claim is a short payment that stands: what this dispute has to settle."""
    return claim.kind.strip().casefold() in _SHORT_PAYMENTS and is_live(claim.status)
