"""Addresses of the reports."""

from django.urls import path

from goldenthread.web.reporting import about_people, compliance, standards, trends, views

urlpatterns = [
    path("reports/", views.list_reports, name="list_reports"),
    path("reports/standards/<str:public_id>/", standards.show_standards, name="show_standards"),
    path(
        "reports/standards/<str:public_id>/audits/",
        standards.list_standard_audits,
        name="list_standard_audits",
    ),
    path("reports/compliance/", compliance.show_compliance, name="show_compliance"),
    path("reports/compliance/scores/", compliance.show_year_of_scores, name="show_year_of_scores"),
    path("reports/compliance/audits/", compliance.list_compliance, name="list_compliance"),
    path("reports/compliance/spreadsheet/", compliance.download_compliance, name="download_compliance"),
    path("reports/people/", about_people.list_person_reports, name="list_person_reports"),
    path("reports/trends/", trends.show_trends, name="show_trends"),
    path("reports/<str:public_id>/", views.show_highlights, name="show_highlights"),
    path("reports/<str:public_id>/word/", views.download_highlights, name="download_highlights"),
    path("reports/<str:public_id>/spreadsheet/", compliance.download_month, name="download_month"),
    path("reports/<str:public_id>/audits/", views.list_figure, name="list_figure"),
    path(
        "reports/<str:public_id>/about/<str:name>/",
        about_people.list_people_reported,
        name="list_people_reported",
    ),
    path(
        "reports/<str:public_id>/about/<str:name>/<str:person_id>/",
        about_people.show_person_report,
        name="show_person_report",
    ),
    path(
        "reports/<str:public_id>/about/<str:name>/<str:person_id>/word/",
        about_people.download_person_report,
        name="download_person_report",
    ),
    path(
        "reports/<str:public_id>/about/<str:name>/<str:person_id>/audits/",
        about_people.list_person_figure,
        name="list_person_figure",
    ),
    path("reports/<str:public_id>/over/<str:name>/", views.show_highlights, name="show_further_report"),
    path(
        "reports/<str:public_id>/over/<str:name>/word/",
        views.download_highlights,
        name="download_further_report",
    ),
    path("reports/<str:public_id>/over/<str:name>/audits/", views.list_figure, name="list_further_figure"),
]
