"""The community mental health framework that ships, each of its layers drawn to filed (LA-1, LA-2, AL-1)."""

from datetime import date, timedelta

import pytest

from goldenthread.audits import operations as audits
from goldenthread.audits.filing import note_for
from goldenthread.audits.models import Audit
from goldenthread.audits.sheets import sheet_of
from goldenthread.caseload.models import Fact
from goldenthread.frameworks.models import Framework
from goldenthread.improvement.models import Response
from goldenthread.improvement.operations import (
    Agreed,
    begin_responses,
    close_action,
    finish_action,
    record_discussion,
    verify_action,
)
from goldenthread.measures.standards import Span, audits_in, standards_of, that_say
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.operations import commission_audits, send_commissions
from goldenthread.programmes.operations.allocation import allocate
from goldenthread.programmes.operations.draws import draw, freeze_frame
from goldenthread.programmes.operations.events import record_incident
from goldenthread.programmes.operations.reaudits import place_reaudits
from goldenthread.programmes.operations.sending import send_cycle
from goldenthread.programmes.operations.year import plan_year
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.forms import Given
from goldenthread.rules.reading import faults
from goldenthread.rules.refusal import Refused
from goldenthread.rules.solver import fill
from tests.make import PACK, make_person, make_post, make_subject, make_unit, moment, publish_pack

pytestmark = pytest.mark.django_db
DOCUMENT = PACK.with_name("community-mental-health.yaml").read_text()
KEY = "community-mental-health"
AT = moment("2026-07-06T09:00")
DAY = AT.date()


class Provider:
    """Two teams with a leader and two keyworkers each, two senior leads, and the quality lead."""

    def __init__(self):
        top = make_unit("Bridge Support", kind="organisation", nation="england-and-wales")
        self.quinn = self._person("Quinn", "quality lead", top)
        self.manager = self._person("Rae", "registered manager", top)
        self.leads = [self._person(f"Lead {n}", "senior practice lead", top) for n in range(2)]
        self.teams = [make_unit(f"{name} team", under=top) for name in ("North", "South")]
        self.leaders = {team.pk: self._person(f"Leader {team}", "team leader", team) for team in self.teams}
        self.files = []
        for team in self.teams:
            workers = [self._person(f"Keyworker {n} {team}", "keyworker", team) for n in range(2)]
            for n in range(4):
                file = make_subject(f"{team} {n}", unit=team, practitioner=workers[n % 2])
                self.files.append(file)

    @staticmethod
    def _person(name, post, unit):
        person = make_person(name, email=f"{name.lower().replace(' ', '.')}@example.org")
        make_post(person, post, unit)
        return person


def set_up():
    """The framework published, the provider, and the year planned."""
    publish_pack(document=DOCUMENT)
    provider = Provider()
    plan_year(KEY, 2026, by=None, at=AT)
    return provider


@pytest.fixture
def provider():
    return set_up()


def sent(label, *kinds):
    """The audits of a cycle, drawn, allocated and sent."""
    cycle = Cycle.objects.get(framework_key=KEY, label=label)
    place_reaudits(cycle, by=None, at=AT)
    for kind in kinds:
        draw(freeze_frame(cycle, kind, by=None, at=AT), seed="7", by=None, at=AT)
    run = allocate(cycle, solve=fill, by=None, at=AT)
    assert run.unfilled == 0, [slot.unfilled for slot in cycle.slots.filter(auditor=None)]
    send_cycle(cycle, by=None, at=AT)
    return list(Audit.objects.filter(cycle=label).order_by("number"))


def finish(audit, quinn, grade, *, at, missed=(), in_part=()):
    """From allocated to filed, with every standard visible but those named."""
    for _, questions in sheet_of(audit).sections:
        for question in questions:
            value = question.options[0].key if question.options else "What the file shows."
            value = "not visible" if question.key in missed else value
            value = "in part" if question.key in in_part else value
            given = Given(value, evidence="Care plan of 3 June.")
            audits.save_answer(audit, question.key, given, expected=0, by=audit.auditor, at=at)
    audits.save_judgement(
        audit, "overall", grade=grade, why="As the answers say.", expected=0, by=audit.auditor, at=at
    )
    take = lambda name, by, **said: audits.take_step(  # noqa: E731 - the steps read as a list
        Audit.objects.get(pk=audit.pk), name, by=by, at=at, **said
    )
    take("finish draft", audit.auditor)
    audits.arrange_conversation(audit, arranged_for=at, place="Room 4", expected=0, by=audit.auditor, at=at)
    audits.record_conversation(
        audit, held_on=at.date(), attended="both", added="Agreed.", expected=1, by=audit.auditor, at=at
    )
    take("accept", quinn)
    audit.refresh_from_db()
    take("file", audit.auditor, case_note=note_for(audit, at=at))
    audit.refresh_from_db()
    return audit


def span(kind="monthly audit"):
    return Span(Framework.objects.get(key=KEY), kind, DAY, DAY + timedelta(days=60))


def test_the_framework_has_no_faults():
    assert faults(DOCUMENT) == []


def test_a_few_files_of_every_team_are_audited_each_month_to_the_end(provider):
    found = sent("2026-07", "monthly audit")

    assert len(found) == 4 and {audit.unit for audit in found} == set(provider.teams)
    assert all(provider.leaders[audit.unit_id] != audit.auditor for audit in found)
    filed = [finish(one, provider.quinn, "assured", at=AT + timedelta(days=10)) for one in found]
    assert {audit.phase for audit in filed} == {"filed"}


def test_a_file_without_one_non_negotiable_is_not_assured_whatever_the_share(provider):
    audit = sent("2026-07", "monthly audit")[0]

    with pytest.raises(Refused, match="non-negotiable is not visible"):
        finish(audit, provider.quinn, "partly assured", at=AT, missed=["has thresholds"])
    assert Audit.objects.get(pk=audit.pk).phase == "owed"


def test_what_was_not_assured_is_looked_at_again_after_six_weeks(provider):
    audit = sent("2026-07", "monthly audit")[0]
    finish(audit, provider.quinn, "not assured", at=AT, missed=["has thresholds"])

    early = place_reaudits(Cycle.objects.get(framework_key=KEY, label="2026-08"), by=None, at=AT)
    again = place_reaudits(Cycle.objects.get(framework_key=KEY, label="2026-09"), by=None, at=AT)

    assert (len(early.slots), len(again.slots)) == (0, 1)


def test_each_quarter_has_its_theme_and_draws_only_files_of_that_theme(provider):
    under = [provider.files[0], provider.files[4]]
    for file in under:
        Fact.objects.create(subject=file, name="safeguarding", value="open", starts_on=date(2026, 5, 1))

    cycle = Cycle.objects.get(framework_key=KEY, label="2026-Q2")
    with pytest.raises(Refused, match="theme is safeguarding"):
        freeze_frame(cycle, "discharge audit", by=None, at=AT)
    found = sent("2026-Q2", "safeguarding audit")

    assert {audit.subject for audit in found} == set(under)


def test_one_answer_serves_every_reader_and_each_figure_leads_to_its_files(provider):
    first, second, third, fourth = sent("2026-07", "monthly audit")
    finish(first, provider.quinn, "assured", at=AT)
    finish(second, provider.quinn, "partly assured", at=AT, in_part=["has thresholds"])
    finish(third, provider.quinn, "not assured", at=AT, missed=["has thresholds", "has baseline"])

    rows = {row.key: row for row in standards_of(span(), reader=provider.quinn, on=DAY)}

    plan = rows["escalation plan"]
    assert (plan.met, plan.in_part, plan.missed) == (1, 1, 1)
    assert (rows["baseline"].met, rows["baseline"].missed) == (2, 1)
    assert "first contact" not in rows  # another kind of audit asks about it
    behind = audits_in(span(), reader=provider.quinn, on=DAY)
    assert list(that_say(behind, "escalation plan", "missed", span=span())) == [third]
    assert not that_say(behind, "escalation plan", "wonderful", span=span())
    assert fourth not in behind


def test_a_team_leader_sees_the_standards_of_the_team_alone(provider):
    found = sent("2026-07", "monthly audit")
    for audit in found:
        finish(audit, provider.quinn, "assured", at=AT)
    leader = provider.leaders[provider.teams[0].pk]

    rows = standards_of(span(), reader=leader, on=DAY)
    nobody = standards_of(span(), reader=make_person("Sam"), on=DAY)

    assert {row.met for row in rows} == {2}
    assert {row.judged for row in nobody} == {0}


def test_standards_take_as_many_statements_however_many_audits(provider, django_assert_max_num_queries):
    for audit in sent("2026-07", "monthly audit"):
        finish(audit, provider.quinn, "assured", at=AT)

    with django_assert_max_num_queries(12):
        standards_of(span(), reader=provider.quinn, on=DAY)


def test_a_later_version_counts_each_audit_by_its_own_words_and_says_that_they_changed(provider):
    audit = sent("2026-07", "monthly audit")[0]
    finish(audit, provider.quinn, "assured", at=AT)
    data = read_document(DOCUMENT).data
    data["standards"]["baseline"]["means"] = "Seen at the beginning, with a date."
    question = data["forms"]["non-negotiables"]["sections"][0]["questions"][0]
    question["choices"][0]["points"], question["choices"][2]["points"] = 0, 2

    publish_pack(document=write_document(data), at=AT)

    rows = {row.key: row for row in standards_of(span(), reader=provider.quinn, on=DAY)}
    assert (rows["baseline"].met, rows["baseline"].missed) == (1, 0)
    assert rows["baseline"].changed and not rows["risk"].changed


def test_a_statutory_standard_cannot_be_left_out_of_the_next_version(provider):
    data = read_document(DOCUMENT).data
    data["standards"]["risk"]["source"] = "local"

    with pytest.raises(Refused, match="The risk assessment is current.* is statutory"):
        publish_pack(document=write_document(data), at=AT)


def test_six_weeks_after_an_incident_the_file_is_audited_for_what_was_learnt(provider):
    file, team = provider.files[0], provider.teams[0]
    record_incident(subject=file, what="restraint", happened_on=DAY, by=provider.leaders[team.pk], at=AT)
    commission_audits(at=AT)

    assert send_commissions(at=AT + timedelta(weeks=5)) == 0
    later = AT + timedelta(weeks=6)
    assert send_commissions(at=later) == 1
    audit = Audit.objects.get(audit_type="incident audit")
    assert (audit.subject, audit.auditor in [*provider.leads, provider.quinn]) == (file, True)
    assert finish(audit, provider.quinn, "assured", at=later).phase == "filed"


def test_an_action_after_an_audit_stays_open_until_its_proof_holds(provider):
    audit = sent("2026-07", "monthly audit")[0]
    finish(audit, provider.quinn, "not assured", at=AT, missed=["has thresholds"])
    leader, worker = provider.leaders[audit.unit_id], audit.practitioner
    begin_responses(at=AT)
    agreed = Agreed(
        "Write the three thresholds into the plan with the person", worker, "case", "significant",
        kind="put right", proof="observation",
    )  # fmt: skip
    response = Response.objects.get(rule="supervision")

    record_discussion(
        response, held_on=DAY, present="Both", discussed="What the plan lacks.",
        recorded_as="Supervision note", actions=[agreed], by=leader, at=AT,
    )  # fmt: skip
    action = finish_action(response.actions.get(), evidence="Plan of 10 July.", by=worker, at=AT)

    with pytest.raises(Refused, match="not been shown to have worked"):
        close_action(action, by=leader, at=AT)
    verify_action(action, held=True, found="Seen in practice.", looked_on=DAY, by=provider.leads[0], at=AT)
    assert close_action(action, by=leader, at=AT).state == "closed"
