"""People files that are careless or mean harm: two rows for one person, one's own posts, odd addresses."""

import json
from datetime import date

import pytest
from django.core import mail

from goldenthread.ledger.models import Event
from goldenthread.people.models import Person, Post
from goldenthread.people.operations.loading import load_people
from goldenthread.web.people.loading import tell_who_moved
from tests.make import make_council, make_person, make_post, moment
from tests.workbooks import make_csv, make_workbook

pytestmark = pytest.mark.django_db
POSTS = ["Staff number", "Post", "Unit", "From", "To"]
STAFF = ["Staff number", "Name", "Email"]


@pytest.fixture
def council():
    return make_council()


def load(tmp_path, rows, by=None):
    path = make_csv(tmp_path / "file.csv", rows)
    return load_people(path=path, file_name="file.csv", by=by, at=moment())


def test_two_rows_never_make_two_people_one(tmp_path):
    sheets = {
        "Staff": [STAFF, ["1", "Ann", "shared@example.org"], ["2", "Bob", "Shared@example.org"]],
        "Units": [["Reference", "Name"], ["T", "Team"]],
        "Posts": [POSTS, ["1", "team manager", "T", "", ""], ["2", "practitioner", "T", "", ""]],
    }
    path = make_workbook(tmp_path / "people.xlsx", sheets)

    result = load_people(path=path, file_name="people.xlsx", by=None, at=moment())

    assert list(Person.objects.values_list("reference", "name")) == [("1", "Ann")]
    assert list(Post.objects.values_list("person__name", "kind")) == [("Ann", "team manager")]
    assert [(row.sheet, row.row) for row in result.rejections] == [("Staff", 3), ("Posts", 3)]


def test_a_person_known_by_their_address_is_changed_by_one_row_alone(tmp_path):
    make_person("Ann", email="ann@example.org")
    rows = [["9", "Ann", "ann@example.org"], ["10", "Ann Other", "ann@example.org"]]

    result = load(tmp_path, [STAFF, *rows])

    assert Person.objects.get().reference == "9"
    assert "Row 2 says the same thing" in result.rejections[0].reason


def own_row(person, council, kind, ends_on=""):
    person.reference = "Q1"
    person.save()
    return [POSTS, ["Q1", kind, council.team.name, "01/11/2026", ends_on]]


def test_nobody_but_an_administrator_gives_themselves_a_post_by_a_file(tmp_path, council):
    mara = council.quality_manager
    before = list(mara.posts.values_list("kind", "ends_on"))

    result = load(tmp_path, own_row(mara, council, "head of service"), by=mara)

    assert list(mara.posts.values_list("kind", "ends_on")) == before
    assert "Nobody gives themselves a post" in result.rejections[0].reason


def test_nobody_ends_their_own_post_by_a_file_and_what_stands_already_is_no_fault(tmp_path, council):
    mara = council.quality_manager
    make_post(mara, "spare", council.team)
    mara.posts.filter(kind="spare").update(starts_on=date(2026, 11, 1))

    same = load(tmp_path, own_row(mara, council, "spare"), by=mara)
    ended = load(tmp_path, own_row(mara, council, "spare", "02/11/2026"), by=mara)

    assert same.sheets["Posts"]["unchanged"] == 1
    assert ended.sheets["Posts"]["rejected"] == 1
    assert mara.posts.get(kind="spare").ends_on is None


def test_of_an_administrator_who_does_so_the_ledger_says_which_post(tmp_path, council):
    alex = council.administrator

    load(tmp_path, own_row(alex, council, "audit manager"), by=alex)

    values = json.loads(Event.objects.get(what="people.load").recorded.values)
    assert values["own posts"] == ["audit manager"]


@pytest.mark.parametrize(
    "address",
    [
        "a@b",
        "a@example.org,eve@example.org",
        "a@example.org eve@example.org",
        "<a@example.org>",
        "@",
        "a@@b.org",
    ],
)
def test_what_is_no_single_address_is_refused(tmp_path, address):
    result = load(tmp_path, [STAFF, ["1", "Ann", address]])

    assert [row.column for row in result.rejections] == ["Email"]
    assert not Person.objects.exists()


def test_what_is_too_long_to_keep_is_refused_where_it_stands_and_the_rest_is_loaded(tmp_path):
    long = [["1" * 101, "Ann", ""], ["2", "B" * 201, ""], ["3", "Cy", "c" * 250 + "@example.org"]]

    result = load(tmp_path, [STAFF, *long, ["4", "Dee", ""]])

    assert list(Person.objects.values_list("name", flat=True)) == ["Dee"]
    assert [row.column for row in result.rejections] == ["Staff number", "Name", "Email"]
    assert "has 201 characters; at most 200 are kept" in result.rejections[1].reason


def test_an_address_of_somebody_from_outside_is_not_taken_over(tmp_path):
    hope = make_person("Hope", email="hope@example.org", is_outside=True)

    result = load(tmp_path, [STAFF, ["5", "Harold", "HOPE@example.org"]])

    hope.refresh_from_db()
    assert (hope.name, hope.reference) == ("Hope", "")
    assert "from outside" in result.rejections[0].reason


def test_who_could_sign_in_hears_at_the_former_address_that_a_file_gave_another(tmp_path, council):
    hana = council.hana
    hana.reference = "H1"
    hana.set_password("a long enough one 42")
    hana.save()

    result = load(tmp_path, [STAFF, ["H1", "Hana", "eve@example.org"]], by=council.quality_manager)
    tell_who_moved(json.dumps(result.moved))

    assert [one.to for one in mail.outbox] == [["hana@example.org"]]


def test_who_had_no_address_or_keeps_it_hears_nothing(tmp_path, council):
    load(tmp_path, [STAFF, ["A1", "Anew", "anew@example.org"]])

    assert load(tmp_path, [STAFF, ["A1", "Anew Name", "anew@example.org"]]).moved == {}
