"""How well documents were read, measured against the truth: one file a family of scores."""
