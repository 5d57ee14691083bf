"""Whether what is said to mean the same as before can be so: no two parts stand for one of before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from goldenthread.rules.documents import Path
from goldenthread.rules.forms import Question, Section
from goldenthread.rules.framework import Framework
from goldenthread.rules.naming import Missing


def faults(pack: Framework) -> Iterator[Missing]:
    """Every section or question that stands for the same one of the version before as another.

    Grades may share one: then several became several, and they compare as one.
    """
    for name, form in pack.forms.items():
        here: Path = ("forms", name, "sections")
        yield from _twice(form.sections, here)
        seen = {(one.same_as or one.key): one.key for one in form.questions()}
        for place, section in enumerate(form.sections):
            for position, question in enumerate(section.questions):
                path = (*here, place, "questions", position, "same_as")
                if question.same_as and seen[question.same_as] != question.key:
                    yield _fault(path, question.same_as)


def _twice(parts: Sequence[Section | Question], path: Path) -> Iterator[Missing]:
    seen: set[str] = set()
    for place, one in enumerate(parts):
        stands_for = one.same_as or one.key
        if stands_for in seen and one.same_as:
            yield _fault((*path, place, "same_as"), stands_for)
        seen.add(stands_for)


def _fault(path: Path, key: str) -> Missing:
    return Missing(path, f"Another one stands for “{key}” of the version before too; one of them can.")
