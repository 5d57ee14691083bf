"""Forms as other programs write them: read as drafts for a person to correct, and written out again."""
