"""Extraction of the invoice XML embedded in a PDF, by its file name; other files are not opened.

poppler's `pdfdetach` runs bounded (`data.pages.sandbox`); its output is parsed as hostile input.
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
MAX_BYTES = 4 * MIB
_LISTED_FILE = re.compile(r"^(\d+): (.*)$", re.MULTILINE)
_WALL_S = 20.0
_MEMORY_BYTES = 1024 * MIB


def find_embedded_xml(attachment: Attachment, where: str) -> tuple[str, Element] | None:
    """Return (file name, root element) of the invoice XML embedded in a PDF; None without one.

    Raises `ExchangeError` for one that is too large or malformed, or for more than one.
    """
    if not may_embed(attachment.content):
        return None
    with attachment.file() as file:
        files = _list_files(file, where)
        invoices = [(name, number) for number, name in files if name in NAMES]
        if not invoices:
            return None
        if len(invoices) > 1:
            raise ExchangeError(
                f"{where}: embeds {len(invoices)} invoices "
                f"({', '.join(name for name, _ in invoices)}); embed only the printed one"
            )
        ((name, number),) = invoices
        save = ["-save", number, "-o", "/dev/stdout"]
        content = _checked_output(_detach(file, save), where, name)
    return name, parse_xml(content, f"{where}: {name}")


def may_embed(content: bytes) -> bool:
    """Return False where a PDF certainly embeds no file, which saves most scans a process.

    It then names no embedded file, and has neither compressed objects nor encryption that could
    hide the name. A name written with #-escapes is not found: no producer of e-invoices writes one.
    """
    return any(sign in content for sign in (b"/EmbeddedFile", b"/ObjStm", b"/Encrypt"))


def read_embedded_xml(attachment: Attachment, where: str) -> Element:
    """Return the root element of the invoice XML in a PDF; raise `ExchangeError` without one."""
    embedded = find_embedded_xml(attachment, where)
    if embedded is not None:
        return embedded[1]
    with attachment.file() as file:
        names = ", ".join(name for _, name in _list_files(file, where))
    raise ExchangeError(f"{where}: embeds none of {', '.join(NAMES)}; found {names or 'no file'}")


def _list_files(file: IO[bytes], where: str) -> list[tuple[str, str]]:
    """Return (number, name in lower case) of every embedded file."""
    listing = _checked_output(_detach(file, ["-list"]), where, "the list of its embedded files")
    return [
        (match[1], match[2].strip().casefold())
        for match in _LISTED_FILE.finditer(listing.decode("utf-8", "replace"))
    ]


def _detach(file: IO[bytes], arguments: list[str]) -> Outcome:
    bounds = Bounds(_WALL_S, _MEMORY_BYTES, stdout_bytes=MAX_BYTES)
    return run_bounded(["pdfdetach", *arguments, INPUT], bounds, file)


def _checked_output(outcome: Outcome, where: str, part: str) -> bytes:
    if outcome.stopped is not None:
        raise ExchangeError(
            f"{where}: reading {part} exceeded the {outcome.stopped} limit"
            f" ({MAX_BYTES} bytes, {_WALL_S:g} s)"
        )
    if outcome.status != 0:
        messages = outcome.stderr.strip().splitlines()
        reason = messages[-1] if messages else "no reason"
        raise ExchangeError(f"{where}: {part} cannot be read: {reason}")
    return outcome.stdout
