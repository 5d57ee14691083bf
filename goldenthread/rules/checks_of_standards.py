"""Whether every standard can be told from the answers, and every expectation is one that its scheme has."""

from __future__ import annotations

from collections.abc import Iterator

from goldenthread.rules.documents import Path
from goldenthread.rules.forms import Question
from goldenthread.rules.framework import Framework
from goldenthread.rules.naming import Absent, Missing, known_name, known_names
from goldenthread.rules.standards import Standard, telling


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of the standards, the schemes and the questions about them."""
    asked: dict[str, list[Question]] = {name: [] for name in pack.standards}
    for path, question in _questions(pack):
        yield from known_names("standard", question.standards, pack.standards, (*path, "standards"))
        for name in question.standards:
            asked.setdefault(name, []).append(question)
    for name, standard in pack.standards.items():
        yield from _standard(pack, name, standard, asked[name])
    for name in pack.ended_standards:
        if name in pack.standards:
            said = f"“{name}” is among the standards, so it has not ended; leave it out of one of the two."
            yield Missing(("ended_standards", name), said)
    yield from _unused_schemes(pack)


def _questions(pack: Framework) -> Iterator[tuple[Path, Question]]:
    for name, form in pack.forms.items():
        for place, section in enumerate(form.sections):
            for position, question in enumerate(section.questions):
                yield ("forms", name, "sections", place, "questions", position), question


def _standard(pack: Framework, name: str, standard: Standard, asked: list[Question]) -> Iterator[Missing]:
    path: Path = ("standards", name)
    for place, one in enumerate(standard.answers):
        here = (*path, "answers", place)
        yield from known_name("scheme", one.scheme, pack.schemes, (*here, "scheme"))
        if scheme := pack.schemes.get(one.scheme):
            yield from known_names(
                "expectation", one.expectations, scheme.expectations, (*here, "expectations")
            )
    if not any(telling(one) for one in asked):
        said = (
            "No question tells whether this is met; name it under the “standards” of one with yes and no, "
            "or with choices that have points."
        )
        yield Absent(path, said)
    elif standard.non_negotiable and not any(one.critical and telling(one) for one in asked):
        yield Absent(
            path, "This is a non-negotiable; mark a question that tells whether it is met as critical."
        )


def _unused_schemes(pack: Framework) -> Iterator[Absent]:
    used = {one.scheme for standard in pack.standards.values() for one in standard.answers}
    for name in pack.schemes:
        if name not in used:
            said = (
                "No standard answers an expectation of this scheme; say so where one does, or leave it out."
            )
            yield Absent(("schemes", name), said)
