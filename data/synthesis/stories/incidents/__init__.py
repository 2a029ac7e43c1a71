"""What goes wrong in a trade: one module for each kind of incident."""
