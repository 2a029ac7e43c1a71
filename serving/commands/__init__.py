"""Larger subcommands of `tieout`: serve, demo, keys, simulate."""
