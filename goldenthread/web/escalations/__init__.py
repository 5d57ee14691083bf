"""Pages about escalations."""
