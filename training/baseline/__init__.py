"""The rules baseline: a reader without a model, compared in every evaluation."""
