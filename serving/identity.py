"""Who asks: a tenant, and what it may do. Nothing in a request's body says so."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

ALL_SCOPES = frozenset({"disputes:write", "disputes:read", "extractions", "webhooks", "keys"})


@dataclass(frozen=True, slots=True)
class Principal:
    """The tenant a request belongs to and the key it came with, None where no keys are used."""

    tenant: str
    key_id: str | None = None
    scopes: frozenset[str] = ALL_SCOPES


LOCAL = Principal("local")


async def principal(request: Request) -> Principal:
    """Who a request is from: without authentication, the one tenant there is."""
    return LOCAL


Caller = Annotated[Principal, Depends(principal)]
