"""Keeping and removing: what is due at the end of its keep, legal holds, and the removal itself."""
