"""Addresses of the pages about safety alerts."""

from django.urls import path

from goldenthread.web.escalations import dispute_views, late_views, private_views, views

urlpatterns = [
    path("audits/<str:public_id>/alert/", views.raise_alert, name="raise_alert"),
    path("returns/<str:public_id>/alert/", views.raise_alert_in_return, name="raise_alert_in_return"),
    path(
        "caseload/cases/<str:public_id>/alert/", views.raise_alert_about_case, name="raise_alert_about_case"
    ),
    path("audits/<str:public_id>/dispute/", dispute_views.raise_dispute, name="raise_dispute"),
    path("disputes/", dispute_views.list_disputes, name="list_disputes"),
    path("disputes/<str:public_id>/", dispute_views.show_dispute, name="show_dispute"),
    path("disputes/<str:public_id>/withdraw/", dispute_views.withdraw_dispute, name="withdraw_dispute"),
    path(
        "audits/<str:public_id>/private-concern/",
        private_views.raise_private_concern,
        name="raise_private_concern",
    ),
    path("private-concerns/", private_views.list_private_concerns, name="list_private_concerns"),
    path(
        "private-concerns/<str:public_id>/", private_views.show_private_concern, name="show_private_concern"
    ),
    path("late-work/", late_views.list_late_work, name="list_late_work"),
    path("late-work/<str:public_id>/", late_views.show_late_work, name="show_late_work"),
    path("alerts/", views.list_alerts, name="list_alerts"),
    path("alerts/<str:public_id>/", views.show_alert, name="show_alert"),
]
