"""Turns sheets into scanned images: fonts, print, marks by hand, wear, and the scanner."""
