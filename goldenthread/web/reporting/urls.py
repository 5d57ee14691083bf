"""Addresses of the pages about reporting."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
