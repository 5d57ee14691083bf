"""Addresses of the pages about safety alerts."""

from django.urls import path

from goldenthread.web.escalations import views

urlpatterns = [
    path("audits/<str:public_id>/alert/", views.raise_alert, name="raise_alert"),
    path("returns/<str:public_id>/alert/", views.raise_alert_in_return, name="raise_alert_in_return"),
    path(
        "caseload/cases/<str:public_id>/alert/", views.raise_alert_about_case, name="raise_alert_about_case"
    ),
    path("alerts/", views.list_alerts, name="list_alerts"),
    path("alerts/<str:public_id>/", views.show_alert, name="show_alert"),
]
