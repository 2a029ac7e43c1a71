"""Compositions of items: kinds of forms, each a choice that combines with the layouts."""
