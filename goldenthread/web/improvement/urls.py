"""Addresses of the pages about what follows an audit."""

from django.urls import path

from goldenthread.web.improvement import action_views, consent_views, pause_views, views

urlpatterns = [
    path("follow-up/", views.list_responses, name="list_responses"),
    path("follow-up/<str:public_id>/", views.show_response, name="show_response"),
    path("follow-up/<str:public_id>/discussion/", views.record_discussion, name="record_discussion"),
    path("follow-up/<str:public_id>/check/", views.check_discussion, name="check_discussion"),
    path("actions/", action_views.list_actions, name="list_actions"),
    path("actions/<str:public_id>/", action_views.show_action, name="show_action"),
    path("actions/<str:public_id>/done/", action_views.finish_action, name="finish_action"),
    path("actions/<str:public_id>/verification/", action_views.verify_action, name="verify_action"),
    path("actions/<str:public_id>/giving/", action_views.give_action, name="give_action"),
    path("actions/<str:public_id>/closing/", action_views.close_action, name="close_action"),
    path(
        "actions/<str:public_id>/consents/give/",
        consent_views.consent_to_closing,
        name="consent_to_closing",
    ),
    path(
        "actions/<str:public_id>/consents/withdraw/",
        consent_views.withdraw_consent_to_closing,
        name="withdraw_consent_to_closing",
    ),
    path("tasks/<str:public_id>/pause/", pause_views.pause_clock, name="pause_clock"),
    path("pauses/<str:public_id>/end/", pause_views.end_pause, name="end_pause"),
]
