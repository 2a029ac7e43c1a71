"""The documents of a trade and what each of them prints."""
