"""What was typed into the form of an audit, as the rules take it."""

from __future__ import annotations

import re
from datetime import datetime

from django.http import QueryDict

from goldenthread.rules.forms import NUMBERS, Given, Question

WORDS, REASON = "=", "~"
"""How a radio button's value begins: an answer, or the reason why there is none."""

SURROGATES = re.compile("[\ud800-\udfff]")
DAYS = ("%d/%m/%Y", "%d %m %Y", "%d.%m.%Y", "%d-%m-%Y")


def clean(text: str) -> str:
    """Text that every database keeps alike: no NUL, no half characters, one kind of line end."""
    return SURROGATES.sub("\ufffd", text.replace("\0", "")).replace("\r\n", "\n").replace("\r", "\n")


def given_from(question: Question, posted: QueryDict) -> Given:
    """One question's answer from the fields that the page has for it."""
    key = question.key
    evidence = clean(posted.get(f"evidence:{key}", ""))
    if question.type in ("one of", "yes or no"):
        choice = posted.get(f"choice:{key}", "")
        reason = choice[1:] if choice.startswith(REASON) else ""
        return Given(choice[1:] if choice.startswith(WORDS) else "", reason, evidence)
    instead = posted.get(f"instead:{key}", "")
    if question.type == "several of":
        return Given(tuple(posted.getlist(f"value:{key}")), instead, evidence)
    value = clean(posted.get(f"value:{key}", ""))
    if question.type in (*NUMBERS, "date", "text"):
        value = value.strip()
    return Given(_iso(value) if question.type == "date" else value, instead, evidence)


def version_from(posted: QueryDict, name: str = "version") -> int:
    """The version that the person saw; none is the one before the first."""
    said = posted.get(name, "")
    return int(said) if re.fullmatch(r"[0-9]{1,9}", said) else 0


def key_from(posted: QueryDict) -> str:
    """The page's own mark of a change, if it is one."""
    said = posted.get("key", "")
    return said if re.fullmatch(r"[A-Za-z0-9-]{8,40}", said) else ""


def mark_from(posted: QueryDict) -> str:
    """The page's own mark of a row that it adds, so that a resend adds no second one."""
    said = posted.get("mark", "")
    return said if re.fullmatch(r"[A-Za-z0-9-]{8,40}", said) else ""


def _iso(text: str) -> str:
    """A day as it is stored; anything else as it was typed, for the rules to refuse."""
    for form in DAYS:
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return text
