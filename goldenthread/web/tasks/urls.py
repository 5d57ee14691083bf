"""Addresses of the pages about what is owed and what people were told."""

from django.urls import path, register_converter

from goldenthread.web.tasks import views
from goldenthread.web.tasks.days import Day

register_converter(Day, "day")

urlpatterns = [
    path("tasks/", views.my_tasks, name="my_tasks"),
    path("tasks/finished/", views.list_finished_tasks, name="list_finished_tasks"),
    path("tasks/notices/", views.list_notices, name="list_notices"),
    path("tasks/my-notices/", views.choose_notices, name="choose_notices"),
    path("tasks/my-notices/leave/<day:starts_on>/", views.name_deputy, name="name_deputy"),
    path("leave/", views.list_leave, name="list_leave"),
    path("notices/", views.list_undelivered_notices, name="list_undelivered_notices"),
    path("notices/<str:public_id>/retry/", views.retry_notice, name="retry_notice"),
]
