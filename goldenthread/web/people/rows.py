"""How people, posts and units are shown in tables."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate

from goldenthread.people.models import Leave, Person, Post, Training, Unit
from goldenthread.people.operations.loading import ALWAYS
from goldenthread.people.queries import Branch
from goldenthread.web.tables import Table, link_words
from goldenthread.web.tasks.rows import stands_in


def shown(day: date | None) -> str:
    """A date as people write it."""
    return date_format(day, "j F Y") if day else ""


def since(day: date) -> str:
    """The beginning of a span; the earliest of all says nothing."""
    return "" if day == ALWAYS else shown(day)


def person_link(person: Person) -> dict[str, str]:
    return {"text": person.name, "url": reverse("show_person", args=[person.public_id])}


def unit_link(unit: Unit) -> dict[str, str]:
    return {"text": unit.name, "url": reverse("show_unit", args=[unit.public_id])}


def account(person: Person) -> dict[str, str]:
    """Whether somebody signs in, as a tag."""
    if not person.is_active:
        return {"text": "Closed", "tag": "grey"}
    if person.last_login and (person.has_usable_password() or person.external_id):
        return {"text": "Signs in", "tag": "green"}
    if person.invited_at:
        return {"text": "Invited", "tag": "blue"}
    return {"text": "Not invited", "tag": "grey"}


def staff(people: list[Person]) -> Table:
    cells = [[person_link(one), one.reference, one.email or "", account(one)] for one in people]
    head = ("Name", "Staff number", "E-mail address", "Signing in")
    return Table("Staff", head, cells, "Nobody found.", hide_caption=True)


def passkeys(kept: list[Any]) -> Table:
    """Somebody's own passkeys, as django-allauth wraps them."""
    cells = [
        [
            one.name,
            shown(localdate(one.instance.created_at)),
            shown(localdate(one.instance.last_used_at)) if one.instance.last_used_at else "Not yet",
            {
                "text": link_words("Rename", one.name),
                "url": reverse("mfa_edit_webauthn", args=[one.instance.pk]),
            },
            {
                "text": link_words("Remove", one.name),
                "url": reverse("mfa_remove_webauthn", args=[one.instance.pk]),
            },
        ]
        for one in kept
    ]
    head = ("Name", "Added", "Last used", "Rename", "Remove")
    return Table("Passkeys", head, cells, "You have no passkey.")


def posts(held: list[Post]) -> Table:
    """A person's posts."""
    cells = [[one.kind, unit_link(one.unit), since(one.starts_on), shown(one.ends_on)] for one in held]
    return Table("Posts", ("Post", "Unit", "From", "Until"), cells, "No post is known.")


def holders(held: list[Post]) -> Table:
    """A unit's posts."""
    cells = [[one.kind, person_link(one.person), since(one.starts_on), shown(one.ends_on)] for one in held]
    return Table("Posts", ("Post", "Held by", "From", "Until"), cells, "Nobody held a post here on that day.")


def units(under: list[Unit]) -> Table:
    cells = [[unit_link(unit), unit.kind] for unit in under]
    return Table("Units under it", ("Unit", "Kind"), cells, "No unit stood under it on that day.")


def training(done: list[Training]) -> Table:
    cells = [[one.course, shown(one.completed_on), shown(one.expires_on)] for one in done]
    return Table("Training", ("Course", "Completed", "Expires"), cells, "No training is known.")


def leave(days: list[Leave]) -> Table:
    cells = [[shown(one.starts_on), shown(one.ends_on), stands_in(one)] for one in days]
    return Table("Leave", ("First day", "Last day", "Who stands in"), cells, "No leave is known.")


def tree(branches: list[Branch]) -> Table:
    """The tree in reading order; each unit says under which it stands, so that nothing hangs on indents."""
    cells = [
        [
            {**unit_link(branch.unit), "hint": branch.path},
            branch.unit.kind,
            "" if branch.unit.confirmed else {"text": "Not confirmed", "tag": "yellow"},
        ]
        for branch in branches
    ]
    return Table(
        "Units",
        ("Unit", "Kind", "State"),
        cells,
        "No unit is known on that day. Units come with the people file.",
        hide_caption=True,
    )
