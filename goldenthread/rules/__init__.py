"""The field's rules as plain Python, and the typed model of a framework."""
