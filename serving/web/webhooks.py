"""The routes of webhooks: register endpoints, rotate secrets, list and repeat deliveries."""

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from serving.store.webhooks import Delivery, DeliveryState, Endpoint
from serving.web.access import Listener
from serving.web.backend import CurrentBackend
from serving.web.errors import errors
from serving.web.results import Id
from serving.webhooks.addresses import target_of
from serving.webhooks.signing import new_secret
from serving.wire.schema import Wire

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])


class WebhookWanted(Wire):
    """The URL to notify of every dispute and extraction that finishes."""

    url: str


class Webhook(Wire):
    """An endpoint. `disabled_at` is set once it answered 410; a new secret enables it again."""

    webhook_id: str
    url: str
    created_at: str
    disabled_at: str | None
    secrets: int


class WebhookWithSecret(Webhook):
    """An endpoint and its newest secret, which is shown only once."""

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
    registration: WebhookWanted, backend: CurrentBackend, caller: Listener
) -> WebhookWithSecret:
    """Register an endpoint; its secret is shown only in this response."""
    target_of(registration.url, backend.settings.webhooks_to_loopback)
    secret = new_secret()
    made = await run_in_threadpool(
        backend.webhooks.register, caller.tenant, registration.url, secret
    )
    return WebhookWithSecret(**_webhook_view(made).model_dump(), secret=secret)


@router.get("", responses=errors())
async def get_webhooks(backend: CurrentBackend, caller: Listener) -> list[Webhook]:
    """List your endpoints, oldest first."""
    endpoints = await run_in_threadpool(backend.webhooks.endpoints, caller.tenant)
    return [_webhook_view(endpoint) for endpoint in endpoints]


@router.delete("/{webhook_id}", status_code=204, responses=errors(404))
async def delete_webhook(webhook_id: Id, backend: CurrentBackend, caller: Listener) -> None:
    """Delete an endpoint and its deliveries; nothing more is sent to it."""
    if not await run_in_threadpool(backend.webhooks.delete, caller.tenant, webhook_id):
        raise _no_webhook()


@router.post("/{webhook_id}/rotate", responses=errors(404))
async def rotate_webhook(
    webhook_id: Id, backend: CurrentBackend, caller: Listener
) -> WebhookWithSecret:
    """Add a secret beside the newest one; each message is signed with both."""
    secret = new_secret()
    changed = await run_in_threadpool(backend.webhooks.rotate, caller.tenant, webhook_id, secret)
    if changed is None:
        raise _no_webhook()
    return WebhookWithSecret(**_webhook_view(changed).model_dump(), secret=secret)


@router.get("/{webhook_id}/deliveries", responses=errors(404))
async def get_deliveries(
    webhook_id: Id, backend: CurrentBackend, caller: Listener
) -> list[WebhookDelivery]:
    """List the newest 100 deliveries of an endpoint."""
    deliveries = await run_in_threadpool(backend.webhooks.deliveries, caller.tenant, webhook_id)
    if deliveries is None:
        raise _no_webhook()
    return [_delivery_view(delivery) for delivery in deliveries]


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/redeliver", status_code=202, responses=errors(404)
)
async def redeliver(
    webhook_id: Id, delivery_id: Id, backend: CurrentBackend, caller: Listener
) -> WebhookDelivery:
    """Deliver an event again, with the same id and all attempts."""
    delivery = await run_in_threadpool(
        backend.webhooks.redeliver, caller.tenant, webhook_id, delivery_id
    )
    if delivery is None:
        raise HTTPException(404, "there is no such delivery; list the deliveries for their ids")
    return _delivery_view(delivery)


def _no_webhook() -> HTTPException:
    return HTTPException(404, "there is no such webhook; list your webhooks for their ids")


def _webhook_view(endpoint: Endpoint) -> Webhook:
    return Webhook(
        webhook_id=endpoint.id,
        url=endpoint.url,
        created_at=endpoint.created_at.isoformat(),
        disabled_at=endpoint.disabled_at.isoformat() if endpoint.disabled_at else None,
        secrets=endpoint.secrets,
    )


def _delivery_view(delivery: Delivery) -> WebhookDelivery:
    return WebhookDelivery(
        delivery_id=delivery.id,
        event=delivery.event,
        job_id=delivery.job_id,
        state=delivery.state,
        created_at=delivery.created_at.isoformat(),
        attempts=delivery.attempts,
        next_attempt_at=delivery.next_at.isoformat() if delivery.state == "pending" else None,
        last_status=delivery.last_status,
    )
