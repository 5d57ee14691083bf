"""The frameworks app."""

from django.apps import AppConfig


class FrameworksConfig(AppConfig):
    name = "goldenthread.frameworks"
    label = "frameworks"
