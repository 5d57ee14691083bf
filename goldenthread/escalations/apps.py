"""The escalations app."""

from django.apps import AppConfig


class EscalationsConfig(AppConfig):
    name = "goldenthread.escalations"
    label = "escalations"
