"""Files as trading partners send them: UBL, CII, X12, CSV -> order data and documents."""
