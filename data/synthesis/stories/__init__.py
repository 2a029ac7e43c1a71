"""Whole invented disputes: consistent documents of one trade, with their true variances."""
