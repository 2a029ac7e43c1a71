"""A reader without a model, by rules: the baseline of every evaluation."""
