"""The buyer's policy and tolerances, and what becomes of each finding."""
