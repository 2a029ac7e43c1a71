"""Text of a document made safe to display: on a terminal, on a web page, in a spreadsheet.

Records and JSON keep the text as it was read. Displayed as it is, it could move a terminal's
cursor, reverse the order of letters (CVE-2021-42574) or hide part of itself.
"""

import unicodedata

# They shape letters in Persian and the scripts of India, and join the parts of an emoji.
_JOINERS = "\u200c\u200d"
# Format characters that are visible signs: they precede the number they enclose.
_NUMBER_SIGNS = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd"
_VISIBLE_FORMATS = frozenset(_JOINERS + _NUMBER_SIGNS)
# Unicode categories: control, format (bidi among them), half a surrogate pair.
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})
_SPACES = frozenset("\t\n\v\f\r\x85\u2028\u2029")


def display_text(text: str) -> str:
    r"""Return the text in one line, without control, bidirectional and invisible characters.

    >>> display_text("Bolt\u202e)gpj\x1b[2J\nM8")
    'Bolt)gpj[2J M8'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " " if sign in _SPACES else sign
        for sign in text
        if sign in _SPACES
        or sign in _VISIBLE_FORMATS
        or unicodedata.category(sign) not in _INVISIBLE_CATEGORIES
    )
