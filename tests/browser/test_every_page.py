"""Every page of the router, as each of the fixed people who may open it, for the checker of accessibility.

What there is to open is the table of tests/pages/test_access.py, which names every address of the router;
an address that is neither looked at here nor listed as leading elsewhere fails the test. Names are as long
as they get. A page that is built alike for several people is looked at once.
"""

import hashlib
import re

import pytest

from goldenthread.caseload.models import Episode, Subject
from goldenthread.people.models import Person, Unit
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.operations.draws import freeze_frame
from goldenthread.programmes.operations.reaudits import place_reaudits
from tests.browser.conftest import assert_accessible
from tests.make import make_council, make_cycle, moment, publish_pack
from tests.pages.test_access import EVERYBODY, TABLE, Records, address_of

pytestmark = pytest.mark.django_db(transaction=True)
LONGEST = 60
UNBROKEN = "Featherstonehaugh-Cholmondeley-Montgomery-Wolstenholme"
FILES = {
    "download_answers",
    "download_compliance",
    "download_conversation",
    "download_copy_as_pdf",
    "download_copy_as_word",
    "download_draw",
    "download_file",
    "download_return_file",
    "download_frame",
    "download_further_report",
    "download_highlights",
    "download_month",
    "download_moderation_draw",
    "download_moderation_frame",
    "download_moderation_meeting",
    "download_people_template",
    "download_person_report",
    "download_reads",
    "download_reaudit_draw",
    "download_reaudit_frame",
    "download_report_as_pdf",
    "download_report_as_word",
    "download_subject_template",
    "export_draft",
    "export_framework",
    "healthz",
    "time_left",
}
DOES_NOT_SHOW = {
    # what is done by a button alone
    "abandon_extract",
    "add_line",
    "add_part",
    "ask_again",
    "begin_agreement",
    "try_commission_again",
    "allocate_cycle",
    "allocate_moderation",
    "arrange_parts",
    "call_off_conversation",
    "call_off_moderation_meeting",
    "check_discussion",
    "check_words",
    "close_account",
    "close_action",
    "consent_to_closing",
    "confirm_draft",
    "confirm_extract",
    "discard_agreement",
    "discard_kept_words",
    "end_emergency",
    "end_my_sign_in",
    "end_other_sign_ins",
    "end_sign_ins",
    "stay_signed_in",
    "take_back_leaving",
    "draw_for_moderation",
    "end_pause",
    "drop_copy",
    "finish_action",
    "note_sent_copy",
    "sign_off_further_report",
    "sign_off_person_report",
    "sign_off_report",
    "give_action",
    "give_consent",
    "offer_moderators",
    "plan_year",
    "remove_key",
    "retry_notice",
    "save_answer",
    "save_judgement",
    "save_return_answer",
    "save_return_judgement",
    "send_in_return",
    "skip_return_section",
    "save_row_name",
    "send_draft_back",
    "sign_in_as",
    "sign_agreement",
    "sign_out",
    "skip_section",
    "take_step",
    "undo_extract",
    "update_kind",
    "verify_action",
    "withdraw_consent",
    "withdraw_consent_to_closing",
    "withdraw_dispute",
    "withdraw_finding",
    # what the framework of these tests gives nobody; looked at in tests/pages/test_events.py,
    # test_nominations.py, test_copies.py and test_show_standards.py
    "ask_for_further_report",
    "ask_for_person_report",
    "ask_for_report",
    "list_standard_audits",
    "nominate_case",
    "record_incident",
    "record_supervision",
    # a row of a finished audit leads to its section; one that is filled in is looked at in test_rows
    "audit_row",
    # leads on to the report itself
    "open_person_report",
    "open_report",
    # the way in leads those who are signed in to their tasks
    "home",
    "account_login",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "sign_in_through_directory",
    "come_from_directory",
    # asks for the password first, or needs a second factor; looked at in test_second_factor.py
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
    "list_my_returns",  # somebody from outside looks at theirs in test_outside.py
    "sign_in",
}
STAND_INS = {"draw_picks": {"draw": "undrawn"}, "answer_missing": {"subject": "missing"}}


def test_every_page_is_accessible_to_everybody_who_may_open_it(page, sign_in, client):
    records = Records()
    add_what_waits(records)
    give_long_names()
    seen, faults = {}, []
    for who in sorted(EVERYBODY):
        person = Person.objects.get(pk=getattr(records.council, who).pk)
        sign_in(person)
        for name, row in TABLE.items():
            if name not in FILES | DOES_NOT_SHOW and who in row.who:
                faults += look_at(
                    page, client, address_of(records, row, name, STAND_INS.get(name, {})), name, seen
                )

    assert not faults, "\n".join(faults)
    assert set(TABLE) - set(seen) - FILES - DOES_NOT_SHOW == set()
    assert set(seen) & (FILES | DOES_NOT_SHOW) == set()


def test_every_list_is_accessible_with_nothing_in_it(page, sign_in, client):
    council = make_council()
    publish_pack()
    seen, faults = {}, []
    for who in ("sam", "quinn", "quality_manager"):
        sign_in(getattr(council, who))
        for name, row in TABLE.items():
            if not row.args and name not in FILES | DOES_NOT_SHOW and who in row.who:
                faults += look_at(page, client, address_of(None, without_query(row), name, {}), name, seen)

    assert not faults, "\n".join(faults)
    assert Cycle.objects.count() == 0
    assert {"list_audits", "list_subjects", "list_extracts", "list_reports", "my_tasks"} <= set(seen)


def add_what_waits(records):
    """A frame that nobody has drawn from yet, and a case that the newest extract did not show."""
    by, cycle = records.council.quinn, make_cycle("2027-03")
    place_reaudits(cycle, by=by, at=moment())
    records.undrawn = freeze_frame(cycle, "audit", by=by, at=moment())
    missing = Episode.objects.get(subject__reference="DRAWN-0")
    Episode.objects.filter(pk=missing.pk).update(missing_since=missing.first_seen_on)
    records.missing = missing.subject


def give_long_names():
    """Names as long as they get, one of them without a place to break."""
    for person in Person.objects.all():
        Person.objects.filter(pk=person.pk).update(name=f"{person.name} {UNBROKEN}"[:LONGEST])
    for unit in Unit.objects.all():
        long_name = f"{unit.name} for Adults with Long-term Conditions and their Families"
        Unit.objects.filter(pk=unit.pk).update(name=long_name[:LONGEST])
    subject = Subject.objects.get(reference="CASE-1")
    Subject.objects.filter(pk=subject.pk).update(reference="CASE-1-" + "0123456789" * 4)


def look_at(page, client, address, name, seen):
    """The faults of a page, unless one that is built alike was looked at before."""
    answer = client.get(address)
    if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
        return []
    shape = shape_of(answer.text)
    if shape in seen.setdefault(name, set()):
        return []
    seen[name].add(shape)
    page.goto(address)
    try:
        assert_accessible(page)
    except AssertionError as found:
        return str(found).splitlines()
    return []


def shape_of(markup):
    """What the page is built of, without its words: the tags and classes of its main part, each once."""
    main = markup[markup.find("<main") :]
    parts = sorted(set(re.findall(r'<\w+(?: class="[^"]*")?', main)))
    return hashlib.sha256("".join(parts).encode()).digest()


def without_query(row):
    """The same row for the bare address."""
    return type(row)(**{**vars(row), "query": {}})
