"""Incidents that happen in a trade: one module for each kind, and their list by name."""
