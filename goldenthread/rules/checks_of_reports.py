"""Whether reports tell of what there is, over periods that hold a cycle, and are read by somebody who may."""

from __future__ import annotations

from collections.abc import Iterator

from goldenthread.rules.breakdowns import FINDINGS, Breakdown
from goldenthread.rules.documents import Path
from goldenthread.rules.framework import Framework
from goldenthread.rules.naming import Absent, Missing, known_name, known_names
from goldenthread.rules.reports import AUDITOR, PeriodReport, Report, is_long_enough


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of the reports; who signs and copies them is looked at with the copies."""
    for path, report in pack.every_report().items():
        yield from _nothing_to_tell(pack, report.parts, (*path, "parts"))
        yield from _breakdowns(pack, report, path)
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


def _breakdowns(pack: Framework, report: Report, path: Path) -> Iterator[Missing]:
    """Breakdowns that are shown nowhere, of what is not there, or that would name people."""
    told, place = report.breakdowns, (*path, "breakdowns")
    if "breakdowns" in report.parts and not told:
        said = "The report says by what to tell its audits apart nowhere; add “breakdowns”, or leave it out."
        yield Missing((*path, "parts", report.parts.index("breakdowns")), said)
    if told and "breakdowns" not in report.parts:
        said = "“breakdowns” is not among the report's “parts”, so these stand nowhere; add it there"
        yield Missing(place, f"{said}, or leave these out.")
    for number, one in enumerate(told):
        if one in told[:number]:
            yield Missing((*place, number), "This breakdown stands here twice; keep one.")
        yield from _breakdown(pack, report, one, (*place, number))


def _breakdown(pack: Framework, report: Report, one: Breakdown, path: Path) -> Iterator[Missing]:
    if one.fact is not None:
        yield from known_name("fact", one.fact, pack.facts, (*path, "fact"))
    if one.fact in pack.naming_facts and report.without_names:
        said = f"The report names nobody, and “{one.fact}” says who somebody is; leave this out"
        yield Missing((*path, "fact"), f"{said}, or take “without_names” out.")
    if one.by == "auditor" and report.without_names:
        said = "The report names nobody, and a row for each auditor would name them; leave this out"
        yield Missing((*path, "by"), f"{said}, or take “without_names” out.")
    if one.by == "auditor" and isinstance(report, PeriodReport) and report.about == AUDITOR:
        yield Missing(
            (*path, "by"), "The report is about one auditor, so there are no others; leave this out."
        )
    if one.by in ("grade", "part") and all(grading.scale is None for grading in pack.grading.values()):
        yield Missing((*path, "by"), "Nothing is graded in this framework; leave this out.")
    if one.by in FINDINGS and not getattr(pack, FINDINGS[one.by]):
        said = f"The framework names no {FINDINGS[one.by]}; name some, or leave this out."
        yield Absent((*path, "by"), said)


def _of_period(pack: Framework, report: PeriodReport, path: Path) -> Iterator[Missing]:
    if not is_long_enough(report, pack.every_calendar().values()):
        said = f"Every cycle is longer than a {report.period}; report over a longer period."
        yield Missing((*path, "period"), said)
    yield from known_names("role", report.readers, pack.roles, (*path, "readers"))
    for place, name in enumerate(report.readers):
        if name in pack.roles and "see reports" not in pack.roles[name].may:
            said = f"“{name}” may not “see reports”; let the role see them, or name another."
            yield Missing((*path, "readers", place), said)
