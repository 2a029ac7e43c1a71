"""Bytes of an attachment -> pages -> words, in bounded processes."""
