"""Logs, metrics and traces for the operator, without any content of documents."""
