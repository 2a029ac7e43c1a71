"""The desk: the page on which people read, correct and decide disputes, served by the service."""
