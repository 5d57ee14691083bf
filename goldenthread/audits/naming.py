"""Who may be named in an answer, and as what somebody signs."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q

from goldenthread.audits.models import Audit, Return
from goldenthread.audits.queries import roles_in, standing_of
from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import Person, PersonQuerySet, Post, Reach, on_date
from goldenthread.rules.forms import Question
from goldenthread.rules.refusal import Refused
from goldenthread.tasks import queries as tasks

MOST_OFFERED = 500
"""More people than anybody looks through; others are named by writing."""


def people_offered(audit: Audit, question: Question, by: Person, *, on: date) -> PersonQuerySet:
    """The people whom somebody may pick in an answer: those with the roles that the question names.

    Where it names none: whoever stands in a relation to the audit, and whoever holds a post in the team
    audited, above it, or above or below where the picker works. Nobody from outside sees any of them.
    """
    here = Person.objects.filter(is_active=True, joined_into=None, is_outside=False)
    if by.is_outside:
        return here.none()
    pack, standing = pack_of(audit.version), standing_of(audit)
    if question.roles:
        holders = [tasks.people_of(role, pack, standing, on=on) for role in question.roles]
        return here.filter(pk__in={person.pk for people in holders for person in people}).order_by(
            "name", "pk"
        )
    own = Post.objects.filter(person=by).on(on).values("unit")
    reaches = Reach.objects.filter(on_date(on))
    above = reaches.filter(Q(unit=audit.unit_id) | Q(unit__in=own), above=OuterRef("unit"))
    below = reaches.filter(unit=OuterRef("unit"), above__in=own)
    near = Post.objects.filter(person=OuterRef("pk")).on(on).filter(Exists(above) | Exists(below))
    related = {
        audit.auditor_id,
        audit.practitioner_id,
        *(one.pk for one in (*standing.earlier, *standing.co_auditors)),
    }
    return here.filter(Exists(near) | Q(pk__in=related - {None})).order_by("name", "pk")


def signs_as(
    audit: Audit, question: Question, by: Person, *, on: date, in_return: Return | None = None
) -> str:
    """As what somebody signs: a role that the question names, else one they hold here, else their post.

    Somebody from outside signs for their organisation. `Refused` where none of the roles named is theirs.
    """
    if by.is_outside and not question.roles:
        return in_return.organisation if in_return else ""
    pack = pack_of(audit.version)
    held = roles_in(audit, by, on=on)
    if question.roles and not held & set(question.roles):
        names = " or ".join(f"the {pack.roles[role].title}" for role in question.roles)
        raise Refused(f"“{question.text}” is signed by {names}. You hold no such role here.")
    wanted = [*question.roles, *([question.answered_by] if question.answered_by else []), *pack.roles]
    found = next((role for role in wanted if role in held), None)
    if found:
        return pack.roles[found].title
    post = Post.objects.filter(person=by).on(on).order_by("-starts_on", "-pk").first()
    return post.kind if post else ""


def may_sign(audit: Audit, question: Question, by: Person, *, on: date) -> bool:
    """Whether the roles that the question names, if any, are somebody's own."""
    return not question.roles or bool(roles_in(audit, by, on=on) & set(question.roles))
