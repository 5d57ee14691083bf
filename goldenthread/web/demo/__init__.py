"""The demo council: made-up people, cases and months of audits, made by taking the real steps."""
