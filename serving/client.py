"""A small client of the service: what it is asked, it asks again until there is an answer.

>>> client = Client("http://127.0.0.1:8000", "tk_...")                       # doctest: +SKIP
>>> dispute = client.wait(client.submit(order, ["invoice.pdf"]).dispute_id)  # doctest: +SKIP

Every POST carries an idempotency key of its own, kept over all its attempts: an answer that was
lost on the way never makes a second job. Errors are a `ServiceError` with the service's code.
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
LONGEST_WAIT_S = 60.0  # between two attempts; where Retry-After says more, there is no other one
_POLL_S = 0.2
_SLOWEST_POLL_S = 5.0
_HELD_S = 20.0  # an answer may be held back so long for the verdict; well within the timeout
_TRIED_AGAIN = frozenset({429, 502, 503, 504})
_DONE = frozenset({"done", "failed", "cancelled"})

Attachment = Path | str | tuple[str, bytes]  # a file, or the name to show and the content


class ServiceError(RuntimeError):
    """The service refused. `code` is stable, `status` is that of HTTP, the message says why."""

    def __init__(self, details: ProblemDetails) -> None:
        super().__init__(details)
        self.code, self.status, self.detail = details.code, details.status, details.detail

    def __str__(self) -> str:
        return f"the service answered {self.status} ({self.code}): {self.detail}"


class NoSuchThing(ServiceError):
    """404: no such dispute, or one of another tenant."""


class KeyNotAccepted(ServiceError):
    """401 or 403: no key, one that has ended, or one that may not do that."""


class TryLater(ServiceError):
    """429 or 503, after the last attempt: too much was asked, or the service is not ready.

    `retry_after_s` is what the service asked for, None where it did not.
    """

    retry_after_s: float | None = None


class Unreachable(RuntimeError):
    """There was no answer at all, after the last attempt."""


class DisputeEnded(RuntimeError):
    """The dispute failed or was cancelled; `dispute` says what is known."""

    def __init__(self, dispute: Dispute) -> None:
        super().__init__(dispute)
        self.dispute = dispute

    def __str__(self) -> str:
        error = self.dispute.error
        why = f": {error.detail} ({error.code})" if error else ""
        return f"the dispute {self.dispute.dispute_id} {self.dispute.state}{why}"


class NotSettled(TimeoutError):
    """The dispute was not settled in time; it is still being worked on."""


class NotSigned(ValueError):
    """A webhook whose signature does not hold, or is too old: do not believe it."""


class Client:
    """The service at an address, asked with a key (None where it runs without authentication).

    `transport` and `sleep` are for tests. Close it, or use it in a `with`.
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
        """Closes the connections."""
        self._http.close()

    def submit(
        self,
        dispute: Mapping[str, Any] | str,
        attachments: Sequence[Attachment] = (),
        idempotency_key: str | None = None,
    ) -> Accepted:
        """Posts a dispute (order, receipts ... as JSON) with its files; it is durable then.

        Give an `idempotency_key` of your own, such as the number of your case, to be able to
        post it again after your own process died.
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
        """The settled dispute, in one request where that is quick enough.

        Raises as `submit` and `wait` do.
        """
        deadline = time.monotonic() + timeout_s
        text = dispute if isinstance(dispute, str) else json.dumps(dispute)
        held_s = max(int(min(_HELD_S, timeout_s)), 0)
        answer = self._post(
            "/v1/disputes",
            {"dispute": text},
            attachments,
            idempotency_key,
            {"Prefer": f"wait={held_s}"},
        )
        if answer.status_code != httpx.codes.OK:
            taken = Accepted.model_validate(answer.json())
            return self.wait(taken.dispute_id, max(deadline - time.monotonic(), 0.0))
        found = Dispute.model_validate(answer.json())
        if found.state != "done":
            raise DisputeEnded(found)
        return found

    def extract(self, attachments: Sequence[Attachment], idempotency_key: str | None = None) -> Any:
        """What the service answers when attachments are posted to be read, without a dispute."""
        return self._post("/v1/extractions", {}, attachments, idempotency_key).json()

    def dispute(self, dispute_id: str) -> Dispute:
        """How far a dispute is; once it is done, its verdict and documents."""
        return Dispute.model_validate(self._ask("GET", f"/v1/disputes/{dispute_id}").json())

    def wait(self, dispute_id: str, timeout_s: float = 600.0) -> Dispute:
        """The settled dispute. Raises `DisputeEnded` and `NotSettled`."""
        deadline = time.monotonic() + timeout_s
        pause = _POLL_S
        while True:
            found = self.dispute(dispute_id)
            if found.state == "done":
                return found
            if found.state in _DONE:
                raise DisputeEnded(found)
            if time.monotonic() + pause > deadline:
                raise NotSettled(f"{dispute_id} is {found.state} after {timeout_s:g} s")
            self._sleep(pause)
            pause = min(pause * 1.5, _SLOWEST_POLL_S)

    def disputes(self, state: str | None = None) -> Iterator[DisputeSummary]:
        """All disputes of the tenant, newest first, without verdicts."""
        params = {"state": state} if state else {}
        while True:
            answer = self._ask("GET", "/v1/disputes", params=params)
            page = DisputeList.model_validate(answer.json())
            yield from page.disputes
            if page.next_cursor is None:
                return
            params["cursor"] = page.next_cursor

    def cancel(self, dispute_id: str) -> Dispute:
        """The dispute, cancelled unless it was finished."""
        answer = self._ask("POST", f"/v1/disputes/{dispute_id}/cancel")
        return Dispute.model_validate(answer.json())

    def delete(self, dispute_id: str) -> None:
        """Deletes a dispute with all its bytes."""
        self._ask("DELETE", f"/v1/disputes/{dispute_id}")

    def limits(self) -> dict[str, Any]:
        """What one request may hold, and what the key may use and has used."""
        found: dict[str, Any] = self._ask("GET", "/v1/limits").json()
        return found

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
                # Opened for each attempt: the one before may have read a part of it.
                files = [("attachments", _file(one, stack)) for one in attachments]
                return self._http.post(path, data=fields, files=files or None, headers=headers)

        return self._tried(send)

    def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self._tried(lambda: self._http.request(method, path, **more))

    def _tried(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        attempts = tenacity.Retrying(
            retry=tenacity.retry_if_exception(_worth_waiting),
            stop=tenacity.stop_after_attempt(self._attempts),
            wait=_wait,
            sleep=self._sleep,
            reraise=True,
        )
        return attempts(_answer, send)


def verified_webhook(
    secrets: str | Sequence[str], headers: Mapping[str, str], body: bytes
) -> dict[str, Any]:
    """The content of a webhook that was signed with one of the secrets. Raises `NotSigned`.

    `body` is what arrived, byte for byte. The same `webhook-id` may arrive more than once.
    """
    for secret in [secrets] if isinstance(secrets, str) else secrets:
        try:
            content: dict[str, Any] = Webhook(secret).verify(body, dict(headers))
        # A header that is no signature at all fails in the decoding of it.
        except (WebhookVerificationError, ValueError):
            continue
        return content
    raise NotSigned("the signature of the webhook does not hold, or it is older than 5 minutes")


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
        # Something before the service answered, such as a gateway.
        details = ProblemDetails(
            type="about:blank",
            title=answer.reason_phrase,
            status=answer.status_code,
            detail=answer.text[:200],
            code="not_from_tieout",
        )
    kinds: dict[int, type[ServiceError]] = {404: NoSuchThing, 401: KeyNotAccepted}
    kinds |= {403: KeyNotAccepted, **dict.fromkeys(_TRIED_AGAIN, TryLater)}
    error = kinds.get(answer.status_code, ServiceError)(details)
    if isinstance(error, TryLater):
        error.retry_after_s = _seconds(answer.headers.get("retry-after"))
    return error


def _seconds(text: str | None) -> float | None:
    return float(text) if text is not None and text.isascii() and text.isdigit() else None


def _worth_waiting(error: BaseException) -> bool:
    if isinstance(error, TryLater):
        return error.retry_after_s is None or error.retry_after_s <= LONGEST_WAIT_S
    return isinstance(error, Unreachable)


_backing_off = tenacity.wait_random_exponential(multiplier=0.5, max=LONGEST_WAIT_S)


def _wait(state: tenacity.RetryCallState) -> float:
    """What the service asks for, never less, and a little more: not all may return at once."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after_s if isinstance(error, TryLater) else None
    return _backing_off(state) if asked is None else asked + random.uniform(0, 0.5)


def _file(one: Attachment, stack: ExitStack) -> tuple[str, Any]:
    if isinstance(one, tuple):
        return one
    path = Path(one)
    return path.name, stack.enter_context(path.open("rb"))
