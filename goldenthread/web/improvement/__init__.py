"""Pages about what follows an audit, and its actions."""
