"""What an operator sees of the service: logs, metrics and traces, without a document's content."""
