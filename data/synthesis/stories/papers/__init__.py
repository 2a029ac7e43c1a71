"""The documents of a trade: their printed content and their layout."""
