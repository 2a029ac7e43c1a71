"""Text of a document made fit to be looked at: on a terminal, a page, or in a spreadsheet.

What was read is kept as it is in the records and in JSON. Shown as it is, it could move a
terminal's cursor, turn the order of letters around (CVE-2021-42574) or hide what it says.
"""

import unicodedata

# They shape letters in Persian and the scripts of India, and join the parts of an emoji.
_JOINERS = "\u200c\u200d"
# Format characters that are signs to be seen: they stand before the number they embrace.
_NUMBER_SIGNS = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd"
_KEPT = frozenset(_JOINERS + _NUMBER_SIGNS)
_DROPPED = frozenset({"Cc", "Cf", "Cs"})  # control, format (bidi among them), half a surrogate pair
_SPACES = frozenset("\t\n\v\f\r\x85\u2028\u2029")


def shown(text: str) -> str:
    r"""The text in one line, without control, bidirectional and invisible format characters.

    >>> shown("Bolt\u202e)gpj\x1b[2J\nM8")
    'Bolt)gpj[2J M8'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " " if sign in _SPACES else sign
        for sign in text
        if sign in _SPACES or sign in _KEPT or unicodedata.category(sign) not in _DROPPED
    )
