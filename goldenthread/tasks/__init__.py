"""What is owed: by whom, by when, why then; the notices that tell them."""
