"""The editor of framework drafts: pages that are read off the typed model."""
