"""Training on several hosts: one process on each, on JAX, each with its share of every batch."""
