"""One dispute in, one verdict out."""
