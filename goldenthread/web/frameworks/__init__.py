"""Pages about frameworks."""
