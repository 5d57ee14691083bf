"""Reading the organisation's frameworks: the version in force, its typed model, and who is granted what."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from goldenthread.frameworks.grants import holding
from goldenthread.frameworks.models import Framework, Grant, Publishing, Version
from goldenthread.people.models import Person, PersonQuerySet, Post
from goldenthread.rules.framework import Framework as Pack
from goldenthread.rules.reading import read_published
from goldenthread.rules.refusal import Refused
from goldenthread.rules.reports import ALL
from goldenthread.rules.subjects import SubjectKind


def pack_of(version: Version) -> Pack:
    """The version's document as the typed model; read once in a process, since it never changes.

    Only then is the document asked for, so that lists may leave it out of their rows.
    """
    return _pack(_Document(version))


def words_of(version: Version, audit_type: str = "") -> dict[str, str]:
    """The words of a version's framework, as pages and sentences ask for them.

    For audits of a type, what they look at is said where a case would be.
    """
    return pack_of(version).words_for(audit_type)


class _Document:
    """A version's document, known by its hash."""

    def __init__(self, version: Version) -> None:
        self.version = version

    def __hash__(self) -> int:
        return hash(self.version.sha256)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Document) and other.version.sha256 == self.version.sha256


@lru_cache(maxsize=64)
def _pack(document: _Document) -> Pack:
    return read_published(document.version.document)


def current(key: str, *, on: date | None = None) -> Version:
    """The newest version of a framework, or the newest in force on a day; `Refused` if there is none."""
    versions = Version.objects.filter(framework__key=key).select_related("framework").order_by("-number")
    if on is not None:
        versions = versions.filter(effective_on__lte=on)
    version = versions.first()
    if version is None:
        known = ", ".join(Framework.objects.order_by("key").values_list("key", flat=True)) or "none yet"
        raise Refused(f"There is no published framework “{key}”. Those published: {known}.")
    return version


def version_of(key: str, number: int) -> Version:
    """One version of a framework by its number; `Refused` if there is none."""
    newest = current(key)
    version = (
        Version.objects.filter(framework=newest.framework, number=number).select_related("framework").first()
    )
    if version is None:
        raise Refused(
            f"{newest.framework.title} has no version {number}. The newest is version {newest.number}."
        )
    return version


def form_named(version: Version, name: str = "") -> str:
    """What a version calls a form, or its only form; `Refused` names those there are."""
    forms = pack_of(version).forms
    if not name and len(forms) == 1:
        return next(iter(forms))
    if name not in forms:
        said = f"There is no form “{name}”" if name else "There is more than one form"
        key = version.framework.key
        raise Refused(f"{said}. Name one of them: {', '.join(f'{key}/{one}' for one in forms)}.")
    return name


def newest_versions() -> QuerySet[Version]:
    """The newest version of each framework, by title."""
    newest = Version.objects.filter(framework=OuterRef("framework")).order_by("-number").values("pk")[:1]
    return (
        Version.objects.filter(pk=Subquery(newest)).select_related("framework").order_by("framework__title")
    )


def has_reports_about_people() -> bool:
    """Whether the newest version of some framework has a report about one person."""
    packs = (pack_of(version) for version in newest_versions())
    return any(one.about != ALL for pack in packs for one in pack.reports.values())


def kinds_of_subject() -> dict[str, tuple[Version, SubjectKind]]:
    """What the newest frameworks audit besides cases, by name, each with the version that says so."""
    return {
        name: (version, kind)
        for version in newest_versions()
        for name, kind in pack_of(version).subjects.items()
    }


def needs_two_people() -> bool:
    """Whether the organisation wants a second person to publish what the first has written."""
    return Publishing.objects.filter(two_people=True).exists()


def permissions_of(person: Person, *, on: date) -> frozenset[str]:
    """Every permission that this person holds somewhere by a post on that day, under the newest versions."""
    return holding(person, on).now


def who_may(permission: str, *, on: date) -> PersonQuerySet:
    """Staff who can sign in and whose post grants the permission that day, under some newest version."""
    later = Version.objects.filter(
        framework=OuterRef("version__framework"), number__gt=OuterRef("version__number")
    )
    grants = Grant.objects.filter(~Exists(later), permission=permission)
    posts = Post.objects.filter(person=OuterRef("pk"), kind__in=grants.values("post")).on(on)
    return Person.objects.confirmed().filter(Exists(posts), is_active=True)
