"""goldenthread draw_month: a whole month from the command line, going on from where it stands."""

import re

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from goldenthread.people.models import Person
from goldenthread.programmes import operations
from goldenthread.programmes.models import Cycle, Draw, Slot
from goldenthread.programmes.queries.year import (
    cycle_labelled,
    drawn_types,
    frameworks,
    places_audits,
    slots_of,
    standing_draw,
    version_to_begin,
)
from goldenthread.rules.refusal import Refused
from goldenthread.rules.solver import fill


class Command(BaseCommand):
    help = "Place the re-audits, freeze the frame, draw, allocate, and with --send send a month's audits."

    def add_arguments(self, parser):
        parser.add_argument("cycle", nargs="?", help="such as 2026-11; default: this month's")
        parser.add_argument("--framework", default="", metavar="KEY")
        parser.add_argument("--seed", default="", help="default: one is taken at random and shown")
        parser.add_argument("--by", default="", metavar="EMAIL", help="who does this, for the ledger")
        parser.add_argument("--theme", default="", help="the topic of a themed month that has none yet")
        parser.add_argument("--send", action="store_true", help="send the audits at the end")

    def handle(self, *args, cycle, framework, **options):
        try:
            found = _cycle(cycle, framework)
            self._take_steps(found, _person(options["by"]), options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None

    def _take_steps(self, cycle: Cycle, by: Person | None, options: dict) -> None:
        """Each step that was not taken yet; a month that stopped half-way goes on."""
        at = timezone.localtime()
        if cycle.sent_at:
            self.stdout.write(f"{cycle.title} was sent on {timezone.localtime(cycle.sent_at):%-d %B %Y}.")
            return
        if options["theme"] and cycle.themed and not cycle.theme:
            operations.set_theme(cycle, theme=options["theme"], unit=cycle.theme_unit, by=by, at=at)
        cycle.version = version_to_begin(cycle)
        kinds = drawn_types(cycle)
        if places_audits(cycle.version) and not any(standing_draw(cycle, kind) for kind in kinds):
            placed = operations.place_reaudits(cycle, by=by, at=at)
            self.stdout.write(f"Re-audits placed: {len(placed.slots)}; due but left: {len(placed.left)}.")
        for kind in kinds:
            self._draw(cycle, kind, by, options["seed"])
        run = operations.allocate(cycle, solve=fill, by=by, at=timezone.localtime())
        self.stdout.write(
            f"Audits allocated: {run.given} of {slots_of(cycle).count()}; unfilled: {run.unfilled}."
        )
        for line in [*_unfilled(cycle), *run.imbalances]:
            self.stdout.write(f"  {line}")
        if options["send"]:
            audits = operations.send_cycle(cycle, by=by, at=timezone.localtime())
            self.stdout.write(f"Audits sent: {len(audits)}.")

    def _draw(self, cycle: Cycle, kind: str, by: Person | None, seed: str) -> None:
        """Freeze and draw, showing the frame's hash before the seed."""
        draw = standing_draw(cycle, kind)
        if draw is None:
            draw = operations.freeze_frame(cycle, kind, by=by, at=timezone.localtime())
            self.stdout.write(
                f"Frame frozen, open cases: {draw.entries.count()}, SHA-256 {draw.frame_sha256}."
            )
        if draw.drawn_at is None:
            draw = operations.draw(draw, seed=seed or operations.new_seed(), by=by, at=timezone.localtime())
            self.stdout.write(f"Drawn with the seed {draw.seed}, cases: {draw.picks.count()}.")
            for line in _shortfalls(draw):
                self.stdout.write(f"  {line}")


def _cycle(label: str | None, framework: str) -> Cycle:
    """The labelled cycle, or this month's; its year is planned if it was not.

    A month early in a year that does not begin in January is one of the year before.
    """
    label = label or f"{timezone.localdate():%Y-%m}"
    year = re.search(r"\b\d{4}", label)
    for key in [framework] if framework else [one.key for one in frameworks()]:
        for begun in (int(year[0]), int(year[0]) - 1) if year else ():
            if not Cycle.objects.filter(framework_key=key, label=label).exists():
                operations.plan_year(key, begun, by=None, at=timezone.localtime())
    return cycle_labelled(label, framework)


def _person(email: str) -> Person | None:
    if not email:
        return None
    person = Person.objects.filter(email__iexact=email, is_active=True).first()
    if person is None:
        raise Refused(f"Nobody here has the e-mail address {email}.")
    return person


def _shortfalls(draw: Draw) -> list[str]:
    short = draw.strata.exclude(shortfall="").order_by("position")
    return list(short.values_list("shortfall", flat=True))


def _unfilled(cycle: Cycle) -> list[str]:
    """Each audit that nobody can do, with everybody of its pool and the rule."""
    slots = list(slots_of(cycle).filter(auditor=None))
    ids = {row["auditor"] for slot in slots for row in slot.unfilled}
    names = dict(Person.objects.filter(public_id__in=ids).values_list("public_id", "name"))
    return [_sentence(slot, names) for slot in slots]


def _sentence(slot: Slot, names: dict[str, str]) -> str:
    rules = [f"{names.get(row['auditor'], '')} {row['rule']}".strip() for row in slot.unfilled]
    return f"{slot.subject.reference}, {slot.unit}: nobody. " + "; ".join(rules) + "."
