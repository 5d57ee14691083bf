"""Addresses of the pages about frameworks."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
