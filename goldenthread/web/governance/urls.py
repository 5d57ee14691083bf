"""Addresses of the pages about keeping and removing records, and about copies."""

from django.urls import path

from goldenthread.web.governance import copy_views, file_views, views

urlpatterns = [
    path("copies/", copy_views.list_copies, name="list_copies"),
    path("copies/<str:public_id>/", copy_views.show_copy, name="show_copy"),
    path("copies/<str:public_id>/sent/", copy_views.note_sent_copy, name="note_sent_copy"),
    path("copies/<str:public_id>/drop/", copy_views.drop_copy, name="drop_copy"),
    path(
        "copies/<str:public_id>/copy.docx",
        copy_views.download_copy,
        {"kind": "docx"},
        name="download_copy_as_word",
    ),
    path(
        "copies/<str:public_id>/copy.pdf",
        copy_views.download_copy,
        {"kind": "pdf"},
        name="download_copy_as_pdf",
    ),
    path("audits/<str:public_id>/copies/ask/", copy_views.ask_for_copy, name="ask_for_copy"),
    path("reports/<str:public_id>/copies/ask/", copy_views.ask_for_report, name="ask_for_report"),
    path("reports/<str:public_id>/sign-off/", copy_views.sign_off_report, name="sign_off_report"),
    path(
        "reports/<str:public_id>/over/<str:name>/copies/ask/",
        copy_views.ask_for_report,
        name="ask_for_further_report",
    ),
    path(
        "reports/<str:public_id>/over/<str:name>/sign-off/",
        copy_views.sign_off_report,
        name="sign_off_further_report",
    ),
    path(
        "reports/<str:public_id>/about/<str:name>/<str:person_id>/copies/ask/",
        copy_views.ask_for_person_report,
        name="ask_for_person_report",
    ),
    path(
        "reports/<str:public_id>/about/<str:name>/<str:person_id>/sign-off/",
        copy_views.sign_off_person_report,
        name="sign_off_person_report",
    ),
    path("further-reports/<str:public_id>/", copy_views.open_report, name="open_report"),
    path("reports-about-people/<str:public_id>/", copy_views.open_person_report, name="open_person_report"),
    path("audits/<str:public_id>/files/<str:file>/remove/", file_views.remove_file, name="remove_file"),
    path(
        "returns/<str:public_id>/files/<str:file>/remove/",
        file_views.remove_return_file,
        name="remove_return_file",
    ),
    path("retention/", views.show_retention, name="show_retention"),
    path("retention/remove/", views.remove_words, name="remove_words"),
    path("retention/holds/audit/<str:public_id>/", views.hold_audit, name="hold_audit"),
    path("retention/holds/subject/<str:public_id>/", views.hold_subject, name="hold_subject"),
    path("retention/holds/<str:public_id>/lift/", views.lift_hold, name="lift_legal_hold"),
]
