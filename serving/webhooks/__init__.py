"""Webhooks: signed as Standard Webhooks, sent to the public internet only, with patience."""
