"""Reading errors of OCR, drawn at measured rates."""
