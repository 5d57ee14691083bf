"""Who may open which page: one table for every address of the router, tried by every kind of user.

A page that the table lacks fails the test. What somebody may not open is refused: 403 where their
post does not include it, 404 where the record is not theirs to know of.
"""

import re
from datetime import date, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import get_args
from urllib.parse import urlencode
from zipfile import ZipFile

import pytest
from django.db import transaction
from django.urls import get_resolver, reverse
from django.utils import timezone

from goldenthread.audits.models import AttachedFile, Moderation, ModerationDraw, Row
from goldenthread.audits.operations import note_finding
from goldenthread.caseload.models import Extract, Work
from goldenthread.caseload.operations.subjects import keep
from goldenthread.caseload.wanted import Wanted
from goldenthread.escalations.models import LateWork
from goldenthread.escalations.operations import (
    Point,
    escalate_late_work,
    raise_alert,
    raise_dispute,
    raise_private_concern,
)
from goldenthread.findings.operations import Found
from goldenthread.frameworks.models import Framework
from goldenthread.frameworks.operations import begin_draft
from goldenthread.frameworks.queries import pack_of
from goldenthread.governance.break_glass import break_glass
from goldenthread.governance.copying import ask_for_copy
from goldenthread.governance.models import FurtherReport
from goldenthread.governance.operations import place_legal_hold
from goldenthread.improvement.models import Response
from goldenthread.improvement.operations import Agreed, begin_responses, record_discussion
from goldenthread.ledger.models import Event
from goldenthread.people.models import Leave
from goldenthread.people.operations.signing_in import invitation_of
from goldenthread.programmes.models import Commission, Cycle, Draw, Nomination, Occurrence, ReauditDraw, Slot
from goldenthread.programmes.operations.draws import draw, freeze_frame
from goldenthread.programmes.operations.reaudits import place_reaudits
from goldenthread.registers.operations import begin_agreement
from goldenthread.rules import draws
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.roles import Permission
from goldenthread.tasks.models import Appointment, ClockPause, Notice
from goldenthread.web.access import SIGNING_IN
from tests.make import (
    LONG_AGO,
    PACK,
    make_audit,
    make_council,
    make_cycle,
    make_person,
    make_post,
    make_subject,
    moment,
    publish_pack,
)
from tests.plurals import wrongly_plural
from tests.return_packs import AGENCIES, invite_hope, return_of, with_returns
from tests.subject_packs import pack_looking_at

ADA, QUINN, MARA, THEO, HANA, PRIYA, OLGA, SAM, ALEX = (
    "ada",
    "quinn",
    "quality_manager",
    "theo",
    "hana",
    "priya",
    "other_manager",
    "sam",
    "administrator",
)
EVERYBODY = {ADA, QUINN, MARA, THEO, HANA, PRIYA, OLGA, SAM, ALEX}
SETS_UP = {MARA, ALEX}  # manage people, manage frameworks, see the ledger and the read log
IMPORTS = {QUINN, MARA, ALEX}
DRAWS = {QUINN, MARA}
READS_REPORTS = {QUINN, MARA, THEO, HANA, OLGA}
NAMES_AN_AUDITOR = {QUINN, MARA, THEO, HANA}
SEES_THE_AUDIT = {ADA, QUINN, MARA, THEO, HANA, PRIYA}
SEES_ADAS_AUDITS = {ADA, QUINN, MARA, THEO, HANA}
SEES_THE_CASE = {QUINN, MARA, THEO, HANA, PRIYA, ALEX}
SEES_THE_COPY = {QUINN, MARA, THEO, HANA}
SEES_WHAT_FOLLOWS = {QUINN, MARA, THEO, HANA, PRIYA}
SEES_THE_ALERT = {ADA, QUINN, MARA, THEO, HANA}
ANYBODY = EVERYBODY | {None}

QUESTION = "details current"
SECRETS = ("OTHER-CASE-77", "2026-11/977", "Wanda Ward")
"""The other team's case, its audit and its practitioner."""


def page(who, *args, method="get", data=None, **query):
    """A row: who may open it; the names in its address and its query are those of `Records`."""
    return SimpleNamespace(who=set(who), args=args, method=method, data=data or {}, query=query)


def post(who, *args, **data):
    """A row of a page that only takes what is sent to it."""
    return page(who, *args, method="post", data=data)


TABLE = {
    # the way in
    "home": page(EVERYBODY),
    "healthz": page(ANYBODY),
    "accessibility_statement": page(ANYBODY),
    "sign_in": page(ANYBODY),
    "account_login": page(ANYBODY),
    "sign_in_as": post((), "sam"),
    "sign_in_through_directory": page(()),  # where there is one; see test_directory.py
    "come_from_directory": page(()),
    # how one signs in; what needs a second factor that nobody here has is in test_second_factor.py
    "mfa_authenticate": page(EVERYBODY),  # leads those who are signed in to their tasks
    "mfa_index": page(EVERYBODY),
    "account_reauthenticate": page(EVERYBODY),
    "change_password": page(EVERYBODY),
    "mfa_reauthenticate": page(EVERYBODY),
    "mfa_activate_totp": page(EVERYBODY),
    "mfa_deactivate_totp": page(()),
    "mfa_view_recovery_codes": page(()),
    "mfa_generate_recovery_codes": page(EVERYBODY),
    "mfa_login_webauthn": page(EVERYBODY),  # leads those who are signed in to their tasks, others to sign in
    "mfa_reauthenticate_webauthn": page(EVERYBODY),
    "mfa_add_webauthn": page(EVERYBODY),
    "mfa_edit_webauthn": page(EVERYBODY, "no_passkey"),  # asks for the password before it looks whose it is
    "mfa_remove_webauthn": page(EVERYBODY, "no_passkey"),
    "sign_out": post(()),  # leads everybody to the sign-in page
    "set_password": page(ANYBODY, "invitation_part", "invitation_token"),
    "list_my_sign_ins": page(EVERYBODY),
    "end_my_sign_in": post((), "audit"),  # nobody has that one; each ends but their own: test_sign_ins.py
    "end_other_sign_ins": post(EVERYBODY),
    "stay_signed_in": post(EVERYBODY),
    "time_left": page(EVERYBODY),
    "discard_kept_words": post(EVERYBODY),
    "check_words": post(EVERYBODY, words="Call 07700 900123."),
    # my tasks, notices, alerts
    "my_tasks": page(EVERYBODY),
    "list_finished_tasks": page(EVERYBODY),
    "list_notices": page(EVERYBODY),
    "choose_notices": page(EVERYBODY),
    "name_deputy": page({THEO}, "leave_day"),
    "list_leave": page(SETS_UP),
    "list_undelivered_notices": page(SETS_UP),
    "retry_notice": post(SETS_UP, "notice"),
    "raise_alert": page(SEES_THE_AUDIT, "audit"),
    "raise_alert_about_case": page(SEES_THE_CASE, "subject"),
    "list_alerts": page(EVERYBODY),
    "show_alert": page(SEES_THE_ALERT, "alert"),
    # what follows audits, and its actions: not for the auditor, whose own post oversees none of it
    "list_responses": page(EVERYBODY),
    "show_response": page(SEES_WHAT_FOLLOWS, "response"),
    "record_discussion": page({THEO}, "response"),
    "check_discussion": post(SEES_WHAT_FOLLOWS, "recorded_response", outcome="accept"),
    "list_actions": page(EVERYBODY),
    "show_action": page(SEES_WHAT_FOLLOWS, "action"),
    "finish_action": post(SEES_WHAT_FOLLOWS, "action"),
    "verify_action": post(SEES_WHAT_FOLLOWS, "action"),
    "give_action": post(SEES_WHAT_FOLLOWS, "action"),
    "close_action": post(SEES_WHAT_FOLLOWS, "action"),
    "consent_to_closing": post(SEES_WHAT_FOLLOWS, "action"),
    "withdraw_consent_to_closing": post(SEES_WHAT_FOLLOWS, "action"),
    "pause_clock": page({MARA}, "paused_task"),
    "end_pause": post(SEES_THE_AUDIT, "clock_pause"),  # who may not is told so
    "raise_private_concern": page(SEES_THE_AUDIT, "audit"),
    "list_private_concerns": page(EVERYBODY),
    "show_private_concern": page({ADA, HANA}, "private_concern"),
    "list_late_work": page(EVERYBODY),
    "show_late_work": page({HANA}, "late_work"),
    "raise_dispute": page({THEO, PRIYA}, "audit"),
    "list_disputes": page(EVERYBODY),
    "show_dispute": page(SEES_THE_AUDIT, "dispute"),
    "withdraw_dispute": post(SEES_THE_AUDIT, "dispute"),
    # people
    "list_people": page(SETS_UP),
    "add_person": page(SETS_UP),
    "load_people": page(SETS_UP),
    "download_people_template": page(SETS_UP, "template"),
    "show_organisation": page(SETS_UP),
    "list_unconfirmed": page(SETS_UP),
    "show_unit": page(SETS_UP, "team"),
    "settle_unit": page(SETS_UP, "unconfirmed_unit"),
    "show_person": page(SETS_UP, "priya"),
    "invite_person": page(SETS_UP, "priya"),
    "close_account": post(SETS_UP, "priya"),
    "end_sign_ins": post(SETS_UP, "priya"),
    "list_break_glass": page({ALEX}),
    "end_emergency": post({ALEX}, "emergency"),
    "record_leaver": page(SETS_UP, "priya"),
    "take_back_leaving": post(SETS_UP, "priya"),
    "list_left_behind": page(NAMES_AN_AUDITOR | {OLGA, ALEX}),
    "reset_factors": page({ALEX}, "priya"),
    "settle_person": page(SETS_UP, "unconfirmed_person"),
    # the caseload
    "list_subjects": page({QUINN, MARA, THEO, HANA, OLGA, ALEX, PRIYA, ADA, SAM}),
    "show_subject": page(SEES_THE_CASE, "subject"),
    "list_kind": page(EVERYBODY, "kept_kind"),
    "update_kind": post(IMPORTS, "kept_kind"),
    "keep_subject": page(IMPORTS, "kept_kind"),
    "load_subjects": page(IMPORTS, "kept_kind"),
    "download_subject_template": page(IMPORTS, "kept_kind"),
    "end_subject": page(IMPORTS, "kept"),
    "answer_missing": page(IMPORTS, "subject", "list"),
    "list_missing": page(IMPORTS),
    "list_extracts": page(IMPORTS),
    "upload_extract": page(IMPORTS),
    "show_extract": page(IMPORTS, "extract"),
    "map_extract": page(IMPORTS, "extract"),
    "confirm_extract": post(IMPORTS, "extract"),
    "abandon_extract": post(IMPORTS, "extract"),
    "undo_extract": post(IMPORTS, "extract"),
    "list_extract_rows": page(IMPORTS, "extract", "rows"),
    # frameworks are for everybody to read
    "list_frameworks": page(EVERYBODY),
    "show_framework": page(EVERYBODY, "framework"),
    "show_framework_version": page(EVERYBODY, "framework", "number"),
    "show_framework_form": page(EVERYBODY, "framework", "number", "form"),
    "show_framework_flow": page(EVERYBODY, "framework", "number", "flow"),
    "export_framework": page(EVERYBODY, "framework", "number"),
    "publish_framework": page(SETS_UP),
    "set_units": page(SETS_UP, "framework"),
    "bring_in_form": page(SETS_UP),
    # drafts of frameworks are for those who manage them
    "begin_draft": page(SETS_UP),
    "show_draft": page(SETS_UP, "draft_framework"),
    "check_draft": page(SETS_UP, "draft_framework"),
    "export_draft": page(SETS_UP, "draft_framework"),
    "preview_draft": page(SETS_UP, "draft_framework"),
    "preview_draft_form": page(SETS_UP, "draft_framework", "form"),
    "preview_draft_flow": page(SETS_UP, "draft_framework", "flow"),
    "dry_run_draft": page(SETS_UP, "draft_framework"),
    "publish_draft": page(SETS_UP, "draft_framework"),
    "confirm_draft": post(SETS_UP, "draft_framework"),
    "send_draft_back": post(SETS_UP, "draft_framework"),
    "discard_draft": page(SETS_UP, "draft_framework"),
    "edit_part": page(SETS_UP, "draft_framework", at="question_of_draft"),
    "add_part": post(SETS_UP, "draft_framework"),
    "arrange_parts": page(
        SETS_UP, "draft_framework", method="post", data={"up": "auditor"}, at="roles_of_draft"
    ),
    "rename_part": page(SETS_UP, "draft_framework", at="question_of_draft"),
    "remove_part": page(SETS_UP, "draft_framework", at="question_of_draft"),
    "remove_key": page(SETS_UP, "draft_framework", method="post", data={"name": "spare"}),
    "edit_comparison": page(SETS_UP, "draft_framework", at="comparison_of_draft"),
    "add_line": page(SETS_UP, "draft_framework", method="post", at="comparison_of_draft"),
    "set_publishing": page(SETS_UP),
    "compare_frameworks": page(SETS_UP),
    # programmes
    "list_cycles": page(READS_REPORTS),
    "plan_year": post(DRAWS, year="2027"),
    "list_targets": page(DRAWS),
    "list_occurrences": page(DRAWS),
    "record_supervision": page(()),  # no role of this framework records events; see test_events.py
    "record_incident": page(()),
    "withdraw_occurrence": page(DRAWS | {THEO}, "occurrence"),
    "list_commissions": page(READS_REPORTS),
    "show_commission": page({QUINN, MARA, THEO, HANA}, "commission"),
    "drop_commission": page(DRAWS, "commission"),
    "give_commission": page(DRAWS, "commission"),
    "try_commission_again": post(DRAWS, "commission"),
    "list_nominations": page(EVERYBODY),
    "nominate_case": page((), "cycle"),  # nobody nominates under this framework; see test_nominations.py
    "show_nomination": page(SEES_THE_CASE - {PRIYA}, "nomination"),
    "withdraw_nomination": page({THEO}, "nomination"),
    "set_target": page(DRAWS, "target", "team"),
    "show_coverage": page(READS_REPORTS),
    "list_covered_audits": page(READS_REPORTS, unit="team", kind="target", year="year", period="period"),
    "show_cycle": page(DRAWS, "cycle"),
    "set_theme": page(DRAWS, "cycle"),
    "place_reaudits": post(DRAWS, "cycle"),
    "freeze_frame": post(DRAWS, "cycle", audit_type="audit"),
    "show_draw": page(DRAWS, "draw"),
    "show_frame": page(DRAWS, "draw"),
    "draw_picks": post(DRAWS, "draw", seed="12345678901234567890"),
    "abandon_draw": page(DRAWS, "draw"),
    "download_frame": page(DRAWS, "draw"),
    "download_draw": page(DRAWS, "draw"),
    "replace_pick": page(DRAWS, "draw", "pick"),
    "download_reaudit_frame": page(DRAWS, "reaudit_draw"),
    "download_reaudit_draw": page(DRAWS, "reaudit_draw"),
    "show_allocation": page(DRAWS, "cycle"),
    "allocate_cycle": post(DRAWS, "cycle"),
    "edit_slot": page(DRAWS, "slot"),
    "drop_slot": page(DRAWS, "slot"),
    "drop_unfilled": page(DRAWS, "cycle"),
    "send_cycle": post(DRAWS, "cycle"),
    "replace_auditor": page(NAMES_AN_AUDITOR, "open_audit"),
    "name_co_auditor": page(NAMES_AN_AUDITOR, "returned_audit"),
    # audits: the list and the front page are for whoever may know of the audit, its contents for readers
    "list_audits": page(EVERYBODY),
    "show_audit": page(SEES_THE_AUDIT, "audit"),
    "take_step": post(SEES_THE_AUDIT, "audit", step="accept"),
    "give_consent": post(SEES_THE_AUDIT, "audit"),  # who may not is told so
    "withdraw_consent": post(SEES_THE_AUDIT, "audit"),
    "extend_audit": page({OLGA, MARA}, "open_audit"),  # the auditor's own manager, and who may give more
    "audit_section": page(SEES_THE_AUDIT, "audit", "section"),
    "audit_row": page(SEES_THE_AUDIT, "audit", "section_of_row", "row"),
    "save_row_name": post(SEES_THE_AUDIT, "audit"),
    "skip_section": post(SEES_THE_AUDIT, "audit", "section"),
    "save_answer": post(SEES_THE_AUDIT, "audit", question=QUESTION),
    "save_judgement": post(SEES_THE_AUDIT, "audit"),
    "show_answer_history": page(SEES_THE_AUDIT, "audit", "question"),
    "show_grade_history": page(SEES_THE_AUDIT, "audit", "part"),
    "show_conversation": page(SEES_THE_AUDIT, "audit"),
    "arrange_conversation": page({ADA}, "open_audit"),
    "call_off_conversation": post({ADA}, "open_audit"),
    "download_conversation": page(SEES_THE_AUDIT, "audit"),
    "record_conversation": page({ADA}, "open_audit"),
    "list_findings": page(SEES_THE_AUDIT, "audit"),
    "withdraw_finding": post({ADA}, "open_audit", "finding"),
    "record_earlier_work": page({ADA}, "open_audit", "place"),
    "check_report": page({ADA, QUINN, MARA}, "checked_audit"),  # leads the auditor back to the audit
    "show_report": page(SEES_THE_AUDIT, "audit"),
    "download_report_as_word": page(SEES_THE_AUDIT, "audit"),
    "download_report_as_pdf": page(SEES_THE_AUDIT, "audit"),
    "download_answers": page(SEES_THE_AUDIT, "audit"),
    "download_file": page(SEES_THE_AUDIT, "audit", "file"),
    "remove_file": page({MARA}, "audit", "file"),  # the audit is filed
    "show_case_note": page(SEES_THE_AUDIT, "audit"),
    # returns: whoever fills one in; those who work on the audit invite to one or give it up
    "show_returns": page(SEES_THE_AUDIT, "returned_audit"),
    "list_my_returns": page(EVERYBODY),  # leads staff to their tasks
    "show_return": page({ADA}, "own_return"),
    "return_section": page({ADA}, "own_return", "section"),
    "save_return_answer": post({ADA}, "own_return", question=QUESTION),
    "save_return_judgement": post({ADA}, "own_return"),
    "skip_return_section": post({ADA}, "own_return", "section"),
    "send_in_return": post({ADA}, "own_return"),
    "download_return_file": page({ADA}, "own_return", "file_of_return"),
    "remove_return_file": page({ADA}, "own_return", "file_of_return"),
    "raise_alert_in_return": page({ADA}, "own_return"),
    "name_giver": page({ADA}, "typed_return"),
    "invite_to_return": page({ADA}, "invited_return"),
    "give_up_return": page({ADA}, "invited_return"),
    "ask_again": post({ADA}, "invited_return"),
    # reports
    "list_reports": page(READS_REPORTS),
    "show_trends": page(READS_REPORTS),
    "show_highlights": page(READS_REPORTS, "sent_cycle"),
    "download_highlights": page(READS_REPORTS, "sent_cycle"),
    "download_month": page(READS_REPORTS, "sent_cycle"),
    "show_compliance": page(READS_REPORTS),
    "list_compliance": page(READS_REPORTS),
    "show_year_of_scores": page(READS_REPORTS),
    "download_compliance": page(READS_REPORTS),
    "list_figure": page(READS_REPORTS, "sent_cycle"),
    "show_further_report": page(READS_REPORTS, "sent_cycle", "quarterly"),
    "download_further_report": page(READS_REPORTS, "sent_cycle", "quarterly"),
    "list_further_figure": page(READS_REPORTS, "sent_cycle", "quarterly"),
    "ask_for_further_report": page((), "sent_cycle", "quarterly"),  # nor of this one
    "sign_off_further_report": post(READS_REPORTS, "sent_cycle", "quarterly"),  # who may not is told so
    "open_report": page(READS_REPORTS, "further_report"),
    "list_person_reports": page(EVERYBODY),
    "list_people_reported": page(SEES_ADAS_AUDITS | {OLGA}, "sent_cycle", "of_an_auditor"),
    "show_person_report": page(SEES_ADAS_AUDITS, "sent_cycle", "of_an_auditor", "ada"),
    "download_person_report": page(SEES_ADAS_AUDITS, "sent_cycle", "of_an_auditor", "ada"),
    "list_person_figure": page(SEES_ADAS_AUDITS, "sent_cycle", "of_an_auditor", "ada"),
    "ask_for_person_report": page((), "sent_cycle", "of_an_auditor", "ada"),  # nobody may ask for one here
    "sign_off_person_report": post(SEES_ADAS_AUDITS, "sent_cycle", "of_an_auditor", "ada"),  # others are told
    "open_person_report": page(SEES_ADAS_AUDITS, "person_report"),
    "list_agreements": page(EVERYBODY),
    "begin_agreement": post(EVERYBODY, which="none"),  # who may begin none is told so
    # copies: for whoever sends them and those who oversee the audit
    "list_copies": page(EVERYBODY),
    "show_copy": page(SEES_THE_COPY, "copy"),
    "note_sent_copy": post(SEES_THE_COPY, "copy"),  # who may not is told so
    "drop_copy": post(SEES_THE_COPY, "copy"),
    "download_copy_as_word": page(SEES_THE_COPY, "copy"),
    "download_copy_as_pdf": page(SEES_THE_COPY, "copy"),
    "ask_for_copy": page(SEES_THE_AUDIT, "audit"),
    "ask_for_report": page((), "sent_cycle"),  # this framework gives none; see test_copies.py
    "sign_off_report": post(READS_REPORTS, "sent_cycle"),  # who may not is told so
    "show_agreement": page(READS_REPORTS - {OLGA}, "agreement"),
    "edit_agreement": page({THEO}, "agreement"),
    "sign_agreement": post({THEO}, "agreement"),
    "discard_agreement": post({THEO}, "agreement"),
    "check_item": page(READS_REPORTS - {OLGA}, "agreement_item"),
    "list_cases_to_check": page(READS_REPORTS - {OLGA}, "agreement_item"),
    # moderation
    "list_moderation": page(EVERYBODY),
    "draw_for_moderation": post(DRAWS, which="none"),
    "show_grading_agreement": page(READS_REPORTS, framework="framework_key", rule="moderation_rule"),
    "show_moderation_draw": page(DRAWS, "moderation_draw"),
    "allocate_moderation": post(DRAWS, "moderation_draw"),
    "offer_moderators": post(DRAWS, "moderation_draw"),
    "download_moderation_frame": page(DRAWS, "moderation_draw"),
    "download_moderation_draw": page(DRAWS, "moderation_draw"),
    "show_moderation": page({HANA}, "moderation"),
    "show_moderation_meeting": page({ADA, HANA}, "moderation"),
    "call_off_moderation_meeting": post({ADA, HANA}, "moderation"),  # whoever does not moderate is refused
    "download_moderation_meeting": page({ADA, HANA}, "moderation"),
    "show_standards": page(READS_REPORTS, "framework"),
    "list_standard_audits": page(READS_REPORTS, "framework"),
    # keeping and removing is for those to whom the framework grants it, and not for administrators
    "show_retention": page({MARA}),
    "remove_words": page({MARA}),
    "hold_audit": page({MARA}, "audit"),
    "hold_subject": page({MARA}, "subject"),
    "lift_legal_hold": page({MARA}, "legal_hold"),
    # the ledger
    "show_ledger": page(SETS_UP),
    "show_event": page(SETS_UP, "event"),
    "show_history": page(SETS_UP, "kind", "audit"),
    "list_reads": page(SETS_UP),
    "download_reads": page(SETS_UP),
}


IN_SOME = {"sign_in_as", "sign_in_through_directory", "come_from_directory"}
"""What exists in some installations alone; elsewhere it is not found."""


def named_urls(resolver, below=""):
    """Every URL name of the router."""
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from named_urls(pattern)
        else:
            yield pattern.name


def test_the_table_names_every_page_of_the_router_and_no_other():
    assert sorted(named_urls(get_resolver())) == sorted(TABLE)


def with_an_agreement(document):
    """The framework with an agreement that team managers keep, and a ladder for late checks."""
    data = read_document(document).data
    data["roles"]["team manager"]["may"].append("keep agreements")
    data["agreements"] = {
        "accuracy": {
            "title": "Accuracy agreement",
            "items": {"addresses": {"label": "Addresses"}},
            "methods": ["A list"],
            "every": ["1 week"],
            "signed_by": ["team manager"],
            "check": "quality check",
            "review": "quality check",
        }
    }
    data["clocks"]["send a copy"] = {
        "title": "Send a copy", "length": "5 working days", "starts": "the request",
        "owed_by": "quality team",
    }  # fmt: skip
    data["copies"] = {
        "family": {
            "title": "Summary for the family", "outside": "The family", "given": "on request",
            "what": "a summary", "clock": "send a copy", "ways": ["Post"],
        }
    }  # fmt: skip
    data["reports"] = {
        "quarterly": {"title": "Quarterly report", "period": "quarter", "parts": ["audited"]},
        "of an auditor": {
            "title": "Six months of an auditor", "period": "half-year", "about": "an auditor",
            "parts": ["audited"],
        },
    }  # fmt: skip
    data["pauses"] = {"by": ["quality manager"], "reasons": {"inquest": "An inquest is open"}}
    data["clocks"]["quality check"]["paused_by"] = ["a recorded reason"]
    data["ladders"] = {
        "late checks": {
            "title": "Late checks",
            "when_late": ["quality check"],
            "rungs": [{"role": "head of service", "clock": "see to the discussion"}],
        }
    }
    return write_document(data)


class Records:
    """A council with one of everything, and what belongs to another team."""

    quarterly, of_an_auditor = "quarterly", "of an auditor"

    def __init__(self, document=None):
        council = make_council()
        self.council = council
        version = publish_pack(document=with_an_agreement(document or pack_looking_at("household")))
        self._agreement(version)
        self._household(version)
        self.subject = make_subject("CASE-1", unit=council.team, practitioner=council.priya)
        self.audit = make_audit(council, state="filed", subject=self.subject, number="2026-11/001")
        self._another_team(council)
        self.alert = raise_alert(audit=self.audit, concern="Bruises", by=council.ada, at=moment())
        self.private_concern = raise_private_concern(
            self.audit, concerns=council.priya, concern="Copied notes", by=council.ada, at=moment()
        )
        point = Point("overall", "The visit was in time.", "Page 2")
        said = {"asked_by": "The daughter", "asked_on": moment().date()}
        self.copy = ask_for_copy(self.audit, "family", **said, by=council.quinn, at=moment())
        self.dispute = raise_dispute(self.audit, [point], by=council.theo, at=moment())
        self.legal_hold = place_legal_hold(
            self.audit, why="An inquiry.", by=council.quality_manager, at=moment()
        )
        self._programme(council)
        self._left_over(version)
        self._what_follows(council)
        self._moderation(version)
        self._returns(document)
        self.leave_day = timezone.localdate() + timedelta(days=7)
        Leave.objects.create(person=council.theo, starts_on=self.leave_day, ends_on=self.leave_day)
        self.emergency = break_glass(
            person=make_person("Bea Breakglass"),
            reason="Nobody is there",
            hours=8,
            by=None,
            at=timezone.now(),
        )

    @staticmethod
    def _file(audit, in_return=None):
        """What is known of a file; it is missing, so that whoever may have it is told so."""
        known = {"name": "plan.pdf", "size": 1, "sha256": "0" * 64, "attached_at": moment()}
        return AttachedFile.objects.create(
            audit=audit, in_return=in_return, attached_by=audit.auditor, **known
        )

    def _agreement(self, version):
        theo = self.council.theo
        self.agreement = begin_agreement(version, "accuracy", self.council.team, by=theo, at=moment())
        self.agreement_item = self.agreement.items.get()

    def _household(self, version):
        self.kept_kind, kind = "household", pack_of(version).subjects.get("household")
        if kind:
            row = Wanted("HOUSE-1", "HOUSE-1", opened_on=LONG_AGO, works=((None, self.council.team.pk),))
            by = self.council.quinn
            self.kept = keep("household", kind, row, on=moment().date(), by=by, at=moment())

    def _another_team(self, council):
        wanda = make_person("Wanda Ward")
        make_post(wanda, "practitioner", council.other_team)
        auditor = make_person("Otto Other")
        make_post(auditor, "accredited auditor", council.team)
        self.other_subject = make_subject("OTHER-CASE-77", unit=council.other_team, practitioner=wanda)
        self.other_audit = make_audit(
            council,
            state="filed",
            subject=self.other_subject,
            unit=council.other_team,
            practitioner=wanda,
            auditor=auditor,
            number="2026-11/977",
        )
        self.other_alert = raise_alert(audit=self.other_audit, concern="Falls", by=wanda, at=moment())

    def _what_follows(self, council):
        discussed = make_audit(council, state="final", number="2026-11/004")
        begin_responses(at=moment())
        talks = Response.objects.discussions()
        self.response = talks.get(audit=self.audit)
        self.recorded_response, self.action = self._discuss(talks.get(audit=discussed), council.theo)
        self.other_response, self.other_action = self._discuss(
            talks.get(audit=self.other_audit), council.other_manager
        )

    @staticmethod
    def _discuss(response, manager):
        agreed = Agreed(
            "The record of OTHER-CASE-77 is read again with the worker" if manager.name == "Olga"
            else "The plan is read again with the worker",
            manager, "case", "low", kind="put right",
        )  # fmt: skip
        said = {"held_on": date(2026, 11, 3), "present": "Both", "discussed": "The plan"}
        record_discussion(
            response,
            **said,
            recorded_as="Supervision note",
            actions=[agreed],
            by=manager,
            at=moment("2026-11-03T15:00"),
        )
        return response, response.actions.get()

    def _programme(self, council):
        for number in range(3):
            person = make_person(f"Worker {number}")
            make_subject(f"DRAWN-{number}", unit=council.team, practitioner=person)
        self.cycle = make_cycle("2027-01")
        place_reaudits(self.cycle, by=council.quinn, at=moment())
        frozen = freeze_frame(self.cycle, "audit", by=council.quinn, at=moment())
        draw(frozen, seed="12345678901234567890", by=council.quinn, at=moment())
        self.draw = Draw.objects.get()
        self.slot = Slot.objects.first()
        handed_over = make_subject("CASE-2", unit=council.team, practitioner=council.priya)
        Work.objects.filter(subject=handed_over).update(starts_on=date(2026, 9, 1))
        Work.objects.create(
            subject=handed_over,
            person=make_person("Edith Earlier"),
            unit=council.team,
            starts_on=LONG_AGO,
            ends_on=date(2026, 8, 31),
            basis=Work.Basis.COLUMN,
        )
        self.open_audit = make_audit(council, number="2026-11/002", subject=handed_over)
        self.sent_cycle = make_cycle("2026-11")
        self.further_report = FurtherReport.objects.create(
            cycle=self.sent_cycle, report=self.quarterly, begun_at=moment()
        )
        self.person_report = FurtherReport.objects.create(
            cycle=self.sent_cycle, report=self.of_an_auditor, person=council.ada, begun_at=moment()
        )
        Cycle.objects.filter(pk=self.sent_cycle.pk).update(sent_at=moment(), sent_by=council.quinn)
        Slot.objects.create(
            cycle=self.sent_cycle,
            audit_type="audit",
            subject=self.open_audit.subject,
            unit=council.team,
            practitioner=council.priya,
            auditor=council.ada,
            audit=self.open_audit,
            because="for a test",
        )
        self.pick = self.draw.picks.first().entry.key
        self._asked_for(council)

    def _asked_for(self, council):
        about = {"happened_on": date(2026, 11, 2), "unit": council.team}
        self.occurrence = Occurrence.objects.create(
            kind="supervision",
            worker=council.priya,
            recorded_by=council.theo,
            recorded_at=moment(),
            **about,
        )
        self.commission = Commission.objects.create(
            framework_key="adult-social-care",
            version=self.cycle.version,
            trigger="supervision",
            event="supervision:1",
            occurrence=self.occurrence,
            worker=council.priya,
            audit_type="audit",
            because="A supervision was held",
            not_before=date(2026, 11, 2),
            due_at=moment(),
            due_reason="3 weeks from a supervision",
            cycle=self.cycle,
            placed_at=moment(),
            considered=[{"case": self.other_subject.public_id, "turn": "1", "left out": ""}],
            **about,
        )
        self.nomination = Nomination.objects.create(
            cycle=self.cycle,
            audit_type="audit",
            subject=self.subject,
            unit=council.team,
            practitioner=council.priya,
            because="Stuck",
            nominated_by=council.theo,
            nominated_at=moment(),
        )

    def _left_over(self, version):
        now = timezone.now()
        self.framework, self.number = Framework.objects.get(), version.number
        self.form, self.flow, self.target = "case audit", "audit", "monthly audits"
        self._draft(version)
        self.year, self.period = "2026", "2026-11"
        self.template, self.kind, self.list, self.rows = "staff", "audit", "cases", "new"
        self.section, self.part, self.question, self.place = "overall", "overall", QUESTION, 1
        self.section_of_row = "basics"
        self.row = Row.objects.create(
            audit=self.audit, section="basics", place=1, added_by=self.council.ada, added_at=moment()
        )
        self.checked_audit = make_audit(self.council, state="checking", number="2026-11/003")
        escalate_late_work(at=moment("2026-11-05T09:00"))
        self.late_work = LateWork.objects.get(task__about_id=self.checked_audit.public_id)
        self.paused_task = self.late_work.task
        self.clock_pause = ClockPause.objects.create(
            task=self.paused_task,
            reason="inquest",
            why="An inquest is open.",
            starts_on=date(2026, 11, 2),
            until_on=date(2026, 11, 2),
            paused_by=self.council.quality_manager,
            paused_at=moment(),
        )
        self.finding = note_finding(
            self.open_audit, Found("good", "Listened"), by=self.council.ada, at=moment()
        )
        self.event = Event.objects.order_by("position").first().position
        self.notice = Notice.objects.create(
            key="x", to=self.council.ada, subject="x", path="/", created_at=now, last_error="refused"
        )
        self.extract = Extract.objects.create(
            preset="open_cases",
            file_name="cases.csv",
            sha256="0" * 64,
            extracted_on=now.date(),
            uploaded_at=now,
            state=Extract.State.PREVIEWED,
            headers=["Case reference"],
        )
        self.unconfirmed_person = make_person("Una Unknown", confirmed=False)
        unit = type(self.council.team)
        self.unconfirmed_unit = unit.objects.create(
            name="Unknown team", kind="team", confirmed=False, starts_on=self.cycle.opens_on
        )
        self.invitation_part, self.invitation_token = invitation_of(self.council.sam)

    def _moderation(self, version):
        """An audit drawn for moderation, which Hana does with open eyes."""
        self.framework_key, self.moderation_rule = "adult-social-care", "senior moderation"
        self.moderation_draw = ModerationDraw.objects.create(
            version=version,
            framework=self.framework_key,
            rule=self.moderation_rule,
            cycle="2026-10",
            cycle_title="October 2026",
            method=draws.METHOD,
            frame=draws.frame_csv([draws.Case("2026-11/001", "finished", "", "North team", True)]),
            frame_sha256="0" * 64,
            size=1,
            seed="1",
            drawn_by=self.council.quinn,
            drawn_at=moment(),
        )
        self.reaudit_draw = ReauditDraw.objects.create(
            cycle=make_cycle("2027-03"),
            audit_type="re-audit",
            because="the audit was graded inadequate",
            share=25,
            method=draws.METHOD,
            frame=self.moderation_draw.frame,
            frame_sha256="0" * 64,
            size=1,
            seed="1",
            drawn_at=moment(),
        )
        self.moderation = Moderation.objects.create(
            draw=self.moderation_draw,
            audit=self.audit,
            position=1,
            moderator=self.council.hana,
            allocated_at=moment(),
        )
        Appointment.objects.create(
            about_kind="moderation",
            about_id=self.moderation.public_id,
            sequence=1,
            starts_at=moment(),
            title="Meeting: Moderation",
            path=f"/moderation/{self.moderation.public_id}/meeting/",
            written_at=moment(),
        )

    def _returns(self, document):
        """An audit with several returns; Hope is invited to one from outside."""
        agencies = with_returns(AGENCIES, document, key="agencies")
        subject = make_subject("CASE-9", unit=self.council.team, practitioner=self.council.priya)
        self.returned_audit = make_audit(
            self.council,
            version=publish_pack(document=agencies),
            cycle="2027-02",
            cycle_closes_on=date(2027, 2, 26),
            number="2027-02/001",
            subject=subject,
        )
        cycle = make_cycle("2027-02", version=self.returned_audit.version)
        Slot.objects.create(
            cycle=cycle,
            audit_type="audit",
            subject=subject,
            unit=self.council.team,
            practitioner=self.council.priya,
            auditor=self.council.ada,
            audit=self.returned_audit,
            because="for a test",
        )
        self.own_return = return_of(self.returned_audit, "social care")
        self.file = self._file(self.audit)
        self.file_of_return = self._file(self.returned_audit, self.own_return)
        self.file_of_invited = self._file(self.returned_audit, return_of(self.returned_audit, "health"))
        self.typed_return = return_of(self.returned_audit, "police")
        self.council.hope = invite_hope(
            return_of(self.returned_audit, "health"), self.council.ada, at=moment()
        )
        self.invited_return = return_of(self.returned_audit, "health")

    no_passkey = 0

    def _draft(self, version):
        self.draft_framework = begin_draft(
            PACK.read_text() + "\nspare: 1\n",
            title="Next year's audits",
            based_on=version,
            by=self.council.quality_manager,
            at=moment(),
        )
        self.question_of_draft = "/forms/case audit/sections/0/questions/0"
        self.comparison_of_draft, self.roles_of_draft = "/selection/monthly sample/frame", "/roles"

    def value(self, name):
        """What stands in the address for a record."""
        found = getattr(self if hasattr(self, name) else self.council, name)
        return getattr(found, "public_id", found)


@pytest.fixture(scope="module")
def records(django_db_setup, django_db_blocker):
    """Made once for the whole table, and taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Records()
        transaction.set_rollback(True)


def address_of(records, row, name, stands_for):
    """Where a page is, for these records or for what stands for them."""
    values = [records.value(stands_for.get(arg, arg)) for arg in row.args]
    query = {key: records.value(stands_for.get(arg, arg)) for key, arg in row.query.items()}
    return reverse(name, args=values) + (f"?{urlencode(query)}" if query else "")


def ask(client, records, name, who, *, stands_for=None):
    """The answer that somebody gets, as a status; nothing that they do stays."""
    row = TABLE[name]
    address = address_of(records, row, name, stands_for or {})
    with transaction.atomic():
        client.logout()
        if who:
            client.force_login(getattr(records.council, who))
        answer = getattr(client, row.method)(address, row.data)
        answer.said = b"".join(answer) if answer.streaming else answer.content
        transaction.set_rollback(True)
    return answer


def opened(answer):
    """Whether it is the page, or leads on from it; a refusal by the rules counts, since one got so far."""
    to_sign_in = answer.status_code == 302 and answer["Location"].startswith("/sign-in/")
    return not to_sign_in and answer.status_code not in (401, 403, 404, 405)


@pytest.mark.django_db
@pytest.mark.parametrize("name", TABLE)
def test_a_page_is_open_to_those_in_the_table_and_to_nobody_else(client, records, name):
    answers = {who: ask(client, records, name, who) for who in [*sorted(EVERYBODY), None]}

    assert {who for who, answer in answers.items() if opened(answer)} == TABLE[name].who
    for who, answer in answers.items():
        if who and who not in TABLE[name].who and name != "sign_out":
            assert answer.status_code in (403, 404)
    assert set().union(*(wrongly_plural(shown(answer)) for answer in answers.values())) == set()


def shown(answer):
    """What a page says without its tags; nothing for a file."""
    is_page = answer.get("Content-Type", "").startswith("text/html")
    said = answer.said.decode() if is_page else ""
    return re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", said, flags=re.DOTALL)


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if None not in row.who])
def test_a_stranger_is_asked_to_sign_in(client, records, name):
    answer = ask(client, records, name, None)

    assert answer.status_code == 404 if name in IN_SOME else answer["Location"].startswith("/sign-in/")


OTHERS = {
    "audit": "other_audit",
    "subject": "other_subject",
    "alert": "other_alert",
    "response": "other_response",
    "recorded_response": "other_response",
    "action": "other_action",
}


@pytest.mark.django_db
@pytest.mark.parametrize("who", [ADA, THEO, HANA, PRIYA, SAM])
def test_a_guessed_address_of_another_teams_record_is_not_found(client, records, who):
    about_records = {name for name, row in TABLE.items() if set(row.args) & set(OTHERS)}
    answers = {name: ask(client, records, name, who, stands_for=OTHERS) for name in about_records}

    assert {name: answer.status_code for name, answer in answers.items() if opened(answer)} == {}


@pytest.mark.django_db
@pytest.mark.parametrize("who", [ADA, THEO, HANA, PRIYA, SAM])
@pytest.mark.parametrize("query", ["", "?q=OTHER-CASE", "?q=2026-11/977", "?q=Wanda"])
def test_no_list_search_export_or_count_tells_of_another_teams_record(client, records, who, query):
    client.force_login(getattr(records.council, who))
    told = {}
    for name, row in TABLE.items():
        if row.method == "post" or (query and not name.startswith("list_")):
            continue
        with transaction.atomic():
            address = address_of(records, row, name, {})
            answer = client.get(address + (query.replace("?", "&") if "?" in address else query))
            said = b"".join(answer) if answer.streaming else answer.content
            transaction.set_rollback(True)
        text = without_what_was_asked(unpacked(said), query)
        if found := [secret for secret in SECRETS if secret in text]:
            told[name] = found
    assert told == {}


def unpacked(said):
    """The text of a page, or of every part of a Word document or a spreadsheet."""
    if not said.startswith(b"PK"):
        return said.decode(errors="replace")
    with ZipFile(BytesIO(said)) as parts:
        return "".join(parts.read(name).decode(errors="replace") for name in parts.namelist())


def without_what_was_asked(text, query):
    """The page without the words that the person typed, which it may repeat."""
    return text.replace(query.removeprefix("?q="), "") if query else text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "in_all", "of_the_other_team"), [(QUINN, 5, 1), (THEO, 4, 0), (HANA, 4, 0), (OLGA, 1, 1)]
)
def test_a_figure_counts_only_what_its_reader_may_see(client, records, who, in_all, of_the_other_team):
    figure = ask(client, records, "list_figure", who)
    covered = ask(client, records, "list_covered_audits", who, stands_for={"team": "other_team"})

    assert figure.context["count"] == in_all
    assert covered.context["count"] == of_the_other_team


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if set(row.args) & set(OTHERS)])
def test_an_address_that_never_was_answers_like_one_that_is_hidden(client, records, name):
    never = {arg: "never" for arg in OTHERS}
    records.never = "zzzzzzzzzzzz"

    hidden = ask(client, records, name, SAM)
    missing = ask(client, records, name, SAM, stands_for=never)

    assert hidden.status_code == missing.status_code
    strip = re.compile(rb"csrf[^>]*>|nonce[^>]*|in any case at [\d:]+")
    assert strip.sub(b"", hidden.said) == strip.sub(b"", missing.said)


OF_AN_AUDIT = [
    name
    for name, row in TABLE.items()
    if row.method == "get" and row.args[:1] in (("audit",), ("open_audit",), ("checked_audit",))
]


@pytest.mark.django_db
@pytest.mark.parametrize("name", OF_AN_AUDIT)
def test_an_alert_can_be_raised_from_every_page_of_an_audit(client, records, name):
    who = next(who for who in (QUINN, ADA, MARA, THEO) if who in TABLE[name].who)
    answer = ask(client, records, name, who)

    if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
        assert "Raise a safety alert" in answer.said.decode()


HOPE = "hope"
INVITED = {"own_return": "invited_return", "file_of_return": "file_of_invited"}
OF_A_RETURN = [name for name, row in TABLE.items() if "own_return" in row.args]
NEEDS_A_FACTOR = {"mfa_deactivate_totp", "mfa_view_recovery_codes"}
CHANGES_SIGN_IN = {
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_generate_recovery_codes",
    "mfa_reauthenticate_webauthn",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
}
FOR_EVERYBODY = {
    "home",
    "list_my_sign_ins",
    "end_other_sign_ins",
    "discard_kept_words",
} | (SIGNING_IN - NEEDS_A_FACTOR - IN_SOME)


@pytest.mark.django_db
@pytest.mark.parametrize("name", TABLE)
def test_somebody_from_outside_finds_nothing_but_the_way_in_and_their_own_part(client, records, name):
    answer = ask(client, records, name, HOPE)

    if name in CHANGES_SIGN_IN:
        assert answer.status_code == 403, "Hope has not chosen the password yet that is asked for first"
    elif name in FOR_EVERYBODY or name == "list_my_returns":
        assert answer.status_code in (200, 302)
    else:
        assert answer.status_code == 404
    assert not any(secret in answer.said.decode(errors="replace") for secret in (*SECRETS, "CASE-1", "Priya"))


@pytest.mark.django_db
@pytest.mark.parametrize("name", OF_A_RETURN)
@pytest.mark.parametrize("guessed", ["own_return", "typed_return", "audit", "returned_audit", "subject"])
def test_a_part_guessed_from_outside_is_not_found(client, records, name, guessed):
    assert ask(client, records, name, HOPE, stands_for={"own_return": guessed}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", OF_A_RETURN)
def test_somebody_from_outside_opens_their_own_part_and_reads_no_more_than_the_reference(
    client, records, name
):
    answer = ask(client, records, name, HOPE, stands_for=INVITED)
    text = answer.said.decode()

    assert opened(answer)
    if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
        assert "2027-02/001" in text
        names = ("Priya", "Ada", "North team", "Theo", "Social care", "Police", "/audits/", "/tasks/")
        assert [one for one in names if one in text] == []


def needed(resolver):
    """The permission that each view asks for, by URL name."""
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from needed(pattern)
        elif permission := getattr(pattern.callback, "needs", None):
            yield pattern.name, permission


def test_every_permission_that_a_page_needs_is_one_that_a_framework_can_grant():
    asked = dict(needed(get_resolver()))

    assert len(asked) > 30
    assert set(asked.values()) <= set(get_args(Permission))
