"""Looking at what the generator makes, and comparing it with real documents."""
