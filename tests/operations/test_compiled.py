"""Questions compiled once: for any values the same rows as the queryset gives, asked of the database anew."""

from datetime import date, datetime, timedelta
from random import Random

import pytest
from django.db import connection, transaction
from django.db.models import F, Q
from django.test.utils import CaptureQueriesContext

from goldenthread.audits.models import Audit, Moderation, ModerationDraw, Participant
from goldenthread.audits.operations.locking import STANDING, locked
from goldenthread.audits.queries import standing_of
from goldenthread.audits.sheets import sheet_of
from goldenthread.frameworks.grants import Holding, holding
from goldenthread.frameworks.models import Grant
from goldenthread.ledger import compiled
from goldenthread.ledger.compiled import Compiled
from goldenthread.people.models import Person, Placement, Post, Reach, Unit, on_date
from goldenthread.people.operations.organisation import rebuild_reach
from goldenthread.tasks import queries as tasks
from goldenthread.tasks.queries import Standing
from goldenthread.web.audits.seeing import _saved, _whole, _whole_by_post
from tests.make import make_audit, make_council, make_person, make_post, moment, publish_pack

ON = date(2026, 11, 2)
DAYS = [ON + timedelta(days=days) for days in (-40, -1, 0, 1, 400)]
KINDS = ("team manager", "head of service")

pytestmark = pytest.mark.django_db


def dates(random):
    begun = ON + timedelta(days=random.choice([-400, -30, -1, 0, 1]))
    return {"starts_on": begun, "ends_on": random.choice([None, begun, begun + timedelta(days=30)])}


def units_and_posts(random):
    units = [
        Unit.objects.create(name=f"U{number}", kind="team", starts_on=date(2020, 1, 1), nation=nation)
        for number, nation in enumerate(["scotland", "", "northern-ireland", "", "", ""])
    ]
    for number in range(1, 6):
        Placement.objects.create(unit=units[number], parent=units[random.randrange(number)], **dates(random))
    rebuild_reach()
    for number in range(6):
        person = make_person(f"P{number}", is_active=number != 2)
        for unit in random.sample(units, 3):
            Post.objects.create(person=person, kind=random.choice(KINDS), unit=unit, **dates(random))
    return units


def holders(post, unit, on):
    """Those who hold the post over the unit, nearest first, by the queryset."""
    reached = on_date(on, "unit__reached_by__") & Q(unit__reached_by__unit=unit)
    posts = Post.objects.filter(on_date(on), reached, kind=post, person__is_active=True)
    nearest = posts.annotate(distance=F("unit__reached_by__depth"))
    nearest = list(nearest.order_by("distance", "-starts_on", "-pk"))
    return list(dict.fromkeys(one.person for one in nearest if one.distance == nearest[0].distance))


@pytest.mark.parametrize("seed", range(4))
def test_who_holds_a_post_and_whose_nation_counts_is_the_same_for_every_unit_and_day(seed):
    units = units_and_posts(Random(seed))

    for on in DAYS:
        for unit in units:
            reaches = Reach.objects.filter(on_date(on), unit=unit).exclude(above__nation="").order_by("depth")
            named = reaches.values_list("above__nation", flat=True).first()
            assert tasks._nation_of(unit, on) == (named or unit.nation)
            for kind in KINDS:
                assert tasks._holders(kind, unit, on=on) == holders(kind, unit, on)
        for kind in KINDS:
            held = Person.objects.filter(on_date(on, "posts__"), posts__kind=kind, is_active=True)
            assert tasks._holders(kind, None, on=on) == list(held.distinct().order_by("pk"))


@pytest.fixture
def council():
    publish_pack(at=moment())
    return make_council()


def parts_and_blind_moderations(council, random):
    """Audits in which people take part on some days, and of which some moderate one or another blind."""
    audits = [make_audit(council, state) for state in ("allocated", "drafted", "final")]
    people = [*Person.objects.order_by("pk"), make_person("Nobody")]
    for audit in audits:
        for person in random.sample(people, 4):
            Participant.objects.create(audit=audit, person=person, relation="reviewer", **dates(random))
    for place, person in enumerate(random.sample(people, 5)):
        drawn = ModerationDraw.objects.create(
            version=audits[0].version, framework="f", rule="r", cycle=f"{place}", frame=b"",
            size=1, drawn_by=people[0], drawn_at=moment(),
        )  # fmt: skip
        blind, audit = random.choice(["to grades", "no"]), random.choice(audits)
        Moderation.objects.create(draw=drawn, audit=audit, position=1, moderator=person, blind=blind)
    return audits, people


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("fetched", [_saved, _whole])
def test_an_audit_to_save_in_is_found_for_the_same_people_on_the_same_days(council, seed, fetched):
    audits, people = parts_and_blind_moderations(council, Random(seed))
    seen = set()

    for on in DAYS:
        for person in people:
            for audit in audits:
                asked = {"person": person.pk, "on": on, "public_id": audit.public_id}
                found = [one.pk for one in fetched(**asked)]
                taking_part = Audit.objects.with_part_for(person, on=on).filter(public_id=audit.public_id)
                assert found == list(taking_part.values_list("pk", flat=True))
                visible = Audit.objects.visible_to(person, on=on).filter(pk__in=found)
                assert visible.count() == len(found), "not while they moderate it blind"
                seen.add(len(found))

    assert seen == {0, 1}


def holders_of_any_posts(random):
    """People who hold posts of the framework in units on some days, and one who holds none."""
    units, kinds = list(Unit.objects.order_by("pk")), sorted({one.post for one in Grant.objects.all()})
    people = [make_person(f"Held {number}") for number in range(6)]
    for person in people[1:]:
        for unit in random.sample(units, random.randrange(1, 4)):
            Post.objects.create(person=person, kind=random.choice(kinds), unit=unit, **dates(random))
    return people


@pytest.mark.parametrize("seed", range(5))
def test_what_a_post_lets_see_is_the_same_for_every_reader_and_day(council, seed):
    audits, people = parts_and_blind_moderations(council, Random(seed))
    people += holders_of_any_posts(Random(seed))
    reported = Compiled(
        lambda held: Audit.objects.reported_to(held.reader, on=held.on).order_by().values("pk"), held=Holding
    )
    seen, shapes = set(), set()

    for on in DAYS:
        for person in people:
            held = holding(person, on)
            known = {audit.pk for audit in audits if _whole_by_post(held=held, public_id=audit.public_id)}
            assert known == set(Audit.objects.visible_to(person, on=on).values_list("pk", flat=True))
            counted = Audit.objects.reported_to(person, on=on)
            assert {one["pk"] for one in reported(held=held)} == {one.pk for one in counted}
            assert {one.pk for one in reported.chosen(held=held)} == {one.pk for one in counted}
            seen |= {len(known)}
            shapes |= {held.shape}

    assert len(seen) > 1 and len(shapes) > 2


def test_a_list_and_rows_that_are_chosen_are_values(council):
    for state in ("allocated", "drafted", "final"):
        make_audit(council, state)
    asked = Compiled(
        lambda audits, states, on: (
            Participant.objects.filter(
                audit__in=audits.filter(state__in=states), audit__cycle_closes_on__gt=on
            )
            .order_by("pk")
            .values_list("audit__state", flat=True)
        ),
        audits=Audit,
        states=[str],
        on=date,
    )
    everything, nothing = Audit.objects.all(), Audit.objects.none()
    some = Audit.objects.filter(audit_type__in=["case file", "%s"], number__gt="")

    for audits in (everything, some, nothing, everything.compiled_once(), nothing.compiled_once()):
        for states in (["final"], ["drafted", "allocated"], ("%s", "final")):
            kept = audits.filter(state__in=states, cycle_closes_on__gt=ON).values_list("pk", flat=True)
            parts = Participant.objects.filter(audit__in=list(kept)).order_by("pk")
            found = asked(audits=audits, states=states, on=ON)
            assert found == list(parts.values_list("audit__state", flat=True))
    assert asked(audits=everything, states=["final"], on=ON)


@pytest.mark.parametrize("value", ["final", None, [1], [None]])
def test_what_is_no_list_of_its_kind_is_refused(value):
    asked = Compiled(lambda states: Audit.objects.filter(state__in=states), states=[str])

    with pytest.raises(TypeError, match="was asked with"):
        asked(states=value)


def test_a_reader_is_nobody_but_their_posts(council):
    held = holding(council.quinn, ON)

    with pytest.raises(Person.DoesNotExist):
        _ = held.with_values([one if isinstance(one, date) else -1 for one in held.values]).reader.name


def test_statements_that_are_kept_are_bounded(monkeypatch):
    monkeypatch.setattr(compiled, "MOST_SHAPES", 3)
    asked = Compiled(lambda kinds: Post.objects.filter(kind__in=kinds), kinds=[str])

    for length in range(1, 9):
        assert asked(kinds=[f"post {number}" for number in range(length)]) == []
        assert len(asked._ready) <= 3


def test_it_is_asked_anew_and_by_a_condition_in_sql(council):
    audit = make_audit(council)
    asked = {"person": audit.auditor_id, "on": ON + timedelta(days=30), "public_id": audit.public_id}
    with CaptureQueriesContext(connection) as told:
        assert _saved(**asked) == [audit]

    Participant.objects.filter(audit=audit, person=audit.auditor).update(ends_on=ON)

    assert _saved(**asked) == []
    assert "EXISTS" in told.captured_queries[0]["sql"]


def test_a_row_comes_with_its_relations_as_the_queryset_brings_it(council):
    audit = make_audit(council, "drafted")

    with transaction.atomic():
        held = locked(audit, *STANDING)
        asked = Audit.objects.with_framework(*STANDING).get(pk=audit.pk)
    with CaptureQueriesContext(connection) as told:
        assert (held.unit, held.auditor, held.practitioner) == (asked.unit, asked.auditor, asked.practitioner)
        assert held.version.sha256 == asked.version.sha256

    assert not told.captured_queries
    assert held.__dict__.keys() == asked.__dict__.keys()
    assert held.get_deferred_fields() == asked.get_deferred_fields()
    assert {key: vars(one) for key, one in sheet_of(held).answers.items()}.keys() == {
        one.question for one in audit.answers.all()
    }
    assert standing_of(held) == Standing(held.unit, held.auditor, held.practitioner)


def test_it_locks_only_in_a_transaction(council, transactional_db):
    audit = make_audit(council)

    with pytest.raises(transaction.TransactionManagementError):
        locked(audit)


@pytest.mark.parametrize("value", [None, True, "7", 7.0, ON, datetime(2026, 11, 2)])
def test_a_value_of_another_kind_is_refused(value):
    asked = Compiled(lambda unit: Reach.objects.filter(unit=unit), unit=int)

    with pytest.raises(TypeError, match="not int"):
        asked(unit=value)


def test_a_value_that_the_statement_changes_or_leaves_out_is_refused():
    for build in (
        lambda name: Person.objects.filter(name__icontains=name),
        lambda name: Person.objects.all(),
    ):
        with pytest.raises(TypeError, match="as it is"):
            Compiled(build, name=str)(name="Ada")


def test_values_must_be_those_that_the_question_takes():
    asked = Compiled(lambda unit, on: Reach.objects.filter(on_date(on), unit=unit), unit=int, on=date)

    with pytest.raises(TypeError, match="takes unit, on"):
        asked(unit=1)


def test_texts_of_any_kind_are_values_and_never_part_of_the_statement():
    unit = Unit.objects.create(name="U", kind="team", starts_on=ON)
    asked = Compiled(lambda kind: Post.objects.filter(kind=kind).order_by("pk"), kind=str)
    for kind in ("a % post", "a 'post'", "a %s post; --", ""):
        post = make_post(make_person(f"Holder {kind}"), kind, unit)

        assert asked(kind=kind) == [post]


def test_one_row_is_the_first_and_one_that_must_be_there_is_missed():
    ada, sam = make_person("Ada"), make_person("Sam")
    asked = Compiled(lambda least: Person.objects.filter(pk__gte=least).order_by("pk"), least=int)

    assert (asked.first(least=ada.pk), asked.get(least=sam.pk)) == (ada, sam)
    assert asked.first(least=sam.pk + 1) is None
    with pytest.raises(Person.DoesNotExist):
        asked.get(least=sam.pk + 1)
