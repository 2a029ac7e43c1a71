"""Draws the generator's documents for people, and compares them with real documents."""
