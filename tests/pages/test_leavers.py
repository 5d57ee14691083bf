"""Somebody leaves: access ends at the next request, alerts go on, and what they held is listed."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from goldenthread.audits.models import Moderation, Participant, Return
from goldenthread.audits.operations.replacing import name_co_auditor, replace_auditor
from goldenthread.escalations.operations import raise_alert, raise_private_concern
from goldenthread.ledger.models import Event
from goldenthread.people.models import Leave, Person, Session
from goldenthread.people.operations.leaving import record_leaver
from goldenthread.people.operations.loading import load_people
from goldenthread.people.operations.signing_in import invite
from goldenthread.programmes.models import Slot
from goldenthread.rules.clocks import Due
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Notice, Task
from goldenthread.tasks.operations import start_dated_task
from goldenthread.tasks.queries import Owner, Standing
from goldenthread.web.people.leavers import invite_joiners
from tests.make import make_audit, make_council, make_person, moment, publish_pack
from tests.pages.test_access import Records
from tests.workbooks import make_workbook

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
LEFT = Session.Ended.LEFT.label


@pytest.fixture
def council():
    publish_pack()
    return make_council()


@pytest.fixture
def alex(council):
    return signed_in(council.administrator)


def signed_in(person):
    """A browser in which somebody is signed in, and has opened a page."""
    browser = Client()
    browser.force_login(person)
    browser.get("/tasks/")
    return browser


def leave(person, *, days=0, at_once=True, by=None):
    """Somebody's last day is so many days from now."""
    day = TODAY() + timedelta(days=days)
    return record_leaver(person=person, left_on=day, at_once=at_once, by=by, at=timezone.localtime())


def test_a_leaver_loses_access_at_the_very_next_request(council, alex):
    ada = signed_in(council.ada)
    signed = Session.objects.filter(pk=Session.objects.get(person=council.ada).pk)

    alex.post(f"/people/{council.ada.public_id}/leaves/", {"left_on": str(TODAY()), "at_once": "on"})
    assert list(signed.values_list("ended", flat=True)) == [Session.Ended.LEFT]
    page = ada.get("/tasks/")

    assert page.status_code == 401
    assert LEFT in page.text
    assert ada.get("/tasks/").status_code == 302
    assert not Session.objects.filter(person=council.ada).exists()


def test_a_leaver_is_signed_out_on_every_computer_and_what_was_saved_stays(council):
    audit = make_audit(council, "drafted")
    answers = sorted(audit.answers.values_list("question", "version"))
    browsers = [signed_in(council.ada), signed_in(council.ada)]

    leave(council.ada)

    assert [browser.get("/tasks/").status_code for browser in browsers] == [401, 401]
    assert answers and sorted(audit.answers.values_list("question", "version")) == answers


def test_a_save_that_was_under_way_is_told_in_words(council):
    audit = make_audit(council)
    ada = signed_in(council.ada)
    leave(council.ada)

    script = ada.post(f"/audits/{audit.public_id}/save-answer/", headers={"accept": "application/json"})
    assert (script.status_code, script.json()["sentence"]) == (401, LEFT)


def test_a_form_that_was_sent_is_told_that_it_was_not_saved(council):
    ada = signed_in(council.ada)
    leave(council.ada)

    page = ada.post("/tasks/my-notices/", {})

    assert page.status_code == 401
    assert "What you sent just now was not saved" in page.text


def test_access_lasts_until_the_end_of_the_last_day_and_no_longer(council):
    ada = signed_in(council.ada)
    leave(council.ada, at_once=False)
    assert ada.get("/tasks/").status_code == 200

    Person.objects.filter(pk=council.ada.pk).update(left_on=TODAY() - timedelta(days=1))

    assert ada.get("/tasks/").status_code == 401


def test_the_sweep_ends_the_access_of_those_whose_last_day_has_passed(council):
    Person.objects.filter(pk=council.ada.pk).update(left_on=TODAY() - timedelta(days=1))

    call_command("sweep")
    call_command("sweep")

    council.ada.refresh_from_db()
    assert not council.ada.is_active
    assert Event.objects.filter(what="person.leave").count() == 1


def test_who_leaves_cannot_sign_in_again_by_an_old_invitation(council):
    leave(council.ada)

    council.ada.refresh_from_db()
    assert not council.ada.has_usable_password()


@pytest.mark.parametrize(
    ("who", "by", "days", "sentence"),
    [
        ("administrator", "administrator", 0, "your own leaving"),
        ("administrator", "quality_manager", 0, "Only another administrator"),
        ("ada", "administrator", 9999, "Check the year"),
    ],
)
def test_leaving_is_refused_in_a_sentence(council, who, by, days, sentence):
    with pytest.raises(Refused, match=sentence):
        leave(getattr(council, who), days=days, by=getattr(council, by))


def test_a_leaver_who_is_back_is_invited_again(council):
    leave(council.ada, days=-3)

    back = invite(person=council.ada, email="ada@example.org", by=None, at=timezone.localtime())

    assert (back.is_active, back.left_on) == (True, None)


def test_somebody_stays_after_all(council, alex):
    leave(council.ada, days=20, at_once=False)

    page = alex.post(f"/people/{council.ada.public_id}/stays/", follow=True)
    again = alex.post(f"/people/{council.ada.public_id}/stays/", follow=True)

    assert "Ada stays" in page.text
    assert "No last day" in again.text


def test_the_people_file_ends_the_access_of_leavers_and_keeps_a_later_day(council, tmp_path):
    Person.objects.filter(pk=council.ada.pk).update(reference="1")
    Person.objects.filter(pk=council.theo.pk).update(reference="2")
    ada = signed_in(council.ada)
    yesterday, later = TODAY() - timedelta(days=1), TODAY() + timedelta(days=9)
    head = ["Staff number", "Name", "Leaving date"]
    path = make_workbook(
        tmp_path / "p.xlsx",
        {"Staff": [head, ["1", "Ada", yesterday], ["2", "Theo", later], ["3", "Lea", yesterday]]},
    )

    load_people(path=path, file_name="p.xlsx", by=None, at=timezone.localtime())

    assert ada.get("/tasks/").status_code == 401
    assert not Person.objects.get(reference="1").is_active
    assert Person.objects.get(reference="2").is_active
    assert Person.objects.get(reference="2").left_on == later
    assert not Person.objects.get(reference="3").is_active


def test_nobody_loads_their_own_leaving(council, tmp_path):
    Person.objects.filter(pk=council.quality_manager.pk).update(reference="1")
    path = make_workbook(
        tmp_path / "p.xlsx", {"Staff": [["Staff number", "Name", "Left"], ["1", "Mara", TODAY()]]}
    )

    loaded = load_people(path=path, file_name="p.xlsx", by=council.quality_manager, at=timezone.localtime())

    assert [row.reason for row in loaded.rejections] == [
        "You cannot record your own leaving. Ask another administrator."
    ]


def test_joiners_of_a_file_are_invited_once_where_that_was_asked(council, alex, tmp_path, monkeypatch):
    monkeypatch.setattr("goldenthread.web.people.loading.run_later", lambda job, *given, by: job(*given))
    rows = [["Staff number", "Name", "Email"], ["1", "Jo", "jo@example.org"], ["2", "Without address", ""]]
    file = make_workbook(tmp_path / "p.xlsx", {"Staff": rows}).read_bytes()

    for _ in range(2):
        alex.post("/people/load/", {"file": SimpleUploadedFile("p.xlsx", file), "invite": "on"})
    invite_joiners(Person.objects.get(reference="1").public_id, council.administrator.public_id)

    assert [one.to for one in mail.outbox] == [["jo@example.org"]]
    assert "The link works once" in mail.outbox[0].body


# ---- what is left behind ----


@pytest.fixture
def everything():
    """One of each kind of work, and everybody who held it gone; whoever may give it on is still here."""
    records = Records()
    council, otto = records.council, make_person("Otto Outgoing")
    raise_private_concern(
        records.open_audit, concerns=council.priya, concern="Copied", by=council.ada, at=moment()
    )
    Slot.objects.filter(pk=records.slot.pk).update(auditor=otto)
    Moderation.objects.filter(pk=records.moderation.pk).update(moderator=otto)
    name_co_auditor(records.returned_audit, otto, by=council.theo, at=timezone.localtime(), because="Two")
    begun = Return.objects.get(audit=records.returned_audit, key="social care")
    Task.objects.open().filter(about_kind="return", about_id=begun.public_id).update(person=otto, post="")
    Leave.objects.create(person=council.quinn, starts_on=TODAY(), ends_on=TODAY(), deputy=otto)
    for person in (council.ada, council.theo, council.priya, otto):
        leave(person)
    return records


def shown_to(person):
    """The tables that somebody sees, by their captions: each row's label and where it leads."""
    page = signed_in(person).get("/people/left-behind/")
    return {
        table.caption: [(row[1]["text"], row[1]["url"]) for row in table.rows]
        for table, _ in page.context["tables"]
    }


def test_each_kind_of_work_is_listed_for_those_who_may_give_it_on(everything):
    found = shown_to(everything.council.quality_manager)

    audits = [url for _, url in found["Audits"]]
    assert f"/programme/audits/{everything.open_audit.public_id}/auditor/" in audits
    assert [url for _, url in found["Allocations that are not sent yet"]] == [
        f"/programme/slots/{everything.slot.public_id}/"
    ]
    assert [url for _, url in found["Moderation"]] == [
        f"/moderation/draws/{everything.moderation_draw.public_id}/"
    ]
    assert [url for _, url in found["Audits asked for about their work"]] == [
        f"/programme/commissions/{everything.commission.public_id}/"
    ]


def test_co_auditors_givers_of_parts_and_deputies_are_listed_each_where_it_is_given_on(everything):
    found = shown_to(everything.council.quality_manager)
    audit = everything.returned_audit

    assert found["Audits done together"] == [
        (audit.number, f"/programme/audits/{audit.public_id}/co-auditors/")
    ]
    parts = found["Parts of audits that are still to come"]
    assert (f"Social care: Case audit {audit.number}", f"/audits/{audit.public_id}/returns/") in parts
    assert found["Leave during which they were to stand in"] == [("Leave of Quinn", "/leave/")]


@pytest.mark.parametrize("who", ["other_manager", "hana"])
def test_whoever_may_not_give_them_on_is_not_told_of_them(everything, who):
    found = shown_to(getattr(everything.council, who))

    assert "Leave during which they were to stand in" not in found
    if who == "other_manager":
        assert "Audits done together" not in found
        assert "Parts of audits that are still to come" not in found


def test_another_co_auditor_takes_the_place_of_one_who_left(everything):
    audit, quinn = everything.returned_audit, everything.council.quinn

    name_co_auditor(audit, quinn, by=everything.council.quality_manager, at=timezone.localtime(), because="x")

    standing = Participant.objects.filter(audit=audit, relation="co-auditor", ends_on=None)
    assert [one.person for one in standing] == [quinn]
    assert "Audits done together" not in shown_to(everything.council.quality_manager)


def test_a_moderation_that_was_graded_by_a_leaver_can_be_given_on(everything):
    Moderation.objects.filter(pk=everything.moderation.pk).update(graded_at=timezone.now())

    page = signed_in(everything.council.quality_manager).get(
        f"/moderation/draws/{everything.moderation_draw.public_id}/"
    )

    audit = everything.moderation.audit
    assert f"{audit.number}, {audit.unit}: nobody who moderates is free" in page.text
    assert "Moderation" in shown_to(everything.council.quality_manager)


def test_an_action_is_listed_for_those_who_may_close_it(everything):
    found = shown_to(everything.council.hana)

    assert f"/actions/{everything.action.public_id}/" in [url for _, url in found["Actions"]]
    assert "Actions" not in shown_to(everything.council.quinn)


def test_a_task_that_nobody_steps_in_for_is_listed_and_a_proof_is_one(everything):
    council, action = everything.council, everything.action
    start_dated_task(
        kind="look whether it worked",
        title="Look whether it worked",
        version=action.version,
        about=("action", action.public_id, "An action"),
        owner=Owner("nobody steps in", person=council.theo),
        standing=Standing(council.team),
        due=Due(moment(), "the proof"),
        at=moment(),
    )

    caption, row = "Alerts and other tasks that reach nobody", ("An action", f"/actions/{action.public_id}/")

    assert row in shown_to(council.hana)[caption]
    assert row not in shown_to(council.other_manager).get(caption, [])


def test_a_task_is_listed_however_many_that_one_may_not_see_come_first(everything, monkeypatch):
    monkeypatch.setattr("goldenthread.governance.left_behind.MOST", 1)
    council, action = everything.council, everything.action
    for number, public_id in enumerate(["hidden0", "hidden1", "hidden2", action.public_id]):
        start_dated_task(
            kind="look whether it worked",
            title="Look whether it worked",
            version=action.version,
            about=("action", public_id, f"Action {number}"),
            owner=Owner("nobody steps in", person=council.theo),
            standing=Standing(council.team),
            due=Due(moment(f"2020-01-0{number + 1}T09:00"), "the proof"),
            at=moment(),
        )

    shown = shown_to(council.hana)["Alerts and other tasks that reach nobody"]

    assert ("Action 3", f"/actions/{action.public_id}/") in shown


def test_a_private_concern_is_in_no_list(everything):
    found = shown_to(everything.council.quality_manager)

    assert not [url for rows in found.values() for _, url in rows if "private" in url]


def test_who_may_not_see_an_audit_does_not_find_it_among_what_was_left(everything):
    olga = everything.council.other_manager
    found = shown_to(olga)

    audits = [url for _, url in found.get("Audits", [])]
    assert f"/programme/audits/{everything.open_audit.public_id}/auditor/" not in audits
    assert "Moderation" not in found
    assert signed_in(everything.council.sam).get("/people/left-behind/").status_code == 403


def test_a_piece_that_is_passed_on_is_listed_no_more(everything):
    quinn, audit = everything.council.quinn, everything.open_audit
    before = shown_to(quinn)["Audits"]

    replace_auditor(audit, make_person("New One"), by=quinn, at=timezone.localtime(), because="Ada left.")

    gone = (audit.number, f"/programme/audits/{audit.public_id}/auditor/")
    assert gone in before
    assert gone not in shown_to(quinn).get("Audits", [])


def test_what_was_left_costs_no_more_queries_when_there_is_more(everything, django_assert_max_num_queries):
    council = everything.council
    quinn = signed_in(council.quinn)
    for number in range(5):
        audit = make_audit(council, number=f"2026-11/20{number}", auditor=council.ada)
        Task.objects.filter(about_id=audit.public_id).update(person=council.ada, post="")

    with django_assert_max_num_queries(45):
        page = quinn.get("/people/left-behind/")

    assert "2026-11/204" in page.text


def test_an_alert_of_a_leaver_goes_to_who_steps_in_at_once_and_they_are_told(council, alex):
    alert = raise_alert(audit=make_audit(council), concern="Bruises", by=council.ada, at=timezone.localtime())
    owed, on = Task.objects.open().about("alert", alert.public_id), TODAY()
    assert owed.owed_by(council.theo, on=on).exists()

    alex.post(f"/people/{council.theo.public_id}/leaves/", {"left_on": str(on), "at_once": "on"})

    assert owed.exists()
    assert not owed.reaching_nobody(on=on).exists()
    assert owed.owed_by(council.hana, on=on).exists()
    assert Notice.objects.filter(to=council.hana, about_kind="task", urgent=True).exists()
