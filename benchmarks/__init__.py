"""What the module costs and how fast it is, beside the textbook version of the same API: docs/benchmarks.md."""
