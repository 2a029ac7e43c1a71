"""Labelled documents on disk: corpus formats, truth on page words, damage, cached readings."""
