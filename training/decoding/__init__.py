"""Decoding: tagged words -> documents with line items, fields and confidences."""
