"""Whole disputes that tell one consistent story on several documents, with their truth."""
