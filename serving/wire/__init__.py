"""JSON and files at the border: documents, fields, errors, attachments."""
