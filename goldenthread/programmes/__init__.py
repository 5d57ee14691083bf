"""What is to be audited, when and by whom: cycles, draws, allocations, coverage."""
