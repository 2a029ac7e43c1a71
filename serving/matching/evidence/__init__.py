"""Delivery papers against receipts, and short payments that the vendor disputes."""
