"""The XML that an electronic invoice embeds in its PDF, taken out and parsed as hostile input.

poppler's `pdfdetach` runs bounded (`data.sandbox`); the XML may not have a document type
declaration, so that there is no entity to expand and nothing to fetch, nor be nested without end.
"""

import re
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from data.attachments import Attachment
from data.corpora.truth import CorpusError
from data.sandbox import MIB, Bounds, Outcome, run_bounded

# Names that Factur-X, ZUGFeRD, Order-X and XRechnung give the file; case does not matter.
NAMES = ("factur-x.xml", "zugferd-invoice.xml", "order-x.xml", "xrechnung.xml")
MOST_BYTES = 4 * MIB
MOST_DEEP = 64  # levels; the deepest invoice has about ten
_LISTED = re.compile(r"^(\d+): (.*)$", re.MULTILINE)
_WALL_S = 20.0
_MEMORY_BYTES = 1024 * MIB


def read_embedded_xml(attachment: Attachment, path: Path) -> Element:
    """The root element of the invoice XML in a PDF at `path`.

    Raises `CorpusError` for a PDF without such a file, or one that is too large or malformed.
    """
    with attachment.file() as file:
        listed = _checked(_detach(file, ["-list"]), path, "the list of its embedded files")
        names = {
            found[2].strip().casefold(): found[1]
            for found in _LISTED.finditer(listed.decode("utf-8", "replace"))
        }
        name = next((name for name in NAMES if name in names), None)
        if name is None:
            raise CorpusError(
                f"{path}: embeds no {', '.join(NAMES)}; found {', '.join(names) or 'nothing'}"
            )
        save = ["-save", names[name], "-o", "/dev/stdout"]
        content = _checked(_detach(file, save), path, name)
    return parse_xml(content, f"{path}: {name}")


def parse_xml(content: bytes, where: str) -> Element:
    """The root element; raises `CorpusError` for malformed XML or a document type declaration."""
    parser = XMLParser(target=_Builder(where))
    try:
        parser.feed(content)
        root = parser.close()
    except (ParseError, ValueError, LookupError) as error:
        if isinstance(error, CorpusError):
            raise
        raise CorpusError(f"{where}: not well-formed XML: {error}") from error
    if not isinstance(root, Element):
        raise CorpusError(f"{where}: holds no element")
    return root


class _Builder(TreeBuilder):
    def __init__(self, where: str) -> None:
        super().__init__()
        self._where = where
        self._depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        if self._depth > MOST_DEEP:
            raise CorpusError(f"{self._where}: elements stand more than {MOST_DEEP} levels deep")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        # Called before what the declaration holds is read.
        raise CorpusError(f"{self._where}: has a DOCTYPE ({name!r}); an invoice has none")


def _detach(file: IO[bytes], arguments: list[str]) -> Outcome:
    fd = file.fileno()
    bounds = Bounds(_WALL_S, _MEMORY_BYTES, stdout_bytes=MOST_BYTES)
    return run_bounded(["pdfdetach", *arguments, f"/dev/fd/{fd}"], bounds, (fd,))


def _checked(outcome: Outcome, path: Path, wanted: str) -> bytes:
    if outcome.stopped is not None:
        raise CorpusError(
            f"{path}: reading {wanted} went over the limit of {outcome.stopped}"
            f" ({MOST_BYTES} bytes, {_WALL_S:g} s)"
        )
    if outcome.status != 0:
        said = outcome.stderr.strip().splitlines()
        raise CorpusError(f"{path}: {wanted} cannot be read: {said[-1] if said else 'no reason'}")
    return outcome.stdout
