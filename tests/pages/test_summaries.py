"""A role that reads a summary alone: what it sees of an audit, and that no page of it shows any more."""

import pytest
from django.db import transaction

from goldenthread.audits.models import Conversation, QualityCheck
from goldenthread.audits.queries import answers_shown, findings_shown, judgements_shown, may_read
from goldenthread.audits.returns import may_see_others
from goldenthread.audits.summaries import is_kept_to_summary, may_read_summary
from goldenthread.escalations.queries import is_party
from goldenthread.findings.models import Finding
from goldenthread.reporting.summaries import summarised
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.reading import faults
from tests.make import PACK, moment
from tests.pages.test_access import TABLE, Records, address_of
from tests.subject_packs import pack_looking_at

ON = moment("2026-11-20T10:00").date()
ANSWERS, EVIDENCE, REASONS = "What was seen: ", "Case note of 3 August", ": the record shows it."
GAP, ADDED, POINTS = "The plan has no date", "They told of a fall", "Say more of the fall"
OF_THE_AUDIT = {"audit", "dispute", "response", "action", "alert", "copy", "moderation", "file", "subject"}
LISTS = {"list_audits", "list_actions", "list_disputes", "my_tasks"}
NEVER = (ANSWERS, EVIDENCE, REASONS, ADDED, POINTS)


def with_summary(document, **summary):
    data = read_document(document).data
    data["audit_types"]["audit"]["summary"] = {"to": ["practitioner"], **summary}
    return write_document(data)


@pytest.fixture(scope="module")
def records(django_db_setup, django_db_blocker):
    """Made once, with words that nobody may read who reads a summary alone; taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = Records(with_summary(pack_looking_at("household")))
        audit = made.audit
        for kind, text in (("good", "She was asked first"), ("gap", GAP)):
            Finding.objects.create(
                about_kind="audit", about_id=audit.public_id, about_label=str(audit), version=audit.version,
                kind=kind, text=text, found_by=audit.auditor, found_at=moment(),
            )  # fmt: skip
        Conversation.objects.filter(audit=audit).update(added=ADDED)
        QualityCheck.objects.filter(audit=audit).update(points=POINTS)
        yield made
        transaction.set_rollback(True)


def everything(client, records, person, only=None):
    """What each page of the router about the audit, or what follows it, shows to somebody, by its name."""
    client.force_login(getattr(records.council, person))
    found = {}
    for name, row in TABLE.items():
        if row.method != "get" or not ({*row.args, *row.query.values()} & OF_THE_AUDIT or name in LISTS):
            continue
        if only and name not in only:
            continue
        with transaction.atomic():
            answer = client.get(address_of(records, row, name, {}))
            said = b"".join(answer) if answer.streaming else answer.content
            transaction.set_rollback(True)
        found[name] = said.decode(errors="replace")
    return found


@pytest.mark.django_db
def test_no_page_shows_a_reader_of_the_summary_an_answer_evidence_or_a_reason(client, records):
    pages = everything(client, records, "priya")
    whole = everything(client, records, "theo", {"show_report", "show_conversation"})

    leaks = {name: words for name, text in pages.items() for words in (*NEVER, GAP) if words in text}

    assert leaks == {} and set(pages) > LISTS
    shown = pages["show_audit"]
    assert "You read a summary of this" in shown and "She was asked first" in shown
    assert "On the record" in shown and "Good" in shown
    seen = " ".join(whole.values())
    assert [words for words in (*NEVER, GAP) if words not in seen] == [POINTS], (
        "another role reads all but these"
    )


@pytest.mark.django_db
def test_what_is_asked_of_the_database_gives_a_reader_of_the_summary_nothing(records):
    audit, priya, theo = records.audit, records.council.priya, records.council.theo

    assert (may_read(audit, priya, on=ON), may_read_summary(audit, priya, on=ON)) == (False, True)
    for shown in (answers_shown, judgements_shown, findings_shown):
        assert not shown(audit, priya, on=ON).exists() and shown(audit, theo, on=ON).exists()
    assert (may_read(audit, theo, on=ON), may_read_summary(audit, theo, on=ON)) == (True, False)
    told = summarised(audit, on=ON)
    assert not (*told.chapters, *told.overall, *told.conversation, *told.led_to, *told.disputes)
    assert not (told.scores or told.to_improve) and told.grades and told.good_practice
    assert is_party(audit, priya, on=ON), "the grade that one reads may be disputed"
    assert is_kept_to_summary(records.returned_audit, priya, on=ON)
    assert not may_see_others(records.returned_audit, priya, on=ON)
    for person in (records.council.sam, records.council.hope):
        assert not may_read_summary(audit, person, on=ON)


@pytest.mark.django_db
def test_nothing_is_read_before_the_state_shows_it(records):
    audit, priya = records.audit, records.council.priya
    assert not may_read_summary(records.open_audit, priya, on=ON)
    assert may_read_summary(audit, priya, on=ON)


@pytest.mark.parametrize(
    ("to", "also", "place", "said"),
    [
        (["practitioner"], ["areas to improve", "scores"], None, ""),
        (["nobody"], [], "to › 1", "There is no role “nobody”"),
        (["auditor"], [], "to › 1", "fills in the form"),
        (["team manager"], [], "to › 1", "lead to single answers"),
        (["earlier practitioner"], [], "to › 1", "No state is shown to"),
        (["practitioner", "practitioner"], [], "to › 2", "stands here twice"),
        (["practitioner"], ["scores", "scores"], "also › 2", "stands here twice"),
    ],
)
def test_who_reads_a_summary_reads_something_and_no_more_in_another_way(to, also, place, said):
    document = with_summary(PACK.read_text(), to=to, also=also)

    found = [(str(one.where), one.sentence) for one in faults(document)]

    assert bool(found) == bool(said)
    assert not said or any(place in where and said in sentence for where, sentence in found), found
