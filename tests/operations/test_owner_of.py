"""Who owes what is asked of a role, who is told, and who steps in."""

from datetime import date, timedelta

import pytest

from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import Closure, Person, Post
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.queries import Owner, Standing, owner_of, people_of, roles_of, working_calendar
from tests.make import make_council, make_person, make_post, publish_pack

ON = date(2026, 11, 2)

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def pack(council):
    return pack_of(publish_pack())


@pytest.fixture
def standing(council):
    return Standing(council.team, auditor=council.ada, practitioner=council.priya)


def end_post(person, on=ON):
    Post.objects.filter(person=person).update(ends_on=on - timedelta(days=1))


def test_a_relation_is_owed_by_the_person_in_it(council, pack, standing):
    assert owner_of("auditor", pack, standing, on=ON) == Owner("auditor", person=council.ada)


def test_a_post_over_the_unit_is_owed_by_the_post_and_not_by_its_holder_of_today(council, pack, standing):
    owner = owner_of("team manager", pack, standing, on=ON)

    assert owner == Owner("team manager", post="team manager", unit=council.team)


def test_a_post_held_anywhere_has_no_unit(council, pack, standing):
    assert owner_of("quality team", pack, standing, on=ON) == Owner("quality team", post="quality officer")


@pytest.mark.parametrize(
    ("vacant", "role", "unit"),
    [
        (["theo"], "head of service", "team"),
        (["theo", "hana"], "assistant director", "team"),
    ],
)
def test_where_nobody_holds_a_post_the_next_above_owes_it(council, pack, standing, vacant, role, unit):
    director = make_person("Asha")
    make_post(director, "assistant director", council.organisation)
    for name in vacant:
        end_post(getattr(council, name))

    assert owner_of("team manager", pack, standing, on=ON).role == role


def test_somebody_who_has_left_holds_no_post(council, pack, standing):
    Person.objects.filter(pk=council.theo.pk).update(is_active=False)

    assert owner_of("team manager", pack, standing, on=ON).role == "head of service"
    assert people_of("team manager", pack, standing, on=ON) == [council.hana]


def test_what_an_auditor_who_has_left_would_owe_falls_to_who_may_name_another(council, pack):
    gone = make_person("Gone", is_active=False)
    standing = Standing(council.team, auditor=gone)

    assert owner_of("auditor", pack, standing, on=ON).role == "team manager"


def test_a_vacant_post_owes_it_where_nobody_is_left_at_all(council, pack, standing):
    Post.objects.all().delete()

    owner = owner_of("team manager", pack, standing, on=ON)

    assert (owner.post, owner.unit) == ("team manager", council.team)


def test_a_role_that_the_framework_lacks_is_refused(pack, standing):
    with pytest.raises(Refused, match="no role “mayor”"):
        owner_of("mayor", pack, standing, on=ON)


def test_the_nearest_holder_above_the_unit_is_told(council, pack, standing):
    make_post(council.other_manager, "team manager", council.service)

    assert people_of("team manager", pack, standing, on=ON) == [council.theo]


def test_another_teams_manager_holds_no_role_here_but_that_of_the_auditors_manager(council, pack, standing):
    assert roles_of(council.other_manager, pack, standing, on=ON) == {"line manager"}


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        ("ada", {"auditor"}),
        ("quinn", {"quality team"}),
        ("theo", {"team manager"}),
        ("hana", {"head of service"}),
        ("priya", {"practitioner"}),
        ("sam", set()),
        ("administrator", set()),
    ],
)
def test_everybody_holds_the_roles_of_their_post_and_relation(council, pack, standing, name, roles):
    assert roles_of(getattr(council, name), pack, standing, on=ON) == roles


def test_who_steps_in_for_a_vacant_role_holds_it_too(council, pack, standing):
    end_post(council.theo)

    assert roles_of(council.hana, pack, standing, on=ON) == {"head of service", "team manager"}


def test_roles_are_those_of_the_day_asked_about(council, pack, standing):
    end_post(council.theo)

    assert roles_of(council.theo, pack, standing, on=ON) == set()
    assert roles_of(council.theo, pack, standing, on=ON - timedelta(days=2)) == {"team manager"}


def test_a_person_takes_part_as_an_earlier_practitioner(council, pack):
    standing = Standing(council.team, earlier=(council.sam,))

    assert roles_of(council.sam, pack, standing, on=ON) == {"earlier practitioner"}


def test_working_days_follow_the_nation_of_the_nearest_unit_above(council):
    council.service.nation = "scotland"
    council.service.save()

    assert working_calendar(council.team).nation == "scotland"
    assert working_calendar(council.other_team).nation == "england-and-wales"
    assert working_calendar().nation == "england-and-wales"
    assert working_calendar(nation="northern-ireland").nation == "northern-ireland"


def test_days_on_which_the_organisation_is_closed_are_not_worked(council):
    Closure.objects.create(day=date(2026, 12, 24), name="Christmas closure")

    assert not working_calendar(council.team).is_working_day(date(2026, 12, 24))
