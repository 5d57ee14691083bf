"""Whether copies name what there is, and are sent by somebody who may read what they send."""

from __future__ import annotations

from collections.abc import Iterator

from goldenthread.rules.copies import CopyRule
from goldenthread.rules.documents import Path
from goldenthread.rules.flow import DONE
from goldenthread.rules.framework import CycleClock, Framework
from goldenthread.rules.naming import Missing, known_name, known_names
from goldenthread.rules.reports import ALL, PeriodReport, Report
from goldenthread.rules.roles import Role

STAFF = "see staff files"


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of the copies, and of who signs reports off."""
    for name, rule in pack.copies.items():
        path: Path = ("copies", name)
        yield from known_names("audit type", rule.after, pack.audit_types, (*path, "after"))
        if rule.role is not None:
            yield from known_name("role", rule.role, pack.roles, (*path, "role"))
        yield from _clock(pack, rule.clock, (*path, "clock"))
        if rule.report is not None:
            yield from known_name("report", rule.report, pack.reports, (*path, "report"))
        if rule.is_of_report:
            report = pack.reports.get(rule.report) if rule.report else pack.report
            yield from _of_report(pack, report, rule.clock, (*path, "clock"), "sends")
        else:
            yield from _of_audits(pack, rule, path)
    for path, report in pack.every_report().items():
        if (clock := report.signed_off) is not None:
            yield from _clock(pack, clock, (*path, "signed_off"))
            yield from _of_report(pack, report, clock, (*path, "signed_off"), "signs")


def clocks_used(pack: Framework) -> set[str]:
    """The clocks that copies and the signing off of reports start."""
    signed = {one.signed_off for one in pack.every_report().values() if one.signed_off}
    return {rule.clock for rule in pack.copies.values()} | signed


def roles_used(pack: Framework) -> set[str]:
    """The roles that get copies; whoever sends them is named by the clock."""
    return {rule.role for rule in pack.copies.values() if rule.role}


def _clock(pack: Framework, clock: str, path: Path) -> Iterator[Missing]:
    yield from known_name("clock", clock, pack.clocks, path)
    if isinstance(pack.clocks.get(clock), CycleClock):
        yield Missing(path, "This may begin when the cycle has closed already; name a clock with a length.")


def _sender(pack: Framework, clock: str) -> tuple[str, Role] | None:
    rule = pack.clocks.get(clock)
    return (rule.owed_by, pack.roles[rule.owed_by]) if rule and rule.owed_by in pack.roles else None


def _of_report(
    pack: Framework, report: Report | None, clock: str, path: Path, does: str
) -> Iterator[Missing]:
    """Whoever sends or signs a report is found without an audit, and reads it."""
    found = _sender(pack, clock)
    if found is None:
        return
    name, role = found
    if isinstance(report, PeriodReport) and report.about != ALL:
        if role.of != "anywhere" or not any(_reads(pack, kind, name, role) for kind in pack.audit_types):
            said = f"“{name}” {does} a report about a person, so the role is of a post held anywhere"
            yield Missing(
                path, f"{said} that may “see audits” and is shown final ones; name a clock of such a role."
            )
    elif role.of != "anywhere" or "see reports" not in role.may:
        said = f"“{name}” {does} the report, so the role is of a post held anywhere"
        yield Missing(path, f"{said} that may “see reports”; name a clock that such a role owes.")
    elif isinstance(report, PeriodReport) and report.readers and name not in report.readers:
        said = f"“{name}” {does} the report and is not among its “readers”; add the role to them"
        yield Missing(path, f"{said}, or name a clock that a reader owes.")


def _of_audits(pack: Framework, rule: CopyRule, path: Path) -> Iterator[Missing]:
    for kind in (name for name in pack.audit_types if rule.is_for(name)):
        returns = pack.audit_types[kind].returns
        if rule.part is not None:
            yield from known_name(f"return of “{kind}”", rule.part, returns, (*path, "part"))
        if (found := _sender(pack, rule.clock)) and not _reads(pack, kind, *found):
            said = f"“{found[0]}” sends copies of “{kind}” and may not read it once it is final"
            yield Missing((*path, "clock"), f"{said}; show it to the role, or name a clock of another role.")


def _reads(pack: Framework, audit_type: str, name: str, role: Role) -> bool:
    """Whether a role may know of final audits of a type, and reads them in some final state."""
    flow = pack.flows.get(pack.audit_types[audit_type].flow)
    shown = flow is None or any(name in one.shown_to for one in flow.states.values() if one.phase in DONE)
    knows = role.relation is not None or "see audits" in role.may
    about_staff = pack.is_about_staff(audit_type) and role.relation is None
    return shown and knows and (not about_staff or STAFF in role.may)
