"""The load benchmark of the service: `python -m serving.benchmarks.load`."""
