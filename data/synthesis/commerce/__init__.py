"""Goods, parties and deals of synthetic documents, and the wording and number style of vendors."""
