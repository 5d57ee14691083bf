"""The command line: what runs and keeps the installation."""
