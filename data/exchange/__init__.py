"""Trading partners' files (UBL, CII, X12, CSV, e-invoices) read as order data and documents."""
