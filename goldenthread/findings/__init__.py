"""What was found, good or not, wherever it was found, and its themes."""
