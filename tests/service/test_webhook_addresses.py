"""Where a webhook may go: a client writes the URL, and our own network is never in it."""

import asyncio
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.webhooks.addresses import (
    AddressRefused,
    Target,
    public_addresses,
    refuse_address,
    target_of,
)

HOSTILE = {
    "127.0.0.1": "loopback",
    "127.255.255.254": "loopback, far end",
    "0.0.0.0": "this host",
    "10.0.0.1": "private",
    "172.16.0.1": "private",
    "172.31.255.255": "private, far end",
    "192.168.1.1": "private",
    "169.254.169.254": "metadata of AWS, GCP, Azure",
    "169.254.170.2": "credentials of ECS tasks",
    "100.64.0.1": "carrier-grade NAT",
    "100.100.100.200": "metadata of Alibaba",
    "192.0.0.192": "metadata of Oracle",
    "192.0.0.9": "port control protocol, globally reachable by the registry",
    "168.63.129.16": "Azure's wire server",
    "192.88.99.1": "6to4 relay",
    "192.0.2.1": "documentation",
    "198.18.0.1": "benchmarking",
    "198.51.100.1": "documentation",
    "203.0.113.1": "documentation",
    "224.0.0.1": "multicast",
    "239.255.255.250": "multicast",
    "240.0.0.1": "reserved",
    "255.255.255.255": "broadcast",
    "::": "unspecified",
    "::1": "loopback",
    "::127.0.0.1": "v4-compatible",
    "::ffff:127.0.0.1": "v4-mapped loopback",
    "::ffff:10.0.0.1": "v4-mapped private",
    "::ffff:8.8.8.8": "v4-mapped public: not how one connects",
    "::ffff:0:7f00:1": "v4-translated (SIIT)",
    "64:ff9b::7f00:1": "NAT64 of loopback",
    "64:ff9b::a9fe:a9fe": "NAT64 of metadata",
    "64:ff9b:1::a00:1": "local NAT64",
    "100::1": "discard",
    "2001::1": "Teredo",
    "2001:0:7f00:1::": "Teredo with loopback in it",
    "2001:2::1": "benchmarking",
    "2001:10::1": "ORCHID",
    "2001:db8::1": "documentation",
    "3fff::1": "documentation",
    "2002:7f00:1::": "6to4 of loopback",
    "2002:a9fe:a9fe::": "6to4 of metadata",
    "5f00::1": "segment routing",
    "fc00::1": "unique local",
    "fd00:ec2::254": "metadata of AWS",
    "fe80::1": "link-local",
    "fe80::1%eth0": "link-local with a zone",
    "fec0::1": "site-local",
    "ff02::1": "multicast",
}
PUBLIC = ("8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111", "2a00:1450::1")


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: f"{text} {HOSTILE[text]}")
def test_an_address_that_is_not_public_is_refused(text: str) -> None:
    with pytest.raises(AddressRefused, match="not an address on the public internet"):
        refuse_address(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_an_address_on_the_public_internet_is_taken(text: str) -> None:
    refuse_address(ip_address(text))


@pytest.mark.parametrize("text", ["127.0.0.1", "::1"])
def test_only_this_machine_is_opened_by_the_setting_for_tests(text: str) -> None:
    refuse_address(ip_address(text), loopback=True)
    with pytest.raises(AddressRefused):
        refuse_address(ip_address("10.0.0.1"), loopback=True)


@given(st.integers(0, 2**32 - 1))
def test_no_way_of_writing_a_v4_address_as_v6_is_taken(number: int) -> None:
    for prefix in ("::", "::ffff:0:0", "64:ff9b::", "64:ff9b:1::"):
        with pytest.raises(AddressRefused):
            refuse_address(IPv6Address(int(IPv6Address(prefix)) + number))
    with pytest.raises(AddressRefused):
        refuse_address(IPv6Address((0x2002 << 112) + (number << 80) + 1))


@given(st.ip_addresses(v=4))
def test_what_python_calls_private_is_never_taken(address: IPv4Address) -> None:
    if address.is_private or address.is_loopback or address.is_link_local:
        with pytest.raises(AddressRefused):
            refuse_address(address)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://receiver.example/hook", "use https"),
        ("ftp://receiver.example/", "use https"),
        ("file:///etc/passwd", "use https"),
        ("//receiver.example/", "use https"),
        ("receiver.example", "use https"),
        ("", "use https"),
        ("https://", "has no host"),
        ("https:///hook", "has no host"),
        ("https://user:pw@receiver.example/", "user name or password"),
        ("https://receiver.example@10.0.0.1/", "user name or password"),
        ("https://receiver.example/#here", "fragment"),
        ("https://receiver.example:22/", "port 22"),
        ("https://receiver.example:80/", "port 80"),
        ("https://receiver.example:0/", "port 0"),
        ("https://receiver.example:65536/", "not a URL"),
        ("https://receiver.example:port/", "not a URL"),
        ("https://[::1/", "not a URL"),
        ("https://localhost/", "internal network"),
        ("https://LOCALHOST./", "internal network"),
        ("https://printer.local/", "internal network"),
        ("https://metadata.google.internal/", "internal network"),
        ("https://169.254.169.254/latest/", "public internet"),
        ("https://[::ffff:169.254.169.254]/", "public internet"),
        ("https://receiver.example/a b", "percent-encoded"),
        ("https://receiver.example/\r\nX-Evil: 1", "percent-encoded"),
        ("https://receiver.example\\@10.0.0.1/", "percent-encoded"),
        ("https://①②⑦.⓪.⓪.①/", "percent-encoded"),
        ("https://receiver.example/" + "a" * 2048, "the limit is 2048"),
    ],
)
def test_a_url_that_cannot_be_registered(url: str, why: str) -> None:
    with pytest.raises(AddressRefused, match=why):
        target_of(url)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://receiver.example/hook?a=1", Target("https", "receiver.example", 443)),
        ("https://Receiver.Example:8443/", Target("https", "receiver.example", 8443)),
        ("https://8.8.8.8/", Target("https", "8.8.8.8", 443)),
        ("https://[2606:4700::1]:8443/", Target("https", "2606:4700::1", 8443)),
    ],
)
def test_a_url_that_can_be_registered(url: str, target: Target) -> None:
    assert target_of(url) == target


@pytest.mark.parametrize(
    "found",
    [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["2606:4700::1", "fe80::1%eth0"], []],
    ids=["one of ours", "one of ours behind a public one", "link-local", "none"],
)
def test_a_name_with_an_address_of_ours_is_refused(found: list[str]) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return found

    with pytest.raises(AddressRefused):
        asyncio.run(public_addresses(Target("https", "receiver.example", 443), resolve))


# What the resolver makes of such a host is looked at, not how it is written.
@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "0"])
def test_odd_spellings_of_loopback_are_seen_through(host: str) -> None:
    from serving.webhooks.addresses import resolve

    with pytest.raises(AddressRefused):
        asyncio.run(public_addresses(target_of(f"https://{host}/"), resolve))
