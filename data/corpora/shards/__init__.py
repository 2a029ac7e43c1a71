"""Labelled pages of real corpora to train on: projected once, stored as shards, loaded at once."""
