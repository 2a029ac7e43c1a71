"""Subcommands of `tieout`."""
