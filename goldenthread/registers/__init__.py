"""Things that must be looked at again by a date: agreements on what is checked, how and how often."""
