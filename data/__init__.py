"""What a document is and how it is read: records, labels, values, units, words, orders."""
