"""Durable state: jobs, their files, API keys and webhooks, in a database and a content store."""
