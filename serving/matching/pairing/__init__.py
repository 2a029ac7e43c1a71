"""Pairing of billed lines with order lines, and the unit each order line is compared in."""
