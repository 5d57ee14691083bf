"""The caseload app."""

from django.apps import AppConfig


class CaseloadConfig(AppConfig):
    name = "goldenthread.caseload"
    label = "caseload"
