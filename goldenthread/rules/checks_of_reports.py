"""Whether reports tell of what there is, over periods that hold a cycle, and are read by somebody who may."""

from __future__ import annotations

from collections.abc import Iterator

from goldenthread.rules.documents import Path
from goldenthread.rules.framework import Framework
from goldenthread.rules.naming import Absent, Missing, known_names
from goldenthread.rules.reports import PeriodReport, is_long_enough


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of the reports; who signs and copies them is looked at with the copies."""
    for path, report in pack.every_report().items():
        yield from _nothing_to_tell(pack, report.parts, (*path, "parts"))
        if isinstance(report, PeriodReport):
            yield from _of_period(pack, report, path)


def _nothing_to_tell(pack: Framework, parts: tuple[str, ...], path: Path) -> Iterator[Missing]:
    """Parts of which this framework has nothing."""
    if "follow-up" in parts and not pack.responses:
        said = (
            "Nothing follows an audit in this framework, so there is nothing to report of it; leave it out."
        )
        yield Missing((*path, parts.index("follow-up")), said)
    if "moderation" in parts and not pack.moderation:
        said = "Nothing is moderated in this framework, so there is nothing to report of it; leave it out."
        yield Missing((*path, parts.index("moderation")), said)
    for part, named in (
        ("sources", pack.sources),
        ("causes", pack.causes),
        ("severities", pack.severities),
    ):
        if part in parts and not named:
            said = f"The framework names no {part}; name some, or leave it out."
            yield Absent((*path, parts.index(part)), said)


def _of_period(pack: Framework, report: PeriodReport, path: Path) -> Iterator[Missing]:
    if not is_long_enough(report, pack.every_calendar().values()):
        said = f"Every cycle is longer than a {report.period}; report over a longer period."
        yield Missing((*path, "period"), said)
    yield from known_names("role", report.readers, pack.roles, (*path, "readers"))
    for place, name in enumerate(report.readers):
        if name in pack.roles and "see reports" not in pack.roles[name].may:
            said = f"“{name}” may not “see reports”; let the role see them, or name another."
            yield Missing((*path, "readers", place), said)
