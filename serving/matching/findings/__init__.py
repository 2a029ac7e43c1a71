"""Findings: records, exact arithmetic, standard codes, citations of papers."""
