"""CORD receipts: the published images and the word-level files."""
