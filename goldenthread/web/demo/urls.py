"""The address of the demonstration's sign-in; it answers in a demonstration alone."""

from django.urls import path

from goldenthread.web.demo import sign_in

urlpatterns = [
    path("sign-in/as/<str:public_id>/", sign_in.sign_in_as, name="sign_in_as"),
]
