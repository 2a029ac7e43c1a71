"""JSON and files that come in or go out: documents, fields, errors, attachments."""
