"""The report of an evaluation: its contents, and its forms for people."""
