"""The trade between a buyer and a vendor, and the variances that follow from it."""
