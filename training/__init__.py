"""The invoice-reading model: its network, training, decoding, baseline and evaluation."""
