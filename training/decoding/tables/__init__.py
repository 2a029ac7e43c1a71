"""Tables of a tagged document: columns of numbers, their printed heads, and what they mean."""
