"""What we change because of findings, and how we prove that it worked."""
