"""Safe parsing of XML from outside: no document type, so no entity to expand, nothing to fetch.

`defusedxml` refuses a document type declaration before anything in it is read. The nesting of
elements is limited, because the trees are walked by recursion.
"""

from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DTDForbidden
from defusedxml.ElementTree import DefusedXMLParser

from data.exchange.wire.errors import ExchangeError
from data.outside_data import guarded

MAX_DEPTH = 64  # levels; the deepest invoice has about ten


class _TooDeep(ValueError):
    """Elements are nested deeper than `MAX_DEPTH`."""


class _Builder(TreeBuilder):
    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _TooDeep
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


@guarded(ExchangeError, 1)
def parse_xml(content: bytes, where: str) -> Element:
    """Return the root element; raise `ExchangeError` for malformed or hostile XML."""
    parser = DefusedXMLParser(target=_Builder(), forbid_dtd=True)
    try:
        parser.feed(content)
        root = parser.close()
    except DTDForbidden as error:
        message = f"{where}: has a DOCTYPE ({error.name!r}), which is not allowed"
        raise ExchangeError(message) from error
    except _TooDeep as error:
        message = f"{where}: elements are nested more than {MAX_DEPTH} levels deep"
        raise ExchangeError(message) from error
    except (ParseError, ValueError, LookupError) as error:
        raise ExchangeError(f"{where}: not well-formed XML: {error}") from error
    if not isinstance(root, Element):
        raise ExchangeError(f"{where}: has no XML element")
    return root


def local_name(element: Element) -> str:
    """Return the name without its namespace; "" for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def plain_text(element: Element | None) -> str | None:
    """Return the element's own text with single spaces; None where it is missing or empty."""
    return None if element is None else " ".join((element.text or "").split()) or None
