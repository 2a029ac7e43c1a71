"""Measures Tesseract's errors on generated pages, and fits the OCR noise to them."""
