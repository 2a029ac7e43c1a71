"""Disputes with known truth, planted around labelled documents."""
