"""The HTTP interface: a FastAPI application over a `Backend`, with or without Ray around it."""
