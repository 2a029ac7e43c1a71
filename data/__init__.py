"""Documents and how they are read: records, labels, values, units, words, order data, corpora."""
