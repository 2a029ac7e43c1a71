"""The neural network: what it sees of a page, its layers, its checkpoints."""
