"""Addresses of the pages about frameworks."""

from django.urls import path

from goldenthread.web.frameworks import bringing_in, units, views
from goldenthread.web.frameworks.editor.urls import urlpatterns as editor

VERSION = "frameworks/<str:public_id>/versions/<int:number>/"

urlpatterns = [
    path("frameworks/", views.list_frameworks, name="list_frameworks"),
    path("frameworks/publish/", views.publish_framework, name="publish_framework"),
    path("frameworks/bring-in-a-form/", bringing_in.bring_in_form, name="bring_in_form"),
    *editor,
    path("frameworks/<str:public_id>/", views.show_framework, name="show_framework"),
    path("frameworks/<str:public_id>/units/", units.set_units, name="set_units"),
    path(VERSION, views.show_framework_version, name="show_framework_version"),
    path(f"{VERSION}forms/<str:name>/", views.show_framework_form, name="show_framework_form"),
    path(f"{VERSION}flows/<str:name>/", views.show_framework_flow, name="show_framework_flow"),
    path(f"{VERSION}export/", views.export_framework, name="export_framework"),
]
