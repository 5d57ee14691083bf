"""The organisation's own words for the standard terms, in every form in which a page says them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from goldenthread.rules.parts import Line, Part

Term = Literal[
    "audit",
    "re-audit",
    "auditor",
    "practitioner",
    "team manager",
    "case",
    "case note",
    "case system",
    "cycle",
    "target",
    "theme",
    "likely cause",
    "severity",
    "conversation",
    "grade",
    "domain",
    "quality check",
    "alert",
    "good practice",
    "area to improve",
]

VOWELS = "aeiou"
SAID_WITH_A_CONSONANT = ("uni", "use", "usu", "eu", "one", "once")
SAID_WITH_A_VOWEL = ("hour", "honest", "honour", "heir")


class Word(Part):
    """The organisation's word for a standard term."""

    one: Line
    """The word in the singular."""
    many: Line
    """The word in the plural."""
    article: Literal["a", "an"] | None = Field(
        default=None,
        description="The article before the singular, where its letters mislead, as in “an MCA check”",
    )

    @property
    def with_article(self) -> str:
        """The singular with a or an before it."""
        return f"{self.article or article(self.one)} {self.one}"


STANDARD: dict[Term, Word] = {
    "audit": Word(one="audit", many="audits"),
    "re-audit": Word(one="re-audit", many="re-audits"),
    "auditor": Word(one="auditor", many="auditors"),
    "practitioner": Word(one="practitioner", many="practitioners"),
    "team manager": Word(one="team manager", many="team managers"),
    "case": Word(one="case", many="cases"),
    "case note": Word(one="case note", many="case notes"),
    "case system": Word(one="case system", many="case systems"),
    "cycle": Word(one="cycle", many="cycles"),
    "target": Word(one="target", many="targets"),
    "theme": Word(one="theme", many="themes"),
    "likely cause": Word(one="likely cause", many="likely causes"),
    "severity": Word(one="severity", many="severities"),
    "conversation": Word(one="conversation", many="conversations"),
    "grade": Word(one="grade", many="grades"),
    "domain": Word(one="domain", many="domains"),
    "quality check": Word(one="quality check", many="quality checks"),
    "alert": Word(one="alert", many="alerts"),
    "good practice": Word(one="good practice", many="good practice"),
    "area to improve": Word(one="area to improve", many="areas to improve"),
}


def article(word: str) -> str:
    """“a” or “an”, by how the word begins to sound."""
    lowered = word.lower()
    if lowered.startswith(SAID_WITH_A_CONSONANT):
        return "a"
    return "an" if lowered.startswith((*VOWELS, *SAID_WITH_A_VOWEL)) else "a"


def forms_of(vocabulary: Mapping[Term, Word]) -> dict[str, str]:
    """Every form of every term, under the standard word with `_` for what joins it.

    `audit`, `audits`, `an_audit`; `Audit`, `Audits`, `An_audit` at the start of a sentence.
    """
    forms: dict[str, str] = {}
    for term, standard in STANDARD.items():
        word = vocabulary.get(term, standard)
        said = {
            standard.many: word.many,
            standard.one: word.one,
            standard.with_article: word.with_article,
        }
        for key, shown in said.items():
            name = key.replace(" ", "_").replace("-", "_")
            forms[name] = shown
            forms[_capital(name)] = _capital(shown)
    return forms


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


STANDARD_WORDS = forms_of({})


def counted(number: int, term: Term, words: Mapping[str, str]) -> str:
    """A number with the word for one or for many, as in “1 audit”, “3 audits” and “3,000 cases”."""
    standard = STANDARD[term].one if number == 1 else STANDARD[term].many
    return f"{number:,} {words[standard.replace(' ', '_').replace('-', '_')]}"
