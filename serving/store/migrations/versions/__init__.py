"""The steps from an empty database to the present tables, in the order of their numbers."""
