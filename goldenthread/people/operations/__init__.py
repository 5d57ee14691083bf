"""The only place that writes people, units and posts, by subject."""
