"""Whether kinds of subject fit the audits that look at them, and stay where they belong."""

from __future__ import annotations

from collections.abc import Iterator

from goldenthread.rules.documents import Path
from goldenthread.rules.framework import Framework
from goldenthread.rules.naming import Absent, Missing, known_name, known_names
from goldenthread.rules.subjects import CASE

NOTE = "a case note"


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of the kinds of subject, and of what the audits that look at them do."""
    yield from _kinds(pack)
    for name, kind in pack.audit_types.items():
        path: Path = ("audit_types", name)
        if kind.subject is not None:
            known = [CASE, *pack.subjects]
            yield from known_name("kind of subject", kind.subject, known, (*path, "subject"))
        yield from _filing(pack, name, path)
    for place, rule in enumerate(pack.re_audit):
        for position, earlier in enumerate(rule.after):
            if {earlier, rule.type} <= set(pack.audit_types) and (
                pack.kind_audited(earlier) != pack.kind_audited(rule.type)
            ):
                said = f"“{rule.type}” looks at {_many(pack, rule.type)} and “{earlier}” does not"
                where: Path = ("re_audit", place, "after", position)
                yield Missing(where, f"{said}; give both the same subject, or leave this one out.")
    for name, target in pack.targets.items():
        if target.number is None and len(pack.kinds_audited(target.counts)) > 1:
            said = "A share is of the subjects of one kind, and these audits look at several"
            yield Missing(("targets", name, "counts"), f"{said}; make a target for each.")


def _kinds(pack: Framework) -> Iterator[Missing]:
    seeing = any("see staff files" in role.may for role in pack.roles.values())
    for name, kind in pack.subjects.items():
        path: Path = ("subjects", name)
        if name == CASE:
            yield Missing(path, "The case is there without being listed; say its word in the vocabulary.")
        yield from known_names("audit type", kind.audits, pack.audit_types, (*path, "audits"))
        if kind.is_about_staff and not seeing:
            said = "Only those concerned could see these; let a role “see staff files”, such as whoever draws"
            yield Absent(path, f"{said} and checks.")


def _filing(pack: Framework, name: str, path: Path) -> Iterator[Missing]:
    """What is kept off the case record has no step that makes a case note."""
    kind = pack.audit_types[name]
    flow = pack.flows.get(kind.flow)
    noted = [step.label for step in flow.steps.values() if NOTE in step.requires] if flow else []
    if not noted or not pack.is_kept_here(name):
        return
    why = "is kept here" if kind.filing == "kept here" else f"looks at {_many(pack, name)}, about staff,"
    yield Missing(
        (*path, "flow"),
        f"“{kind.title}” {why} and so stays off the case record, but “{noted[0]}” makes a case note; "
        "choose a flow without one.",
    )


def _many(pack: Framework, audit_type: str) -> str:
    return pack.words_for(audit_type)["cases"]
