"""Pages about ledger."""
