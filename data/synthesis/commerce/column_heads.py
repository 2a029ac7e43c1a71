"""Heads of item table columns, by kind and language."""

from data.synthesis.commerce.wording import gathered_kinds

HEADS = gathered_kinds(lambda language: language.heads)
