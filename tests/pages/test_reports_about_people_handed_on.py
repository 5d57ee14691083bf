"""Reports about one person are signed off, and copies of them sent, by those who may read them (WF-19)."""

import html
from datetime import datetime
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.utils import timezone

from goldenthread.governance import copying
from goldenthread.governance.copies import copies_of, may_sign_off
from goldenthread.governance.copying import begin_copies
from goldenthread.governance.models import Copy, FurtherReport
from goldenthread.ledger.models import Event
from goldenthread.people.models import Post
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.queries.periods import period_of
from goldenthread.rules.documents import write_document
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Task
from goldenthread.tasks.operations import pass_on_tasks
from tests.copy_packs import COPIES, data_with
from tests.make import make_audit, make_council, make_cycle, make_person, make_post, moment, publish_pack

pytestmark = pytest.mark.django_db
LEARNT = "goldenthread.governance.migrations.0006_nobody_owes_what_is_about_themselves"
OVER = datetime(2027, 1, 4, 9, tzinfo=ZoneInfo("Europe/London"))
OVERLAY = """
clocks:
  sign for a person: {title: Sign it off, length: 3 working days, starts: the last day, owed_by: quality team}
reports:
  half a year:
    title: Six months
    period: half-year
    about: an auditor
    parts: [audited, grades]
    signed_off: sign for a person
copies:
  for them: {title: For the auditor, of: a report, report: half a year, role: auditor, clock: send a copy, ways: [By hand]}
  for a file:
    title: For the file
    of: a report
    report: half a year
    outside: The personnel file
    given: on request
    clock: send a copy
    ways: [By hand]
"""  # noqa: E501 - a document


@pytest.fixture
def council(monkeypatch):
    """Two people audited in the half-year that is over: Ada twice, Ben once."""
    monkeypatch.setattr(timezone, "now", lambda: OVER)
    publish_pack(document=write_document(data_with(COPIES, OVERLAY)), at=moment())
    council = make_council()
    council.cycle = make_cycle("2026-11")
    Cycle.objects.filter(pk=council.cycle.pk).update(sent_at=moment(), sent_by=council.quinn)
    council.ben = make_person("Ben")
    make_post(council.ben, "accredited auditor", council.other_team)
    make_audit(council, "final", number="2026-11/001")
    make_audit(council, "final", number="2026-11/002")
    make_audit(council, "final", number="2026-11/003", auditor=council.ben)
    return council


def period(council, person):
    return period_of(Cycle.objects.get(pk=council.cycle.pk), "half a year").of(person)


def address(council, person, more=""):
    return f"/reports/{council.cycle.public_id}/about/half%20a%20year/{person.public_id}/{more}"


def page(client, person, url):
    client.force_login(person)
    answer = client.get(url)
    return html.unescape(answer.text) if answer.status_code == 200 else answer.status_code


def signed(council, person):
    begin_copies(at=OVER)
    copying.sign_off_report(period(council, person), by=council.quinn, at=OVER)
    return Copy.objects.get(rule="for them")


def test_each_persons_report_is_signed_off_apart_and_once(client, council):
    begin_copies(at=OVER)
    begin_copies(at=OVER)

    known = FurtherReport.objects.filter(report="half a year")
    assert {one.person for one in known} == {council.ada, council.ben} and len(known) == 2
    task = Task.objects.get(about_id=known.get(person=council.ada).public_id)
    assert task.about_label == "Six months: July to December 2026"  # a notice tells it, and names nobody
    client.force_login(council.quinn)
    led = client.get(f"/reports-about-people/{task.about_id}/")
    assert led["Location"] == address(council, council.ada)
    assert "Sign this report off" in client.get(led["Location"]).text
    said = client.post(address(council, council.ada, "sign-off/"), follow=True).text

    assert "The report is signed off" in said and "by Quinn on 4 January 2027" in said
    task.refresh_from_db()
    assert task.finished_by == council.quinn
    assert "Sign this report off" in page(client, council.quinn, address(council, council.ben))
    assert Event.objects.filter(what="report.sign_off").get().about_id == task.about_id
    with pytest.raises(Refused, match="signed off already"):
        copying.sign_off_report(period(council, council.ada), by=council.quinn, at=OVER)


def test_a_copy_is_owed_from_the_signature_to_the_person_and_is_recorded_as_sent(client, council):
    copy = signed(council, council.ada)

    assert copy.person == council.ada
    text = page(client, council.quinn, f"/copies/{copy.public_id}/")
    assert "Held today by" in text and "Ada" in text and address(council, council.ada, "word/") in text
    client.post(
        f"/copies/{copy.public_id}/sent/",
        {"sent_to": "Ada", "sent_as": "By hand", "sent_on": "2027-01-04"},
    )
    copy.refresh_from_db()
    assert (copy.sent_to, copy.settled_by) == ("Ada", council.quinn)
    shown = page(client, council.ada, address(council, council.ada))
    assert "For the auditor" in shown and "by Quinn" in shown
    copying.sign_off_report(period(council, council.ben), by=council.quinn, at=OVER)
    owed = Copy.objects.filter(rule="for them")
    assert {one.person for one in owed} == {council.ada, council.ben}
    ours = copies_of(period(council, council.ben), council.quinn, on=OVER.date())
    assert [one.person for one in ours] == [council.ben]


def test_who_may_not_read_a_persons_report_neither_signs_it_nor_learns_of_its_copies(client, council):
    copy = signed(council, council.ben)
    others = (council.ada, council.priya, council.other_manager, council.sam)
    known = FurtherReport.objects.get(person=council.ben)

    for who in others:
        client.force_login(who)
        assert client.post(address(council, council.ben, "sign-off/")).status_code == 404, who
        assert client.get(f"/reports-about-people/{known.public_id}/").status_code == 404, who
        assert client.get(address(council, council.ben, "copies/ask/")).status_code == 404, who
        assert page(client, who, f"/copies/{copy.public_id}/") == 404, who
        assert "For the auditor" not in page(client, who, "/copies/"), who
    assert page(client, council.hana, address(council, council.ben)) != 404  # who reads it by her post
    for who in (council.hana, council.quality_manager):  # seeing reports opens no copy of it
        assert page(client, who, f"/copies/{copy.public_id}/") == 404, who
    assert "For the auditor" in page(client, council.ben, f"/copies/{copy.public_id}/")


def test_tasks_that_share_a_label_say_whom_they_are_about_to_those_who_may_read_it(client, council):
    begin_copies(at=OVER)

    listed = page(client, council.quinn, "/tasks/")
    assert listed.count("Six months: July to December 2026, About ") == 2
    assert listed.count(">About Ada</span>") == 1 and listed.count(">About Ben</span>") == 1
    copying.sign_off_report(period(council, council.ada), by=council.quinn, at=OVER)
    assert ">About Ada</span>" in page(client, council.quinn, "/tasks/finished/")
    assert "Six months: July to December 2026, About Ada" in page(client, council.quinn, "/copies/")
    assert ">About Ada</span>" in page(client, council.quinn, "/tasks/")  # the copy that is to be sent
    Task.objects.filter(title="Sign it off").update(person=council.sam, post="", finished_at=None)
    shown = page(client, council.sam, "/tasks/")
    assert "Six months: July to December 2026" in shown and "About A" not in shown and "Ben" not in shown


@pytest.mark.parametrize("name", ["ada", "quality_manager", "theo"])
def test_those_who_only_read_it_do_not_sign_it(client, council, name):
    begin_copies(at=OVER)
    who = getattr(council, name)

    assert "Sign this report off" not in page(client, who, address(council, council.ada))
    assert not may_sign_off(period(council, council.ada), who, on=OVER.date())
    said = client.post(address(council, council.ada, "sign-off/"), follow=True).text

    assert "signed off by whoever has it in their tasks" in said
    assert FurtherReport.objects.get(person=council.ada).signed_at is None


def test_whoever_may_read_it_may_note_a_request_for_a_copy_of_it(client, council):
    client.force_login(council.ada)
    client.post(
        address(council, council.ada, "copies/ask/"),
        {"rule": "for a file", "asked_by": "Personnel", "asked_on": "2027-01-04"},
    )

    copy = Copy.objects.get()
    assert (copy.person, copy.rule, copy.noted_by) == (council.ada, "for a file", council.ada)
    assert page(client, council.ben, address(council, council.ada, "copies/ask/")) == 404


def test_nobody_is_told_of_before_the_period_is_over_or_without_audits(council):
    begin_copies(at=moment("2026-12-30T09:00"))
    assert not FurtherReport.objects.exists()

    begin_copies(at=OVER)

    assert not FurtherReport.objects.filter(person=council.other_manager).exists()


def test_nobody_signs_a_report_about_themselves(client, council):
    make_post(council.ada, "quality officer", council.organisation)
    begin_copies(at=OVER)
    ours = page(client, council.ada, address(council, council.ada))

    assert "Sign this report off" not in ours and "somebody else has to sign it off. They have it" in ours
    said = client.post(address(council, council.ada, "sign-off/"), follow=True).text
    assert "This report is about you, so somebody else has to sign it off." in said
    assert FurtherReport.objects.get(person=council.ada).signed_at is None
    assert "Sign this report off" in page(client, council.ada, address(council, council.ben))
    assert "Sign this report off" in page(client, council.quinn, address(council, council.ada))


def test_nobody_settles_a_copy_of_a_report_about_themselves(client, council):
    copy = signed(council, council.ada)
    make_post(council.ada, "quality officer", council.organisation)
    sent = {"sent_to": "Ada", "sent_as": "By hand", "sent_on": "2027-01-04"}

    assert "Record as sent" not in page(client, council.ada, f"/copies/{copy.public_id}/")
    for settle, typed in (("sent", sent), ("drop", {"because": "I have read it."})):
        said = client.post(f"/copies/{copy.public_id}/{settle}/", typed).text
        assert "is about you, so somebody else has to" in said, settle
    copy.refresh_from_db()
    assert copy.settled_at is None
    assert "Record as sent" in page(client, council.quinn, f"/copies/{copy.public_id}/")


def test_what_is_about_oneself_stands_in_the_tasks_of_those_who_may_do_it_alone(client, council):
    make_post(council.ada, "quality officer", council.organisation)
    begin_copies(at=OVER)

    ours, theirs = (page(client, who, "/tasks/") for who in (council.ada, council.quinn))
    assert ">About Ben</span>" in ours and "About Ada" not in ours
    assert ">About Ben</span>" in theirs and ">About Ada</span>" in theirs
    copying.sign_off_report(period(council, council.ada), by=council.quinn, at=OVER)
    assert "About Ada" not in page(client, council.ada, "/tasks/")  # nor its copy
    assert ">About Ada</span>" in page(client, council.quinn, "/tasks/")


def test_tasks_of_before_learn_whom_they_are_not_for(council):
    signed(council, council.ada)
    told = dict(Task.objects.values_list("pk", "not_for"))
    Task.objects.update(not_for=None)

    import_module(LEARNT).say_whom_they_are_not_for(apps, None)

    still = {key: person for key, person in told.items() if Task.objects.open().filter(pk=key).exists()}
    assert set(still.values()) >= {council.ada.pk, council.ben.pk}
    assert dict(Task.objects.open().values_list("pk", "not_for")) == still


def test_what_nobody_else_could_sign_any_more_goes_to_those_who_step_in_or_says_so(client, council):
    make_post(council.ada, "quality officer", council.organisation)
    begin_copies(at=OVER)
    report = FurtherReport.objects.get(person=council.ada)
    task = Task.objects.get(about_id=report.public_id)
    assert not Task.objects.reaching_nobody(on=OVER.date()).exists()
    Post.objects.filter(person=council.quinn).delete()

    assert Task.objects.reaching_nobody(on=OVER.date()).filter(pk=task.pk).exists()
    ours = page(client, council.ada, address(council, council.ada))
    assert "Nobody who may sign it off has it in their tasks now." in ours
    assert "Nobody who may" not in page(client, council.ada, address(council, council.ben))
    pass_on_tasks(at=OVER)
    task.refresh_from_db()
    assert (task.role, task.post) == ("quality manager", "audit manager")
    assert "About Ada" not in page(client, council.ada, "/tasks/")
    assert "Nobody who may" not in page(client, council.ada, address(council, council.ada))


def test_a_report_that_only_the_person_could_sign_waits_for_somebody_else(council):
    make_post(council.ada, "quality officer", council.organisation)
    council.quinn.posts.all().delete()
    begin_copies(at=OVER)
    assert {one.person for one in FurtherReport.objects.filter(report="half a year")} == {council.ben}

    make_post(council.quinn, "quality officer", council.organisation)
    begin_copies(at=OVER)

    assert FurtherReport.objects.filter(person=council.ada).count() == 1
