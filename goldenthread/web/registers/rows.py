"""The tables of the pages about agreements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from goldenthread.caseload.models import Subject
from goldenthread.caseload.queries import facts_of, works_of
from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.registers.models import ITEM, KIND, Agreement, Check, Item, Signature
from goldenthread.registers.queries import ItemRow, rule_of
from goldenthread.rules.agreements import how_often
from goldenthread.tasks.models import Task
from goldenthread.web.tables import Table, number, numeric

MOST_CHECKS = 50


def agreements(found: Sequence[Agreement], *, at: datetime) -> Table:
    """Agreements with how many of their checks are late and when they are looked at again; two statements."""
    late = _late_checks(found, at)
    reviews = _reviews(found)
    rows = [
        [
            {
                "text": f"{rule_of(one).title}, {one.unit}",
                "url": reverse("show_agreement", args=[one.public_id]),
            },
            *_state(one, late.get(one.pk, 0)),
            f"{timezone.localdate(reviews[one.public_id]):%-d %B %Y}"
            if one.public_id in reviews
            else "Not yet",
        ]
        for one in found
    ]
    head = ["Agreement", "State", numeric("Checks late"), "Looked at again by"]
    return Table(
        "Agreements",
        head,
        rows,
        "No agreement yet. It is begun here for a team, once the framework says what is agreed.",
        hide_caption=True,
    )


def _state(agreement: Agreement, late: int) -> list[dict[str, Any]]:
    if agreement.signed_at is None:
        return [{"text": "Being agreed", "tag": "yellow"}, {"text": "", "numeric": True}]
    state = {"text": "Checks late", "tag": "red"} if late else {"text": "In force", "tag": "green"}
    return [state, number(late)]


def _late_checks(found: Sequence[Agreement], at: datetime) -> dict[int, int]:
    tasks = Task.objects.open().overdue(at).filter(about_kind=ITEM)
    items = Item.objects.filter(agreement__in=found, public_id__in=tasks.values("about_id"))
    return dict(items.values_list("agreement").annotate(n=Count("pk")).order_by())


def _reviews(found: Sequence[Agreement]) -> dict[str, datetime]:
    ids = [one.public_id for one in found]
    tasks = Task.objects.open().filter(about_kind=KIND, about_id__in=ids)
    return dict(tasks.values_list("about_id", "due_at"))


def signatures(agreement: Agreement) -> list[dict[str, str]]:
    """Each role that signs, and who has."""
    given = {one.role: one for one in agreement.signatures.select_related("person")}
    pack = pack_of(agreement.version)
    return [
        {"key": pack.roles[role].title, "value": _signed(given.get(role))}
        for role in rule_of(agreement).signed_by
    ]


def _signed(signature: Signature | None) -> str:
    if signature is None:
        return "Not signed yet"
    return f"Signed by {signature.person} on {timezone.localtime(signature.signed_at):%-d %B %Y}"


def review_of(agreement: Agreement) -> Task | None:
    """The task to look at the agreement again."""
    return Task.objects.open().about(KIND, agreement.public_id).first()


def items(agreement: Agreement, found: Iterable[ItemRow], *, at: datetime) -> Table:
    """The items with their last check and the next one."""
    rows = [
        [
            {
                "text": row.item.label,
                "url": reverse("check_item", args=[row.item.public_id]) if agreement.signed_at else "",
                "hint": "" if row.item.key else "The team's own",
            },
            row.item.method,
            how_often(row.item.every).capitalize(),
            _last(row.last),
            _next(row, at),
        ]
        for row in found
    ]
    return Table(
        "What is checked", ["Item", "How", "How often", "Last check", "Next check"], rows, "No items yet."
    )


def _last(check: Check | None) -> str:
    if check is None:
        return "None yet"
    return f"{check.checked_on:%-d %B %Y}: {check.wrong} of {check.cases} wrong, {check.put_right} put right"


def _next(row: ItemRow, at: datetime) -> dict[str, str]:
    if row.due is None:
        return {"text": "Once signed"}
    day = f"{timezone.localdate(row.due.due_at):%-d %B %Y}"
    return {"text": f"Late since {day}", "tag": "red"} if row.is_late(at) else {"text": day}


def log(agreement: Agreement) -> Table:
    """The last checks by the agreement, the newest first."""
    found = Check.objects.filter(item__agreement=agreement).select_related("item", "checked_by")
    return _checks("Checks", found, with_item=True)


def checks(item: Item) -> Table:
    """The last checks of one item, the newest first."""
    return _checks("Checks before", item.checks.select_related("item", "checked_by"), with_item=False)


def _checks(caption: str, found: Any, *, with_item: bool) -> Table:
    rows = [
        [
            f"{one.checked_on:%-d %B %Y}",
            *([one.item.label] if with_item else []),
            number(one.cases),
            number(one.wrong),
            number(one.put_right),
            {"text": one.note or "Nothing", "hint": str(one.checked_by)},
        ]
        for one in found.order_by("-checked_on", "-pk")[:MOST_CHECKS]
    ]
    head = [
        "Day", *(["Item"] if with_item else []), numeric("Looked at"), numeric("Wrong"), numeric("Put right"),
        "Still to do",
    ]  # fmt: skip
    return Table(caption, head, rows, "No check is logged yet.")


def cases(item: Item, found: Sequence[Subject], *, on: date) -> Table:
    """The team's open cases with who works on each and the fact to be checked."""
    rule, words = rule_of(item.agreement), words_of(item.agreement.version)
    fact = rule.items[item.key].fact if item.key in rule.items else None
    works = works_of([case.pk for case in found], on)
    known = facts_of(found, on) if fact else {}
    rows = [
        [
            {"text": case.reference, "unbroken": True, "url": reverse("show_subject", args=[case.public_id])},
            _worker(works.get(case.pk)),
            *([_said(known.get(case.pk, {}).get(fact))] if fact else []),
        ]
        for case in found
    ]
    head = [words["Case"], words["Practitioner"], *([fact[0].upper() + fact[1:]] if fact else [])]
    return Table(
        f"Open {words['cases']}", head, rows, f"No open {words['case']} in this team.", hide_caption=True
    )


def _worker(work: Any) -> str:
    return str(work.person) if work and work.person else "Nobody"


def _said(value: Any) -> str:
    if value is None or value == "":
        return "Not recorded"
    return f"{value:%-d %B %Y}" if isinstance(value, date) else str(value)
