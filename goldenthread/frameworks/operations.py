"""Publishing frameworks: the only place that writes versions."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.db import transaction

from goldenthread.frameworks.models import Framework, Grant, Version
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.rules.framework import Framework as Pack
from goldenthread.rules.reading import read_pack, write_pack

ANYWHERE = "anywhere"


@transaction.atomic
def publish(
    document: str, *, by: Person | None, at: datetime, effective_on: date, reason: str = ""
) -> Version:
    """Publish a pack as the next version; where it says what the newest says, return that one unchanged."""
    pack = read_pack(document)
    written = write_pack(pack)
    framework = _framework(pack)
    newest = framework.versions.order_by("-number").first()
    if newest is not None and newest.document == written:
        return newest
    version = Version.objects.create(
        framework=framework,
        number=newest.number + 1 if newest else 1,
        document=written,
        sha256=hashlib.sha256(written.encode()).hexdigest(),
        reason=reason,
        effective_on=effective_on,
        published_at=at,
        published_by=by,
    )
    Grant.objects.bulk_create(_grants(pack, version))
    record(
        "framework.publish",
        about=("framework", framework.public_id, str(version)[:200]),
        by=by,
        at=at,
        values={
            "version": version.number,
            "sha256": version.sha256,
            "effective_on": effective_on.isoformat(),
            "reason": reason,
        },
    )
    return version


def _framework(pack: Pack) -> Framework:
    """The framework of that key, locked, with the title of the newest version."""
    framework, _ = Framework.objects.get_or_create(key=pack.key, defaults={"title": pack.title})
    framework = Framework.objects.select_for_update().get(pk=framework.pk)
    if framework.title != pack.title:
        framework.title = pack.title
        framework.save(update_fields=["title"])
    return framework


def _grants(pack: Pack, version: Version) -> list[Grant]:
    """What roles held by a post may do, one row for each permission."""
    return [
        Grant(
            version=version,
            role=name,
            post=role.post,
            scope=Grant.Scope.ANYWHERE if role.of == ANYWHERE else Grant.Scope.OVER_THE_UNIT,
            permission=permission,
        )
        for name, role in pack.roles.items()
        if role.post is not None
        for permission in role.may
    ]
