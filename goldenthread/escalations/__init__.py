"""Safety alerts: somebody is told at once."""
