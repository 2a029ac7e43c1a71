"""How the network learns: recipe, batches, losses, validation."""
