"""Labelled datasets in the formats in which others publish them."""
