"""Disputes that grow: evidence and corrections added later, versions of the verdict, search."""
