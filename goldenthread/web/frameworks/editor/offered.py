"""What a draft may begin with and what may be compared, each told from the others by its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from goldenthread.frameworks.models import Draft, Framework, Version
from goldenthread.frameworks.queries import newest_versions
from goldenthread.web.frameworks.shipped import titles

MOST_OFFERED = 100


def sources(wanted: str) -> list[tuple[str, str]]:
    """What a draft can begin with; the version that is wanted is among it, newest or not."""
    versions = list(newest_versions())
    if wanted not in [version.public_id for version in versions]:
        asked = Version.objects.filter(public_id=wanted)
        versions += asked.select_related("framework")
    return [
        ("empty", "The smallest framework that makes sense: one kind of audit, one form, two grades"),
        *((f"ships {key}", f"{title}, as it ships with Golden Thread") for key, title in titles().items()),
        *((public_id, f"A copy of {name}") for public_id, name in _named(versions)),
        ("file", "A file"),
    ]


def comparable(*chosen: str) -> list[tuple[str, str]]:
    """The open drafts and the versions published last, `MOST_OFFERED` of each, and those chosen already."""
    drafts = Draft.objects.open().filter(_among_last(Draft.objects.open(), chosen)).defer("document")
    versions = Version.objects.filter(_among_last(Version.objects.all(), chosen))
    by_framework = versions.select_related("framework").order_by("framework__title", "framework", "-number")
    return [*_drafts_named(list(drafts.order_by("title", "pk"))), *_named(by_framework)]


def latest_two(offered: Iterable[str]) -> tuple[str, str]:
    """The version published last that has one before it, after that one.

    Where there is none: the draft saved last, after the version it began from; else the first two there are.
    """
    newest = Version.objects.filter(number__gt=1).order_by("-published_at", "-pk").first()
    if newest is not None:
        before = Version.objects.filter(framework=newest.framework_id, number__lt=newest.number)
        if (previous := before.order_by("-number").first()) is not None:
            return previous.public_id, newest.public_id
    some = [*offered, "", ""]
    draft = Draft.objects.open().filter(based_on__public_id__in=some, public_id__in=some)
    if (last := draft.select_related("based_on").order_by("-saved_at", "-pk").first()) and last.based_on:
        return last.based_on.public_id, last.public_id
    return some[0], some[1]


def _named(versions: Iterable[Version]) -> list[tuple[str, str]]:
    """Versions with their words; where two frameworks share a title, with the key and the day as well."""
    alike = Counter(Framework.objects.values_list("title", flat=True))
    return [
        (
            one.public_id,
            f"{one} (key {one.framework.key}, published {_moment(one.published_at)})"
            if alike[one.framework.title] > 1
            else str(one),
        )
        for one in versions
    ]


def _drafts_named(drafts: list[Draft]) -> list[tuple[str, str]]:
    """Drafts with their words; where two share a title, with the moment at which each was begun as well."""
    alike = Counter(draft.title for draft in drafts)
    return [
        (
            one.public_id,
            f"Draft: {one}{f' (begun {_moment(one.begun_at)})' if alike[one.title] > 1 else ''}",
        )
        for one in drafts
    ]


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i")


def _among_last(rows: QuerySet, chosen: tuple[str, ...]) -> Q:
    last = list(rows.order_by("-pk").values_list("pk", flat=True)[:MOST_OFFERED])
    return Q(pk__in=last) | Q(public_id__in=chosen)
