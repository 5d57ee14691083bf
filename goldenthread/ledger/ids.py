"""Opaque public ids: what appears in URLs, exports and draws instead of database keys."""

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
LENGTH = 12


def new_id() -> str:
    """A random id of 12 characters that cannot be misread (about 58 bits)."""
    number, letters = secrets.randbits(128), ""
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters += ALPHABET[place]
    return letters
