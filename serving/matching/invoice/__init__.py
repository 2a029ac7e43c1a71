"""Checks of one invoice as a whole: header, sums, tax, charges, duplicates."""
