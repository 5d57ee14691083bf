"""Whether what stands beside questions is a fact of what is audited, and a date where days are counted."""

from __future__ import annotations

from collections.abc import Iterator

from goldenthread.rules.checks_of_conditions import of_subjects
from goldenthread.rules.documents import Path
from goldenthread.rules.facts import SUBJECT_DAYS, UNSAID_FACTS
from goldenthread.rules.framework import Framework
from goldenthread.rules.naming import Missing, known_name


def faults(pack: Framework) -> Iterator[Missing]:
    """Each name that is no fact of the case, or no date."""
    facts = [name for name in [*of_subjects(pack), *pack.facts] if name not in UNSAID_FACTS]
    days = [*SUBJECT_DAYS, *pack.facts]
    for name, form in pack.forms.items():
        for place, section in enumerate(form.sections):
            for position, question in enumerate(section.questions):
                for number, one in enumerate(question.beside):
                    path: Path = ("forms", name, "sections", place, "questions", position, "beside", number)
                    if one.fact:
                        yield from known_name("fact of the case", one.fact, facts, (*path, "fact"))
                    elif one.since:
                        yield from known_name("date of the case", one.since, days, (*path, "since"))
