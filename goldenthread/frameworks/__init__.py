"""The published versions of the organisation's frameworks."""
