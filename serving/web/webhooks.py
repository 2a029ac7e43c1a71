"""The routes on which a tenant says where it wants to be told, and sees what became of it."""

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from serving.store.webhooks import Delivery, DeliveryState, Endpoint
from serving.web.access import Listener
from serving.web.backend import Behind
from serving.web.errors import errors
from serving.web.results import Id
from serving.webhooks.addresses import target_of
from serving.webhooks.signing import new_secret
from serving.wire.schema import Wire

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])


class WebhookWanted(Wire):
    """Where to be told of every dispute and extraction that finishes."""

    url: str


class Webhook(Wire):
    """An endpoint. `disabled_at` is set once it answered 410; a new secret opens it again."""

    webhook_id: str
    url: str
    created_at: str
    disabled_at: str | None
    secrets: int


class WebhookWithSecret(Webhook):
    """An endpoint and its newest secret, which is shown this once."""

    secret: str


class WebhookDelivery(Wire):
    """One event for one endpoint. `delivery_id` is the `webhook-id` header of each attempt."""

    delivery_id: str
    event: str
    job_id: str
    state: DeliveryState
    created_at: str
    attempts: int
    next_attempt_at: str | None
    last_status: int | None


@router.post("", status_code=201, responses=errors())
async def post_webhook(
    wanted: WebhookWanted, backend: Behind, caller: Listener
) -> WebhookWithSecret:
    """Registers an endpoint; the secret is shown now and never again."""
    target_of(wanted.url, backend.settings.webhooks_to_loopback)
    secret = new_secret()
    made = await run_in_threadpool(backend.webhooks.register, caller.tenant, wanted.url, secret)
    return WebhookWithSecret(**_shown(made).model_dump(), secret=secret)


@router.get("", responses=errors())
async def get_webhooks(backend: Behind, caller: Listener) -> list[Webhook]:
    """The tenant's endpoints, the oldest first."""
    found = await run_in_threadpool(backend.webhooks.endpoints, caller.tenant)
    return [_shown(one) for one in found]


@router.delete("/{webhook_id}", status_code=204, responses=errors(404))
async def delete_webhook(webhook_id: Id, backend: Behind, caller: Listener) -> None:
    """Tells that endpoint nothing more and forgets what it was told."""
    if not await run_in_threadpool(backend.webhooks.delete, caller.tenant, webhook_id):
        raise _no_webhook()


@router.post("/{webhook_id}/rotate", responses=errors(404))
async def rotate_webhook(webhook_id: Id, backend: Behind, caller: Listener) -> WebhookWithSecret:
    """A new secret beside the newest one; each message is signed with both."""
    secret = new_secret()
    changed = await run_in_threadpool(backend.webhooks.rotate, caller.tenant, webhook_id, secret)
    if changed is None:
        raise _no_webhook()
    return WebhookWithSecret(**_shown(changed).model_dump(), secret=secret)


@router.get("/{webhook_id}/deliveries", responses=errors(404))
async def get_deliveries(
    webhook_id: Id, backend: Behind, caller: Listener
) -> list[WebhookDelivery]:
    """The newest hundred deliveries."""
    found = await run_in_threadpool(backend.webhooks.deliveries, caller.tenant, webhook_id)
    if found is None:
        raise _no_webhook()
    return [_delivery(one) for one in found]


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/redeliver", status_code=202, responses=errors(404)
)
async def redeliver(
    webhook_id: Id, delivery_id: Id, backend: Behind, caller: Listener
) -> WebhookDelivery:
    """Delivers again, with the same id, as if it had never been tried."""
    found = await run_in_threadpool(
        backend.webhooks.redeliver, caller.tenant, webhook_id, delivery_id
    )
    if found is None:
        raise HTTPException(404, "no such delivery; list them to find the id")
    return _delivery(found)


def _no_webhook() -> HTTPException:
    return HTTPException(404, "no such webhook; list them to find the id")


def _shown(one: Endpoint) -> Webhook:
    return Webhook(
        webhook_id=one.id,
        url=one.url,
        created_at=one.created_at.isoformat(),
        disabled_at=one.disabled_at.isoformat() if one.disabled_at else None,
        secrets=one.secrets,
    )


def _delivery(one: Delivery) -> WebhookDelivery:
    return WebhookDelivery(
        delivery_id=one.id,
        event=one.event,
        job_id=one.job_id,
        state=one.state,
        created_at=one.created_at.isoformat(),
        attempts=one.attempts,
        next_attempt_at=one.next_at.isoformat() if one.state == "pending" else None,
        last_status=one.last_status,
    )
