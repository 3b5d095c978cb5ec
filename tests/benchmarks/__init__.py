"""Measurements that print tables; each is run by hand: `python -m tests.benchmarks.runtimes`."""
