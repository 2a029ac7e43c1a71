"""Verdicts on planted disputes, scored."""
