"""What pages say of a framework: numbers with its words, and where its forms stand."""

import re
from typing import cast

from django import template
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format

from goldenthread.audits.models import Audit
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.reporting.audit_report import in_words
from goldenthread.rules.personal_data import seeming_identifiers
from goldenthread.rules.vocabulary import Term, counted
from goldenthread.rules.windows import READINGS, judged_from

register = template.Library()
DAY = re.compile(r"(?:\w+day )?\d{1,2} [A-Z][a-z]+\b")
"""A day as pages write it, with or without that of the week."""
SHARE = re.compile(r"\d+ of \d+(?: \(|, )")
"""A share as pages write it, before its percentage or the word that there is none."""


@register.simple_tag(takes_context=True, name="counted")
def counted_here(context: Context, number: int, term: str) -> str:
    """A number with the page's word for one or for many: `{% counted 3 "audit" %}`."""
    return counted(number, cast(Term, term), context["words"])


@register.filter
def words(version: Version) -> dict[str, str]:
    """The words of a version's framework, for one row of a list that is about several."""
    return words_of(version)


@register.filter
def form_address(audit: Audit) -> str:
    """Where the audit's form stands with the descriptors of its grades, for everybody (WF-3, WF-7)."""
    version = audit.version
    form = pack_of(version).audit_types[audit.audit_type].form
    return reverse("show_framework_form", args=[version.framework.public_id, version.number, form])


@register.filter
def is_graded(audit: Audit) -> bool:
    """Whether the audit's kind gives grades at all."""
    return pack_of(audit.version).grading_of(audit.audit_type).scale is not None


@register.filter
def window(audit: Audit) -> list[str]:
    """What the auditor reads and what they judge, sentence by sentence."""
    kind = pack_of(audit.version).audit_types[audit.audit_type]
    judged = judged_from(audit.looks_from, audit.looks_to, kind.judges)
    said = [f"Look at {in_words(audit.looks_from)} to {in_words(audit.looks_to)}"]
    said += [f"Judge what was done from {in_words(judged)}"] if judged > audit.looks_from else []
    return said + ([READINGS[kind.goes_by].removesuffix(".")] if kind.goes_by else [])


@register.filter
def identifiers(text: object) -> list[str]:
    """What to tell the writer of words that look like they say who somebody is."""
    return [seeming.sentence for seeming in seeming_identifiers(str(text or ""), on=timezone.localdate())[:5]]


@register.filter
def begins_with_day(cell: object) -> bool:
    """Whether a cell of a table begins with a day: it is kept wide enough for the day and its month."""
    return DAY.match(_text_of(cell)) is not None


@register.filter
def begins_with_share(cell: object) -> bool:
    """Whether a cell of a table begins with a share: it is kept wide enough for its interval."""
    return SHARE.match(_text_of(cell)) is not None


def _text_of(cell: object) -> str:
    text = cell.get("text") if isinstance(cell, dict) else cell
    return text if isinstance(text, str) else ""


@register.filter
def grouped(value: int) -> str:
    """A number as it is read: "17,741"."""
    return number_format(value, use_l10n=True, force_grouping=True)
