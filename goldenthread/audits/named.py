"""What the people who are named in answers, or who signed, are called today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from goldenthread.audits.models import Answer
from goldenthread.people.models import Person
from goldenthread.rules.forms import BY_PEOPLE, Form


def names_now(form: Form, answers: Iterable[Answer]) -> Mapping[str, str]:
    """Their names of today by their ids; a query only where there are any."""
    kinds = {question.key for question in form.questions() if question.type in BY_PEOPLE}
    ids = {
        one.value[0] for one in answers if one.question in kinds and isinstance(one.value, list) and one.value
    }
    if not ids - {""}:
        return {}
    return dict(Person.objects.filter(public_id__in=ids).values_list("public_id", "name"))
