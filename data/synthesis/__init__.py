"""Seeded vendors, catalogues, layouts, paper damage and whole disputes with known truth."""
