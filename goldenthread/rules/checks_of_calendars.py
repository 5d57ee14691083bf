"""Whether calendars are used, give their cycles labels that no other has, and let kinds of audit make way."""

from __future__ import annotations

from collections.abc import Iterator

from goldenthread.rules.cycles import YearCalendar
from goldenthread.rules.documents import Path
from goldenthread.rules.framework import Framework
from goldenthread.rules.naming import Absent, Missing, known_names


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of the calendars, alone and together."""
    labels: dict[tuple[str, str], str] = {}
    for name, rule in pack.every_calendar().items():
        path: Path = ("calendars", name) if name else ("calendar",)
        inside = pack.types_in(name)
        if not inside:
            yield Absent(
                path, "No kind of audit has its cycles in this calendar; name it under “calendar” of one."
            )
        yield from _makes_way(rule, inside, path)
        yield from _extensions(pack, rule, path)
        if (other := labels.setdefault((rule.cycle, rule.mark), name)) != name:
            yield Missing(
                path,
                f"Its cycles would have the same labels as those of {_said(other)}; give one of the two "
                "another “mark”, or let their audits share one calendar.",
            )


def _said(name: str) -> str:
    return f"“{name}”" if name else "the framework's own calendar"


def _extensions(pack: Framework, rule: YearCalendar, path: Path) -> Iterator[Missing]:
    for place, one in enumerate(rule.extension):
        yield from known_names("role", one.by, pack.roles, (*path, "extension", place, "by"))


def _makes_way(rule: YearCalendar, inside: list[str], path: Path) -> Iterator[Missing]:
    for place, swap in enumerate(rule.swap_outs):
        yield from known_names("audit type", swap.of, inside, (*path, "swap_outs", place, "of"))


def target_faults(pack: Framework) -> Iterator[Missing]:
    """A target counts audits that there are, in periods that hold whole cycles of them."""
    for name, target in pack.targets.items():
        path: Path = ("targets", name)
        yield from known_names("audit type", target.counts, pack.audit_types, (*path, "counts"))
        kinds = [pack.audit_types[kind] for kind in target.counts if kind in pack.audit_types]
        calendars = pack.every_calendar()
        rules = [calendars[kind.calendar or ""] for kind in kinds if (kind.calendar or "") in calendars]
        longest = max((rule.months for rule in rules), default=1)
        if longest > {"cycle": 12, "quarter": 3, "year": 12}[target.each]:
            yield Missing(
                (*path, "each"), f"Some of its audits have cycles longer than a {target.each}; say “year”."
            )


def reaudit_faults(pack: Framework) -> Iterator[Missing]:
    """A number of re-audits is for periods that hold whole cycles of them, which place them."""
    for place, rule in enumerate(pack.re_audit):
        kind = pack.audit_types.get(rule.type)
        calendar = pack.every_calendar().get(kind.calendar or "") if kind else None
        if calendar and rule.number is not None and rule.each == "quarter" and calendar.months > 3:
            said = f"The cycles of “{rule.type}” are longer than a quarter; say “cycle” or “year”."
            yield Missing(("re_audit", place, "each"), said)
