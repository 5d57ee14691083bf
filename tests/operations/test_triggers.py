"""What happens leads to audits exactly once, also where a run is killed or repeated (1.1, trap 5; LA-2)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from goldenthread.audits.models import Audit
from goldenthread.caseload.models import Episode, Fact, Subject, Work
from goldenthread.ledger.models import Event
from goldenthread.people.models import Post
from goldenthread.programmes.models import Commission, Cycle
from goldenthread.programmes.operations import commissions as operations
from goldenthread.programmes.operations.draws import freeze_frame
from goldenthread.programmes.operations.events import record_incident, record_supervision, withdraw_occurrence
from goldenthread.programmes.operations.reaudits import place_reaudits
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.refusal import Refused
from tests.make import make_person, make_post, moment, publish_pack
from tests.operations.test_childrens_services import DOCUMENT, Service

pytestmark = pytest.mark.django_db
AT = moment("2026-10-01T09:00")
DAY = timedelta(days=1)
MORE = {"audit_type": "look", "due": "10 working days"}


def document(**triggers):
    """The children's framework with a quality look that other things lead to."""
    data = read_document(DOCUMENT).data
    quality = data["audit_types"]["quality audit"]
    if triggers:
        data["audit_types"]["look"] = {
            **{key: value for key, value in quality.items() if key != "selection"},
            "title": "Look into it",
            "calendar": "as it happens",
            "pairing": "heads of service",
            "on_sending_starts": ["complete the look"],
        }
        data["clocks"]["complete the look"] = {
            "title": "Look into it",
            "until": "its trigger says",
            "owed_by": "auditor",
        }
        steps = data["flows"]["quality"]["steps"]["hold conversation"]
        data["flows"]["look"] = read_document(write_document(data["flows"]["quality"])).data
        data["flows"]["look"]["steps"]["hold conversation"] = {**steps, "finishes": ["complete the look"]}
        data["audit_types"]["look"]["flow"] = "look"
        rules = {name: MORE | rule for name, rule in triggers.items()}
        data["triggers"] |= {
            name: {key: value for key, value in rule.items() if value} for name, rule in rules.items()
        }
        if any(rule.get("fact") for rule in rules.values()):
            data["facts"]["approved"] = "When the carers were approved"
    return write_document(data)


def published(**triggers):
    publish_pack(document=document(**triggers))
    return Service()


def sweep(at=AT):
    return operations.commission_audits(at=at), operations.send_commissions(at=at)


def supervised(service, at=AT, team=0, number=0):
    unit = service.teams[team]
    worker = service.workers[unit.pk][number]
    return record_supervision(worker=worker, happened_on=at.date(), by=service.managers[unit.pk], at=at)


def test_a_second_run_asks_for_nothing_twice_and_sends_nothing_twice():
    supervised(published())

    assert [sweep(), sweep(), sweep(AT + DAY)] == [(1, 1), (0, 0), (0, 0)]

    assert Audit.objects.count() == Commission.objects.count() == 1
    assert Event.objects.filter(what__in=["framework.commission", "commission.send"]).count() == 2


def killed(*given, **named):
    raise SystemExit


def test_a_run_that_was_killed_between_asking_and_sending_goes_on_where_it_stood(monkeypatch):
    supervised(published())
    operations.commission_audits(at=AT)
    monkeypatch.setattr(operations, "record", killed)
    with pytest.raises(SystemExit):
        operations.send_commissions(at=AT)
    monkeypatch.undo()

    assert not Audit.objects.exists()
    assert operations.send_commissions(at=AT) == 1


def test_the_database_lets_one_thing_that_happened_ask_once():
    supervised(published())
    operations.commission_audits(at=AT)
    again = Commission.objects.get()
    again.pk, again.public_id = None, "another"

    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)


def test_two_supervisions_of_one_worker_in_a_month_lead_to_two_audits_of_two_cases():
    service = published()
    supervised(service)
    sweep()
    supervised(service, at=AT + 21 * DAY)
    sweep(AT + 21 * DAY)

    audits = list(Audit.objects.order_by("pk"))
    assert [audit.cycle for audit in audits] == ["C-2026-10"] * 2
    assert audits[0].subject != audits[1].subject


def test_a_worker_without_a_case_that_may_be_chosen_gets_none_and_it_says_why():
    service = published()
    Episode.objects.update(opened_on=date(2026, 9, 20))
    supervised(service)

    assert sweep() == (1, 0)

    commission = Commission.objects.get()
    assert commission.state == "dropped" and "not been open for more than 6 weeks" in commission.told
    assert len(commission.considered) == 3


def test_one_that_nobody_can_do_waits_with_the_reason_and_is_tried_the_next_day():
    service = published(closure={"title": "It closed", "on": "a closure"})
    Post.objects.filter(kind="head of service").delete()
    Episode.objects.filter(subject=Work.objects.first().subject).update(closed_on=AT.date())

    assert [sweep(), sweep()] == [(1, 0), (0, 0)]
    commission = Commission.objects.get()
    assert "Nobody holds a post" in commission.told
    assert (
        operations.drop_commission(commission, because="Nobody", by=service.quinn, at=AT).state == "dropped"
    )


def test_what_waits_is_dropped_and_tried_again_only_by_who_draws_under_its_framework():
    """Somebody who draws for adults, and here only sees a team's reports, sends and drops nothing here."""
    published(closure={"title": "It closed", "on": "a closure"})
    Post.objects.filter(kind="head of service").delete()
    Episode.objects.filter(subject=Work.objects.first().subject).update(closed_on=AT.date())
    sweep()
    commission = Commission.objects.get()
    publish_pack()
    both = make_person("Dora")
    make_post(both, "team manager", commission.unit)
    make_post(both, "audit manager", commission.unit)
    assert Commission.objects.visible_to(both, on=AT.date()).exists()

    with pytest.raises(Refused, match="under its framework"):
        operations.drop_commission(commission, because="I can", by=both, at=AT)
    with pytest.raises(Refused, match="under its framework"):
        operations.try_again(commission, by=both, at=AT)


def test_a_closed_case_is_audited_by_who_is_free_and_far_from_it():
    service = published(closure={"title": "It closed", "on": "a closure", "after": "1 week"})
    work = Work.objects.filter(unit=service.teams[0]).first()
    Episode.objects.filter(subject=work.subject).update(closed_on=AT.date())

    assert sweep() == (1, 0)
    assert sweep(AT + 7 * DAY) == (0, 1)

    audit = Audit.objects.get()
    assert audit.subject == work.subject and audit.auditor == service.heads["Care"]
    assert audit.cycle_closes_on == date(2026, 10, 15)


def test_an_incident_leads_to_an_audit_of_its_case_by_its_kind_and_condition():
    missing = {"title": "An incident", "on": "an incident", "kinds": ["missing from home", "restraint"]}
    missing["when"] = {"fact": "legal status", "known": True}
    service = published(incident=missing)
    first, second = Subject.objects.order_by("pk")[:2]
    Fact.objects.create(subject=first, name="legal status", value="section 20", starts_on=date(2025, 1, 1))
    manager = service.managers[service.teams[0].pk]
    for subject in (first, second):
        record_incident(subject=subject, what="restraint", happened_on=AT.date(), by=manager, at=AT)
    with pytest.raises(Refused, match="Choose one of the kinds"):
        record_incident(subject=first, what="Ann fell", happened_on=AT.date(), by=manager, at=AT)

    assert sweep() == (1, 1)
    assert Audit.objects.get().subject == first


def test_an_anniversary_comes_each_year_on_its_day_also_after_standing_still():
    service = published(approval={"title": "Approved", "on": "a day", "fact": "approved", "each_year": True})
    subject = Subject.objects.first()
    Fact.objects.create(subject=subject, name="approved", value="2024-02-29", starts_on=date(2024, 3, 1))

    asked = [
        sweep(moment(f"{day}T09:00"))[0] for day in ("2026-02-27", "2026-03-05", "2026-03-06", "2027-03-01")
    ]

    assert asked == [0, 1, 0, 1] and service
    days = Commission.objects.order_by("pk").values_list("happened_on", flat=True)
    assert list(days) == [date(2026, 2, 28), date(2027, 2, 28)]


def test_a_review_is_prepared_so_long_before_its_day_and_due_by_it():
    rule = {"title": "The review", "on": "a day", "fact": "approved", "before": "4 weeks", "due": None}
    published(review=rule)
    Fact.objects.create(
        subject=Subject.objects.first(), name="approved", value="2026-11-30", starts_on=date(2026, 9, 1)
    )

    assert [sweep(), sweep(moment("2026-11-01T09:00")), sweep(moment("2026-11-02T09:00"))][-1] == (0, 1)
    assert Audit.objects.get().cycle_closes_on == date(2026, 11, 30)


def test_once_in_so_long_passes_over_what_comes_too_often_and_owes_nothing_for_it():
    data = read_document(DOCUMENT).data
    data["triggers"]["supervision"]["at_most_every"] = "3 weeks"
    publish_pack(document=write_document(data))
    service = Service()
    for number in range(2):
        supervised(service, at=AT + 7 * number * DAY)

    assert sweep(AT + 7 * DAY) == (2, 1)
    assert sorted(Commission.objects.values_list("state", flat=True)) == ["passed over", "sent"]
    assert Commission.objects.owed().count() == 1


def test_what_was_taken_back_before_its_day_is_dropped():
    service = published()
    occurrence = supervised(service)
    operations.commission_audits(at=AT)

    withdraw_occurrence(occurrence, because="Mistake", by=service.managers[service.teams[0].pk], at=AT)

    assert operations.send_commissions(at=AT) == 0
    assert "Mistake" in Commission.objects.get().told


def test_nothing_is_drawn_or_sent_for_a_continuous_cycle_as_a_whole():
    supervised(published())
    sweep()
    cycle = Cycle.objects.get(label="C-2026-10")

    for step in (place_reaudits, lambda cycle, **who: freeze_frame(cycle, "completeness audit", **who)):
        with pytest.raises(Refused, match="one by one as things happen"):
            step(cycle, by=None, at=AT)
