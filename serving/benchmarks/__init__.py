"""Measurements of speed, growth and endurance."""
