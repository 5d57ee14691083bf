"""The month's audits, and the year's compliance, as workbooks for heads of service (WF-18, WF-19)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db.models import Case, CharField, Value, When
from django.utils import timezone

from goldenthread.audits.models import Audit, AuditQuerySet, Judgement
from goldenthread.frameworks.queries import pack_of
from goldenthread.measures.compliance import COUNTED, ComplianceRow
from goldenthread.measures.month import PROGRESS, Month
from goldenthread.measures.score_trends import ScoreTrend
from goldenthread.measures.scores import Reckoned, figures, reckoned
from goldenthread.measures.slices import audits_of, progress
from goldenthread.people.models import Person
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.queries import CoverageRow
from goldenthread.programmes.queries.teams import Place, places_on
from goldenthread.reporting import nameless
from goldenthread.reporting.breakdowns import breakdown_sheets, notes_of
from goldenthread.reporting.found import found_sheets
from goldenthread.reporting.scores import score_sheets, with_scores, year_sheet
from goldenthread.reporting.workbooks import Sheet, Workbook
from goldenthread.reporting.workbooks import Value as CellValue
from goldenthread.rules.flow import DONE
from goldenthread.rules.framework import Framework
from goldenthread.rules.grading import labels_of
from goldenthread.rules.proportions import describe
from goldenthread.rules.vocabulary import STANDARD

LEFT_OUT = "Left out"
FACTS = ["Audit", "Service", "Team", "Auditor", "Kind", "Sent", "To be finished by"]
FACTS += ["Finished", "Status", "On time or late"]
AS_THE_SCREEN = (
    "The figures are those of the pages of Golden Thread for the same reader on the same day. Nothing here "
    "names the person whose file was audited."
)


def month_workbook(month: Month, *, reader: Person, at: datetime) -> Workbook:
    """Each audit of a cycle that the reader may see, a sheet for each kind, after the kinds' totals."""
    words, today = month.pack.words, at.date()
    title = f"{words['Audits']} of {month.period.title}"
    about = [
        ("What it is", f"Each of the {words['audits']} of {month.period.title}, with its {words['grades']}."),
        *_about(month.pack, reader, month.period.cycles, at),
        ("Filters", "None: every kind, team and state that the reader may see."),
        (
            words["Grades"],
            f"Stand here once {words['an_audit']} is finished. Empty: not graded, or not looked at. "
            f"“{LEFT_OUT}”: the {words['auditor']} left that part out.",
        ),
        *notes_of(month),
    ]
    found = reckoned(month.pack, audits_of(month.period, reader=reader, on=today))
    sheets = [
        _totals(month),
        *_kinds(month, reader, today, found),
        *score_sheets(figures(month.pack, found)),
        *found_sheets(month),
        *breakdown_sheets(month),
    ]
    return Workbook(title, about, sheets)


def compliance_workbook(
    framework: Framework,
    cycles: Sequence[Cycle],
    rows: Mapping[str, Iterable[ComplianceRow]],
    coverage: Iterable[CoverageRow],
    *,
    year: int,
    reader: Person,
    at: datetime,
    scores: Sequence[tuple[str, ScoreTrend]] = (),
) -> Workbook:
    """The year so far: a sheet by auditor, by team and by service, one against what is to be done, and one of
    scores where there are any."""
    words = framework.words
    span = f"{cycles[0].title} to {cycles[-1].title}" if cycles else "None has opened yet"
    about = [
        ("What it is", f"Who owed {words['audits']} in the year that began in {year}, and what came of it."),
        *_about(framework, reader, cycles, at),
        (words["Cycles"], span),
        ("Filters", f"The year {year} so far: the {words['cycles']} that have opened."),
        *((word.capitalize(), said.format_map(words)) for word, said in MEANINGS.items()),
    ]
    heads = {"auditor": words["Auditor"], "team": "Team", "service": "Service"}
    sheets = [
        Sheet(
            f"By {words['auditor'] if by == 'auditor' else by}",
            (heads[by], *(word.capitalize() for word in COLUMNS), "On time of those due"),
            [
                (row.name, *compliance_numbers(row), describe(row.counts["on time"], row.due))
                for row in nameless.complied([*rows[by]], by, framework)
            ],
        )
        for by in rows
    ]
    against = Sheet(
        f"Against {words['target']}",
        ("Who owes it", words["Target"], "Counted over", "Owed", "Sent", "Finished", "Missing", "Exempt"),
        [
            (one.holder, one.title, one.period, one.target, one.sent, one.done, one.missing, one.exempt)
            for one in nameless.covered(coverage, framework)
        ],
        note=f"No {words['target']} is set.",
    )
    title = f"Compliance, {framework.title}, {year} so far"
    return Workbook(title, about, [*sheets, against, *year_sheet(scores)])


COLUMNS = (*COUNTED[:1], "due", *COUNTED[1:])
MEANINGS = {
    "owed": "{Audits} that were sent, without those exempted. Each of them is on time, late, missing, not "
    "accepted or in hand.",
    "due": "Those owed without those in hand: what the share on time is out of.",
    "on time": "Finished by the closing day, or by the later day that was given.",
    "late": "Finished after that day.",
    "missing": "Not finished, and that day is past.",
    "not accepted": "Returned and not amended in time, so it stays owed.",
    "in hand": "Not finished, and that day is still to come.",
    "extended": "Of those owed, those for which longer was given, however they ended.",
    "exempt": "Exempted, and not counted as owed.",
}
"""The columns of compliance, and what each counts."""


def compliance_numbers(row: ComplianceRow) -> tuple[int, ...]:
    """The numbers of a row in the order of their columns."""
    return tuple(row.due if word == "due" else row.counts[word] for word in COLUMNS)


def _about(
    pack: Framework, reader: Person, cycles: Sequence[Cycle], at: datetime
) -> list[tuple[str, CellValue]]:
    """For whom and when it was made, of which versions of which framework, in whose words."""
    versions = {cycle.version.pk: cycle.version for cycle in cycles}
    whom = "One reader" if pack.report.without_names else reader.name
    found: list[tuple[str, CellValue]] = [
        ("Made for", f"{whom}, with what their posts let them see in reports"),
        ("Made on", at.date()),
        ("Made at", f"{at:%H:%M}"),
        *(("Framework", f"{one}, in force from {_day(one.effective_on)}") for one in versions.values()),
    ]
    if versions:
        found.append(("Its words", _vocabulary(pack_of([*versions.values()][-1]))))
    return [*found, ("Figures", AS_THE_SCREEN)]


def _vocabulary(pack: Framework) -> str:
    """What the framework calls things, where it has words of its own."""
    own = [f"{word.one} (here “{pack.vocabulary[term].one}”)" for term, word in _renamed(pack)]
    return "; ".join(own) if own else "The standard words."


def _renamed(pack: Framework) -> list[tuple]:
    return [
        (term, word)
        for term, word in STANDARD.items()
        if term in pack.vocabulary and pack.vocabulary[term].one != word.one
    ]


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


def _totals(month: Month) -> Sheet:
    """The first table of the month's report."""
    heads = ("Kind", "Sent", *(word.capitalize() for word in PROGRESS))
    rows: list[tuple[CellValue, ...]] = [
        (one.title, one.sent.count, *(one.progress[word].count for word in PROGRESS)) for one in month.types
    ]
    return Sheet("Totals", heads, rows, note="Nothing has been sent.")


def _kinds(month: Month, reader: Person, today: date, found: Mapping[str, Reckoned]) -> list[Sheet]:
    audits = audits_of(month.period, reader=reader, on=today)
    places, grades = places_on(today), _grades(audits)
    ways = [When(progress(word, today=today), then=Value(word)) for word in PROGRESS]
    rows = list(
        audits.annotate(came_to=Case(*ways, default=Value(""), output_field=CharField()))
        .select_related("unit", "auditor", "version")
        .defer("version__document")
        .order_by("number")
    )
    return [
        with_scores(
            _kind(month.pack, one.key, [row for row in rows if row.audit_type == one.key], places, grades),
            month.pack.grading_of(one.key),
            [row.pk for row in rows if row.audit_type == one.key],
            found.get(one.key, ()),
        )
        for one in month.types
    ]


def _grades(audits: AuditQuerySet) -> dict[int, dict[tuple[str, str], str]]:
    """The grades of those that are finished, by audit, part and stage."""
    found: dict[int, dict[tuple[str, str], str]] = defaultdict(dict)
    judged = Judgement.objects.current().filter(audit__in=audits.filter(phase__in=DONE).order_by())
    for audit, part, stage, grade in judged.values_list("audit_id", "part", "stage", "grade"):
        found[audit][part, stage] = grade
    return found


def _kind(
    pack: Framework,
    key: str,
    audits: list[Audit],
    places: Mapping[int, Place],
    grades: Mapping[int, Mapping[tuple[str, str], str]],
) -> Sheet:
    """The audits of one kind, each part at each stage in a column of its own."""
    words, grading, scale = pack.words, pack.grading_of(key), pack.scale_of(key)
    parts = labels_of(pack.form_of(key), grading)
    columns = [(part, stage.key) for part in parts for stage in grading.stages]
    heads = [f"{parts[part]}: {stage.label}" for part in parts for stage in grading.stages]
    rows: list[tuple[CellValue, ...]] = []
    for audit in audits:
        given = grades.get(audit.pk, {})
        cells = [
            LEFT_OUT
            if part in audit.skipped_sections and audit.phase in DONE
            else scale.label(given.get((part, stage), ""))
            for part, stage in columns
        ]
        rows.append((*_facts(audit, places, pack), *cells))
    return Sheet(
        pack.audit_types[key].title,
        (*(words.get(name, name) for name in FACTS), *heads),
        rows,
    )


def _facts(audit: Audit, places: Mapping[int, Place], pack: Framework) -> tuple[CellValue, ...]:
    own = pack_of(audit.version)
    return (
        audit.number,
        places[audit.unit_id].service.name,
        audit.unit.name,
        nameless.auditor_of(audit, pack),
        own.audit_types[audit.audit_type].title,
        timezone.localdate(audit.sent_at),
        audit.closes_on,
        timezone.localdate(audit.finished_at) if audit.finished_at else None,
        own.flow_of(audit.audit_type).states[audit.state].label,
        str(vars(audit)["came_to"]).capitalize(),
    )
