"""A row that says what it said in the last extract is not read again, and all comes out as if it were."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from goldenthread.caseload.models import (
    Change,
    Episode,
    Extract,
    Fact,
    KnownRow,
    Rejection,
    StagedRow,
    Subject,
    Work,
)
from goldenthread.caseload.operations.answers import answer_missing
from goldenthread.caseload.operations.files import File
from goldenthread.caseload.operations.known import Known
from goldenthread.caseload.operations.staging import stage
from goldenthread.caseload.operations.undoing import undo
from goldenthread.ledger.models import Event
from goldenthread.people.models import Person, Unit
from goldenthread.rules.refusal import Refused
from tests.make import moment
from tests.workbooks import load, make_csv

pytestmark = pytest.mark.django_db
HEAD = (
    *("Case reference", "Person reference", "Opened", "Closed", "Status", "Team", "Worker"),
    *("Worker allocated on", "Date of birth", "Risk", "Replaces"),
)
TOLD = {
    Subject: ("kind", "reference", "person_reference", "replaced_by__reference", "extract__uploaded_at"),
    Episode: (
        *("subject__reference", "list", "key", "opened_on", "closed_on", "first_seen_on", "missing_since"),
        *("worker__name", "team__name", "row_digest", "extract__uploaded_at"),
    ),
    Work: ("subject__reference", "person__name", "unit__name", "starts_on", "ends_on", "basis"),
    Fact: ("subject__reference", "name", "value", "starts_on", "ends_on"),
    Extract: ("extracted_on", "state", "counts", "people", "rows_read", "notes", "lists"),
    Rejection: ("extract__uploaded_at", "sheet", "row", "column", "reason"),
    Change: ("extract__uploaded_at", "table"),
    Person: ("name", "reference", "confirmed"),
    Unit: ("name", "confirmed"),
    Event: ("what", "at"),
}


def everything():
    """All that a person can see of the caseload, without the keys of rows."""
    return {
        model.__name__: sorted(map(repr, model.objects.values_list(*names))) for model, names in TOLD.items()
    }


def row(reference, **told):
    usual = {
        "Case reference": reference,
        "Person reference": f"P-{reference}",
        "Opened": "02/03/2026",
        "Status": "Open",
        "Team": "North team",
        "Worker": "Anna Smith",
        "Date of birth": "15/11/2010",
        "Risk": "low",
    }
    return {**usual, **{name.replace("_", " "): value for name, value in told.items()}}


def file_of(folder, rows, head=HEAD):
    return make_csv(
        folder / "cases.csv", [list(head), *([one.get(name, "") for name in head] for one in rows)]
    )


def load_rows(folder, rows, *, day, head=HEAD):
    return load(file_of(folder, rows, head), at=f"{day}T09:00")


def read_anew(folder, rows, *, day):
    """The references of the rows that are read, where the others are known."""
    path, at = file_of(folder, rows), moment(f"{day}T09:00")
    extract = Extract.objects.create(
        preset="open_cases", state="committed", extracted_on=at.date(), uploaded_at=at
    )
    stage(extract, [File(path, path.name)], known=Known(extract))
    return sorted(StagedRow.objects.filter(extract=extract).values_list("reference", flat=True))


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "Opened": st.sampled_from(["01/02/2026", "31/02/2026"]),
        "Closed": st.sampled_from(["05/04/2026", "01/01/2026"]),
        "Status": st.sampled_from(["Closed", "Reopened"]),
        "Team": st.sampled_from(["South team", ""]),
        "Worker": st.sampled_from(["Smith, Anna", "Ben", ""]),
        "Worker allocated on": st.sampled_from(["05/03/2026", "20/11/2026", "rubbish"]),
        "Date of birth": st.sampled_from(["29/02/2012", "01/12/2008", "01/06/2027", ""]),
        "Risk": st.sampled_from(["high", "01/02/2026", ""]),
        "Replaces": st.sampled_from(["C1", "C2"]),
        "Person reference": st.sampled_from(["", "P-C1"]),
    },
)
ONE = st.builds(
    lambda reference, told: {**row(reference), **told},
    st.sampled_from(["C1", "C1", "C2", "C3", "C4", "C5", ""]),
    st.one_of(st.just({}), st.just({}), st.just({"Opened": "01/02/2026"}), CHANGES),
)


@st.composite
def nights(draw):
    """Extracts night after night: most rows as they were; some changed, added, taken away, put elsewhere."""
    rows, told = draw(st.lists(ONE, min_size=2, max_size=6)), []
    for _ in range(draw(st.integers(2, 5))):
        days = draw(st.sampled_from([0, 1, 1, 1, 30, 400]))
        head = draw(st.sampled_from([HEAD, HEAD, HEAD, HEAD[:-2], tuple(reversed(HEAD))]))
        told.append((days, head, list(rows), draw(st.sampled_from(["", "", "", "answer", "undo", "both"]))))
        kept = [one for one in rows if draw(st.integers(0, 5))]
        changed = [{**one, **draw(CHANGES)} if not draw(st.integers(0, 4)) else one for one in kept]
        rows = changed + draw(st.lists(ONE, max_size=1))
        rows = draw(st.permutations(rows)) if draw(st.booleans()) else rows
    return told


def pass_nights(folder, told, *, all_read):
    """What is there after each night; with `all_read`, no row is known."""
    seen, day = [], date(2026, 11, 2)
    for days, head, rows, then in told:
        day += timedelta(days=days)
        if all_read:
            KnownRow.objects.all().delete()
        load_rows(folder, rows, day=day, head=head)
        seen.append(everything())
        if then in ("answer", "both"):
            for episode in Episode.objects.missing().order_by("list", "key")[:1]:
                answer_missing(
                    episode=episode, answer="gone", closed_on=None, by=None, at=moment(f"{day}T10:00")
                )
        if then in ("undo", "both"):
            with suppress(Refused):
                undo_last(day)
        seen.append(everything())
    return seen


def undo_last(day):
    undo(extract=Extract.objects.committed().order_by("-pk")[0], by=None, at=moment(f"{day}T11:00"))


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],  # each example is many imports: a failure is not made smaller
)
@given(told=nights())
def test_whatever_comes_night_after_night_all_is_as_if_every_row_were_read(tmp_path, told):
    with transaction.atomic():
        known = pass_nights(tmp_path, told, all_read=False)
        transaction.set_rollback(True)
    with transaction.atomic():
        read = pass_nights(tmp_path, told, all_read=True)
        transaction.set_rollback(True)

    assert known == read


def test_of_the_rows_of_an_extract_only_those_that_say_something_else_are_read(tmp_path):
    load_rows(tmp_path, [row("C1"), row("C2"), row("C3")], day="2026-11-02")

    later = [row("C3"), row("C2", Risk="high"), row("C1"), row("C4")]

    assert read_anew(tmp_path, later, day="2026-11-03") == ["C2", "C4"]


def test_a_row_is_read_again_from_the_birthday_on(tmp_path):
    load_rows(tmp_path, [row("C1")], day="2026-11-02")

    assert read_anew(tmp_path, [row("C1")], day="2026-11-14") == []
    assert read_anew(tmp_path, [row("C1")], day="2026-11-15") == ["C1"]


def test_all_rows_of_a_case_are_read_where_one_of_them_is(tmp_path):
    two = [row("C1"), row("C1", Opened="01/02/2026"), row("C2")]
    load_rows(tmp_path, two, day="2026-11-02")
    two[1]["Worker"] = "Ben"

    assert read_anew(tmp_path, two, day="2026-11-03") == ["C1", "C1"]


def test_all_rows_are_read_where_a_second_one_tells_of_a_known_start(tmp_path):
    load_rows(tmp_path, [row("C1"), row("C2")], day="2026-11-02")

    again = [row("C1"), row("C1", Worker="Ben"), row("C2")]

    assert read_anew(tmp_path, again, day="2026-11-03") == ["C1", "C1", "C2"]


def test_a_row_of_which_something_was_left_out_is_read_and_noted_every_night(tmp_path):
    odd = row("C1", Worker_allocated_on="rubbish")
    first = load_rows(tmp_path, [odd], day="2026-11-02")

    again = load_rows(tmp_path, [odd], day="2026-11-03")

    assert not KnownRow.objects.exists()
    assert again.notes == first.notes


def test_an_answer_about_a_missing_case_is_no_known_row(tmp_path):
    load_rows(tmp_path, [row("C1")], day="2026-11-02")
    load_rows(tmp_path, [row("C2")], day="2026-11-03")
    answer_missing(
        episode=Episode.objects.missing().get(),
        answer="gone",
        closed_on=None,
        by=None,
        at=moment("2026-11-03T10:00"),
    )

    back = load_rows(tmp_path, [row("C1"), row("C2")], day="2026-11-04")

    assert (back.total["changed"], back.total["unchanged"]) == (1, 1)
