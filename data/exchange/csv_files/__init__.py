"""CSV files of a trading partner, read by the partner's column mapping."""
