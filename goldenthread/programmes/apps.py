"""The programmes app."""

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "goldenthread.programmes"
    label = "programmes"
