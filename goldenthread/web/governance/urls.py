"""Addresses of the pages about keeping and removing records."""

from django.urls import path

from goldenthread.web.governance import views

urlpatterns = [
    path("retention/", views.show_retention, name="show_retention"),
    path("retention/remove/", views.remove_words, name="remove_words"),
    path("retention/holds/audit/<str:public_id>/", views.hold_audit, name="hold_audit"),
    path("retention/holds/subject/<str:public_id>/", views.hold_subject, name="hold_subject"),
    path("retention/holds/<str:public_id>/lift/", views.lift_hold, name="lift_legal_hold"),
]
