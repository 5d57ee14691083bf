"""Pages about reporting."""
