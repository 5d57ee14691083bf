"""Loading a caseload extract: what is kept, what is rejected and why; a second time changes nothing."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goldenthread.caseload import queries
from goldenthread.caseload.models import Change, Episode, Extract, Fact, Rejection, StagedRow, Subject, Work
from goldenthread.ledger.models import Event, EventValues
from goldenthread.people.models import Person, Unit
from goldenthread.rules.refusal import Refused
from tests.make import make_person, make_unit
from tests.workbooks import (
    CASES,
    LIST_6,
    Formula,
    case,
    child,
    load,
    load_cases,
    load_children,
    make_csv,
    make_workbook,
)

pytestmark = pytest.mark.django_db
COUNTED = ("read", "created", "changed", "unchanged", "missing", "rejected", "open", "unallocated")


def counts(imported, name="cases"):
    return tuple(imported.lists[name][what] for what in COUNTED)


def worker_of(reference, on=date(2026, 11, 2)):
    person = queries.practitioner_of(Subject.objects.get(reference=reference), on)
    return person.name if person else None


def facts_of(reference, on=date(2026, 11, 2)):
    subject = Subject.objects.get(reference=reference)
    return queries.facts_of([subject], on)[subject.pk]


ANNEX = {
    "Contents": [["Annex A"], ["Nothing to see"]],
    "List 1": [["Child Unique ID", "Date of Contact"], [1, date(2026, 1, 5)]],
    "List 6 - CIN": [
        ["List 6: children in need"],
        [],
        [f"{header} " for header in LIST_6],
        child(1001),
        child(1002, **{"Allocated Worker": "Anna\u00a0Smith", "Gender": "b) Female"}),
        [],
        child(1003, **{"CIN Closure Date": date(2026, 9, 1)}),
        child(1004, **{"Allocated Worker": "#N/A"}),
        child(1005, **{"Case Status": "Closed"}),
        child(1001, **{"CIN Start Date": date(2024, 1, 5), "CIN Closure Date": date(2024, 6, 5)}),
        child(None),
        child(1006, **{"CIN Closure Date": date(2025, 1, 1)}),
        child(1007, **{"CIN Start Date": date(2027, 1, 1)}),
        child(1008, **{"CIN Start Date": "31/02/2026"}),
        child(1009, **{"Allocated Worker": Formula("=VLOOKUP(1,2,3)")}),
        child(1001),
    ],
    "List_8": [
        [
            "ChildUniqueID",
            "DateStartedtobeLookedAfter",
            "DateCeasedtobeLookedAfter",
            "AllocatedTeam",
            "AllocatedWorker",
        ],
        [1001, date(2026, 5, 1), None, "LAC", "Smith, Anna"],
        [2001, date(2026, 5, 1), None, "LAC", "Ben Brown"],
    ],
    "9": [
        ["Child Unique ID", "Eligibility Category", "Allocated Worker", "Allocated Team"],
        [3001, "Relevant", "Ben Brown", "Leaving care"],
        [3002, "Relevant", None, None],
    ],
}


def test_an_annex_a_workbook_is_counted_list_by_list(tmp_path):
    imported = load(make_workbook(tmp_path / "annex.xlsx", ANNEX), preset="annex_a")

    assert counts(imported, "6") == (12, 6, 0, 0, 0, 6, 3, 1)
    assert counts(imported, "8") == (2, 2, 0, 0, 0, 0, 2, 0)
    assert counts(imported, "9") == (2, 2, 0, 0, 0, 0, 2, 1)
    assert imported.total == dict(zip(COUNTED, (16, 10, 0, 0, 0, 6, 7, 2), strict=True))
    assert [(row["row"], row["column"]) for row in imported.rejections] == [
        (11, "Child Unique ID"),
        (12, "CIN Closure Date"),
        (13, "CIN Start Date"),
        (14, "CIN Start Date"),
        (15, "Allocated Worker"),
        (16, ""),
    ]
    assert {row["sheet"] for row in imported.rejections} == {"List 6 - CIN"}
    assert "H15" in imported.rejections[4]["reason"]


def test_the_same_workbook_twice_changes_nothing(tmp_path):
    book = make_workbook(tmp_path / "annex.xlsx", ANNEX)
    load(book, preset="annex_a")
    before = [
        list(model.objects.order_by("pk").values()) for model in (Subject, Episode, Work, Fact, Person, Unit)
    ]

    again = load(book, preset="annex_a", at="2026-12-01T09:00")

    after = [
        list(model.objects.order_by("pk").values()) for model in (Subject, Episode, Work, Fact, Person, Unit)
    ]
    assert after == before
    assert again.total["created"] == again.total["changed"] == again.total["missing"] == 0
    assert again.total["unchanged"] == again.total["read"] - again.total["rejected"] == 10
    assert Change.objects.filter(extract__public_id=again.extract).count() == 0


def test_two_spellings_of_a_worker_are_one_person(tmp_path):
    load(make_workbook(tmp_path / "annex.xlsx", ANNEX), preset="annex_a")

    assert sorted(Person.objects.values_list("name", "confirmed")) == [
        ("Anna Smith", False),
        ("Ben Brown", False),
    ]
    assert worker_of("1001") == worker_of("1002") == "Anna Smith"
    assert worker_of("1004") is None


def test_nothing_that_names_or_dates_a_child_is_stored(tmp_path):
    headers = [*LIST_6, "Child Name", "NHS number", "Ethnicity"]
    row = [*child(1, **{"Date of Birth": date(2012, 7, 9)}), "Zebedee Quux", "9434765919", "Chimerian"]
    rejected = [*child(2, **{"CIN Start Date": "31/02/2026"}), "Zebedee Quux", "9434765919", "Chimerian"]
    imported = load(
        make_workbook(tmp_path / "annex.xlsx", {"List 6": [headers, row, rejected]}), preset="annex_a"
    )

    tables = (Subject, Episode, Work, Fact, Person, Unit, Extract, Rejection, Change, Event, EventValues)
    stored = json.dumps(
        [list(model.objects.values()) for model in tables] + [imported.rejections], default=str
    )
    for personal in ("Zebedee", "9434765919", "Chimerian", "2012-07-09", "09/07/2012", "31/02/2026"):
        assert personal not in stored
    assert facts_of("1")["age band"] == "10 to 15"
    assert StagedRow.objects.count() == 0


def test_an_open_cases_list_is_read_by_its_headers_wherever_they_stand(tmp_path):
    rows = [["Open cases report"], ["Made for the quality team"], [*reversed(CASES)], [*reversed(case("C1"))]]

    imported = load(make_csv(tmp_path / "cases.csv", rows, encoding="utf-16"))

    assert counts(imported) == (1, 1, 0, 0, 0, 0, 1, 0)
    assert facts_of("C1")["risk"] == "low"
    assert facts_of("C1")["opened"] == date(2026, 3, 2)


def test_the_day_of_allocation_is_the_columns_or_that_of_the_first_extract(tmp_path):
    imported = load_cases(tmp_path, case("C1"), case("C2", worker_allocated_on=""))

    works = {work.subject.reference: work for work in Work.objects.all()}
    assert (works["C1"].starts_on, works["C1"].basis) == (date(2026, 3, 9), "column")
    assert (works["C2"].starts_on, works["C2"].basis) == (date(2026, 11, 2), "first seen")
    assert any("allocated" in note for note in imported.notes)


def test_a_changed_worker_ends_the_former_work_the_day_before(tmp_path):
    load_cases(tmp_path, case("C1"))

    imported = load_cases(
        tmp_path, case("C1", worker="Ben", worker_allocated_on="20/11/2026"), at="2026-12-01T09:00"
    )

    assert imported.lists["cases"]["changed"] == 1
    works = list(Work.objects.order_by("starts_on").values_list("person__name", "starts_on", "ends_on"))
    assert works == [
        ("Anna Smith", date(2026, 3, 9), date(2026, 11, 19)),
        ("Ben", date(2026, 11, 20), None),
    ]
    assert worker_of("C1", date(2026, 11, 19)) == "Anna Smith"
    assert worker_of("C1", date(2026, 11, 20)) == "Ben"


def test_a_changed_team_starts_new_work_but_the_worker_stays_allocated_since(tmp_path):
    load_cases(tmp_path, case("C1"))

    load_cases(tmp_path, case("C1", team="South team"), at="2026-12-01T09:00")

    works = list(Work.objects.order_by("starts_on").values_list("unit__name", "starts_on", "ends_on"))
    assert works == [
        ("North team", date(2026, 3, 9), date(2026, 11, 30)),
        ("South team", date(2026, 12, 1), None),
    ]
    assert facts_of("C1", date(2026, 12, 1))["allocated"] == date(2026, 3, 9)


def test_closing_ends_the_work_on_that_day(tmp_path):
    load_cases(tmp_path, case("C1"))

    load_cases(tmp_path, case("C1", closed="15/11/2026"), at="2026-12-01T09:00")

    assert Work.objects.get().ends_on == date(2026, 11, 15)
    assert facts_of("C1", date(2026, 11, 14))["status"] == "open"
    assert facts_of("C1", date(2026, 11, 15))["status"] == "closed"


def test_closing_one_of_two_involvements_leaves_the_other_worker(tmp_path):
    lists = {
        "List 6": [LIST_6, child(1)],
        "List 8": [
            ["Child Unique ID", "Date Started to be Looked After", "Allocated Worker"],
            [1, date(2026, 5, 1), "Ben"],
        ],
    }
    load(make_workbook(tmp_path / "a.xlsx", lists), preset="annex_a")
    lists["List 6"][1] = child(1, **{"CIN Closure Date": date(2026, 11, 10)})

    load(make_workbook(tmp_path / "b.xlsx", lists), preset="annex_a", at="2026-12-01T09:00")

    ends = dict(Work.objects.values_list("person__name", "ends_on"))
    assert ends == {"Anna Smith": date(2026, 11, 10), "Ben": None}
    assert facts_of("1", date(2026, 12, 1))["status"] == "open"


def test_of_several_current_workers_the_latest_start_wins_and_the_others_are_shown(tmp_path):
    load_cases(tmp_path, case("C1"), case("C1", worker="Ben", worker_allocated_on="01/10/2026"))
    subject = Subject.objects.get(reference="C1")

    workers = [work.person.name for work in queries.workers_on(subject, on=date(2026, 11, 2))]
    assert workers == ["Ben", "Anna Smith"]
    assert worker_of("C1") == "Ben"
    assert worker_of("C1", date(2026, 9, 30)) == "Anna Smith"


def test_a_missing_case_is_asked_about_and_comes_back(tmp_path):
    load_cases(tmp_path, case("C1"), case("C2"))

    gone = load_cases(tmp_path, case("C1"), at="2026-12-01T09:00")
    still_gone = load_cases(tmp_path, case("C1", risk="high"), at="2026-12-02T09:00")
    missing = Episode.objects.get(subject__reference="C2").missing_since
    back = load_cases(tmp_path, case("C1", risk="high"), case("C2"), at="2026-12-03T09:00")

    assert counts(gone) == (1, 0, 0, 1, 1, 0, 1, 0)
    assert still_gone.lists["cases"]["missing"] == 1
    assert missing == date(2026, 12, 1)
    assert counts(back) == (2, 0, 1, 1, 0, 0, 2, 0)
    assert Episode.objects.missing().count() == 0


def test_a_rejected_row_does_not_make_its_case_missing(tmp_path):
    load_cases(tmp_path, case("C1"))

    imported = load_cases(tmp_path, case("C1", opened="31/02/2026"), at="2026-12-01T09:00")

    assert counts(imported) == (1, 0, 0, 0, 0, 1, 0, 0)
    assert Episode.objects.missing().count() == 0


def test_lists_that_the_file_lacks_are_left_alone(tmp_path):
    load(make_workbook(tmp_path / "annex.xlsx", ANNEX), preset="annex_a")

    again = load_children(tmp_path, child(1001), name="six.xlsx", at="2026-12-01T09:00")

    assert list(again.lists) == ["6"]
    assert set(Episode.objects.missing().values_list("list", flat=True)) == {"6"}


def test_one_id_that_replaces_another_keeps_the_history(tmp_path):
    load_cases(tmp_path, case("OLD"))
    before = Subject.objects.get(reference="OLD")
    headers, row = [*CASES, "Replaces"], [*case("NEW"), "OLD"]
    path = make_csv(tmp_path / "new.csv", [headers, row])

    first = load(path, at="2026-12-01T09:00")
    second = load(path, at="2026-12-01T10:00")

    after = Subject.objects.get(reference="NEW")
    assert (after.pk, after.public_id) == (before.pk, before.public_id)
    assert Subject.objects.get(reference="OLD").replaced_by == after
    assert counts(first) == (1, 0, 1, 0, 0, 0, 1, 0)
    assert counts(second) == (1, 0, 0, 1, 0, 0, 1, 0)
    assert Work.objects.get().subject == after


def test_a_fact_that_changes_keeps_its_former_value_with_dates(tmp_path):
    load_cases(tmp_path, case("C1"))

    load_cases(tmp_path, case("C1", risk="high"), at="2026-12-01T09:00")

    assert facts_of("C1", date(2026, 11, 30))["risk"] == "low"
    assert facts_of("C1", date(2026, 12, 1))["risk"] == "high"


def test_dates_of_an_american_file_are_read_as_such_and_it_is_said(tmp_path):
    imported = load_cases(tmp_path, case("C1", opened="02/25/2026", worker_allocated_on="03/04/2026"))

    assert Episode.objects.get().opened_on == date(2026, 2, 25)
    assert Work.objects.get().starts_on == date(2026, 3, 4)
    assert any("month/day/year" in note for note in imported.notes)


def test_a_status_alone_can_close_a_case(tmp_path):
    headers = ["Case reference", "Status", "Worker"]
    path = make_csv(tmp_path / "a.csv", [headers, ["C1", "Closed", "Anna"], ["C2", "Not closed", "Anna"]])

    imported = load(path)

    assert imported.lists["cases"]["open"] == 1
    assert Episode.objects.get(subject__reference="C1").closed_on == date(2026, 11, 2)


def test_a_date_that_nothing_rests_on_is_left_out_and_noted(tmp_path):
    imported = load_children(tmp_path, child(1, **{"Date of Birth": "31/02/2012"}))

    assert imported.total["rejected"] == 0
    assert "age band" not in facts_of("1")
    assert any("Date of Birth" in note and "left out" in note for note in imported.notes)


def test_workers_and_teams_already_known_are_found(tmp_path):
    anna = make_person("Anna Smith")
    numbered = make_person("Somebody Else", reference="77")
    team = make_unit("North team")
    headers = ["Case reference", "Worker", "Worker id", "Team"]
    rows = [headers, ["C1", "SMITH,  Anna", "", "NORTH  team"], ["C2", "B. Brown", "77", "North team"]]

    load(make_csv(tmp_path / "a.csv", rows))

    assert list(Work.objects.order_by("subject__reference").values_list("person", "unit")) == [
        (anna.pk, team.pk),
        (numbered.pk, team.pk),
    ]
    assert Person.objects.count() == 2
    assert Unit.objects.count() == 1


def test_a_name_that_two_people_have_is_not_guessed(tmp_path):
    make_person("Anna Smith")
    make_person("Anna Smith", email="anna2@example.org")

    load_cases(tmp_path, case("C1"))
    load_cases(tmp_path, case("C1"), case("C2"), at="2026-12-01T09:00")

    assert Person.objects.filter(name="Anna Smith").count() == 3
    assert not Work.objects.filter(person__confirmed=True).exists()


def test_a_dry_run_counts_the_same_and_keeps_nothing(tmp_path):
    dry = load_cases(tmp_path, case("C1"), case(""), dry_run=True)

    assert counts(dry) == (2, 1, 0, 0, 0, 1, 1, 0)
    for model in (Subject, Episode, Extract, Person, Rejection, Event):
        assert not model.objects.exists()


def test_an_import_is_one_event(tmp_path):
    load_cases(tmp_path, case("C1"), case("C2"))

    event = Event.objects.get()
    assert (event.what, event.about_kind) == ("caseload.import", "extract")
    assert '"created":2' in event.recorded.values.replace(" ", "")


def test_an_extract_older_than_the_one_loaded_is_refused(tmp_path):
    load_cases(tmp_path, case("C1"))

    with pytest.raises(Refused, match="later than this one"):
        load_cases(tmp_path, case("C2"), on=date(2026, 10, 1))
    with pytest.raises(Refused, match="future"):
        load_cases(tmp_path, case("C2"), on=date(2027, 10, 1))


def test_a_file_without_a_case_reference_is_refused_and_nothing_is_kept(tmp_path):
    with pytest.raises(Refused, match="case or person reference"):
        load(make_csv(tmp_path / "a.csv", [["Worker", "Team"], ["Anna", "North"]]))
    with pytest.raises(Refused, match="None of the lists"):
        load(make_csv(tmp_path / "a.csv", [["Worker", "Team"], ["Anna", "North"]]), preset="annex_a")

    assert not Extract.objects.exists()


def test_a_mapping_says_what_unknown_columns_are_but_never_keeps_a_name(tmp_path):
    path = make_csv(
        tmp_path / "a.csv", [["Ident", "Who", "Tier", "Client name"], ["C1", "Anna", "2", "Zebedee"]]
    )
    mapping = {
        "ident": "case reference",
        "who": "worker",
        "tier": "fact: tier",
        "clientname": "fact: client name",
    }

    load(path, mapping=mapping)

    assert worker_of("C1") == "Anna"
    assert dict(Fact.objects.values_list("name", "value")) == {"tier": "2"}


def test_a_column_of_days_is_kept_as_days_so_that_time_can_be_counted_from_it(tmp_path):
    head = ["Ident", "Opened", "Capacity assessed", "Noted"]
    path = make_csv(tmp_path / "a.csv", [head, ["C1", "02/03/2024", "12/10/2026", "13/10/2026"]])
    mapping = {
        "ident": "case reference",
        "capacityassessed": "day: capacity assessed",
        "noted": "fact: noted",
    }

    imported = load(path, mapping=mapping)

    assert dict(Fact.objects.values_list("name", "value")) == {
        "capacity assessed": "2026-10-12",
        "noted": "13/10/2026",
    }
    (note,) = [one for one in imported.notes if "“Noted”" in one]
    assert "a date, but kept in its words, so that no time is counted from it (1 row: 2)" in note


def run(*arguments):
    out = StringIO()
    call_command("import_caseload", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_prints_one_object_and_succeeds_although_rows_were_rejected(tmp_path):
    path = make_workbook(tmp_path / "annex.xlsx", ANNEX)

    answer = json.loads(run(str(path), "--preset", "annex_a", "--extracted-on", "2026-11-02", "--json"))

    assert set(answer["lists"]) == {"6", "8", "9"}
    assert set(answer["total"]) == set(COUNTED)
    assert answer["total"]["rejected"] == len(answer["rejections"]) == 6
    assert set(answer["rejections"][0]) == {"sheet", "row", "column", "reason"}
    assert Extract.objects.get().state == "committed"


def test_the_command_says_why_a_file_cannot_be_read(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"not a workbook")

    with pytest.raises(CommandError, match="not an Excel workbook"):
        run(str(path), "--preset", "annex_a")
    with pytest.raises(CommandError, match="no file"):
        run(str(tmp_path / "none.csv"), "--preset", "open_cases")


def test_the_command_tells_people_what_happened(tmp_path):
    path = make_csv(tmp_path / "a.csv", [CASES, case("C1"), case("")])

    told = run(str(path), "--preset", "open_cases", "--dry-run", "--map", "Risk=fact")

    assert "2 read, 1 created" in told
    assert "Rejected: a, row 3, Case reference:" in told
    assert "dry run" in told


def test_loading_takes_a_bounded_number_of_queries(tmp_path, django_assert_max_num_queries):
    rows = [case(f"C{number}", worker=f"Worker {number % 3}") for number in range(400)]

    with django_assert_max_num_queries(200):
        load_cases(tmp_path, *rows)
    with django_assert_max_num_queries(60):
        load_cases(tmp_path, *rows, at="2026-12-01T09:00")


def statements_of(folder, name, references, **told):
    with CaptureQueriesContext(connection) as asked:
        load_cases(folder, *(case(one, **told) for one in references), name=name)
    return len(asked)


def test_a_larger_extract_asks_for_no_more_statements(tmp_path):
    load_cases(tmp_path, case("0"))  # its worker and team are known from then on
    first = statements_of(tmp_path, "few.csv", [str(one) for one in range(12)])
    later = statements_of(tmp_path, "more.csv", [str(one) for one in range(300)])

    assert later <= first


def test_subjects_between_which_others_lie_are_loaded_alone(tmp_path):
    load_cases(tmp_path, *(case(str(one)) for one in range(9)))
    changed = {"2", "6"}
    rows = [case(str(one), worker="Ben Jones" if str(one) in changed else "Anna Smith") for one in range(9)]
    told = load_cases(tmp_path, *rows)

    assert counts(told)[:4] == (9, 0, 2, 7)
    runs = Work.objects.filter(ends_on=None).values_list("subject__reference", "person__name")
    assert dict(runs) == {str(one): "Ben Jones" if str(one) in changed else "Anna Smith" for one in range(9)}
    assert Change.objects.filter(table="work").count() == 2
