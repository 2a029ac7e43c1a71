"""Migrations from an empty database to the current tables, in the order of their numbers."""
