"""Sources: where auditors look, whether each could be used, and on which an answer rests.

What a framework asks about them is asked as questions of the form, so that it is saved, shown, kept and
blanked as every other answer is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from goldenthread.rules.conditions import NOT_USED, All, Compare, Condition, Not, key_of_source
from goldenthread.rules.conditions import USED as COULD_BE
from goldenthread.rules.forms import AnswerType, Choice, Form, Question, Section

SECTION = "sources used"
"""The key of the section that asks of each source whether it could be used."""
USED = (Choice(key=COULD_BE, label="Used"), Choice(key=NOT_USED, label="Could not be used"))


def asked_about(form: Form, sources: Mapping[str, str], *, used: Iterable[str], rests: bool) -> Form:
    """The form with what is asked about sources: of each that is to be `used` whether it was, or why not;
    and if the audit type asks (`rests`), on which of its sources each answer rests."""
    sections = [_resting(one, sources) for one in form.sections] if rests else list(form.sections)
    asked = [question for name in used for question in _of_each(name, sources.get(name, name))]
    return form.model_copy(update={"sections": ([_section(asked)] if asked else []) + sections})


def _section(questions: list[Question]) -> Section:
    said = "Say of each whether you could use it; where you could not, say why."
    return Section(key=SECTION, title="Sources", guidance=said, questions=tuple(questions))


def _of_each(name: str, title: str) -> list[Question]:
    key = key_of_source(name)
    why = f"{title}: why could it not be used?"
    return [
        _asked(key, title, "one of", choices=USED),
        _asked(f"{key} why", why, "long text", when=_said(key, is_=NOT_USED)),
    ]


def _resting(section: Section, sources: Mapping[str, str]) -> Section:
    """The section with a question after each that names several sources: on which its answer rests."""
    questions: list[Question] = []
    for one in section.questions:
        questions += [one, _rests_on(one, sources)] if asks_which(one) else [one]
    return section.model_copy(update={"questions": tuple(questions)})


def asks_which(question: Question) -> bool:
    """Whether it names several sources, so that there is something to pick."""
    return len(question.sources) > 1


def _rests_on(question: Question, sources: Mapping[str, str]) -> Question:
    choices = tuple(Choice(key=name, label=sources.get(name, name)) for name in question.sources)
    return _asked(
        f"{question.key} rests on",
        f"What the answer to “{question.text}” rests on",
        "several of",
        choices=choices,
        when=_answered(question),
        answered_by=question.answered_by,
    )


def _answered(question: Question) -> Condition:
    """That the question is asked and has an answer, and not one of the ways of not answering."""
    held: list[Condition] = [question.when] if question.when else []
    held.append(_said(question.key, known=True))
    if question.instead:
        held.append(Not(not_=_said(question.key, one_of=question.instead)))
    return All(all=tuple(held))


def _said(key: str, **what: Any) -> Compare:
    """A comparison of the answer to one of these questions, or to the one that it is about."""
    return Compare.model_construct(answer=key, **what)


def _asked(key: str, text: str, kind: AnswerType, **more: Any) -> Question:
    """A question that may have a key that is too long, for the checks to name."""
    return Question.model_construct(key=key, text=text, type=kind, **more)
