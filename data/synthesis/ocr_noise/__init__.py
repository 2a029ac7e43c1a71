"""Draws OCR reading errors on generated pages, at rates measured on Tesseract."""
