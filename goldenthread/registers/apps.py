"""The registers app."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "goldenthread.registers"
    label = "registers"
