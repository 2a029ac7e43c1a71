"""Attachments read into pages with words, by programs in bounded processes."""
