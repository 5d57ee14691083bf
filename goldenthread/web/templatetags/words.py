"""The organisation's own words on a page, as in `{{ audit.version|one:"case"|capfirst }}`."""

from typing import cast

from django import template
from django.urls import reverse

from goldenthread.audits.models import Audit
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.rules.framework import Term

register = template.Library()


@register.filter
def one(version: Version, term: str) -> str:
    """The word for one."""
    return pack_of(version).word(cast(Term, term))


@register.filter
def many(version: Version, term: str) -> str:
    """The word for many."""
    return pack_of(version).word(cast(Term, term), many=True)


@register.filter
def form_address(audit: Audit) -> str:
    """Where the audit's form stands with the descriptors of its grades, for everybody (WF-3, WF-7)."""
    version = audit.version
    form = pack_of(version).audit_types[audit.audit_type].form
    return reverse("show_framework_form", args=[version.framework.public_id, version.number, form])
