"""Page layouts of documents: letterheads, item tables, tills, forms, small print."""
