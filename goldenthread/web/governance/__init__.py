"""Pages about keeping and removing records."""
