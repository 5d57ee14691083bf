"""Passwords that anybody would try here first: the product's name and words of audits, with little around."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

from goldenthread.people.models import Person

WORDS = ("goldenthread", "golden", "thread", "casefile", "auditor", "auditing", "audit", "council", "quality")
LEAST = 8
"""Letters and digits that a password must have besides these words."""
TOLD = "This password says little besides words that are used here, such as “golden thread” or “audit”."


class NotOurOwnWords:
    """Refuses a password that is made of the words of this place."""

    def validate(self, password: str, user: Person | None = None) -> None:
        """Refuse it where too little is left once the words are taken out."""
        rest = re.sub(r"[\W_]", "", password.lower())
        for word in WORDS:
            rest = rest.replace(word, "")
        if len(rest) < LEAST and len(rest) < len(re.sub(r"[\W_]", "", password)):
            raise ValidationError(TOLD, code="password_of_our_own_words")

    def get_help_text(self) -> str:
        """What to do instead."""
        return "Choose words that have nothing to do with your work."
