"""Shared parts of all exchange formats: XML trees, wire values, errors, file contents."""
