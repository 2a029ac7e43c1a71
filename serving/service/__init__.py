"""Parts of the running service: worker, limits, retention, diagnosis."""
