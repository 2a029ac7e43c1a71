"""Printed text -> value: numbers, dates, currencies, units of measure."""
