"""The tenant behind a request, its scopes and limits: from its key, never from its body."""

from dataclasses import dataclass
from typing import Literal, get_args

Scope = Literal["disputes:write", "disputes:read", "extractions", "webhooks"]
SCOPES: tuple[Scope, ...] = get_args(Scope)


@dataclass(frozen=True, slots=True)
class Allowance:
    """The limits of a key: requests per minute, pages per day (UTC), unfinished jobs."""

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


# The caller of a service without authentication, which answers on its own machine only.
LOCAL = Principal("local", None, frozenset(SCOPES), None)
