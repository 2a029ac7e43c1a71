"""What every exchange format is built on: XML trees, wire values, errors, contents."""
