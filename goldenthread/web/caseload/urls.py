"""Addresses of the pages about the caseload."""

from django.urls import path

from goldenthread.web.caseload import extracts, kinds, views

urlpatterns = [
    path("caseload/", views.list_subjects, name="list_subjects"),
    path("caseload/cases/<str:public_id>/", views.show_subject, name="show_subject"),
    path(
        "caseload/cases/<str:public_id>/missing/<str:list_name>/",
        views.answer_missing_page,
        name="answer_missing",
    ),
    path("caseload/cases/<str:public_id>/end/", kinds.end_subject, name="end_subject"),
    path("caseload/kinds/<str:kind>/", kinds.list_kind, name="list_kind"),
    path("caseload/kinds/<str:kind>/update/", kinds.update_kind, name="update_kind"),
    path("caseload/kinds/<str:kind>/add/", kinds.keep_subject, name="keep_subject"),
    path("caseload/kinds/<str:kind>/list/", kinds.load_subjects, name="load_subjects"),
    path(
        "caseload/kinds/<str:kind>/template/",
        kinds.download_subject_template,
        name="download_subject_template",
    ),
    path("caseload/missing/", views.list_missing, name="list_missing"),
    path("caseload/extracts/", extracts.list_extracts, name="list_extracts"),
    path("caseload/extracts/upload/", extracts.upload_extract, name="upload_extract"),
    path("caseload/extracts/<str:public_id>/", extracts.show_extract, name="show_extract"),
    path("caseload/extracts/<str:public_id>/columns/", extracts.map_extract, name="map_extract"),
    path("caseload/extracts/<str:public_id>/confirm/", extracts.confirm_extract, name="confirm_extract"),
    path("caseload/extracts/<str:public_id>/abandon/", extracts.abandon_extract, name="abandon_extract"),
    path("caseload/extracts/<str:public_id>/undo/", extracts.undo_extract, name="undo_extract"),
    path(
        "caseload/extracts/<str:public_id>/rows/<slug:kind>/",
        extracts.list_extract_rows,
        name="list_extract_rows",
    ),
]
