"""Checkpoints: the ledger's size and tree head, written outside the database."""

_wanted = False


def want_one() -> None:
    """Note that this process has changed the ledger since its last checkpoint."""
    global _wanted  # noqa: PLW0603 - one note for each process
    _wanted = True
