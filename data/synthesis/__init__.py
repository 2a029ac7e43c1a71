"""Generates labelled documents from a seed: vendors, layouts, scan damage, whole disputes."""
