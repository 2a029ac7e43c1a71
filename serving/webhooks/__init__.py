"""Webhooks: signed as Standard Webhooks, sent only to the public internet, retried for days."""
