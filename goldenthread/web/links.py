"""Where the page of a record is, known by its kind: what tasks, notices and events point upwards with."""

from django.urls import NoReverseMatch, reverse

PAGES = {
    "agreement": "show_agreement",
    "agreement item": "check_item",
    "action": "show_action",
    "alert": "show_alert",
    "audit": "show_audit",
    "case": "show_subject",
    "commission": "show_commission",
    "copy": "show_copy",
    "cycle": "show_cycle",
    "dispute": "show_dispute",
    "draft": "show_draft",
    "draw": "show_draw",
    "extract": "show_extract",
    "framework": "show_framework",
    "further report": "open_report",
    "report about a person": "open_person_report",
    "late work": "show_late_work",
    "moderation": "show_moderation",
    "moderation draw": "show_moderation_draw",
    "nomination": "show_nomination",
    "person": "show_person",
    "report": "show_highlights",
    "response": "show_response",
    "return": "show_return",
    "private concern": "show_private_concern",
    "subject": "show_subject",
    "unit": "show_unit",
}


def url_of(kind: str, public_id: str) -> str:
    """The address of a record's page, or nothing where it has none."""
    if kind not in PAGES:
        return ""
    try:
        return reverse(PAGES[kind], args=[public_id])
    except NoReverseMatch:
        return ""
