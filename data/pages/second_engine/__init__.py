"""The second OCR engine, RapidOCR: doubtful words, whole pages and lone digits read by it."""
