"""Addresses of the pages about caseload."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
