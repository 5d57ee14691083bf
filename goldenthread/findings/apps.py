"""The findings app."""

from django.apps import AppConfig


class FindingsConfig(AppConfig):
    name = "goldenthread.findings"
    label = "findings"
