"""Checks of one order line: quantity, price, allowances, explanations."""
