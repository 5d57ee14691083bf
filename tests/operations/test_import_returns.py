"""Loading the national returns: which rows are episodes, which of them are open, and whose they are."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from goldenthread.caseload import queries
from goldenthread.caseload.models import Change, Episode, Extract, Fact, Rejection, Subject, Work
from goldenthread.caseload.operations.undoing import undo
from goldenthread.ledger.models import Event, EventValues
from goldenthread.people.models import Person, Unit
from goldenthread.rules.refusal import Refused
from tests.make import moment
from tests.workbooks import (
    EVENTS,
    LOOKED_AFTER,
    case,
    event,
    load,
    load_cases,
    make_csv,
    make_return,
    make_workbook,
)

pytestmark = pytest.mark.django_db
TABLES = (Subject, Episode, Work, Fact, Person, Unit)
COUNTED = ("read", "created", "changed", "unchanged", "missing", "rejected", "open", "unallocated")


def counts(imported):
    return tuple(imported.total[what] for what in COUNTED)


def stored():
    return [list(model.objects.order_by("pk").values()) for model in TABLES]


def facts_of(reference, on=date(2026, 11, 2)):
    subject = Subject.objects.get(reference=reference)
    return queries.facts_of([subject], on)[subject.pk]


# Adult social care: client level data


def load_events(folder, *rows, name="cld.csv", **options):
    return load(make_csv(folder / name, [EVENTS, *rows]), preset="cld", **options)


def test_only_services_without_an_end_stay_open(tmp_path):
    imported = load_events(
        tmp_path,
        event("A1"),
        event("A1", "Service", "S-2", service_component="Day support"),
        event("A1", "Review", event_start_date="01/06/2026", event_end_date=""),
        event("A1", "Review", "R-2", event_start_date="01/07/2026", event_end_date="03/07/2026"),
        event("A2", "Request", event_end_date=""),
        event("A3", "services", event_end_date="01/04/2026"),
        event("A4", "Assessment", event_start_date=""),
    )

    assert counts(imported) == (7, 7, 0, 0, 0, 0, 2, 0)
    assert imported.people == 4
    assert facts_of("A1")["status"] == "open"
    assert facts_of("A1")["last review"] == date(2026, 7, 3)
    assert facts_of("A2")["status"] == "closed"


def test_events_that_differ_are_events_of_their_own_and_repeats_are_not(tmp_path):
    imported = load_events(
        tmp_path,
        event("A1", service_component="Home support"),
        event("A1", service_component="Equipment"),
        event("A1", service_component="Equipment", unit_cost="9.99"),
        event("A1", service_component="Equipment", event_end_date="01/05/2026"),
    )

    assert counts(imported) == (4, 3, 0, 0, 0, 1, 2, 0)
    assert imported.people == 1
    assert "says the same" in imported.rejections[0]["reason"]


def test_a_row_of_no_known_event_is_rejected(tmp_path):
    imported = load_events(tmp_path, event("A1"), event("A2", "Visit"), event("A3", ""))

    assert counts(imported) == (3, 1, 0, 0, 0, 2, 1, 0)
    assert {row["column"] for row in imported.rejections} == {"Event Type"}
    assert imported.people == 3


def test_names_numbers_postcodes_costs_and_days_of_birth_are_dropped(tmp_path):
    headers = [*EVENTS, "Surname"]
    rows = [headers, [*event("A1"), "Quux"], [*event("A2", event_start_date="31/02/2026"), "Quux"]]
    mapping = {"unitcost": "fact: unit cost", "surname": "fact: surname", "nhsnumber": "fact: nhs number"}

    load(make_csv(tmp_path / "a.csv", rows), preset="cld", mapping=mapping)

    told = (*TABLES, Extract, Rejection, Change, Event, EventValues)
    text = json.dumps([list(model.objects.values()) for model in told], default=str)
    for personal in ("Quux", "9434765919", "ZE1 9QX", "1234.56", "1941", "09/07"):
        assert personal not in text
    assert facts_of("A1")["age band"] == "85 and over"


def test_team_and_worker_columns_under_any_name_are_mapped(tmp_path):
    headers = ["Locality" if one == "Team" else "Held by" if one == "Worker" else one for one in EVENTS]
    path = make_csv(tmp_path / "a.csv", [headers, event("A1")])

    told = run(path, "--preset", "cld", "--json", "--map", "Locality=team", "--map", "Held by=worker")

    assert told["total"]["unallocated"] == 0
    work = Work.objects.get()
    assert (work.person.name, work.unit.name) == ("Anna Smith", "South locality")


def test_client_level_data_without_event_types_is_refused(tmp_path):
    path = make_csv(tmp_path / "a.csv", [["LA Person Unique Identifier", "Event Start Date"], ["1", ""]])

    with pytest.raises(Refused, match="“Event Type” was found"):
        load(path, preset="cld")


# Children looked after: SSDA903


def test_the_files_of_a_903_return_are_known_by_their_headers(tmp_path):
    paths = make_return(tmp_path, **LOOKED_AFTER)
    for place, path in enumerate(paths):
        paths[place] = path.rename(tmp_path / f"export {place}.csv")

    imported = load(*reversed(paths), preset="ssda903")

    assert list(imported.lists) == ["episodes"]
    assert counts(imported) == (5, 5, 0, 0, 0, 0, 3, 2)
    assert imported.people == 5


def test_a_looked_after_childs_worker_is_that_of_the_latest_period_that_runs(tmp_path):
    load(*make_return(tmp_path, **LOOKED_AFTER), preset="ssda903")

    known = facts_of("1")
    assert known["practitioner name"] == "Worker SW300"
    assert known["allocated"] == date(2018, 5, 2)
    assert known["allocation basis"] == "column"
    assert not facts_of("3").get("practitioner name")
    assert Person.objects.count() == 1


def test_an_open_episode_goes_back_to_the_day_the_child_came_into_care(tmp_path):
    load(*make_return(tmp_path, **LOOKED_AFTER), preset="ssda903")

    known = facts_of("1")
    assert known["opened"] == known["looked after since"] == date(2016, 7, 21)
    assert known["last review"] == date(2018, 2, 4)
    assert (known["gender"], known["age band"], known["placement type"]) == ("Male", "10 to 15", "U2")


def test_a_903_return_without_its_episodes_tells_of_people_alone(tmp_path):
    load(*make_return(tmp_path, **LOOKED_AFTER), preset="ssda903")
    rest = {name: told for name, told in LOOKED_AFTER.items() if name != "episodes"}
    (tmp_path / "rest").mkdir()

    imported = load(*make_return(tmp_path / "rest", **rest), preset="ssda903", at="2026-12-01T09:00")

    assert counts(imported) == (0,) * 8
    assert imported.people == 4
    assert Episode.objects.missing().count() == 0
    assert any("no case was read" in note for note in imported.notes)


def test_odd_days_of_a_903_return_reject_episodes_but_not_what_stands_beside_them(tmp_path):
    head = "CHILD,DECOM,DEC"
    files = make_return(
        tmp_path,
        episodes=(head, "1,31/02/2018,", "2,01/01/18,01/01/2017", "3,01/01/2099,", "4,2018-01-01,00/00/0000"),
        sw=("CHILD,SW_ID,SW_DECOM,SW_DEC", "4,SW1,31/02/2018,", "4,SW2,01/01/2017,rubbish"),
    )

    imported = load(*files, preset="ssda903")

    assert counts(imported) == (4, 1, 0, 0, 0, 3, 1, 0)
    assert imported.people == 4
    assert facts_of("4")["practitioner name"] == "Worker SW1"
    assert any("SW_DEC" in note and "taken to be over" in note for note in imported.notes)


def test_of_two_years_of_a_return_the_one_that_says_an_episode_ended_stands(tmp_path):
    head = "CHILD,DECOM,RNE,DEC"
    years = make_return(
        tmp_path,
        earlier=(head, "1,01/02/2017,S,", "2,01/02/2017,S,"),
        later=(head, "1,01/02/2017,S,01/05/2017", "1,01/05/2017,P,", "2,01/02/2017,S,"),
    )

    imported = load(*years, preset="ssda903")

    assert counts(imported) == (5, 3, 0, 0, 0, 2, 2, 2)


def test_a_903_return_may_be_one_workbook(tmp_path):
    sheets = {
        name: [head.split(","), *(row.split(",") for row in rows)]
        for name, (head, *rows) in LOOKED_AFTER.items()
    }

    imported = load(make_workbook(tmp_path / "903.xlsx", sheets), preset="ssda903")

    assert counts(imported) == (5, 5, 0, 0, 0, 0, 3, 2)
    assert imported.people == 5


# Mental health: MHSDS

MENTAL_HEALTH = {
    "referrals": (
        "LocalPatientId,ServiceRequestId,ReferralRequestReceivedDate,ServDischDate,NHSNumber",
        "P1,R1,2026-01-05,,9434765919",
        "P1,R2,2026-02-05,2026-06-01,9434765919",
        "P2,R3,2026-03-05,,9434765919",
        "P3,R4,2026-03-05,,9434765919",
    ),
    "coordinators": (
        "LocalPatientId,CareProfLocalId,StartDateAssCareCoord,EndDateAssCareCoord",
        "P1,C1,2026-01-06,2026-05-01",
        "P1,C2,2026-05-02,",
        "P2,C1,2026-03-06,2026-04-01",
        "P9,C1,2026-03-06,",
    ),
}


def test_a_referrals_worker_is_its_patients_care_co_ordinator(tmp_path):
    imported = load(*make_return(tmp_path, **MENTAL_HEALTH), preset="mhsds")

    assert counts(imported) == (4, 4, 0, 0, 0, 0, 3, 2)
    assert imported.people == 4
    assert facts_of("R1")["practitioner name"] == "Worker C2"
    assert facts_of("R1")["allocated"] == date(2026, 5, 2)
    assert Subject.objects.get(reference="R1").person_reference == "P1"


def test_a_table_with_a_row_for_each_care_co_ordinator_has_one_case_for_each_referral(tmp_path):
    head = "LocalPatientId,ServiceRequestId,CareProfLocalId,StartDateAssCareCoord,EndDateAssCareCoord"
    rows = ("P1,R1,C1,2026-01-06,2026-05-01", "P1,R1,C2,2026-05-02,", "P1,R2,C3,2026-01-01,2026-02-01")

    imported = load(*make_return(tmp_path, flat=(head, *rows)), preset="mhsds")

    assert counts(imported) == (2, 2, 0, 0, 0, 0, 2, 1)
    assert imported.people == 1
    assert facts_of("R1")["practitioner name"] == "Worker C2"


def test_a_referral_told_twice_is_one_case_and_its_discharge_stands(tmp_path):
    head, *rows = MENTAL_HEALTH["referrals"]
    january = make_return(tmp_path, january=(head, *rows))
    march = make_return(tmp_path, march=(head, "P1,R1,2026-01-05,2026-03-01,"))

    imported = load(*january, *march, preset="mhsds")

    assert counts(imported) == (5, 4, 0, 0, 0, 1, 2, 2)
    assert Episode.objects.get(subject__reference="R1").closed_on == date(2026, 3, 1)


# Every return


@pytest.mark.parametrize(
    ("preset", "files"), [("ssda903", LOOKED_AFTER), ("mhsds", MENTAL_HEALTH)], ids=["ssda903", "mhsds"]
)
def test_the_same_files_twice_in_another_order_change_nothing_and_can_be_undone(tmp_path, preset, files):
    paths = make_return(tmp_path, **files)
    first = load(*paths, preset=preset)
    before = stored()

    again = load(*reversed(paths), preset=preset, at="2026-12-01T09:00")

    assert stored() == before
    assert again.total["unchanged"] == again.total["read"] == first.total["created"]
    assert again.people == first.people
    for imported in (again, first):
        undo(extract=Extract.objects.get(public_id=imported.extract), by=None, at=moment("2026-12-02T09:00"))
    assert stored() == [[]] * len(TABLES)


def run(*arguments):
    out = StringIO()
    call_command("import_caseload", *map(str, arguments), stdout=out)
    return json.loads(out.getvalue())


def test_the_command_takes_several_files_and_says_how_many_people_they_tell_of(tmp_path):
    told = run(*make_return(tmp_path, **LOOKED_AFTER), "--preset", "ssda903", "--dry-run", "--json")

    assert set(told) == {"lists", "total", "people", "rejections", "notes"}
    assert (told["people"], told["total"]["open"]) == (5, 3)
    assert not Extract.objects.exists()


def test_several_files_of_a_preset_that_is_one_file_are_refused(tmp_path):
    paths = make_return(
        tmp_path, one=("Case reference,Worker", "1,Anna"), two=("Case reference,Worker", "2,Ben")
    )

    with pytest.raises(CommandError, match="is one file"):
        run(*paths, "--preset", "open_cases")


def test_a_file_of_several_that_cannot_be_read_is_named(tmp_path):
    paths = make_return(tmp_path, **LOOKED_AFTER)
    broken = tmp_path / "reviews.xlsx"
    broken.write_bytes(b"rubbish")

    with pytest.raises(Refused, match="reviews.xlsx: The file is not an Excel workbook"):
        load(*paths, broken, preset="ssda903")


def test_of_two_columns_that_may_be_one_field_their_order_does_not_decide(tmp_path):
    rows = [["Case reference", "Start date", "Opened"], ["C1", "01/02/2026", "01/03/2026"]]
    load(make_csv(tmp_path / "a.csv", rows))

    again = load(make_csv(tmp_path / "b.csv", [row[::-1] for row in rows]), at="2026-12-01T09:00")

    assert Episode.objects.get().opened_on == date(2026, 3, 1)
    assert again.total["unchanged"] == 1


def test_people_of_an_open_cases_list_are_counted_once_each(tmp_path):
    imported = load_cases(
        tmp_path, case("C1"), case("C2", person_reference="P-C1"), case("C3", opened="31/02/2026")
    )

    assert imported.people == 2
