"""Training the network: recipe, data stream, augmentation, losses and validation."""
