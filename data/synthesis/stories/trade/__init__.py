"""What happened between buyer and vendor, and the variances that follow from it."""
