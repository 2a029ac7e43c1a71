"""What is traded, by whom, and how vendors word and print it."""
