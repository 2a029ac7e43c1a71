"""Ledgers of one dispute: money billed before on each order line, and deductions already made."""
