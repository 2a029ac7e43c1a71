"""What OCR makes of a page: errors fitted to Tesseract, and pages it really read."""
