"""A webhook on its way: to the address that was checked, once, signed, and in bounded time."""

import asyncio
import json
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from serving.webhooks.sending import Outcome, Sender
from serving.webhooks.signing import new_secret, signed_headers
from tests.support.webhook_receivers import certified, receiving

BODY = b'{"type": "dispute.done"}'
NAME = "receiver.example"


class Resolver:
    """Answers one list after the other, the last one for ever, and counts."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append((host, port))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def run(work: Coroutine[Any, Any, Outcome]) -> Outcome:
    return asyncio.run(work)


def test_a_name_that_changes_its_mind_gains_nothing() -> None:
    """DNS rebinding: the second answer of the name is never asked for."""
    resolver = Resolver(["127.0.0.1"], ["127.0.0.2"])

    async def attempt() -> None:
        async with (
            receiving() as checked,
            receiving(host="127.0.0.2", port=checked.port) as other,
        ):
            sender = Sender(loopback=True, resolve=resolver)
            url = f"http://{NAME}:{checked.port}/hook?a=1"
            assert await sender.post(url, BODY, {}) == Outcome(204, "answered")
            assert checked.bodies == [BODY]
            assert other.bodies == []
            assert resolver.asked == [(NAME, checked.port)]
            head = checked.heads[0].lower()
            assert head.startswith("post /hook?a=1 http/1.1")
            assert f"host: {NAME}:{checked.port}\r\n" in head

    asyncio.run(attempt())


def test_the_certificate_is_still_the_names(tmp_path: Path) -> None:
    server, client = certified(NAME, tmp_path)
    names: list[str | None] = []
    server.sni_callback = lambda _, name, __: names.append(name)

    async def attempt(name: str) -> Outcome:
        async with receiving(context=server) as receiver:
            sender = Sender(loopback=True, resolve=Resolver(["127.0.0.1"]), context=client)
            outcome = await sender.post(f"https://{name}:{receiver.port}/", BODY, {})
            assert receiver.bodies == ([BODY] if outcome.is_delivered else [])
            return outcome

    assert run(attempt(NAME)) == Outcome(204, "answered")
    assert run(attempt("another.example")) == Outcome(None, "failed")
    assert names == [NAME, "another.example"]


def test_a_private_address_is_never_connected_to() -> None:
    async def attempt() -> Outcome:
        async with receiving() as receiver:
            sender = Sender(resolve=Resolver(["127.0.0.1"]))
            outcome = await sender.post(f"https://{NAME}:{receiver.port}/", BODY, {})
            assert receiver.heads == []
            return outcome

    assert run(attempt()) == Outcome(None, "address_refused")


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    async def attempt() -> Outcome:
        async with receiving() as inner:
            there = f"HTTP/1.1 307 Temporary\r\nlocation: http://127.0.0.1:{inner.port}/\r\n\r\n"
            async with receiving(there.encode()) as receiver:
                sender = Sender(loopback=True, resolve=Resolver(["127.0.0.1"]))
                outcome = await sender.post(f"http://{NAME}:{receiver.port}/", BODY, {})
            assert inner.heads == []
            return outcome

    outcome = run(attempt())
    assert (outcome.status, outcome.is_delivered) == (307, False)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(None, id="never"),
        pytest.param(b"HTTP/1.1 200 OK\r\nx: ", id="half a head"),
    ],
)
def test_a_receiver_that_takes_for_ever_is_left(answer: bytes | None) -> None:
    async def attempt() -> Outcome:
        async with receiving(answer) as receiver:
            sender = Sender(loopback=True, resolve=Resolver(["127.0.0.1"]), timeout_s=0.3)
            return await sender.post(f"http://{NAME}:{receiver.port}/", BODY, {})

    assert run(attempt()).reason in ("timeout", "failed")
    assert not run(attempt()).is_delivered


def test_an_endless_answer_is_not_read() -> None:
    """The head says enough: a body of any length costs nothing."""
    endless = b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n" + b"x" * 100_000

    async def attempt() -> Outcome:
        async with receiving(endless) as receiver:
            sender = Sender(loopback=True, resolve=Resolver(["127.0.0.1"]))
            return await sender.post(f"http://{NAME}:{receiver.port}/", BODY, {})

    assert run(attempt()) == Outcome(200, "answered")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b"SSH-2.0-OpenSSH_9\r\n\r\n", Outcome(None, "failed")),
        (b"HTTP/1.1 410 Gone\r\n\r\n", Outcome(410, "answered")),
        (b"HTTP/1.1 500 No\r\n\r\n", Outcome(500, "answered")),
    ],
)
def test_what_a_receiver_says_is_kept(answer: bytes, outcome: Outcome) -> None:
    async def attempt() -> Outcome:
        async with receiving(answer) as receiver:
            sender = Sender(loopback=True, resolve=Resolver(["127.0.0.1"]))
            return await sender.post(f"http://{NAME}:{receiver.port}/", BODY, {})

    assert run(attempt()) == outcome
    assert not outcome.is_delivered


def test_a_name_nobody_knows_and_a_closed_port() -> None:
    async def unknown(host: str, port: int) -> list[str]:
        raise OSError("no such host")

    async def closed() -> Outcome:
        async with receiving() as receiver:
            port = receiver.port
        sender = Sender(loopback=True, resolve=Resolver(["127.0.0.1", "127.0.0.2"]))
        return await sender.post(f"http://{NAME}:{port}/", BODY, {})

    assert run(Sender(resolve=unknown).post(f"https://{NAME}/", BODY, {})).reason == "not_resolved"
    assert run(closed()) == Outcome(None, "failed")


def test_a_proxy_in_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async def attempt() -> None:
        async with receiving() as proxy, receiving() as receiver:
            for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
                monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
            monkeypatch.delenv("NO_PROXY", raising=False)
            sender = Sender(loopback=True, resolve=Resolver(["127.0.0.1"]))
            await sender.post(f"http://{NAME}:{receiver.port}/", BODY, {})
            assert (proxy.heads, receiver.bodies) == ([], [BODY])

    asyncio.run(attempt())


def test_two_live_secrets_give_two_signatures() -> None:
    old, new = new_secret(), new_secret()
    assert old != new
    headers = signed_headers("msg_1", BODY, [old, new], datetime.now(UTC))
    assert headers["webhook-id"] == "msg_1"
    assert len(headers["webhook-signature"].split()) == 2
    for secret in (old, new):
        assert Webhook(secret).verify(BODY, headers) == json.loads(BODY)
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(new).verify(BODY + b" ", headers)


def test_a_signature_as_the_specification_prints_it() -> None:
    """The example of the Standard Webhooks specification, signed at its moment."""
    headers = signed_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        datetime.fromtimestamp(1614265330, UTC),
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
