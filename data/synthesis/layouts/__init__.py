"""Where things stand on paper: letterheads, tables, tills, forms, small print."""
