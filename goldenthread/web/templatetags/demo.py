"""The people of the demo council, for the sign-in page."""

from django import template
from django.conf import settings

from goldenthread.web.demo.sign_in import Kind, kinds_of_user

register = template.Library()


@register.simple_tag
def demo_kinds_of_user() -> list[Kind]:
    """Whom a visitor may sign in as; nobody outside a demonstration."""
    return kinds_of_user() if settings.DEMO else []
