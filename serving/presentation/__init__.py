"""A verdict for people: tables, prose, spreadsheets."""
