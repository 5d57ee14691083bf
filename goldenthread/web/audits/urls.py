"""Addresses of the pages about audits."""

from django.urls import path

from goldenthread.web.audits import (
    arranging_views,
    calendar_views,
    consent_views,
    extending,
    file_views,
    form_views,
    meeting_views,
    moderation_views,
    report_views,
    return_views,
    row_views,
    views,
)

ONE = "audits/<str:public_id>"
RETURN = "returns/<str:public_id>"

MEETING = "moderation/<str:public_id>/meeting"
DRAWN = "moderation/draws/<str:public_id>"

urlpatterns = [
    path("moderation/", moderation_views.list_moderation, name="list_moderation"),
    path("moderation/draw/", moderation_views.draw_for_moderation, name="draw_for_moderation"),
    path("moderation/agreement/", moderation_views.show_grading_agreement, name="show_grading_agreement"),
    path(f"{DRAWN}/", moderation_views.show_moderation_draw, name="show_moderation_draw"),
    path(f"{DRAWN}/allocate/", moderation_views.allocate_moderation, name="allocate_moderation"),
    path(f"{DRAWN}/offer/", moderation_views.offer_moderators, name="offer_moderators"),
    path(f"{DRAWN}/frame.csv", moderation_views.download_moderation_frame, name="download_moderation_frame"),
    path(f"{DRAWN}/draw.json", moderation_views.download_moderation_draw, name="download_moderation_draw"),
    path("moderation/<str:public_id>/", moderation_views.show_moderation, name="show_moderation"),
    path(f"{MEETING}/", calendar_views.show_moderation_meeting, name="show_moderation_meeting"),
    path(f"{MEETING}/off/", calendar_views.call_off_moderation_meeting, name="call_off_moderation_meeting"),
    path(
        f"{MEETING}/meeting.ics",
        calendar_views.download_moderation_meeting,
        name="download_moderation_meeting",
    ),
    path("audits/", views.list_audits, name="list_audits"),
    path(f"{ONE}/", views.show_audit, name="show_audit"),
    path(f"{ONE}/longer/", extending.extend_audit, name="extend_audit"),
    path(f"{ONE}/step/", views.take_step, name="take_step"),
    path(f"{ONE}/consents/give/", consent_views.give_consent, name="give_consent"),
    path(f"{ONE}/consents/withdraw/", consent_views.withdraw_consent, name="withdraw_consent"),
    path(f"{ONE}/sections/<str:section>/", form_views.audit_section, name="audit_section"),
    path(f"{ONE}/sections/<str:section>/skip/", form_views.skip_section, name="skip_section"),
    path(f"{ONE}/sections/<str:section>/rows/<str:row>/", row_views.audit_row, name="audit_row"),
    path(f"{ONE}/save-row-name/", row_views.save_row_name, name="save_row_name"),
    path(f"{ONE}/save-answer/", form_views.save_answer, name="save_answer"),
    path(f"{ONE}/save-judgement/", form_views.save_judgement, name="save_judgement"),
    path(f"{ONE}/answers/<str:question>/", form_views.show_answer_history, name="show_answer_history"),
    path(f"{ONE}/grades/<str:part>/", form_views.show_grade_history, name="show_grade_history"),
    path(f"{ONE}/conversation/", meeting_views.show_conversation, name="show_conversation"),
    path(f"{ONE}/conversation/arrange/", meeting_views.arrange_conversation, name="arrange_conversation"),
    path(f"{ONE}/conversation/record/", meeting_views.record_conversation, name="record_conversation"),
    path(f"{ONE}/conversation/off/", calendar_views.call_off_conversation, name="call_off_conversation"),
    path(
        f"{ONE}/conversation/meeting.ics",
        calendar_views.download_conversation,
        name="download_conversation",
    ),
    path(f"{ONE}/findings/", meeting_views.list_findings, name="list_findings"),
    path(f"{ONE}/findings/<str:finding>/withdraw/", meeting_views.withdraw_finding, name="withdraw_finding"),
    path(f"{ONE}/earlier-work/<int:place>/", meeting_views.record_earlier_work, name="record_earlier_work"),
    path(f"{ONE}/check/", report_views.check_report, name="check_report"),
    path(f"{ONE}/report/", report_views.show_report, name="show_report"),
    path(
        f"{ONE}/report.docx", report_views.download_report, {"kind": "docx"}, name="download_report_as_word"
    ),
    path(f"{ONE}/report.pdf", report_views.download_report, {"kind": "pdf"}, name="download_report_as_pdf"),
    path(f"{ONE}/answers.json", report_views.download_answers, name="download_answers"),
    path(f"{ONE}/files/<str:file>/", file_views.download_file, name="download_file"),
    path(f"{ONE}/case-note/", report_views.show_case_note, name="show_case_note"),
    path(f"{ONE}/returns/", return_views.show_returns, name="show_returns"),
    path("returns/", return_views.list_my_returns, name="list_my_returns"),
    path(f"{RETURN}/", return_views.show_return, name="show_return"),
    path(f"{RETURN}/sections/<str:section>/", return_views.return_section, name="return_section"),
    path(
        f"{RETURN}/sections/<str:section>/skip/",
        return_views.skip_return_section,
        name="skip_return_section",
    ),
    path(f"{RETURN}/save-answer/", return_views.save_return_answer, name="save_return_answer"),
    path(f"{RETURN}/save-judgement/", return_views.save_return_judgement, name="save_return_judgement"),
    path(f"{RETURN}/files/<str:file>/", file_views.download_return_file, name="download_return_file"),
    path(f"{RETURN}/send-in/", return_views.send_in_return, name="send_in_return"),
    path(f"{RETURN}/giver/", arranging_views.name_giver, name="name_giver"),
    path(f"{RETURN}/invite/", arranging_views.invite_to_return, name="invite_to_return"),
    path(f"{RETURN}/give-up/", arranging_views.give_up_return, name="give_up_return"),
    path(f"{RETURN}/ask-again/", arranging_views.ask_again, name="ask_again"),
]
