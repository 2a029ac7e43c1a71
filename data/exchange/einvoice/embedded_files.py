"""The XML that an electronic invoice embeds in its PDF, taken out by name; nothing else is opened.

poppler's `pdfdetach` runs bounded (`data.pages.sandbox`); what comes out is parsed as hostile
input.
"""

import re
from typing import IO
from xml.etree.ElementTree import Element

from data.exchange.wire.errors import ExchangeError
from data.exchange.wire.xml_tree import parse_xml
from data.pages.attachments import Attachment
from data.pages.sandbox import INPUT, MIB, Bounds, Outcome, run_bounded

# Names that Factur-X, ZUGFeRD, Order-X and XRechnung give the file; case does not matter.
NAMES = ("factur-x.xml", "zugferd-invoice.xml", "order-x.xml", "xrechnung.xml")
MOST_BYTES = 4 * MIB
_LISTED = re.compile(r"^(\d+): (.*)$", re.MULTILINE)
_WALL_S = 20.0
_MEMORY_BYTES = 1024 * MIB


def find_embedded_xml(attachment: Attachment, where: str) -> tuple[str, Element] | None:
    """(name of the embedded file, root element) of the invoice XML in a PDF; None without one.

    Raises `ExchangeError` for one that is too large or malformed, or is there twice.
    """
    if not may_embed(attachment.content):
        return None
    with attachment.file() as file:
        found = _listed(file, where)
        named = [(name, number) for number, name in found if name in NAMES]
        if not named:
            return None
        if len(named) > 1:
            raise ExchangeError(
                f"{where}: embeds {len(named)} invoices ({', '.join(name for name, _ in named)}); "
                "which of them is the page's is not known"
            )
        ((name, number),) = named
        save = ["-save", number, "-o", "/dev/stdout"]
        content = _checked(_detach(file, save), where, name)
    return name, parse_xml(content, f"{where}: {name}")


def may_embed(content: bytes) -> bool:
    """False where a PDF certainly embeds nothing: it names no embedded file, and has neither
    compressed objects nor encryption that could hide the name. Spares most scans a process.

    A name written with #-escapes is not seen: no producer of e-invoices writes one.
    """
    return any(sign in content for sign in (b"/EmbeddedFile", b"/ObjStm", b"/Encrypt"))


def read_embedded_xml(attachment: Attachment, where: str) -> Element:
    """The root element of the invoice XML in a PDF; raises `ExchangeError` where there is none."""
    found = find_embedded_xml(attachment, where)
    if found is not None:
        return found[1]
    with attachment.file() as file:
        names = ", ".join(name for _, name in _listed(file, where))
    raise ExchangeError(f"{where}: embeds no {', '.join(NAMES)}; found {names or 'nothing'}")


def _listed(file: IO[bytes], where: str) -> list[tuple[str, str]]:
    """(number, name in lower case) of every embedded file."""
    listing = _checked(_detach(file, ["-list"]), where, "the list of its embedded files")
    return [
        (found[1], found[2].strip().casefold())
        for found in _LISTED.finditer(listing.decode("utf-8", "replace"))
    ]


def _detach(file: IO[bytes], arguments: list[str]) -> Outcome:
    bounds = Bounds(_WALL_S, _MEMORY_BYTES, stdout_bytes=MOST_BYTES)
    return run_bounded(["pdfdetach", *arguments, INPUT], bounds, file)


def _checked(outcome: Outcome, where: str, wanted: str) -> bytes:
    if outcome.stopped is not None:
        raise ExchangeError(
            f"{where}: reading {wanted} went over the limit of {outcome.stopped}"
            f" ({MOST_BYTES} bytes, {_WALL_S:g} s)"
        )
    if outcome.status != 0:
        said = outcome.stderr.strip().splitlines()
        reason = said[-1] if said else "no reason"
        raise ExchangeError(f"{where}: {wanted} cannot be read: {reason}")
    return outcome.stdout
