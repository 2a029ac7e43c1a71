"""What outlives a process: jobs, their bytes, keys and webhooks, in a database and in objects."""
