"""What was typed into the form of an audit, as the rules take it."""

from __future__ import annotations

import re
from datetime import datetime

from django.http import QueryDict

from goldenthread.rules.attachments import attached
from goldenthread.rules.forms import NUMBERS, Given, Question
from goldenthread.rules.signing import KEEP, PERSON, SIGN, SIGNATURE, Named, named

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
        if choice.startswith(REASON):
            return Given("", choice[1:], evidence)
        # what no page offers stays as it is, for the rules to refuse
        return Given(choice.removeprefix(WORDS), "", evidence)
    instead = posted.get(f"instead:{key}", "")
    if question.takes_files:
        return Given(tuple(posted.getlist(f"kept:{key}")) or "", instead, evidence)
    if question.type in (PERSON, SIGNATURE):
        named = _person(posted, key) if question.type == PERSON else _signature(posted, key)
        return Given(named, instead, evidence)
    if question.type == "several of":
        return Given(tuple(posted.getlist(f"value:{key}")), instead, evidence)
    value = clean(posted.get(f"value:{key}", ""))
    if question.type in (*NUMBERS, "date", "text"):
        value = value.strip()
    return Given(_iso(value) if question.type == "date" else value, instead, evidence)


def _person(posted: QueryDict, key: str) -> str | tuple[str, ...]:
    """The id of whoever was picked, and the name that was written."""
    said = Named(clean(posted.get(f"value:{key}", "")), clean(posted.get(f"written:{key}", "")).strip())
    return said if any(said) else ""


def _signature(posted: QueryDict, key: str) -> str | tuple[str, ...]:
    """That somebody signs, or that what stands there stays; nothing takes a signature back."""
    said = posted.getlist(f"sign:{key}")
    return next(((one,) for one in (SIGN, KEEP) if one in said), "")


def is_sent_back(question: Question, was: Given, given: Given) -> bool:
    """Whether a page sent back the answer that it was given; of files it sends the ids."""
    if (was.instead, was.evidence) != (given.instead, given.evidence):
        return False
    if question.takes_files:
        return tuple(one.id for one in attached(was.value)) == (given.value or ())
    if question.type == SIGNATURE:
        return given.value == (KEEP,) if was.value else not given.value
    if question.type == PERSON and (stood := named(was.value)) and (sent := named(given.value)):
        return sent.person == stood.person and sent.name in (stood.name, "" if stood.person else stood.name)
    return was.value == given.value


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
