"""Audits that look again, compared with the ones they look at: one by one, and counted in a month (WF-16)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from goldenthread.audits.models import Audit, AuditQuerySet
from goldenthread.audits.queries import may_read
from goldenthread.audits.sheets import Sheet, chain_of, part_label, sheet_of
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.measures.slices import Slice, judgements_of_record
from goldenthread.people.models import Person
from goldenthread.rules.comparison import (
    NOT_COMPARABLE,
    OUTCOMES,
    Compared,
    Result,
    compare,
    matches,
)
from goldenthread.rules.equivalence import Match
from goldenthread.rules.flow import DONE
from goldenthread.rules.framework import Framework
from goldenthread.rules.grading import OVERALL

NOT_GRADED = "Not graded"
ANOTHER = Match("", said="It was done under another framework.")


@dataclass(frozen=True)
class PartAgain:
    """One part: its grades from the first audit to this one, and how it compares with the one before."""

    label: str
    before: str
    now: str
    compared: Compared


@dataclass(frozen=True)
class Again:
    """An audit that looks again, with those before it that its reader may read, the first of them first.

    `parts` compare it with the one right before, if that may be read; `grades` are the labels of each earlier
    one by the keys of this audit's parts.
    """

    earlier: tuple[Audit, ...] = ()
    grades: tuple[dict[str, str], ...] = ()
    number: str = ""
    parts: tuple[PartAgain, ...] = ()

    @property
    def counts(self) -> Counter[str]:
        """How many parts came to what."""
        return Counter(one.compared.outcome for one in self.parts)


def again(sheet: Sheet, *, reader: Person | None) -> Again:
    """The audit beside those before it; of those that the reader may not read, nothing."""
    chain = chain_of(sheet.audit) if reader is not None else []
    if reader is None or not chain:
        return Again()
    seen = Audit.objects.visible_to(reader, on=sheet.on).filter(pk__in=[one.pk for one in chain])
    keys = set(seen.values_list("pk", flat=True))
    readable = [one for one in chain if one.pk in keys and may_read(one, reader, on=sheet.on)]
    sheets = [sheet_of(one) for one in reversed(readable)]
    mapped = [_matches(one.audit, sheet.audit) for one in sheets]
    rows = tuple(
        {part: _label(one, _key(found, part)) for part in _parts(sheet)}
        for one, found in zip(sheets, mapped, strict=True)
    )
    if not readable or readable[0].pk != sheet.audit.previous_id:
        return Again(tuple(one.audit for one in sheets), rows)
    last, found = sheets[-1], mapped[-1]
    parts = tuple(
        PartAgain(
            part_label(sheet, part),
            rows[-1][part],
            _label(sheet, part),
            compare(_result(last, _key(found, part)), _result(sheet, part), found.get(part, ANOTHER)),
        )
        for part in _parts(sheet)
    )
    return Again(tuple(one.audit for one in sheets), rows, last.audit.number, parts)


def _parts(sheet: Sheet) -> list[str]:
    """The parts that the form grades, also those that do not apply here."""
    graded = [section.key for section in sheet.form.sections if section.graded]
    return [*graded, OVERALL] if sheet.grading.overall else graded


def _key(found: dict[str, Match], part: str) -> str:
    """What the part was called before; its own key where that says nothing."""
    return (found[part].before if part in found else "") or part


def _label(sheet: Sheet, part: str) -> str:
    """A grade as it is read, with what stands in its place."""
    if part in sheet.carried:
        return f"{sheet.scale.label(sheet.carried[part].grade)}, carried forward"
    if part not in [key for key, _ in sheet.parts]:
        return "Not looked at" if part in _parts(sheet) else NOT_GRADED
    judged = sheet.of_record(part)
    return sheet.scale.label(judged.grade) if judged else NOT_GRADED


def _result(sheet: Sheet, part: str) -> Result:
    """The grade of record, or why there is none."""
    number, judged = sheet.audit.number, sheet.of_record(part)
    if part in sheet.carried:
        kept = sheet.carried[part]
        return Result("", sheet.scale, f"{number} did not look at it and carried {kept.number} forward.")
    if part not in [key for key, _ in sheet.parts]:
        return Result("", sheet.scale, f"{number} did not look at it.")
    if judged is None:
        return Result("", sheet.scale, f"{number} has not graded it.")
    return Result(judged.grade, sheet.scale)


@dataclass
class Versions:
    """The versions of frameworks, read once for many comparisons."""

    packs: dict[int, dict[int, Framework]] = field(default_factory=dict)
    found: dict[tuple[int, int, str, str], dict[str, Match]] = field(default_factory=dict)

    def matches(self, before: Audit, after: Audit) -> dict[str, Match]:
        """How the parts of the later audit stand to the earlier one's; empty under another framework."""
        old, new = before.version, after.version
        if old.framework_id != new.framework_id:
            return {}
        key = (old.pk, new.pk, before.audit_type, after.audit_type)
        if key not in self.found:
            packs = self._between(old, new)
            self.found[key] = matches(packs, before.audit_type, after.audit_type)
        return self.found[key]

    def _between(self, old: Version, new: Version) -> list[Framework]:
        if old.pk == new.pk:
            return [pack_of(new)]
        if new.framework_id not in self.packs:
            rows = Version.objects.filter(framework=new.framework_id).order_by("number")
            self.packs[new.framework_id] = {row.number: pack_of(row) for row in rows}
        numbered = self.packs[new.framework_id]
        return [pack for number, pack in numbered.items() if old.number <= number <= new.number]


def _matches(before: Audit, after: Audit) -> dict[str, Match]:
    return Versions().matches(before, after)


def outcomes(audits: AuditQuerySet, *, reader: Person, on: date) -> dict[int, str]:
    """What the finished ones among audits that look again came to overall, by their keys.

    Only those whose earlier audit the reader sees in reports as well; a few queries, however many they are.
    """
    seen = Audit.objects.reported_to(reader, on=on).order_by().values("pk")
    rows = audits.filter(phase__in=DONE, previous__in=seen).select_related("version", "previous__version")
    found = list(rows.defer("version__document", "previous__version__document").order_by("pk"))
    keys = {key for one in found for key in (one.pk, one.previous_id)}
    record = judgements_of_record().filter(audit__in=keys, part=OVERALL).exclude(grade="")
    grades = dict(record.order_by().values_list("audit", "grade"))
    versions = Versions()
    return {one.pk: _overall(one, grades, versions) for one in found}


def _overall(audit: Audit, grades: dict[int, str], versions: Versions) -> str:
    before = audit.previous
    assert before is not None
    match = versions.matches(before, audit).get(OVERALL)
    if match is None or audit.pk not in grades or before.pk not in grades:
        return NOT_COMPARABLE
    return compare(_of_record(before, grades), _of_record(audit, grades), match).outcome


def _of_record(audit: Audit, grades: dict[int, str]) -> Result:
    return Result(grades[audit.pk], pack_of(audit.version).scale_of(audit.audit_type))


def cut_by_outcome(audits: AuditQuerySet, piece: Slice, *, reader: Person, on: date) -> AuditQuerySet:
    """The audits that look again and came to what a slice says, which `slices.cut` leaves to the reader."""
    if piece.against not in OUTCOMES and piece.against != "any":
        return audits
    found = outcomes(audits, reader=reader, on=on)
    return audits.filter(pk__in=[key for key, one in found.items() if piece.against in (one, "any")])
