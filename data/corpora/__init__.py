"""Labelled documents on disk: the corpus folder, its truth on page words, and kept readings."""
