"""Addresses of the pages about escalations."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
