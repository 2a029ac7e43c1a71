"""The neural network: page encoding, layers, pretrained backbones and checkpoints."""
