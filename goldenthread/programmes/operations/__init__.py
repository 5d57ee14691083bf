"""The only place that writes cycles, draws, allocations and targets."""
