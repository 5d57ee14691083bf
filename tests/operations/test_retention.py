"""At the end of its keep an audit loses its words and keeps its figures, unless something holds it."""

import json
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection

from goldenthread.audits.models import Answer, AnswerVersion, Audit, Judgement
from goldenthread.audits.sheets import sheet_of
from goldenthread.caseload.models import Episode, Fact
from goldenthread.escalations.operations import raise_alert
from goldenthread.governance import operations
from goldenthread.governance.models import LegalHold
from goldenthread.governance.operations import blank_audit, blank_each, lift_legal_hold, place_legal_hold
from goldenthread.governance.queries import FOLLOWED, LOOKED_AT_AGAIN, OPEN, overview
from goldenthread.improvement.operations import begin_responses
from goldenthread.ledger import checkpoints, verification
from goldenthread.ledger.blanking import REMOVED
from goldenthread.ledger.models import Event, EventValues
from goldenthread.reporting.audit_report import report_of
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Task
from tests.make import PACK, make_audit, make_council, moment, publish_pack
from tests.operations.test_every_word_is_declared import OF_AN_AUDIT, programmes

AT = moment("2026-11-02T10:00")
DUE = moment("2031-11-03T10:00")
MARKER = "Zyxmarker"
pytestmark = pytest.mark.django_db


def keeping(span, **rule):
    """The framework with a keep for its audits."""
    data = read_document(PACK.read_text(encoding="utf-8")).data
    data["audit_types"]["audit"]["retention"] = {"keep": span, "because": "The schedule.", **rule}
    return write_document(data)


@pytest.fixture
def council():
    council = make_council()
    publish_pack(document=keeping("5 years"))
    return council


def filed(council, **changes):
    """An audit whose keep ends on 2 November 2031, with nothing left open."""
    audit = make_audit(council, "filed", at=AT, **changes)
    Task.objects.open().update(finished_at=AT, finished_by=council.theo)
    return audit


def texts():
    """Every text of every table, as the database holds it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - the database's own names
            for row in cursor.fetchall():
                yield from ((table, str(value)) for value in row)


def mark_everything():
    """Write the marker into each field that retention removes from the tables of an audit."""
    tables = {**{model: said[1] for table in OF_AN_AUDIT for model, said in table.items()}}
    tables |= {programmes.Slot: ("because",), Fact: ("value",), Task: ("title", "about_label", "reason")}
    marked = 0
    for model, fields in tables.items():
        for field in fields:
            marked += model._base_manager.exclude(**{field: ""}).update(**{field: MARKER})
    return marked


def test_no_word_remains_anywhere_and_the_ledger_verifies(council, tmp_path):
    audit = filed(council)
    Fact.objects.create(subject=audit.subject, name="team", value=MARKER, starts_on=date(2026, 1, 1))
    values = "The practitioner explained why the visit was late."
    assert mark_everything() > 50
    assert any(values in text for _, text in texts())
    checkpoints.write(at=AT, where=tmp_path)
    Episode.objects.filter(subject=audit.subject).update(closed_on=date(2027, 1, 1))
    reference = audit.subject.reference

    assert blank_audit(audit, by=None, at=DUE)

    assert [table for table, text in texts() if MARKER in text or values in text] == []
    left = {table for table, text in texts() if reference in text}
    assert left <= {"ledger_event"}  # what the chain calls a record is sealed
    assert verification.verify(tmp_path).ok
    audit.refresh_from_db()
    assert audit.subject.reference == f"removed {audit.subject.public_id}"


def test_figures_stay(council):
    audit = filed(council)
    grades = list(Judgement.objects.order_by("pk").values_list("part", "grade", "judged_at"))
    chosen = Answer.objects.filter(value="yes").count()

    blank_audit(audit, by=None, at=DUE)

    assert list(Judgement.objects.order_by("pk").values_list("part", "grade", "judged_at")) == grades
    assert Answer.objects.filter(value="yes").count() == chosen > 0
    assert set(AnswerVersion.objects.exclude(value="yes").values_list("value", flat=True)) == {REMOVED}
    assert set(Judgement.objects.exclude(why="").values_list("why", flat=True)) == {REMOVED}
    assert report_of(Audit.objects.get(), on=DUE.date()).overall
    assert sheet_of(Audit.objects.get())


def test_one_event_says_what_was_blanked_and_tampering_is_still_found(council, tmp_path):
    audit = filed(council)
    blank_audit(audit, by=None, at=DUE)

    event = Event.objects.get(what="retention.blank")
    listed = json.loads(EventValues.objects.get(event=event).values)["blanked"]
    gone = EventValues.objects.filter(values=None).values_list("pk", flat=True)
    assert sorted(listed) == sorted(gone)
    assert verification.fault_of(listed[0]) is None
    assert not blank_audit(audit, by=None, at=DUE)  # a second run removes nothing twice


def test_it_is_not_due_a_day_early_and_never_without_a_rule(council):
    audit = filed(council)

    assert not blank_audit(audit, by=None, at=moment("2031-11-01T23:00"))
    assert not overview(Audit.objects.all(), on=date(2031, 11, 1)).due
    assert [one.audit for one in overview(Audit.objects.all(), on=date(2031, 11, 1)).soon] == [audit]
    publish_pack()
    other = filed(council, number="2026-11/900")
    assert [one.audit for one in overview(Audit.objects.all(), on=DUE.date()).due] == [audit]
    assert not blank_audit(other, by=None, at=DUE)
    assert blank_audit(audit, by=None, at=moment("2031-11-02T09:00")), "on the day itself"


def test_an_audit_that_nobody_finished_loses_nothing(council):
    audit = make_audit(council, "drafted", at=AT)
    Task.objects.open().update(cancelled_at=AT)

    assert not blank_audit(audit, by=None, at=DUE)
    assert not overview(Audit.objects.all(), on=date(2040, 1, 1)).due


def test_a_case_is_closed_once_the_last_involvement_has_ended(council):
    publish_pack(document=keeping("5 years", since="its case is closed"))
    audit = filed(council)
    Episode.objects.filter(subject=audit.subject).update(closed_on=date(2026, 12, 1))
    other = {"preset": "open_cases", "list": "cases", "key": "other", "first_seen_on": AT.date()}
    still_open = Episode.objects.create(subject=audit.subject, **other)
    assert not overview(Audit.objects.all(), on=date(2040, 1, 1)).due

    still_open.closed_on = date(2027, 1, 1)
    still_open.save()

    assert [one.on for one in overview(Audit.objects.all(), on=date(2040, 1, 1)).due] == [date(2032, 1, 1)]


@pytest.mark.parametrize("why", [FOLLOWED, LOOKED_AT_AGAIN, OPEN])
def test_what_is_not_finished_about_it_keeps_it(council, why):
    audit = filed(council, grade="inadequate")
    if why == FOLLOWED:
        begin_responses(at=AT)
    elif why == LOOKED_AT_AGAIN:
        make_audit(council, "drafted", audit_type="re-audit", previous=audit, cycle="2026-12")
    else:
        task = Task.objects.filter(about_id=audit.public_id).first()
        Task.objects.filter(pk=task.pk).update(finished_at=None, finished_by=None, cancelled_at=None)

    assert not blank_audit(audit, by=None, at=DUE)
    assert [one.kept_by for one in overview(Audit.objects.all(), on=DUE.date()).held] == [why]


def test_an_alert_outside_any_audit_keeps_the_reference_of_its_case(council):
    audit = filed(council)
    Episode.objects.update(closed_on=date(2028, 1, 1))
    raise_alert(subject=audit.subject, concern="Bruises", by=council.priya, at=AT)

    assert blank_audit(audit, by=None, at=DUE)

    before = audit.subject.reference
    audit.subject.refresh_from_db()
    assert audit.subject.reference == before


@pytest.mark.parametrize("of", ["audit", "subject"])
def test_while_a_legal_hold_stands_nothing_is_removed(council, of):
    audit = filed(council)
    held = audit if of == "audit" else audit.subject
    hold = place_legal_hold(held, why="The inquiry asked.", by=council.quality_manager, at=AT)

    assert not blank_audit(audit, by=None, at=DUE)
    (kept,) = overview(Audit.objects.all(), on=DUE.date()).held
    assert "The inquiry asked." in kept.kept_by
    with pytest.raises(Refused, match="held already"):
        place_legal_hold(held, why="Again.", by=council.quality_manager, at=AT)

    lift_legal_hold(hold, because="It has reported.", by=council.quality_manager, at=DUE)
    assert blank_audit(audit, by=None, at=DUE)
    assert list(LegalHold.objects.values_list("why", "lifted_because")) == (
        [(REMOVED, REMOVED)] if of == "audit" else [("The inquiry asked.", "It has reported.")]
    )
    assert Event.objects.filter(what__in=["retention.hold", "retention.lift"]).count() == 2


@pytest.mark.parametrize("of", ["audit", "subject"])
def test_who_may_not_hold_or_lift_and_sees_no_hold(council, of):
    audit = filed(council)
    held = audit if of == "audit" else audit.subject
    others = (council.ada, council.theo, council.quinn, council.priya, council.administrator, council.sam)
    for who in others:
        with pytest.raises(Refused, match="does not keep"):
            place_legal_hold(held, why="Mine.", by=who, at=AT)
    hold = place_legal_hold(held, why="The inquiry.", by=council.quality_manager, at=AT)
    with pytest.raises(Refused, match="does not keep"):
        lift_legal_hold(hold, because="Enough.", by=council.theo, at=AT)
    with pytest.raises(Refused, match="Say why"):
        lift_legal_hold(hold, because=" ", by=council.quality_manager, at=AT)
    for who in others:
        assert not LegalHold.objects.visible_to(who, on=AT.date()).exists()
    assert LegalHold.objects.visible_to(council.quality_manager, on=AT.date()).get() == hold


def test_an_open_case_keeps_its_reference(council):
    audit = filed(council)

    blank_audit(audit, by=None, at=DUE)

    audit.subject.refresh_from_db()
    assert audit.subject.reference.startswith("C-")


def test_the_name_of_somebody_who_has_left_goes_with_their_last_audit(council):
    audit, first = filed(council), filed(council, number="2026-11/900")
    council.priya.posts.update(ends_on=date(2028, 1, 1))
    Episode.objects.update(closed_on=date(2028, 1, 1))
    type(council.priya).objects.filter(pk=council.priya.pk).update(is_active=False)

    assert blank_audit(first, by=None, at=DUE)
    council.priya.refresh_from_db()
    assert council.priya.name == "Priya", "she takes part in another that is kept"
    blank_audit(audit, by=None, at=DUE)

    council.priya.refresh_from_db()
    council.ada.refresh_from_db()
    assert council.priya.name == f"Somebody {council.priya.public_id}"
    assert council.ada.name == "Ada"


def test_a_run_that_is_killed_leaves_whole_audits_and_the_next_goes_on(council, monkeypatch):
    two = [filed(council, number=f"2026-11/{number}") for number in (801, 802)]
    wanted = iter([False, True])

    def fail(*given, **named):
        if next(wanted):
            raise SystemExit
        return real(*given, **named)

    real = operations.blank_events
    monkeypatch.setattr(operations, "blank_events", fail)
    with pytest.raises(SystemExit):
        blank_each(two, by=None, at=DUE)
    monkeypatch.undo()

    assert [one.blanked_at is None for one in Audit.objects.order_by("pk")] == [False, True]
    assert "explained" in str(list(two[1].conversation.__class__.objects.values_list("added")))
    assert blank_each(two, by=None, at=DUE) == 1


def test_the_command_removes_nothing_until_told(council, capsys, monkeypatch):
    audit = filed(council)
    monkeypatch.setattr("django.utils.timezone.localtime", lambda *given: DUE if not given else given[0])

    call_command("retention")
    assert f"due   {audit.number}" in capsys.readouterr().out
    assert Audit.objects.get().blanked_at is None

    call_command("retention", "--apply")
    assert "Removed the words of 1." in capsys.readouterr().out
    assert Audit.objects.get().blanked_at == DUE
