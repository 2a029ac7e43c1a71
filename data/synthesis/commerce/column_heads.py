"""Heads of item table columns, by kind and language."""

from data.synthesis.commerce.wording import gather_kinds

HEADS = gather_kinds(lambda language: language.heads)
