"""What the numbers say, each with a definition and a way down to its records."""
