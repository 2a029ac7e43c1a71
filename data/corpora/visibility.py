"""Marks which values of a true item are printed, where the truth comes from data, not print."""

from data.corpora.truth import TrueItem
from data.values.printed_values import PrintedValues, is_text_printed, printed_names


def visible_item(item: TrueItem, prints: PrintedValues) -> TrueItem:
    """The item with its printed values marked visible, and only its printed wordings."""
    wordings = tuple(text for text in item.wordings if is_text_printed(text, prints))
    visible = printed_names(item.values, prints)
    if wordings and "description" in item.values:
        visible |= {"description"}
    return TrueItem(item.values, visible, wordings or item.wordings, item.page, item.box)
