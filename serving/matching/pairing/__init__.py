"""Which order line a billed line belongs to, and in which unit."""
