"""The audits app."""

from django.apps import AppConfig


class AuditsConfig(AppConfig):
    name = "goldenthread.audits"
    label = "audits"
