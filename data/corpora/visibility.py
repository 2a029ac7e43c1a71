"""What of a true item is printed: a truth from data instead of print says nothing of the page."""

from data.corpora.truth import TrueItem
from data.values.printed_values import Prints, is_text_printed, visible_names


def visible_item(item: TrueItem, prints: Prints) -> TrueItem:
    """The item with what is printed of it; of its wordings, those that are."""
    wordings = tuple(text for text in item.wordings if is_text_printed(text, prints))
    visible = visible_names(item.values, prints)
    if wordings and "description" in item.values:
        visible |= {"description"}
    return TrueItem(item.values, visible, wordings or item.wordings, item.page, item.box)
