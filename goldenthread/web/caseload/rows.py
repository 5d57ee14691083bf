"""How cases, extracts and their rows are shown in tables."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from goldenthread.caseload.models import (
    Episode,
    EpisodeQuerySet,
    Extract,
    Fact,
    Link,
    Rejection,
    StagedRow,
    Subject,
    Work,
)
from goldenthread.caseload.operations.staging import COUNTS, total
from goldenthread.caseload.presets import PRESETS
from goldenthread.caseload.queries import ISO_DATE, works_of
from goldenthread.rules.subjects import SubjectKind
from goldenthread.web.tables import Table, number, numeric

NONE_HERE = "None in this extract."
FEWEST_MISSING = 10
"""Of fewer cases it is nothing unusual that most are closed from one extract to the next."""
STATE_COLOURS = {
    Extract.State.UPLOADED: "blue",
    Extract.State.MAPPING: "yellow",
    Extract.State.PREVIEWED: "yellow",
    Extract.State.COMMITTED: "green",
    Extract.State.REFUSED: "red",
}


def shown(day: date | None) -> str:
    """A date as people write it."""
    return date_format(day, "j F Y") if day else ""


def subject_link(subject: Subject) -> dict[str, Any]:
    url = reverse("show_subject", args=[subject.public_id])
    return {"text": subject.reference, "url": url, "unbroken": True}


def list_title(preset: str, name: str) -> str:
    """A list in words: children in need."""
    known = PRESETS.get(preset)
    found = next((one.title for one in known.lists if one.name == name), name) if known else name
    return found.capitalize()


def left_out(extract: Extract) -> list[str]:
    """For each list that lacks most of the cases that were open: how many; it may be the wrong file."""
    found = []
    for name, one in extract.counts.items():
        missing = one.get("missing", 0)
        known = missing + one.get("changed", 0) + one.get("unchanged", 0)
        if missing >= FEWEST_MISSING and missing > known / 2:
            lacking, before = number(missing)["text"], number(known)["text"]
            found.append(
                f"{list_title(extract.preset, name)}: {lacking} of the {before} that were open are not in "
                "this file. Once it is loaded they are left out of draws. Check that the file is "
                "whole and of the right kind before you confirm it."
            )
    return found


def subjects(
    found: list[Subject],
    works: dict[int, Work],
    since: dict[int, date],
    open_keys: set[int],
    empty: str = "No case found.",
) -> Table:
    """Cases with whose they are today."""
    cells: list[list[Any]] = []
    for subject in found:
        work = works.get(subject.pk)
        cells.append(
            [
                subject_link(subject),
                work.person.name if work and work.person else "Nobody",
                work.unit.name if work and work.unit else "",
                shown(since.get(subject.pk)),
                {"text": "Open", "tag": "green"}
                if subject.pk in open_keys
                else {"text": "Closed", "tag": "grey"},
            ]
        )
    head = ("Case", "Practitioner", "Team", "Allocated", "State")
    return Table("Cases", head, cells, empty, hide_caption=True)


def of_kind(found: list[Subject], kind: SubjectKind, on: date) -> Table:
    """Subjects that are no cases, with whose they are today."""
    works, cells = works_of([subject.pk for subject in found], on), []
    for subject in found:
        work = works.get(subject.pk)
        link = subject_link(subject) | {"text": subject.shown}
        worker = work.person.name if work and work.person else "Nobody"
        cells.append([link, subject.reference, worker, work.unit.name if work and work.unit else ""])
    title = kind.many[:1].upper() + kind.many[1:]
    head = (kind.one[:1].upper() + kind.one[1:], "Reference", "Whose work", "Team")
    return Table(title, head, cells, f"No {kind.one} is known to you.", hide_caption=True)


def parts(found: list[Link], kind: str, caption: str) -> Table:
    """What belongs to a subject, or what it belongs to, from when to when."""
    cells = []
    for link in found:
        other = link.part if kind == "part" else link.whole
        cells.append(
            [subject_link(other) | {"text": other.shown}, shown(link.starts_on), shown(link.ends_on)]
        )
    return Table(caption, ("Reference", "From", "Until"), cells, "Nothing.")


def episodes(found: list[Episode]) -> Table:
    cells = [
        [
            list_title(one.preset, one.list),
            shown(one.opened_on) or f"Before {shown(one.first_seen_on)}",
            _until(one),
            one.worker.name if one.worker else "Nobody",
            one.team.name if one.team else "",
        ]
        for one in found
    ]
    head = ("Involvement", "From", "Until", "Worker", "Team")
    return Table("Involvements", head, cells, "No involvement is known.")


def _until(episode: Episode) -> Any:
    if episode.closed_on:
        return shown(episode.closed_on)
    if episode.missing_since:
        return {"text": "Not in the extract", "tag": "yellow"}
    return {"text": "Open", "tag": "green"}


def works(found: list[Work]) -> Table:
    """Who worked with the case; how the start is known is said."""
    cells = [
        [
            work.person.name if work.person else "Nobody",
            work.unit.name if work.unit else "",
            {"text": shown(work.starts_on), "hint": f"from {work.get_basis_display()}"},
            shown(work.ends_on),
        ]
        for work in found
    ]
    return Table("Who worked with it", ("Worker", "Team", "From", "Until"), cells, "Nobody yet.")


def facts(found: list[tuple[str, list[Fact]]]) -> Table:
    cells = [
        [name if place == 0 else "", _value(fact.value), shown(fact.starts_on), shown(fact.ends_on)]
        for name, values in found
        for place, fact in enumerate(values[:10])
    ]
    return Table(
        "What extracts told",
        ("Fact", "Value", "First told on", "Until"),
        cells,
        "No extract has told anything more.",
    )


def _value(value: str) -> str:
    return shown(date.fromisoformat(value)) if ISO_DATE.match(value) else value


def extracts(found: list[Extract]) -> Table:
    cells = [
        [
            {"text": shown(one.extracted_on), "url": reverse("show_extract", args=[one.public_id])},
            {"text": PRESETS[one.preset].title, "hint": one.file_name},
            date_format(timezone.localtime(one.uploaded_at), "j F Y, H:i"),
            one.uploaded_by.name if one.uploaded_by else "Command line",
            state(one),
        ]
        for one in found
    ]
    head = ("Of", "Extract", "Loaded", "By", "State")
    return Table("Extracts", head, cells, "No extract has been loaded yet.", hide_caption=True)


def state(extract: Extract) -> dict[str, str]:
    """The extract's state as a tag."""
    if extract.state == Extract.State.PREVIEWED and extract.is_confirmed:
        return {"text": "Being loaded", "tag": "blue"}
    return {
        "text": extract.get_state_display(),
        "tag": STATE_COLOURS.get(Extract.State(extract.state), "grey"),
    }


def counts(extract: Extract) -> Table:
    """What an extract says, list by list."""
    cells: list[list[Any]] = [
        [list_title(extract.preset, name), *(number(one[what]) for what in COUNTS)]
        for name, one in extract.counts.items()
    ]
    if len(cells) > 1:
        every = total(extract.counts)
        cells.append(["All lists", *(number(every[what]) for what in COUNTS)])
    head = ("List", *(numeric(what.capitalize()) for what in COUNTS))
    return Table("Rows of each list", head, cells, hide_caption=True)


def people(count: int) -> str:
    """How many persons an extract tells of."""
    return "1 person" if count == 1 else f"{number(count)['text']} people"


def staged(found: list[StagedRow]) -> Table:
    """Rows that are new."""
    cells = [
        [
            row.reference,
            f"{row.sheet}, row {row.row}",
            row.worker or row.worker_reference or "Nobody",
            row.team,
            "Open" if row.is_open else "Closed",
        ]
        for row in found
    ]
    head = ("Case", "Where", "Worker", "Team", "State")
    return Table("Rows", head, cells, NONE_HERE, hide_caption=True)


def changed(found: list[StagedRow], told: dict[int, list[str]]) -> Table:
    """Rows that would change what is stored, with what they would change."""
    cells = [
        [
            row.reference,
            f"{row.sheet}, row {row.row}",
            "; ".join(told.get(row.pk, [])) or "Other values of the row",
        ]
        for row in found
    ]
    return Table("Rows", ("Case", "Where", "What changes"), cells, NONE_HERE, hide_caption=True)


def rejections(found: list[Rejection]) -> Table:
    cells = [[row.sheet, str(row.row), row.column, row.reason] for row in found]
    head = ("Sheet", "Row", "Column", "Why")
    return Table("Rejected rows", head, cells, "No row was rejected.", hide_caption=True)


def missing(found: list[Episode], *, may_answer: bool) -> Table:
    """Open involvements that an extract no longer shows."""
    cells = []
    for one in found:
        url = reverse("answer_missing", args=[one.subject.public_id, one.list]) if may_answer else ""
        cells.append(
            [
                {"text": one.subject.reference, "url": url},
                list_title(one.preset, one.list),
                shown(one.opened_on),
                one.worker.name if one.worker else "Nobody",
                shown(one.missing_since),
            ]
        )
    head = ("Case", "Involvement", "Opened", "Worker", "Missing since")
    return Table("Missing cases", head, cells, "No case is missing.", hide_caption=True)


def missing_after(found: EpisodeQuerySet, place: str) -> EpisodeQuerySet:
    """Missing involvements in a steady order, from below a place in it."""
    public_id, _, name = place.partition(".")
    key = Subject.objects.filter(public_id=public_id).values_list("pk", flat=True).first()
    ordered = found.order_by("subject_id", "list", "pk")
    return ordered.filter(Q(subject_id__gt=key) | Q(subject_id=key, list__gt=name)) if key else ordered


def missing_place(episode: Episode) -> str:
    """An involvement's place in the order of `missing_after`."""
    return f"{episode.subject.public_id}.{episode.list}"


def rows_after(found: QuerySet, place: str) -> QuerySet:
    """Rows of a file by sheet and number, from below a place in that order."""
    number, _, sheet = place.partition(".")
    ordered = found.order_by("sheet", "row")
    return (
        ordered.filter(Q(sheet__gt=sheet) | Q(sheet=sheet, row__gt=int(number)))
        if number.isdecimal()
        else ordered
    )


def row_place(row: StagedRow | Rejection) -> str:
    """A row's place in the order of `rows_after`."""
    return f"{row.row}.{row.sheet}"


def page_of(found: QuerySet, size: int) -> tuple[list[Any], bool]:
    """The first rows, and whether there are more."""
    rows = list(found[: size + 1])
    return rows[:size], len(rows) > size
