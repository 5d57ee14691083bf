"""What in free text seems to say who somebody is, so that the writer is asked before it is kept.

An audit speaks of a person by the reference of the case; identifiers that the text does not need are left
out of it (data minimisation, UK GDPR article 5(1)(c)). This only ever warns: it cannot know, and what the
writer means to say is theirs to judge.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

LONGEST = 100_000
"""Characters that are read; a longer text is warned about by its beginning."""
YEARS_OLD = 10
"""A full date at least so many years ago is more likely somebody's birth than an event of an audit."""


class Seeming(NamedTuple):
    """Something that looks like an identifier: which kind, and the words that look like it."""

    kind: str
    words: str

    @property
    def sentence(self) -> str:
        """What to tell the writer."""
        return f"“{self.words}” looks like {self.kind}. If the audit does not need it, take it out."


TEN_DIGITS = re.compile(r"(?<![\d-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d-])")
EMAIL = re.compile(r"[\w.+'-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}")
PHONE = re.compile(r"(?<![\w+])(?:\+44[ -]?(?:\(0\)[ -]?)?|\(?0)(?=[1237])\d(?:\)?[ -]?\d){8,9}(?!\d)")
POSTCODE = re.compile(
    r"\b(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}|[a-z]{1,2}\d[a-z\d]? \d[abd-hjlnp-uw-z]{2})\b"
)
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
NUMBERED = re.compile(r"\b(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})\b")
ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
NAMED = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({'|'.join(MONTHS)})[a-z]{{0,6}},? (\d{{4}})\b",
    re.IGNORECASE,
)
BORN = re.compile(r"\b(?:born|d\.?o\.?b\.?|date of birth|birth ?date|birthday)\b.{0,12}$", re.IGNORECASE)


def seeming_identifiers(text: str, *, on: date) -> list[Seeming]:
    """What looks like an NHS number, a birth date, a postcode, a phone number or an e-mail address.

    Each only once, in the order in which they stand. `on` is the day of writing, from which a date's age is
    told. An NHS number is ten digits whose last checks the others (modulus 11, NHS Data Dictionary).
    """
    read = text[:LONGEST]
    found = [
        (match.start(), Seeming(kind, match.group().strip()))
        for kind, matches in KINDS.items()
        for match in matches(read, on)
    ]
    return list(dict.fromkeys(seeming for _, seeming in sorted(found)))


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits check as an NHS number does."""
    weighed = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return len(set(digits)) > 1 and (11 - weighed % 11) % 11 == int(digits[9])


def _nhs_numbers(text: str, on: date) -> Iterator[re.Match[str]]:
    for match in TEN_DIGITS.finditer(text):
        if is_nhs_number(re.sub(r"\D", "", match.group())):
            yield match


def _births(text: str, on: date) -> Iterator[re.Match[str]]:
    for pattern in (NUMBERED, ISO, NAMED):
        for match in pattern.finditer(text):
            year = _year(match, on)
            said = BORN.search(text[max(0, match.start() - 40) : match.start()])
            if year is not None and (said or year <= on.year - YEARS_OLD):
                yield match


def _year(match: re.Match[str], on: date) -> int | None:
    """The year of what is a real date on or before `on`; none of what is no date."""
    if match.re is ISO:
        year, month, day = (int(part) for part in match.groups())
    elif match.re is NAMED:
        year, month, day = int(match[3]), MONTHS.index(match[2].lower()) + 1, int(match[1])
    else:
        year, month, day = int(match[4]), int(match[3]), int(match[1])
        if year < 100:
            year += 2000 if 2000 + year <= on.year else 1900
    try:
        return year if date(year, month, day) <= on else None
    except ValueError:
        return None


def _every(pattern: re.Pattern[str]) -> Callable[[str, date], Iterator[re.Match[str]]]:
    return lambda text, on: pattern.finditer(text)


KINDS: dict[str, Callable[[str, date], Iterator[re.Match[str]]]] = {
    "an NHS number": _nhs_numbers,
    "a date of birth": _births,
    "a postcode": _every(POSTCODE),
    "a phone number": _every(PHONE),
    "an e-mail address": _every(EMAIL),
}
