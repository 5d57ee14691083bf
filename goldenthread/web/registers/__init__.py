"""Pages about registers."""
