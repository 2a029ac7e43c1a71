"""ANSI X12 interchanges: 810, 812, 850, 856, 860, 861."""
