"""One look at one subject: answers, judgements, conversation, quality check, filing."""
