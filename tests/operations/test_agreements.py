"""Accuracy agreements: signed by two people, checked as often as agreed, looked at again (CA-4)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from goldenthread.ledger.models import Event
from goldenthread.registers import operations
from goldenthread.registers.models import ITEM, KIND, Agreement, Check, Item, Signature
from goldenthread.registers.queries import cases_to_check, item_rows, possible_for
from goldenthread.rules.agreements import Agreed
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Notice, Task
from tests.make import PACK, make_person, make_post, make_subject, make_unit, moment, publish_pack

pytestmark = pytest.mark.django_db
DOCUMENT = PACK.with_name("childrens-services.yaml").read_text()
AT = moment("2026-10-01T09:00")
LEGAL = Agreed("Legal status codes", "Together at the team meeting", "1 week", "legal status")
OWN = Agreed("Pathway plan dates", "A list circulated to staff", "1 month")


class Team:
    """A team with its manager and support officer, another team, and the head of business support."""

    def __init__(self):
        self.version = publish_pack(document=DOCUMENT)
        top = make_unit("Family Services", kind="organisation", nation="england-and-wales")
        self.team, self.other = make_unit("Care East", under=top), make_unit("Care West", under=top)
        self.theo = self._person("Theo", "team manager", self.team)
        self.bo = self._person("Bo", "business support officer", self.team)
        self.olga = self._person("Olga", "team manager", self.other)
        self.hira = self._person("Hira", "head of business support", top)

    @staticmethod
    def _person(name, post, unit):
        person = make_person(name)
        make_post(person, post, unit)
        return person

    def begun(self, *items, at=AT):
        agreement = operations.begin_agreement(self.version, "accuracy", self.team, by=self.theo, at=at)
        if items:
            agreement = operations.save_items(agreement, items, revision=1, by=self.theo, at=at)
        return agreement

    def signed(self, *items, at=AT):
        agreement = self.begun(*(items or (LEGAL, OWN)), at=at)
        for person in (self.theo, self.bo):
            agreement = self.sign(agreement, person, at=at)
        agreement.refresh_from_db()
        return agreement

    @staticmethod
    def sign(agreement, person, *, at=AT):
        agreement.refresh_from_db()
        return operations.sign_agreement(agreement, revision=agreement.revision, by=person, at=at)


@pytest.fixture
def team():
    return Team()


def test_it_begins_with_the_standard_list_of_the_framework(team):
    agreement = team.begun()

    assert agreement.items.count() == 9
    assert set(agreement.items.values_list("every", flat=True)) == {"1 week"}


def test_two_people_sign_and_only_then_are_the_checks_and_the_review_owed(team):
    agreement = team.begun(LEGAL, OWN)
    team.sign(agreement, team.theo)
    assert not Task.objects.exists()

    team.sign(agreement, team.bo)

    checks = Task.objects.filter(about_kind=ITEM).order_by("due_at")
    assert [timezone.localdate(task.due_at) for task in checks] == [date(2026, 10, 8), date(2026, 11, 1)]
    assert {(task.role, task.post) for task in checks} == {("business support", "business support officer")}
    review = Task.objects.get(about_kind=KIND)
    assert timezone.localdate(review.due_at) == date(2027, 4, 1)
    assert "6 months from its signature" in review.reason
    assert Notice.objects.get().to == team.hira


def test_one_person_cannot_sign_for_both(team):
    make_post(team.theo, "business support officer", team.team)
    agreement = team.begun(LEGAL)
    team.sign(agreement, team.theo)

    with pytest.raises(Refused, match="somebody else's"):
        team.sign(agreement, team.theo)
    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.create(agreement=agreement, role="business support", person=team.theo, signed_at=AT)


def test_a_change_takes_back_the_signature_given_before(team):
    agreement = team.begun(LEGAL)
    team.sign(agreement, team.theo)
    agreement.refresh_from_db()

    operations.save_items(agreement, [OWN], revision=agreement.revision, by=team.bo, at=AT)

    assert not agreement.signatures.exists()
    team.sign(agreement, team.bo)
    assert Agreement.objects.get().signed_at is None


def test_nobody_signs_what_was_changed_while_they_read(team):
    agreement = team.begun(LEGAL)
    read = agreement.revision
    operations.save_items(agreement, [OWN], revision=read, by=team.bo, at=AT)

    with pytest.raises(Refused, match="Read it again"):
        operations.sign_agreement(agreement, revision=read, by=team.theo, at=AT)
    with pytest.raises(Refused, match="Somebody changed"):
        operations.save_items(agreement, [LEGAL], revision=read, by=team.theo, at=AT)


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([], "Keep at least one"),
        ([Agreed(" ", "A list circulated to staff", "1 week")], "Say what is checked"),
        ([OWN, Agreed("pathway PLAN dates", "A list circulated to staff", "1 week")], "stands here twice"),
        ([Agreed("X", "By guessing", "1 week")], "Choose how “X” is checked"),
        ([Agreed("X", "A list circulated to staff", "1 hour")], "Choose how often"),
    ],
)
def test_items_are_what_the_framework_offers(team, items, said):
    agreement = team.begun()

    with pytest.raises(Refused, match=said):
        operations.save_items(agreement, items, revision=1, by=team.theo, at=AT)
    assert agreement.items.count() == 9


def test_a_check_is_logged_and_the_next_is_due_by_the_frequency_from_its_day(team):
    agreement = team.signed()
    item = Item.objects.get(label=LEGAL.label)
    later = AT + timedelta(days=6)

    check(item, team.bo, checked_on=date(2026, 10, 6), at=later)

    row = next(row for row in item_rows(agreement) if row.item == item)
    assert (row.last.wrong, row.last.put_right) == (3, 2)
    assert timezone.localdate(row.due.due_at) == date(2026, 10, 13)
    assert not row.is_late(later) and row.is_late(later + timedelta(days=7))
    assert Event.objects.filter(what="agreement.check").count() == 1


def check(item, by, *, at=AT, checked_on=date(2026, 10, 1), cases=40, wrong=3, put_right=2):
    return operations.record_check(
        item, checked_on=checked_on, cases=cases, wrong=wrong, put_right=put_right, note="C-17", by=by, at=at
    )


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"cases": 2}, "More were wrong than were looked at"),
        ({"put_right": 4}, "More were put right"),
        ({"checked_on": date(2026, 10, 2)}, "still to come"),
    ],
)
def test_a_check_that_cannot_be_is_refused_and_nothing_is_written(team, said, sentence):
    team.signed()

    with pytest.raises(Refused, match=sentence):
        check(Item.objects.first(), team.bo, **said)
    assert not Check.objects.exists()


def test_looking_at_it_again_starts_from_the_old_one_and_ends_it_with_the_last_signature(team):
    before = team.signed()
    later = AT + timedelta(days=170)

    after = operations.begin_agreement(team.version, "accuracy", team.team, by=team.bo, at=later)
    assert [item.label for item in after.items.order_by("position")] == [LEGAL.label, OWN.label]
    assert Agreement.objects.in_force().get() == before
    team.sign(after, team.theo, at=later)
    team.sign(after, team.bo, at=later)

    assert Agreement.objects.in_force().get() == after
    open_ = Task.objects.open()
    assert open_.filter(about_kind=KIND).get().about_id == after.public_id
    assert set(open_.filter(about_kind=ITEM).values_list("about_id", flat=True)) == set(
        after.items.values_list("public_id", flat=True)
    )
    with pytest.raises(Refused, match="not in force"):
        check(before.items.first(), team.bo, at=later)


def test_a_team_has_one_in_force_and_one_being_agreed_at_most(team):
    team.begun()

    with pytest.raises(Refused, match="being agreed already"):
        team.begun()
    assert not possible_for(team.theo, on=AT.date())
    assert {one.unit for one in possible_for(team.olga, on=AT.date())} == {team.other}


def test_who_does_not_keep_a_teams_agreements_changes_signs_and_logs_nothing(team):
    with pytest.raises(Refused, match="kept by others"):
        operations.begin_agreement(team.version, "accuracy", team.team, by=team.olga, at=AT)
    assert not Agreement.objects.exists() and not Event.objects.filter(what__startswith="agreement").exists()
    agreement = team.begun(LEGAL)

    for do in (
        lambda: team.sign(agreement, team.olga),
        lambda: operations.save_items(agreement, [OWN], revision=2, by=team.olga, at=AT),
        lambda: operations.discard_agreement(agreement, by=team.olga, at=AT),
    ):
        with pytest.raises(Refused, match="kept by others"):
            do()
    signed = team.sign(team.sign(agreement, team.theo), team.bo)
    with pytest.raises(Refused, match="logged by those who signed"):
        check(signed.items.get(), team.olga)


def test_the_list_to_work_from_has_the_teams_open_cases_that_the_reader_may_know_of(team):
    mine = make_subject("MINE", unit=team.team)
    make_subject("OTHERS", unit=team.other)
    agreement = team.signed()

    assert list(cases_to_check(agreement, team.bo, on=AT.date())) == [mine]
    assert not cases_to_check(agreement, make_person("Sam"), on=AT.date())
    assert not Agreement.objects.visible_to(team.olga, on=AT.date())


def test_the_same_check_sent_twice_is_logged_once(team):
    item = team.signed().items.first()
    check(item, team.bo)

    with pytest.raises(Refused, match="logged this check already"):
        check(item, team.bo)
    assert Check.objects.count() == 1


def test_a_check_logged_late_moves_the_next_one_nowhere(team):
    item = team.signed().items.get(label=LEGAL.label)
    later = AT + timedelta(days=6)
    check(item, team.bo, checked_on=date(2026, 10, 6), at=later)

    check(item, team.bo, checked_on=date(2026, 10, 2), at=later)

    [row] = [one for one in item_rows(item.agreement) if one.item == item]
    assert timezone.localdate(row.due.due_at) == date(2026, 10, 13)


def test_a_day_long_past_is_a_slip_of_the_keyboard(team):
    with pytest.raises(Refused, match="more than a year ago"):
        check(team.signed().items.first(), team.bo, checked_on=date(26, 10, 1))
