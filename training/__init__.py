"""The model: how it sees a page, how it learns, and how it is scored."""
