"""What happened and when, and the evidence for it; written once."""
