"""Addresses of the pages about programmes."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
