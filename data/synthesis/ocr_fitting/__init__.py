"""Measuring what Tesseract gets wrong on generated pages."""
