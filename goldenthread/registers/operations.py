"""Agreeing, signing and checking: the only place that writes agreements (CA-4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.frameworks.remits import OUTSIDE, remits_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person, Unit
from goldenthread.registers.models import Agreement, Check, Item, Signature
from goldenthread.registers.queries import about, about_item, roles_for, rule_of
from goldenthread.rules.agreements import Agreed, first_offer, may_sign, refuse_unless_offered
from goldenthread.rules.refusal import Refused
from goldenthread.rules.spans import parse_span, span_before
from goldenthread.tasks.operations import cancel_tasks, finish_tasks, start_task, write_notices
from goldenthread.tasks.queries import Standing, people_of

LONGEST_AGO = parse_span("1 year")
SIGNED = ("An agreement was signed", "What is checked, how and how often is here: {link}")


@transaction.atomic
def begin_agreement(version: Version, kind: str, unit: Unit, *, by: Person, at: datetime) -> Agreement:
    """Begin to agree: with the items of the agreement in force, else with the framework's standard list."""
    known = pack_of(version).agreements
    if kind not in known:
        raise Refused("The framework has no agreement of that kind. Choose one of those shown.")
    area = remits_of(version.framework.key).on(timezone.localdate(at))
    if area and unit.pk not in area.units(timezone.localdate(at)):
        raise Refused(f"{unit} is {OUTSIDE}. Whoever publishes the framework can choose it.")
    others = Agreement.objects.filter(framework=version.framework, kind=kind, unit=unit)
    if others.being_agreed().exists():
        raise Refused("One is being agreed already. Change that one, or discard it.")
    agreement = Agreement.objects.create(
        framework=version.framework, version=version, kind=kind, unit=unit, begun_by=by, begun_at=at
    )
    _keep(agreement, by=by, at=at)
    before = others.in_force().first()
    offered = _items_of(before) if before else first_offer(known[kind])
    _write_items(agreement, offered)
    record("agreement.begin", about=about(agreement), by=by, at=at, values={"items": _plain(offered)})
    return agreement


@transaction.atomic
def save_items(
    agreement: Agreement, items: Sequence[Agreed], *, revision: int, by: Person, at: datetime
) -> Agreement:
    """Change what is being agreed; signatures given to what it said before are taken back."""
    agreement = _open(agreement, by=by, at=at)
    if agreement.revision != revision:
        raise Refused(
            "Somebody changed this agreement while you had it open. Look at it before you save again."
        )
    refuse_unless_offered(rule_of(agreement), items)
    agreement.items.all().delete()
    agreement.signatures.all().delete()
    _write_items(agreement, items)
    agreement.revision += 1
    agreement.save(update_fields=["revision"])
    record("agreement.save", about=about(agreement), by=by, at=at, values={"items": _plain(items)})
    return agreement


@transaction.atomic
def sign_agreement(agreement: Agreement, *, revision: int, by: Person, at: datetime) -> Agreement:
    """Sign what it says now; the last signature puts it in force and makes its checks and review tasks."""
    agreement = _open(agreement, by=by, at=at)
    if agreement.revision != revision:
        raise Refused("Somebody changed this agreement while you had it open. Read it again before you sign.")
    rule = rule_of(agreement)
    if agreement.signatures.filter(person=by).exists():
        raise Refused("You have signed already. The other signature is somebody else's.")
    signed = set(agreement.signatures.values_list("role", flat=True))
    role = may_sign(rule, roles_for(agreement, by, on=timezone.localdate(at)), signed)
    Signature.objects.create(agreement=agreement, role=role, person=by, signed_at=at)
    is_whole = signed | {role} >= set(rule.signed_by)
    record(
        "agreement.sign", about=about(agreement), by=by, at=at, values={"role": role, "in force": is_whole}
    )
    if is_whole:
        _put_in_force(agreement, at=at)
    return agreement


@transaction.atomic
def discard_agreement(agreement: Agreement, *, by: Person, at: datetime) -> Agreement:
    """Give up what is being agreed; the one in force stays."""
    agreement = _open(agreement, by=by, at=at)
    agreement.ended_at = at
    agreement.save(update_fields=["ended_at"])
    record("agreement.discard", about=about(agreement), by=by, at=at)
    return agreement


@transaction.atomic
def record_check(
    item: Item,
    *,
    checked_on: date,
    cases: int,
    wrong: int,
    put_right: int,
    note: str,
    by: Person,
    at: datetime,
) -> Check:
    """Log a check; the next one is due by the frequency agreed, from the day of this one."""
    agreement = Agreement.objects.select_for_update().get(pk=item.agreement_id)
    if agreement.signed_at is None or agreement.ended_at is not None:
        raise Refused("This agreement is not in force. Open the one that is, and log the check there.")
    _refuse_unless_checker(agreement, by=by, at=at)
    if checked_on > timezone.localdate(at):
        raise Refused("The day of the check is still to come. Enter the day on which it was made.")
    if checked_on < span_before(LONGEST_AGO, timezone.localdate(at)):
        raise Refused("This day is more than a year ago. Enter the day on which the check was made.")
    if wrong > cases:
        raise Refused("More were wrong than were looked at. Change one of the two numbers.")
    if put_right > wrong:
        raise Refused("More were put right than were wrong. Change one of the two numbers.")
    same = {"checked_on": checked_on, "cases": cases, "wrong": wrong, "put_right": put_right}
    if item.checks.filter(**same, note=note.strip(), checked_by=by).exists():
        raise Refused("You have logged this check already. See it among the checks before.")
    check = Check.objects.create(
        item=item, checked_on=checked_on, cases=cases, wrong=wrong, put_right=put_right, note=note.strip(),
        checked_by=by, checked_at=at,
    )  # fmt: skip
    finish_tasks(about=about_item(item), by=by, at=at)
    newest = item.checks.order_by("-checked_on")[0].checked_on  # one logged late moves nothing back
    _start_check(agreement, item, at=_moment_of(newest, at))
    values = {
        "item": item.label, "checked_on": checked_on.isoformat(), "cases": cases, "wrong": wrong,
        "put_right": put_right, "note": check.note,
    }  # fmt: skip
    record("agreement.check", about=about(agreement), by=by, at=at, values=values)
    return check


def _put_in_force(agreement: Agreement, *, at: datetime) -> None:
    """End the one before with its tasks, start this one's, and tell those who get a copy."""
    others = Agreement.objects.filter(
        framework=agreement.framework, kind=agreement.kind, unit=agreement.unit
    ).in_force()
    for before in others.select_related("version", "unit"):
        for item in before.items.select_related("agreement__unit"):
            cancel_tasks(about=about_item(item), at=at)
        finish_tasks(about=about(before), by=None, at=at)
        before.ended_at = at
        before.save(update_fields=["ended_at"])
    agreement.signed_at = at
    agreement.save(update_fields=["signed_at"])
    for item in agreement.items.select_related("agreement__unit").order_by("position"):
        _start_check(agreement, item, at=at)
    rule, pack = rule_of(agreement), pack_of(agreement.version)
    start_task(
        clock=rule.review,
        pack=pack,
        version=agreement.version,
        about=about(agreement),
        standing=Standing(agreement.unit),
        at=at,
    )
    on = timezone.localdate(at)
    write_notices(
        pack=None,
        notice=SIGNED,
        about=about(agreement),
        path=f"/agreements/{agreement.public_id}/",
        people=[
            person
            for role in rule.copied_to
            for person in people_of(role, pack, Standing(agreement.unit), on=on)
        ],
        values={},
        at=at,
        key=f"agreement:{agreement.public_id}:signed",
    )


def _start_check(agreement: Agreement, item: Item, *, at: datetime) -> None:
    start_task(
        clock=rule_of(agreement).check,
        pack=pack_of(agreement.version),
        version=agreement.version,
        about=about_item(item),
        standing=Standing(agreement.unit),
        at=at,
        length=item.every,
        title=f"Check: {item.label}",
        event="the last check" if item.checks.exists() else "the signature",
    )


def _open(agreement: Agreement, *, by: Person, at: datetime) -> Agreement:
    """The agreement, locked, while it is being agreed, for those who keep agreements in its unit."""
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    _keep(agreement, by=by, at=at)
    if agreement.signed_at is not None:
        raise Refused("This agreement is signed. Begin another to change what is agreed.")
    if agreement.ended_at is not None:
        raise Refused("This agreement was discarded. Begin another.")
    return agreement


def _keep(agreement: Agreement, *, by: Person, at: datetime) -> None:
    kept = Agreement.objects.kept_by(by, on=timezone.localdate(at))
    if not kept.filter(pk=agreement.pk).exists():
        raise Refused("Agreements of this team are kept by others. Ask one of those who sign it.")


def _refuse_unless_checker(agreement: Agreement, *, by: Person, at: datetime) -> None:
    """Those who owe the checks log them, and those who sign."""
    pack, rule = pack_of(agreement.version), rule_of(agreement)
    held = roles_for(agreement, by, on=timezone.localdate(at))
    if not held & {pack.clocks[rule.check].owed_by, *rule.signed_by}:
        raise Refused("Checks of this team are logged by those who signed the agreement. Ask one of them.")


def _write_items(agreement: Agreement, items: Sequence[Agreed]) -> None:
    Item.objects.bulk_create(
        [
            Item(
                agreement=agreement,
                position=place,
                key=item.key,
                label=item.label.strip(),
                method=item.method,
                every=item.every,
            )
            for place, item in enumerate(items, start=1)
        ]
    )


def _items_of(agreement: Agreement) -> list[Agreed]:
    return [
        Agreed(item.label, item.method, item.every, item.key) for item in agreement.items.order_by("position")
    ]


def _plain(items: Sequence[Agreed]) -> list[list[str]]:
    return [[item.label, item.method, item.every] for item in items]


def _moment_of(day: date, at: datetime) -> datetime:
    """The moment on the day of a check from which the next one counts."""
    return datetime.combine(day, timezone.localtime(at).timetz())
