"""One dispute examined: the verdict, its summary and the message to the vendor."""
