"""OASIS UBL 2 documents: orders, receipts, invoices, despatch advices."""
