"""SQLite as Django has it, where writers take turns."""
