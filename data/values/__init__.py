"""Values of printed text: numbers, dates, currencies, units of measure."""
