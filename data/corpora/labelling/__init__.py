"""The truth of a document projected onto the words of its pages."""
