"""Cycles of a year and how far each has come."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from goldenthread.frameworks.models import Framework, Version
from goldenthread.frameworks.queries import current, pack_of
from goldenthread.programmes.models import Cycle, Draw, Slot
from goldenthread.rules.cycles import month_of, year_of
from goldenthread.rules.refusal import Refused

NOT_BEGUN = "not begun"
PLACED = "re-audits placed"
FROZEN = "frame frozen"
DRAWN = "drawn"
ALLOCATED = "allocated"
SENT = "sent"
CONTINUOUS = "one by one"
LATEST = "latest"


def frameworks() -> list[Framework]:
    """The frameworks that are published, by title."""
    return list(Framework.objects.filter(versions__isnull=False).distinct().order_by("title", "pk"))


def drawn_types(cycle: Cycle) -> list[str]:
    """The audit types whose subjects are drawn in a cycle, in the pack's order."""
    pack = pack_of(cycle.version)
    kinds = [] if pack.is_continuous(cycle.calendar) else pack.types_in(cycle.calendar)
    return [kind for kind in kinds if pack.audit_types[kind].selection and not makes_way(cycle, kind)]


def version_to_begin(cycle: Cycle) -> Version:
    """The version under which a cycle is: once begun, its own; before, the newest in force when it opens.

    Where none is in force, or the one that is has the cycle's calendar no longer, that of its plan.
    """
    if cycle.reaudits_placed_at:
        return cycle.version
    try:
        version = current(cycle.framework_key, on=cycle.opens_on)
    except Refused:
        return cycle.version
    return version if cycle.calendar in pack_of(version).every_calendar() else cycle.version


def places_audits(version: Version) -> bool:
    """Whether audits come into a cycle by themselves: re-audits, and those done again after one that was
    not accepted. Without either, a cycle begins with its first frame."""
    pack = pack_of(version)
    states = (state for flow in pack.flows.values() for state in flow.states.values())
    return bool(pack.re_audit) or any(state.done_again for state in states)


def makes_way(cycle: Cycle, audit_type: str) -> str:
    """What takes the place of a kind of audit in a cycle, in words; empty if nothing does."""
    rule = pack_of(cycle.version).every_calendar().get(cycle.calendar)
    return rule.in_place_of(audit_type, month_of(cycle.opens_on, rule)) if rule else ""


def swapped_out(cycle: Cycle) -> dict[str, str]:
    """The titles of the kinds of audit that make way in a cycle, each with what takes its place."""
    types = pack_of(cycle.version).audit_types
    return {kind.title: instead for name, kind in types.items() if (instead := makes_way(cycle, name))}


def cycles_of_year(framework_key: str, year: int) -> list[Cycle]:
    """The cycles of a year, in order, each with its `stage`; the number of queries is fixed."""
    found = Cycle.objects.filter(framework_key=framework_key, year=year)
    return with_stages(found.order_by("opens_on", "closes_on", "pk"))


def with_stages(cycles: QuerySet[Cycle]) -> list[Cycle]:
    """Cycles, each with the stage that it has reached as `stage`."""
    rows: list[Cycle] = list(
        cycles.select_related("version__framework", "theme_unit", "sent_by")
        .defer("version__document")
        .annotate(
            frozen=_counted(Draw.objects.standing()),
            drawn=_counted(Draw.objects.drawn()),
            audits_due=_counted(Slot.objects.standing()),
            without_auditor=_counted(Slot.objects.standing().filter(auditor=None)),
        )
    )
    for cycle in rows:
        cycle.stage = _stage(cycle, len(drawn_types(cycle)))  # type: ignore[attr-defined]
    return rows


def _counted(rows: QuerySet) -> Coalesce:
    """How many of these rows belong to the cycle."""
    counted = rows.filter(cycle=OuterRef("pk")).order_by().values("cycle").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number"), output_field=IntegerField()), 0)


def _stage(cycle: Cycle, draws_needed: int) -> str:
    counted = vars(cycle)
    if pack_of(cycle.version).is_continuous(cycle.calendar):
        return CONTINUOUS
    if cycle.sent_at:
        return SENT
    if counted["drawn"] >= draws_needed and cycle.reaudits_placed_at:
        return ALLOCATED if counted["audits_due"] and not counted["without_auditor"] else DRAWN
    if counted["frozen"]:
        return FROZEN
    return PLACED if cycle.reaudits_placed_at and places_audits(cycle.version) else NOT_BEGUN


def stage_of(cycle: Cycle) -> str:
    """How far one cycle has come."""
    return str(vars(with_stages(Cycle.objects.filter(pk=cycle.pk))[0])["stage"])


def years_planned(framework_key: str) -> list[int]:
    """The years that have cycles, latest first."""
    cycles = Cycle.objects.filter(framework_key=framework_key).order_by("-year")
    return list(cycles.values_list("year", flat=True).distinct())


def this_year(framework_key: str, *, on: date) -> int:
    """The year that a day belongs to, by the framework's own calendar."""
    return year_of(on, pack_of(current(framework_key)).calendar)


def cycle_labelled(label: str, framework_key: str = "") -> Cycle:
    """The cycle with this label; `Refused` where there is none, or several frameworks have one."""
    found = Cycle.objects.filter(label=label).select_related("version__framework").defer("version__document")
    if framework_key:
        found = found.filter(framework_key=framework_key)
    cycles = list(found.order_by("framework_key")[:10])
    if not cycles:
        where = f" of {framework_key}" if framework_key else ""
        raise Refused(
            f"There is no cycle “{label}”{where}. Cycles are labelled like 2026-11; plan the year first."
        )
    if len(cycles) > 1:
        keys = ", ".join(cycle.framework_key for cycle in cycles)
        raise Refused(f"Several frameworks have a cycle “{label}”: {keys}. Name one with --framework.")
    return cycles[0]


def routine_draws(framework_key: str = "") -> list[Draw]:
    """Draws of routine audits that stand, the latest first, a hundred at most."""
    draws = (
        Draw.objects.light()
        .drawn()
        .select_related("cycle__version")
        .defer("cycle__version__document")
        .order_by("-drawn_at", "-pk")
    )
    if framework_key:
        draws = draws.filter(cycle__framework_key=framework_key)
    return [draw for draw in draws[:100] if is_routine(draw)]


def is_routine(draw: Draw) -> bool:
    """Whether a draw is for an audit type of the routine layer."""
    kind = pack_of(draw.cycle.version).audit_types.get(draw.audit_type)
    return kind is not None and kind.layer == "routine"


def draw_of(cycle_label: str, framework_key: str = "", audit_type: str = "") -> Draw:
    """The routine draw of a labelled cycle, or the latest for “latest”; of one kind, if it is named."""
    if cycle_label == LATEST:
        draws = [
            draw for draw in routine_draws(framework_key) if not audit_type or draw.audit_type == audit_type
        ]
        if not draws:
            raise Refused("Nothing has been drawn yet. Freeze a frame and draw first.")
        return draws[0]
    cycle = cycle_labelled(cycle_label, framework_key)
    draws = list(
        Draw.objects.light()
        .drawn()
        .filter(cycle=cycle)
        .select_related("cycle__version")
        .defer("cycle__version__document")
        .annotate(
            first=Case(
                When(audit_type__in=_routine_types(cycle), then=0), default=1, output_field=IntegerField()
            )
        )
        .order_by("first", "pk")
    )
    if audit_type:
        draws = [draw for draw in draws if draw.audit_type == audit_type]
    if not draws:
        what = f"No {audit_type} of {cycle.title}" if audit_type else cycle.title
        raise Refused(
            f"{what} has {'' if audit_type else 'not '}been drawn. Freeze its frame and draw first."
        )
    if len(draws) > 1:
        kinds = ", ".join(draw.audit_type for draw in draws)
        raise Refused(f"{cycle.title} has several draws: {kinds}. Name one with --type.")
    return draws[0]


def _routine_types(cycle: Cycle) -> list[str]:
    types = pack_of(cycle.version).audit_types
    return [name for name, kind in types.items() if kind.layer == "routine"]


def standing_draw(cycle: Cycle, audit_type: str) -> Draw | None:
    """The draw of an audit type that was not abandoned, without its bytes."""
    return Draw.objects.light().standing().filter(cycle=cycle, audit_type=audit_type).first()


def slots_of(cycle: Cycle) -> QuerySet[Slot]:
    """The audits that a cycle is to do, re-audits first, then in the order of picking."""
    return (
        Slot.objects.standing()
        .filter(cycle=cycle)
        .select_related("subject", "unit", "practitioner", "auditor", "pick__entry", "previous", "audit")
        .order_by(F("pick__position").asc(nulls_first=True), "pk")
    )


def any_without_auditor(cycle: Cycle) -> bool:
    """Whether an audit of the cycle still lacks its auditor."""
    return Cycle.objects.filter(
        Q(pk=cycle.pk), Exists(Slot.objects.standing().filter(cycle=OuterRef("pk"), auditor=None))
    ).exists()
