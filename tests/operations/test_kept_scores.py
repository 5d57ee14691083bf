# ruff: noqa: E501 - documents
"""The scores of finished audits are kept, and always equal what is reckoned anew from the answers."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from goldenthread.audits import operations
from goldenthread.audits.blanking import blank_audit_words
from goldenthread.audits.many import sheets_of
from goldenthread.audits.models import Audit, KeptScore, Row, value_of
from goldenthread.audits.operations import keep_missing_scores
from goldenthread.audits.operations.locking import locked
from goldenthread.audits.scoring import scores_in
from goldenthread.caseload.models import Fact
from goldenthread.frameworks.queries import pack_of
from goldenthread.measures.scores import reckon
from goldenthread.reporting.audit_report import report_of
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.forms import Given
from goldenthread.rules.refusal import Refused
from tests.grading_packs import pack_with
from tests.make import make_audit, make_council, moment, publish_pack

pytestmark = pytest.mark.django_db
AT = moment("2026-11-05T10:00")
POINTS = """type: yes or no, instead: [not applicable], choices: [{key: "yes", label: "Yes", points: 1}, {key: "no", label: "No", points: 0}]"""
OPEN_TO_THE_END = f"""
audit_types:
  audit: {{form: dip sample, grading: ungraded, flow: dip sample}}
forms:
  dip sample:
    title: Dip sample
    sections:
      - key: checks
        title: Checks
        may_skip: true
        questions:
          - {{key: recorded, text: Is it recorded?, required: false, {POINTS}}}
          - {{key: shared, text: Is it shared?, required: false, when: {{answer: recorded, is: "yes"}}, {POINTS}}}
          - {{key: said, text: What is said?, type: text, required: false}}
          - {{key: clear, text: Is that clear?, required: false, when: {{answer: said, is: "much"}}, {POINTS}}}
      - key: visits
        title: Visits
        repeats: {{title: each visit, at_least: 0, at_most: 3}}
        questions:
          - {{key: seen, text: Was the person seen?, required: false, {POINTS}}}
      - {{key: voice, title: Voice, graded: true, questions: []}}
      - {{key: risk, title: Risk, graded: true, may_skip: true, questions: []}}
scales:
  grades:
    values:
      - {{key: outstanding, label: Outstanding, number: 4, colour: green, symbol: O, good: true}}
      - {{key: good, label: Good, number: 3, colour: turquoise, symbol: G, good: true}}
      - {{key: requires improvement, label: Requires improvement, number: 2, colour: yellow, symbol: R}}
      - {{key: inadequate, label: Inadequate, number: 1, colour: red, symbol: I}}
grading:
  ungraded:
    scale: grades
    overall: false
    rationale: false
    stages:
      - {{key: on the record, label: On the record, by: auditor}}
      - {{key: later, label: Later, by: auditor}}
      - {{key: after dispute, label: After dispute, by: quality manager}}
    scores:
      checks: {{title: Checks met, kind: points over applicable maximum, sections: [checks, visits], decimals: 1}}
      visits: {{title: Not seen, kind: count of answers, sections: [visits], answers: ["no"]}}
      mean: {{title: Mean, kind: average of grades, decimals: 3, weights: {{voice: 2}}}}
flows:
  dip sample:
    title: Dip sample
    first: open
    states:
      open: {{phase: owed, label: Open, edited_by: [auditor], stage: on the record, shown_to: [auditor]}}
      done: {{phase: final, label: Done, edited_by: [auditor], stage: later, shown_to: [auditor, quality team]}}
      away: {{phase: filed, label: Away, edited_by: [auditor], shown_to: [auditor, quality team]}}
    steps:
      finish: {{label: Finish, from: [open], to: done, by: [auditor], finishes: [complete the audit]}}
      put away: {{label: Put away, from: [done], to: away, by: [auditor]}}
re_audit: [{{after: [re-audit], when: {{answer: further re-audit, is: "yes"}}, type: re-audit, not_before: 1 month, because: The re-audit recommends it}}]
"""
NAMES = {"checks", "visits", "mean"}


def document(**changes):
    """That framework with its first section changed."""
    data = read_document(pack_with(OPEN_TO_THE_END)).data
    if "when" in changes:
        data["facts"] = {"risk": "How high the risk is"}
    data["forms"]["dip sample"]["sections"][0].update(changes)
    return write_document(data)


@pytest.fixture
def council():
    publish_pack(document=document())
    return make_council()


def kept(audit):
    return {one.score: value_of(one.thousandths) for one in KeptScore.objects.filter(audit=audit)}


def anew(audit):
    (sheet,) = sheets_of([Audit.objects.select_related("version").get(pk=audit.pk)])
    return scores_in(sheet)


def counted(audit):
    (one,) = reckon(Audit.objects.filter(pk=audit.pk), sorted(NAMES))
    return one.values


def finish(audit):
    operations.take_step(audit, "finish", by=audit.auditor, at=AT)


def answer(audit, question, said, **more):
    said = Given(instead=said) if said == "not applicable" else Given(said)
    operations.save_answer(audit, question, said, **{"expected": 0, "by": audit.auditor, "at": AT, **more})


def test_nothing_is_kept_before_an_audit_is_finished_and_all_its_scores_then(council):
    audit = make_audit(council)
    answer(audit, "recorded", "yes")
    before = kept(audit)

    finish(audit)

    assert before == {} and kept(audit) == {"checks": 100, "visits": None, "mean": None}
    assert kept(audit) == anew(audit)


ANSWERS = st.sampled_from(["yes", "no", "not applicable", ""])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.sampled_from(["recorded", "shared", "clear"]), ANSWERS),
        st.tuples(st.just("answer"), st.just("said"), st.sampled_from(["much", "little", ""])),
        st.tuples(st.just("answer in a row"), st.integers(0, 2), ANSWERS),
        st.tuples(st.just("skip"), st.sampled_from(["checks", "risk"]), st.booleans()),
        st.tuples(st.just("add a row")),
        st.tuples(st.just("take a row out"), st.integers(0, 2)),
        st.tuples(st.just("put a row back"), st.integers(0, 2)),
        st.tuples(st.just("grade"), st.sampled_from(["voice", "risk"]), st.sampled_from(["good", "inadequate"])),
        st.tuples(st.just("dispute"), st.sampled_from(["voice", "risk"]), st.sampled_from(["good", "inadequate"])),
        st.tuples(st.just("step"), st.sampled_from(["finish", "put away"])),
    ),
    max_size=14,
)  # fmt: skip


def does(audit, what, *said):
    """One thing that can happen to an audit; what cannot be done now changes nothing."""
    audit = Audit.objects.get(pk=audit.pk)
    hand = {"by": audit.auditor, "at": AT}
    rows = list(Row.objects.filter(audit=audit).order_by("pk"))
    with transaction.atomic():
        if what == "answer":
            _over(audit, said[0], None, said[1], hand)
        elif what == "answer in a row" and said[0] < len(rows):
            _over(audit, "seen", rows[said[0]], said[1], hand)
        elif what == "skip":
            operations.skip_section(audit, said[0], skip=said[1], **hand)
        elif what == "add a row":
            operations.add_row(audit, "visits", name="", **hand)
        elif what == "take a row out" and said[0] < len(rows):
            operations.take_out_row(audit, rows[said[0]].public_id, **hand)
        elif what == "put a row back" and said[0] < len(rows):
            operations.put_back_row(audit, rows[said[0]].public_id, **hand)
        elif what == "grade":
            stands = audit.judgements.current().filter(part=said[0]).order_by("-stage_order").first()
            at_stage = "on the record" if audit.state == "open" else "later"
            version = stands.version if stands and stands.stage == at_stage else 0
            operations.save_judgement(audit, said[0], grade=said[1], why="", expected=version, **hand)
        elif what == "dispute":
            operations.judge_again(locked(audit), "after dispute", {said[0]: said[1]}, why="So.", **hand)
        elif what == "step":
            operations.take_step(audit, said[0], **hand)


def _over(audit, question, row, said, hand):
    stands = audit.answers.filter(question=question, row=row).first()
    place = f"{question}@{row.public_id}" if row else question
    answer(audit, place, said, expected=stands.version if stands else 0, **hand)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(before=STEPS, after=STEPS)
def test_whatever_happens_to_an_audit_the_kept_scores_are_those_reckoned_anew(council, before, after):
    with transaction.atomic():
        audit = make_audit(council)
        for happens in [*before, ("step", "finish"), *after]:
            try:
                does(audit, *happens)
            except Refused:
                continue
            audit.refresh_from_db()
            assert kept(audit) == (anew(audit) if audit.state != "open" else {}), happens
        assert counted(audit) == anew(audit)
        transaction.set_rollback(True)


CHANGES = [
    ("answer", "recorded", "yes"),
    ("answer in a row", 0, "no"),
    ("skip", "checks", True),
    ("take a row out", 0),
    ("put a row back", 1),
    ("grade", "voice", "inadequate"),
    ("dispute", "voice", "inadequate"),
]


@pytest.mark.parametrize("change", CHANGES, ids=[one[0] for one in CHANGES])
def test_each_change_of_a_finished_audit_changes_what_is_kept(council, change):
    audit = make_audit(council)
    for happens in (
        ("answer", "recorded", "no"),
        *(("grade", part, "good") for part in ("voice", "risk")),
        *(("add a row",), ("add a row",), ("answer in a row", 0, "yes"), ("answer in a row", 1, "no")),
        *(("take a row out", 1), ("step", "finish")),
        *([("step", "put away")] if change[0] == "dispute" else []),
    ):
        does(audit, *happens)
    before = kept(audit)

    does(audit, *change)

    assert before == {"checks": 50, "visits": 0, "mean": 3}
    assert kept(audit) == anew(audit) != before


def test_many_kept_scores_are_one_statement_and_open_audits_are_not_counted(
    council, django_assert_num_queries
):
    audits = [make_audit(council) for _ in range(4)]
    for audit in audits[:3]:
        answer(audit, "recorded", "no")
        finish(audit)

    with django_assert_num_queries(1):
        found = reckon(Audit.objects.all(), ["checks"])

    assert [(one.audit, one.values) for one in found] == [(audit.pk, {"checks": 0}) for audit in audits[:3]]


def test_an_update_keeps_the_scores_of_what_was_finished_before_it_and_those_of_nothing_twice(council):
    audits = [make_audit(council) for _ in range(3)]
    for audit in audits[:2]:
        answer(audit, "recorded", "yes")
        finish(audit)
    before = [kept(audit) for audit in audits]
    KeptScore.objects.all().delete()

    assert counted(audits[0]) == before[0]  # without any, they are reckoned
    call_command("init_db", verbosity=0)

    assert [kept(audit) for audit in audits] == before and before[2] == {}
    assert keep_missing_scores() == 0


def test_a_score_that_a_fact_of_the_case_can_change_is_not_kept_and_follows_the_fact(council):
    publish_pack(document=document(when={"fact": "risk", "is": "high"}), at=moment("2026-11-03T09:00"))
    audit = make_audit(council, at=AT)
    answer(audit, "recorded", "yes")
    finish(audit)
    before = counted(audit)["checks"]

    Fact.objects.create(subject=audit.subject, name="risk", value="high", starts_on=AT.date() - timedelta(9))

    assert kept(audit) == {} and keep_missing_scores() == 0
    assert (before, counted(audit)["checks"]) == (None, 100)


def test_a_score_that_an_earlier_audit_can_change_is_not_kept(council):
    data = read_document(document()).data
    data["grading"]["ungraded"]["rules"] = [
        {"kind": "carry forward", "part": "risk", "because": "This part was not looked at"}
    ]
    publish_pack(document=write_document(data), at=moment("2026-11-03T09:00"))
    audit = make_audit(council, at=AT)
    answer(audit, "recorded", "yes")

    finish(audit)

    assert kept(audit) == {} and counted(audit) == anew(audit)


def test_retention_takes_words_and_leaves_the_score_that_a_word_decided(council):
    audit = make_audit(council)
    for question, said in (("recorded", "yes"), ("said", "much"), ("clear", "no")):
        answer(audit, question, said)
    finish(audit)
    before = kept(audit)

    with transaction.atomic():
        blank_audit_words(audit)
        Audit.objects.filter(pk=audit.pk).update(blanked_at=AT)
    operations.take_step(audit, "put away", by=audit.auditor, at=AT)

    assert before["checks"] == 50 and anew(audit)["checks"] == 100
    assert counted(audit) == before
    title = pack_of(audit.version).grading_of(audit.audit_type).scores["checks"].title
    told = dict(report_of(Audit.objects.with_framework("subject").get(pk=audit.pk), on=AT.date()).scores)
    assert "50" in told[title] and "100" not in told[title]
