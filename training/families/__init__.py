"""Scoring a reader by families of layouts, with those it never saw apart from those it knows."""
