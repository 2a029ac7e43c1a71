"""A Python client of the service that retries requests until there is an answer.

>>> client = Client("http://127.0.0.1:8000", "tk_...")                       # doctest: +SKIP
>>> dispute = client.wait(client.submit(order, ["invoice.pdf"]).dispute_id)  # doctest: +SKIP

Every POST carries an idempotency key of its own, the same for all its attempts: a lost response
never makes a second job. Errors are a `ServiceError` with the service's code.
"""

import json
import random
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import tenacity
from pydantic import ValidationError
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from serving.wire.schema import Accepted, Dispute, DisputeList, DisputeSummary, ProblemDetails

TIMEOUT_S = 60.0
ATTEMPTS = 6
LONGEST_WAIT_S = 60.0  # between two attempts; where Retry-After is longer, there is no retry
_POLL_S = 0.2
_SLOWEST_POLL_S = 5.0
_LONGEST_HOLD_S = 20.0  # of `Prefer: wait=N` for the verdict; well within the timeout
_RETRIED_STATUSES = frozenset({429, 502, 503, 504})
_DONE = frozenset({"done", "failed", "cancelled"})

Attachment = Path | str | tuple[str, bytes]  # a file, or a name for display and the content


class ServiceError(RuntimeError):
    """The service refused the request. `code` is stable, `status` is the HTTP status."""

    def __init__(self, details: ProblemDetails) -> None:
        super().__init__(details)
        self.code, self.status, self.detail = details.code, details.status, details.detail

    def __str__(self) -> str:
        return f"the service answered {self.status} ({self.code}): {self.detail}"


class NotFound(ServiceError):
    """404: there is no such dispute, or it is another tenant's."""


class KeyRejected(ServiceError):
    """401 or 403: the key is missing, unknown, expired or revoked, or lacks the scope."""


class TryLater(ServiceError):
    """429 or 503, after the last attempt: a limit is reached, or the service is not ready.

    `retry_after_s` is the Retry-After of the response, None where it has none.
    """

    retry_after_s: float | None = None


class Unreachable(RuntimeError):
    """There was no response at all, after the last attempt."""


class DisputeEnded(RuntimeError):
    """The dispute failed or was cancelled; `dispute` has its state and error."""

    def __init__(self, dispute: Dispute) -> None:
        super().__init__(dispute)
        self.dispute = dispute

    def __str__(self) -> str:
        error = self.dispute.error
        why = f": {error.detail} ({error.code})" if error else ""
        was = "was " if self.dispute.state == "cancelled" else ""
        return f"dispute {self.dispute.dispute_id} {was}{self.dispute.state}{why}"


class NotSettled(TimeoutError):
    """The dispute was not settled in time; it is still being worked on."""


class InvalidSignature(ValueError):
    """A webhook whose signature is invalid or too old: do not trust it."""


class Client:
    """A client for the service at an address; `key` is None where it runs without authentication.

    `transport` and `sleep` are for tests. Close it, or use it in a `with` statement.
    """

    def __init__(
        self,
        address: str,
        key: str | None = None,
        *,
        timeout_s: float = TIMEOUT_S,
        attempts: int = ATTEMPTS,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._http = httpx.Client(
            base_url=address,
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=timeout_s,
            transport=transport,
        )
        self._sleep = sleep
        self._attempts = attempts

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def submit(
        self,
        dispute: Mapping[str, Any] | str,
        attachments: Sequence[Attachment] = (),
        idempotency_key: str | None = None,
    ) -> Accepted:
        """Post a dispute (order, receipts ... as JSON) with its files; afterwards it is durable.

        Pass an `idempotency_key` of your own, such as the number of your case, to be able to post
        it again after your own process died.
        """
        text = dispute if isinstance(dispute, str) else json.dumps(dispute)
        answer = self._post("/v1/disputes", {"dispute": text}, attachments, idempotency_key)
        return Accepted.model_validate(answer.json())

    def settle(
        self,
        dispute: Mapping[str, Any] | str,
        attachments: Sequence[Attachment] = (),
        timeout_s: float = 600.0,
        idempotency_key: str | None = None,
    ) -> Dispute:
        """Post a dispute and return it once it is done, in one request if that is quick enough.

        Raises the same exceptions as `submit` and `wait`.
        """
        deadline = time.monotonic() + timeout_s
        text = dispute if isinstance(dispute, str) else json.dumps(dispute)
        held_s = max(int(min(_LONGEST_HOLD_S, timeout_s)), 0)
        answer = self._post(
            "/v1/disputes",
            {"dispute": text},
            attachments,
            idempotency_key,
            {"Prefer": f"wait={held_s}"},
        )
        if answer.status_code != httpx.codes.OK:
            accepted = Accepted.model_validate(answer.json())
            return self.wait(accepted.dispute_id, max(deadline - time.monotonic(), 0.0))
        settled = Dispute.model_validate(answer.json())
        if settled.state != "done":
            raise DisputeEnded(settled)
        return settled

    def extract(self, attachments: Sequence[Attachment], idempotency_key: str | None = None) -> Any:
        """Post attachments without a dispute; return their documents, or where to poll."""
        return self._post("/v1/extractions", {}, attachments, idempotency_key).json()

    def dispute(self, dispute_id: str) -> Dispute:
        """Return the state of a dispute and, once it is done, its verdict and documents."""
        return Dispute.model_validate(self._request("GET", f"/v1/disputes/{dispute_id}").json())

    def wait(self, dispute_id: str, timeout_s: float = 600.0) -> Dispute:
        """Return a dispute once it is done. Raises `DisputeEnded` and `NotSettled`."""
        deadline = time.monotonic() + timeout_s
        pause = _POLL_S
        while True:
            dispute = self.dispute(dispute_id)
            if dispute.state == "done":
                return dispute
            if dispute.state in _DONE:
                raise DisputeEnded(dispute)
            if time.monotonic() + pause > deadline:
                raise NotSettled(f"dispute {dispute_id} is {dispute.state} after {timeout_s:g} s")
            self._sleep(pause)
            pause = min(pause * 1.5, _SLOWEST_POLL_S)

    def disputes(self, state: str | None = None) -> Iterator[DisputeSummary]:
        """Yield all disputes of the tenant, newest first, without verdicts."""
        params = {"state": state} if state else {}
        while True:
            answer = self._request("GET", "/v1/disputes", params=params)
            page = DisputeList.model_validate(answer.json())
            yield from page.disputes
            if page.next_cursor is None:
                return
            params["cursor"] = page.next_cursor

    def cancel(self, dispute_id: str) -> Dispute:
        """Cancel a dispute unless it is finished, and return it."""
        answer = self._request("POST", f"/v1/disputes/{dispute_id}/cancel")
        return Dispute.model_validate(answer.json())

    def delete(self, dispute_id: str) -> None:
        """Delete a dispute with all its files."""
        self._request("DELETE", f"/v1/disputes/{dispute_id}")

    def limits(self) -> dict[str, Any]:
        """Return the limits of a request, and the limits and usage of the key."""
        limits: dict[str, Any] = self._request("GET", "/v1/limits").json()
        return limits

    def _post(
        self,
        path: str,
        fields: Mapping[str, str],
        attachments: Sequence[Attachment],
        idempotency_key: str | None,
        more: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        headers = {"Idempotency-Key": idempotency_key or str(uuid.uuid4()), **(more or {})}

        def send() -> httpx.Response:
            with ExitStack() as stack:
                # Opened for each attempt: an earlier attempt may have read part of it.
                files = [("attachments", _file(attachment, stack)) for attachment in attachments]
                return self._http.post(path, data=fields, files=files or None, headers=headers)

        return self._send_with_retries(send)

    def _request(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self._send_with_retries(lambda: self._http.request(method, path, **more))

    def _send_with_retries(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        attempts = tenacity.Retrying(
            retry=tenacity.retry_if_exception(_is_retryable),
            stop=tenacity.stop_after_attempt(self._attempts),
            wait=_wait,
            sleep=self._sleep,
            reraise=True,
        )
        return attempts(_answer, send)


def verify_webhook(
    secrets: str | Sequence[str], headers: Mapping[str, str], body: bytes
) -> dict[str, Any]:
    """Return the content of a webhook signed with one of the secrets. Raises `InvalidSignature`.

    `body` is the request body, byte for byte. The same `webhook-id` may arrive more than once.
    """
    for secret in [secrets] if isinstance(secrets, str) else secrets:
        try:
            content: dict[str, Any] = Webhook(secret).verify(body, dict(headers))
        # A malformed signature header raises ValueError when it is decoded.
        except (WebhookVerificationError, ValueError):
            continue
        return content
    raise InvalidSignature("the signature of the webhook is invalid or older than 5 minutes")


def _answer(send: Callable[[], httpx.Response]) -> httpx.Response:
    try:
        answer = send()
    except httpx.TransportError as error:
        raise Unreachable(f"no answer: {error or type(error).__name__}") from error
    if answer.is_success:
        return answer
    raise _error(answer)


def _error(answer: httpx.Response) -> ServiceError:
    try:
        details = ProblemDetails.model_validate(answer.json())
    except (ValueError, ValidationError):
        # Something in front of the service answered, such as a gateway.
        details = ProblemDetails(
            type="about:blank",
            title=answer.reason_phrase,
            status=answer.status_code,
            detail=answer.text[:200],
            code="not_from_tieout",
        )
    kinds: dict[int, type[ServiceError]] = {404: NotFound, 401: KeyRejected}
    kinds |= {403: KeyRejected, **dict.fromkeys(_RETRIED_STATUSES, TryLater)}
    error = kinds.get(answer.status_code, ServiceError)(details)
    if isinstance(error, TryLater):
        error.retry_after_s = _seconds(answer.headers.get("retry-after"))
    return error


def _seconds(text: str | None) -> float | None:
    return float(text) if text is not None and text.isascii() and text.isdigit() else None


def _is_retryable(error: BaseException) -> bool:
    if isinstance(error, TryLater):
        return error.retry_after_s is None or error.retry_after_s <= LONGEST_WAIT_S
    return isinstance(error, Unreachable)


_back_off = tenacity.wait_random_exponential(multiplier=0.5, max=LONGEST_WAIT_S)


def _wait(state: tenacity.RetryCallState) -> float:
    """Return the seconds until the next attempt: Retry-After plus jitter, else a backoff."""
    error = state.outcome.exception() if state.outcome else None
    retry_after_s = error.retry_after_s if isinstance(error, TryLater) else None
    return _back_off(state) if retry_after_s is None else retry_after_s + random.uniform(0, 0.5)


def _file(attachment: Attachment, stack: ExitStack) -> tuple[str, Any]:
    if isinstance(attachment, tuple):
        return attachment
    path = Path(attachment)
    return path.name, stack.enter_context(path.open("rb"))
