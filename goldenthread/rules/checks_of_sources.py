"""Whether the sources that are named are there, and what is asked about them can be asked in each form."""

from __future__ import annotations

from collections.abc import Iterator

from goldenthread.rules.documents import Path
from goldenthread.rules.framework import AuditType, Framework
from goldenthread.rules.naming import Absent, Missing, known_names
from goldenthread.rules.sources import asks_which

LONGEST_KEY = 80


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of sources: of questions and of audit types."""
    for name, form in pack.forms.items():
        for place, section in enumerate(form.sections):
            for position, question in enumerate(section.questions):
                path: Path = ("forms", name, "sections", place, "questions", position, "sources")
                yield from known_names("source", question.sources, pack.sources, path)
    for name, kind in pack.audit_types.items():
        yield from known_names("source", kind.sources, pack.sources, ("audit_types", name, "sources"))
        if kind.form in pack.forms:
            yield from _of_type(pack, name, kind)


def _of_type(pack: Framework, name: str, kind: AuditType) -> Iterator[Missing]:
    """Whether there is something to pick, and the keys of what is asked are free and not too long."""
    path: Path = ("audit_types", name)
    if kind.asks_source and not any(asks_which(one) for one in pack.forms[kind.form].questions()):
        said = "No question of its form names several sources, so there is nothing to pick"
        yield Absent((*path, "asks_source"), f"{said}; name them there, or leave this out.")
    form = pack.form_of(name)
    keys = [question.key for question in form.questions()]
    for key in dict.fromkeys(one for one in keys if keys.count(one) > 1):
        said = f"“{key}” is the key of what is asked about a source; give the question of that key another."
        yield Missing(("forms", kind.form), said)
    for key in keys:
        if len(key) > LONGEST_KEY:
            said = f"“{key}”, which is asked about a source, is longer than {LONGEST_KEY} characters"
            yield Missing(path, f"{said}; give the source or the question a shorter key.")
    sections = [section.key for section in form.sections]
    for key in dict.fromkeys(one for one in sections if sections.count(one) > 1):
        said = f"“{key}” is the key of the section that asks about sources; give this section another."
        yield Missing(("forms", kind.form), said)
