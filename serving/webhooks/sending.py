"""Sending of one webhook: a POST to a checked address, even if its name resolves anew."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from serving.webhooks.addresses import (
    AddressRefused,
    IpAddress,
    Resolve,
    Target,
    public_addresses,
    resolve,
    target_of,
)

TIMEOUT_S = 10.0  # in total: resolving, connecting, sending, the head of the response
_TRIED_ADDRESSES = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one attempt. `status` is that of the response, None where there was none.

    `reason` is one of `answered`, `address_refused`, `not_resolved`, `timeout`, `failed`.
    """

    status: int | None
    reason: str

    @property
    def is_delivered(self) -> bool:
        """Return whether the receiver accepted it: 2xx, by the Standard Webhooks scheme."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends webhooks. `loopback` also allows http and this machine (tests and development)."""

    loopback: bool = False
    resolve: Resolve = resolve
    timeout_s: float = TIMEOUT_S
    # Made once: reading the certificates takes 20 ms. Honours SSL_CERT_FILE.
    context: ssl.SSLContext = field(default_factory=httpx.create_ssl_context)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Make one attempt and return its outcome; faults of the receiver raise nothing."""
        try:
            async with asyncio.timeout(self.timeout_s):
                target = target_of(url, self.loopback)
                addresses = await public_addresses(target, self.resolve, self.loopback)
                return await self._first_answer(url, target, addresses, body, headers)
        except TimeoutError:
            return Outcome(None, "timeout")
        except AddressRefused:
            return Outcome(None, "address_refused")
        except (OSError, UnicodeError):
            return Outcome(None, "not_resolved")

    async def _first_answer(
        self,
        url: str,
        target: Target,
        addresses: tuple[IpAddress, ...],
        body: bytes,
        headers: Mapping[str, str],
    ) -> Outcome:
        for address in addresses[:_TRIED_ADDRESSES]:
            try:
                return Outcome(await self._post(url, target, address, body, headers), "answered")
            except httpx.ConnectError:
                continue
            except httpx.TimeoutException:
                return Outcome(None, "timeout")
            except (httpx.HTTPError, httpx.InvalidURL):
                return Outcome(None, "failed")
        return Outcome(None, "failed")

    async def _post(
        self,
        url: str,
        target: Target,
        address: IpAddress,
        body: bytes,
        headers: Mapping[str, str],
    ) -> int:
        pinned = httpx.URL(url).copy_with(host=str(address))
        name = f"[{target.host}]" if ":" in target.host else target.host
        default = {"https": 443, "http": 80}[target.scheme]
        head = {
            "host": name if target.port == default else f"{name}:{target.port}",
            "content-type": "application/json",
            "user-agent": "tieout",
            **headers,
        }
        # A client for each attempt: its pool distinguishes connections by address alone, and one
        # whose certificate was checked for another name must not be used again.
        async with (
            httpx.AsyncClient(
                verify=self.context,
                trust_env=False,
                follow_redirects=False,
                timeout=self.timeout_s,
            ) as client,
            client.stream(
                "POST",
                pinned,
                content=body,
                headers=head,
                # The certificate must still be the name's.
                extensions={"sni_hostname": target.host},
            ) as answer,
        ):
            # Only the status counts: not a byte of the body is read.
            return answer.status_code
