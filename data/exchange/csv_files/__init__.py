"""CSV files of a partner, read by that partner's mapping."""
