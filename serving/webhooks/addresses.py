"""Checks of webhook URLs and addresses: only the public internet, never an internal network.

A name is resolved once and the connection goes to exactly the addresses that were checked, so a
name that resolves differently the second time (DNS rebinding) gains nothing. Allowed addresses
follow the IANA special-purpose registries (RFC 6890 and its successors), read strictly: an address
that could lead inside through a tunnel or a translator is refused whatever it embeds.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

IpAddress = IPv4Address | IPv6Address
# Return every address of a host and port, as text; raises OSError where there is none.
Resolve = Callable[[str, int], Awaitable[list[str]]]

MAX_URL_CHARACTERS = 2048
# Other services listen below it, and some of them execute an HTTP request as commands.
_FIRST_FREE_PORT = 1024
_HTTPS_PORT = 443
_HTTP_PORT = 80

_REFUSED_V4: tuple[IPv4Network, ...] = tuple(
    IPv4Network(text)
    for text in (
        "100.64.0.0/10",  # carrier-grade NAT; Alibaba's metadata is in it
        "192.0.0.0/24",  # IETF protocol assignments; Oracle's metadata is in it
        "192.88.99.0/24",  # 6to4 relays
        "168.63.129.16/32",  # Azure's wire server answers on this public address
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_REFUSED_V6: tuple[IPv6Network, ...] = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # IETF protocol assignments, Teredo among them
        "2002::/16",  # 6to4: the IPv4 address inside may be anyone's
        "3fff::/20",  # documentation
    )
)
_INNER_NAMES = ("localhost", "local", "internal")
_LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


class AddressRefused(ValueError):
    """A URL or an address to which no webhook is sent; the message gives the reason."""


@dataclass(frozen=True, slots=True)
class Target:
    """The parts of a webhook's URL that decide where the connection goes."""

    scheme: str
    host: str
    port: int


def target_of(url: str, loopback: bool = False) -> Target:
    """Return the target of a URL that may be registered. Raises `AddressRefused`.

    Only its text is checked: an error about the addresses of a name would disclose the service's
    view of the network. `loopback` (tests and development) also allows http and this machine.
    """
    if len(url) > MAX_URL_CHARACTERS:
        raise AddressRefused(
            f"the URL has {len(url)} characters, the limit is {MAX_URL_CHARACTERS}"
        )
    if not url.isascii() or any(sign <= " " or sign in '\\"<>^`{|}\x7f' for sign in url):
        raise AddressRefused("the URL has characters that must be percent-encoded")
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise AddressRefused(f"not a URL: {error}") from None
    if parts.scheme != "https" and not (loopback and parts.scheme == "http"):
        raise AddressRefused(f"the scheme of the URL is {parts.scheme[:16]!r}; use https")
    if not host:
        raise AddressRefused("the URL has no host")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused("the URL contains a user name or password, which could end up in logs")
    if parts.fragment:
        raise AddressRefused("the URL has a fragment, which is never sent")
    port = (_HTTPS_PORT if parts.scheme == "https" else _HTTP_PORT) if port is None else port
    if port < _FIRST_FREE_PORT and port not in (_HTTPS_PORT, _HTTP_PORT if loopback else None):
        raise AddressRefused(f"port {port} is reserved for other services; use 443 or 1024 and up")
    literal = _literal(host)
    if literal is not None:
        refuse_address(literal, loopback)
    elif host.rstrip(".").rpartition(".")[2] in _INNER_NAMES and not loopback:
        raise AddressRefused(f"{host[:80]!r} is a name of an internal network")
    return Target(parts.scheme, host, port)


def refuse_address(address: IpAddress, loopback: bool = False) -> None:
    """Raise `AddressRefused` unless the address is one machine on the public internet."""
    if loopback and any(address in network for network in _LOOPBACK):
        return
    if isinstance(address, IPv4Address):
        public = not any(address in network for network in _REFUSED_V4)
    else:
        # Mapped, compatible, NAT64, link-local, unique local and multicast addresses are outside.
        public = address in _GLOBAL_UNICAST and not any(
            address in network for network in _REFUSED_V6
        )
    if not public or not address.is_global or address.is_multicast or address.is_reserved:
        raise AddressRefused(f"{address} is not an address on the public internet")


async def public_addresses(
    target: Target, resolve: Resolve, loopback: bool = False
) -> tuple[IpAddress, ...]:
    """Return the addresses to connect to, in the resolver's order.

    Raises `AddressRefused` when any of them is not public: a name with both kinds is no accident.
    Raises OSError when the name does not resolve.
    """
    addresses = tuple(dict.fromkeys(map(ip_address, await resolve(target.host, target.port))))
    if not addresses:
        raise AddressRefused(f"{target.host} has no address")
    for address in addresses:
        refuse_address(address, loopback)
    return addresses


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host by this machine's resolver."""
    loop = asyncio.get_running_loop()
    entries = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(place[0]) for *_, place in entries]


def _literal(host: str) -> IpAddress | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
