"""The processes of the service, each a Ray Serve deployment that scales apart from the others."""
