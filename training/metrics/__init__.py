"""Scores of read documents and of verdicts against the truth: one file for each family."""
