"""Who asks: a tenant, and what it may do. Nothing in a request's body says so."""

from dataclasses import dataclass
from typing import Literal, get_args

Scope = Literal["disputes:write", "disputes:read", "extractions", "webhooks"]
SCOPES: tuple[Scope, ...] = get_args(Scope)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a key may use: requests in a minute, pages in a day (UTC), jobs not finished yet."""

    requests_per_minute: int
    pages_per_day: int
    concurrent_jobs: int


@dataclass(frozen=True, slots=True)
class Principal:
    """The tenant a request belongs to, and the key it came with.

    `key_id` and `allowance` are None where the service runs without authentication.
    """

    tenant: str
    key_id: str | None
    scopes: frozenset[str]
    allowance: Allowance | None


# Whoever reaches a service without authentication; it answers on its own machine only.
LOCAL = Principal("local", None, frozenset(SCOPES), None)
