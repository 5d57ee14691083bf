"""Addresses of the reports."""

from django.urls import path

from goldenthread.web.reporting import compliance, standards, trends, views

urlpatterns = [
    path("reports/", views.list_reports, name="list_reports"),
    path("reports/standards/<str:public_id>/", standards.show_standards, name="show_standards"),
    path(
        "reports/standards/<str:public_id>/audits/",
        standards.list_standard_audits,
        name="list_standard_audits",
    ),
    path("reports/compliance/", compliance.show_compliance, name="show_compliance"),
    path("reports/compliance/audits/", compliance.list_compliance, name="list_compliance"),
    path("reports/compliance/spreadsheet/", compliance.download_compliance, name="download_compliance"),
    path("reports/trends/", trends.show_trends, name="show_trends"),
    path("reports/<str:public_id>/", views.show_highlights, name="show_highlights"),
    path("reports/<str:public_id>/word/", views.download_highlights, name="download_highlights"),
    path("reports/<str:public_id>/spreadsheet/", compliance.download_month, name="download_month"),
    path("reports/<str:public_id>/audits/", views.list_figure, name="list_figure"),
    path("reports/<str:public_id>/over/<str:name>/", views.show_highlights, name="show_report"),
    path("reports/<str:public_id>/over/<str:name>/word/", views.download_highlights, name="download_report"),
    path("reports/<str:public_id>/over/<str:name>/audits/", views.list_figure, name="list_report_figure"),
]
