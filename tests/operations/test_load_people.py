"""Loading the people file, and what is known of people and units on a date."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from goldenthread.ledger.models import Event
from goldenthread.people import queries
from goldenthread.people.models import Closure, Leave, Person, Placement, Post, Reach, Training, Unit
from goldenthread.people.operations.loading import load_people
from goldenthread.people.operations.organisation import rebuild_reach
from goldenthread.rules.refusal import Refused
from tests.make import make_person, make_unit, moment
from tests.workbooks import make_csv, make_workbook

pytestmark = pytest.mark.django_db

FILE = {
    "Read me": [["Fill in the sheets"]],
    "Units": [
        ["Reference", "Name", "Kind", "Under", "Nation", "From", "To"],
        ["T1", "North team", "team", "S1", "", date(2024, 4, 1)],
        ["S1", "Community", "service", "O", "", date(2020, 4, 1)],
        ["O", "Anytown", "organisation", "", "england-and-wales", date(2020, 4, 1)],
        ["", "No reference", "team", "S1"],
        ["T2", "Lost team", "team", "S9"],
    ],
    "Staff": [
        ["Our staff"],
        ["Staff no", "Full name", "E-mail"],
        [77, "Anna Smith", "Anna@Example.org"],
        [78, "Theo Hart", "theo@example.org"],
        [78, "Theo Again", ""],
        [79, "Bad address", "nobody"],
    ],
    "Posts": [
        ["Staff number", "Post", "Unit", "From", "To"],
        [77, "Practitioner", "T1", date(2024, 4, 1), date(2026, 6, 30)],
        [78, "Team  Manager", "North team", "01/05/2024", ""],
        [99, "Team manager", "T1", date(2024, 4, 1)],
        [77, "Practitioner", "T9", date(2024, 4, 1)],
        [77, "Practitioner", "T1", date(2026, 4, 1), date(2025, 1, 1)],
    ],
    "Training": [
        ["Staff number", "Course", "Completed", "Expires"],
        [78, "Case file auditing", date(2025, 1, 1), date(2026, 12, 31)],
        [78, "Case file auditing", "31/02/2026"],
    ],
    "Leave": [["Staff number", "First day", "Last day"], [78, date(2026, 11, 2), date(2026, 11, 13)]],
    "Closures": [["Day", "Name"], [date(2026, 12, 24), "Office closed"]],
}


def loaded(tmp_path, sheets=FILE, at="2026-11-02T09:00"):
    path = make_workbook(tmp_path / "people.xlsx", sheets)
    return load_people(path=path, file_name=path.name, by=None, at=moment(at))


def everything():
    models = (Unit, Placement, Person, Post, Training, Leave, Closure)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_a_people_file_is_loaded_sheet_by_sheet(tmp_path):
    result = loaded(tmp_path)

    assert {sheet: counts["created"] for sheet, counts in result.sheets.items()} == {
        "Units": 4, "Staff": 2, "Posts": 2, "Training": 1, "Leave": 1, "Closures": 1,
    }  # fmt: skip
    assert [(row.sheet, row.row, row.column) for row in result.rejections] == [
        ("Units", 5, "Reference"),
        ("Staff", 5, ""),
        ("Staff", 6, "Email"),
        ("Posts", 4, "Staff number"),
        ("Posts", 5, "Unit"),
        ("Posts", 6, "To"),
        ("Training", 3, "Completed"),
    ]
    assert any("Read me" in note for note in result.notes)
    assert any("row 6" in note and "stands under none" in note for note in result.notes)
    assert Person.objects.get(reference="77").email == "anna@example.org"
    assert Event.objects.get().what == "people.load"


def test_the_same_people_file_twice_changes_nothing(tmp_path):
    first = loaded(tmp_path)
    before = everything()

    result = loaded(tmp_path, at="2026-12-01T09:00")

    assert everything() == before
    assert result.rejections == first.rejections
    assert result.total["created"] == result.total["changed"] == 0
    assert result.total["unchanged"] == result.total["read"] - result.total["rejected"]


def test_an_ended_post_is_changed_not_doubled(tmp_path):
    loaded(tmp_path)
    sheets = {
        "Posts": [
            ["Staff number", "Post", "Unit", "From", "To"],
            [78, "team manager", "T1", "01/05/2024", "30/11/2026"],
        ]
    }

    result = loaded(tmp_path, sheets)

    assert result.sheets["Posts"]["changed"] == 1
    assert Post.objects.get(person__reference="78").ends_on == date(2026, 11, 30)


def test_a_unit_that_moves_keeps_its_former_place(tmp_path):
    loaded(tmp_path)
    sheets = {
        "Units": [
            ["Reference", "Name", "Kind", "Under", "Under from", "From"],
            ["T1", "North team", "team", "O", date(2026, 9, 1), date(2024, 4, 1)],
        ]
    }

    loaded(tmp_path, sheets)

    team = Unit.objects.get(reference="T1")
    assert [unit.name for unit in queries.unit_path(team, date(2026, 8, 31))] == [
        "Anytown",
        "Community",
        "North team",
    ]
    assert [unit.name for unit in queries.unit_path(team, date(2026, 9, 1))] == ["Anytown", "North team"]


def test_a_unit_never_stands_under_itself(tmp_path):
    sheets = {
        "Units": [
            ["Reference", "Name", "Under"],
            ["A", "A team", "B"],
            ["B", "B team", "C"],
            ["C", "C team", "A"],
        ]
    }

    result = loaded(tmp_path, sheets)

    assert any("under itself" in note for note in result.notes)
    assert Placement.objects.count() == 2


def test_a_loop_in_the_past_is_refused_too():
    one, other = make_unit("One"), make_unit("Other")
    for unit, parent in ((one, other), (other, one)):
        Placement.objects.create(unit=unit, parent=parent, starts_on=date(2021, 1, 1))

    with pytest.raises(Refused, match="stands under itself"):
        rebuild_reach()


def test_names_that_an_extract_brought_are_taken_up_by_the_file(tmp_path):
    worker = make_person("Anna Smith", confirmed=False)
    Person.objects.filter(pk=worker.pk).update(email=None)
    team = Unit.objects.create(name="North team", kind="team", starts_on=date(2026, 1, 1), confirmed=False)

    loaded(tmp_path)

    worker.refresh_from_db()
    team.refresh_from_db()
    assert (worker.reference, worker.confirmed) == ("77", True)
    assert (team.reference, team.confirmed) == ("T1", True)


def test_one_sheet_may_come_as_a_text_file(tmp_path):
    path = make_csv(tmp_path / "whatever.csv", [["Staff number", "Name"], ["77", "Anna Smith"]])

    result = load_people(path=path, file_name=path.name, by=None, at=moment())

    assert result.sheets["Staff"]["created"] == 1


def test_a_file_with_none_of_the_sheets_is_refused(tmp_path):
    with pytest.raises(Refused, match="None of the sheets"):
        loaded(tmp_path, {"Something": [["else"]]})
    assert not Event.objects.exists()


def test_the_command_tells_what_came_of_the_file(tmp_path):
    path = make_workbook(tmp_path / "people.xlsx", FILE)
    out, told = StringIO(), StringIO()

    call_command("import_people", str(path), stdout=told)
    call_command("import_people", str(path), "--json", stdout=out)

    answer = json.loads(out.getvalue())
    assert "Units: 5 read, 4 created" in told.getvalue()
    assert "Not loaded: Posts, row 4, Staff number:" in told.getvalue()
    assert answer["total"]["unchanged"] == 11
    assert answer["rejections"][0] == {
        "sheet": "Units",
        "row": 5,
        "column": "Reference",
        "reason": "“Reference” is empty.",
    }
    with pytest.raises(CommandError, match="no file"):
        call_command("import_people", str(tmp_path / "none.xlsx"))


def test_the_tree_is_read_as_it_stood_that_day(tmp_path):
    loaded(tmp_path)

    branches = list(queries.flattened(queries.tree(date(2026, 1, 1))))
    assert [(branch.unit.name, branch.path) for branch in branches if branch.unit.reference != "T2"] == [
        ("Anytown", ""),
        ("Community", "Anytown"),
        ("North team", "Anytown › Community"),
    ]
    assert "North team" not in [
        branch.unit.name for branch in queries.flattened(queries.tree(date(2024, 3, 31)))
    ]


def test_holders_children_training_and_leave_are_asked_by_the_day(tmp_path):
    loaded(tmp_path)
    team, service = Unit.objects.get(reference="T1"), Unit.objects.get(reference="S1")
    anna, theo = Person.objects.get(reference="77"), Person.objects.get(reference="78")

    assert list(queries.holders("practitioner", on=date(2026, 6, 30), over=team)) == [anna]
    assert not queries.holders("practitioner", on=date(2026, 7, 1), over=team).exists()
    assert list(queries.children(service, on=date(2026, 1, 1))) == [team]
    assert queries.trained(theo, "Case File Auditing", date(2026, 12, 31))
    assert not queries.trained(theo, "case file auditing", date(2027, 1, 1))
    assert queries.is_away(theo, date(2026, 11, 3), date(2026, 11, 13))
    assert not queries.is_away(theo, date(2026, 11, 3), date(2026, 11, 14))
    assert queries.away_throughout(date(2026, 11, 3), date(2026, 11, 4)) == {theo.pk}
    assert Reach.objects.filter(unit=team).count() == 3


def test_the_row_of_an_administrator_is_loaded_by_an_administrator_alone(tmp_path):
    alex = make_person("Alex", reference="1", is_administrator=True)
    path = make_csv(
        tmp_path / "a.csv", [["Staff number", "Name", "Email"], ["1", "Alex", "mara2@example.org"]]
    )

    result = load_people(path=path, file_name=path.name, by=make_person("Mara"), at=moment())

    alex.refresh_from_db()
    assert alex.email == "alex@example.org"
    assert result.rejections[0].column == "Email"
    load_people(path=path, file_name=path.name, by=alex, at=moment())
    alex.refresh_from_db()
    assert alex.email == "mara2@example.org"


def staff_file(tmp_path, *rows):
    """A file of staff with their directory ids."""
    return make_csv(tmp_path / "staff.csv", [["Staff number", "Name", "Entra object ID"], *rows])


def test_the_directory_id_of_somebody_is_loaded_kept_and_corrected(tmp_path):
    for given in ("AAAA-1", "", "BBBB-2"):
        path = staff_file(tmp_path, ["77", "Anna Smith", given])
        load_people(path=path, file_name="staff.csv", by=None, at=moment("2026-11-02T09:00"))
        if not given:
            assert Person.objects.get().external_id == "aaaa-1"

    assert Person.objects.get().external_id == "bbbb-2"


def test_a_directory_id_is_one_persons_alone(tmp_path):
    anna = make_person("Anna Smith", reference="77", external_id="aaaa-1")
    path = staff_file(tmp_path, ["78", "Theo Hart", "AAAA-1"], ["79", "Una", "C-3"], ["80", "Vic", "c-3"])

    result = load_people(path=path, file_name="staff.csv", by=None, at=moment("2026-11-02T09:00"))

    assert [(row.row, row.column) for row in result.rejections] == [(2, "Directory id"), (4, "Directory id")]
    assert Person.objects.get(external_id="aaaa-1") == anna
    assert Person.objects.count() == 2


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Wales", "england-and-wales"),
        ("CYMRU", "england-and-wales"),
        ("England & Wales", "england-and-wales"),
        (" Scotland ", "scotland"),
        ("Northern Ireland", "northern-ireland"),
        ("", ""),
    ],
)
def test_a_nation_is_understood_as_people_call_it(tmp_path, said, kept):
    units = [["Reference", "Name", "Nation"], ["O", "Anytown", said]]

    loaded(tmp_path, {"Units": units})

    assert Unit.objects.get(reference="O").nation == kept


def test_a_nation_without_bank_holidays_is_refused_where_it_is_said(tmp_path):
    units = [["Reference", "Name", "Nation"], ["O", "Anytown", "Jersey"], ["T", "North team", ""]]

    (row,) = loaded(tmp_path, {"Units": units}).rejections

    assert (row.row, row.column) == (2, "Nation")
    assert "There are no bank holidays of “Jersey”. Choose one of england-and-wales" in row.reason
    assert Unit.objects.get().reference == "T"


def test_columns_that_stand_for_nothing_are_named_with_what_to_do(tmp_path):
    staff = [["Staff number", "Name", "Pronouns", "E-mail", "Line manager"], [77, "Anna", "she", "", "Theo"]]

    notes = loaded(tmp_path, {"Staff": staff}).notes

    assert len(notes) == 1
    assert "“Staff”: nothing was read from these columns" in notes[0]
    assert "“Pronouns”, “Line manager”" in notes[0] and "E-mail" not in notes[0]
    assert "rename each as one of Staff number, Name, Email, Left, Directory id" in notes[0]


def test_a_file_with_columns_that_are_all_known_says_nothing_of_columns(tmp_path):
    assert not any("nothing was read" in note for note in loaded(tmp_path).notes)


def test_two_sheets_that_hold_the_same_are_refused_and_neither_is_lost_unseen(tmp_path):
    head = ["Staff number", "Name"]

    with pytest.raises(Refused, match="“Staff” and “Agency” both hold what belongs on the sheet Staff"):
        loaded(tmp_path, {"Staff": [head, [77, "Anna"]], "Agency": [head, [78, "Ben"]]})

    assert not Person.objects.filter(name__in=("Anna", "Ben")).exists()
