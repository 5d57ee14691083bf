"""Addresses of the pages about agreements."""

from django.urls import path

from goldenthread.web.registers import views

urlpatterns = [
    path("agreements/", views.list_agreements, name="list_agreements"),
    path("agreements/begin/", views.begin_agreement, name="begin_agreement"),
    path("agreements/items/<str:public_id>/", views.check_item, name="check_item"),
    path("agreements/items/<str:public_id>/cases/", views.list_cases_to_check, name="list_cases_to_check"),
    path("agreements/<str:public_id>/", views.show_agreement, name="show_agreement"),
    path("agreements/<str:public_id>/edit/", views.edit_agreement, name="edit_agreement"),
    path("agreements/<str:public_id>/sign/", views.sign_agreement, name="sign_agreement"),
    path("agreements/<str:public_id>/discard/", views.discard_agreement, name="discard_agreement"),
]
