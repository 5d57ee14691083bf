"""Pages about caseload."""
