"""The tasks app."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "goldenthread.tasks"
    label = "tasks"
