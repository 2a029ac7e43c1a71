"""Three-way matching of billed lines with order and receipts. Pure: no I/O, no model, no Ray."""
