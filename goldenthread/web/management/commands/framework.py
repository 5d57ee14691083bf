"""goldenthread framework: check a framework pack, load it as a new version, compare two, write one out."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from goldenthread.frameworks.models import Framework, Version
from goldenthread.frameworks.operations import publish
from goldenthread.frameworks.publishing import let_one_person_at_server
from goldenthread.frameworks.queries import current, version_of
from goldenthread.people.models import Person
from goldenthread.rules.documents import read_document
from goldenthread.rules.reading import faults, read_pack
from goldenthread.rules.reference import flow_page, pack_page
from goldenthread.rules.refusal import Refused
from goldenthread.web.frameworks.changes import changes
from goldenthread.web.frameworks.shipped import read_file, shipped
from goldenthread.web.management import dry_runs


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a date; write it as 2026-11-02.") from None


def _person(address: str) -> Person:
    """Whose e-mail address this is."""
    person = Person.objects.filter(email__iexact=address.strip(), is_active=True).first()
    if person is None:
        raise Refused(f"Nobody who can sign in has the e-mail address {address}.")
    return person


class Command(BaseCommand):
    help = "Check a framework pack, load it as a new version, or write a published version out."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The things that can be done."""
        what = f"a file, or a framework that ships with Golden Thread: {', '.join(shipped())}"
        doing = parser.add_subparsers(
            dest="do", required=True, metavar="check|load|export|diff|dry_run|flow|reference|one_person"
        )
        check = doing.add_parser("check", help="name every fault of a framework pack")
        check.add_argument("file", help=what)
        load = doing.add_parser("load", help="publish a framework pack as the next version")
        load.add_argument("file", help=what)
        load.add_argument("--reason", default="", help="why there is a new version")
        load.add_argument("--by", help="who does it (an e-mail address); asked for where two people publish")
        load.add_argument("--effective-on", type=_day, help="from which day it holds (default: today)")
        export = doing.add_parser("export", help="write a published version as YAML")
        export.add_argument("key", help="the framework's key")
        export.add_argument("--version", type=int, dest="number", help="its number (default: the newest)")
        export.add_argument("--out", type=Path, help="the file to write (default: standard output)")
        diff = doing.add_parser("diff", help="say what differs between two framework packs")
        one = f"{what}; or a published version as KEY@NUMBER"
        diff.add_argument("before", help=one)
        diff.add_argument("after", help="the same of the other")
        dry_run = doing.add_parser("dry_run", help="try a framework on last quarter's cases; nothing is kept")
        dry_run.add_argument("file", help=f"{what}; or the key of a published framework, or KEY@NUMBER")
        dry_run.add_argument("--on", type=_day, help="try the quarter before this day (default: today)")
        dry_run.add_argument("--json", action="store_true", help="print all that was found, as JSON")
        flow = doing.add_parser("flow", help="print the steps of an audit as a page of documentation")
        flow.add_argument("file", help=what)
        flow.add_argument("--flow", help="the flow's name in the framework (default: its first)")
        alone = doing.add_parser("one_person", help="let one person publish again, where it takes two")
        alone.add_argument("--by", required=True, help="who decides it (an e-mail address)")
        alone.add_argument("--reason", required=True, help="why; the ledger and the page say it")
        doing.add_parser("reference", help="print what a framework pack may hold, as documentation")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the one that was asked for; a refusal is shown as such."""
        doing = {
            "check": self.check_file,
            "load": self.load_file,
            "export": self.export_version,
            "diff": self.show_changes,
            "dry_run": self.dry_run,
            "flow": self.show_flow,
            "reference": self.show_reference,
            "one_person": self.let_one_person,
        }
        try:
            doing[options["do"]](options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        except DatabaseError as error:
            raise CommandError(f"The database is not ready: {error}. Run goldenthread init_db.") from None

    def check_file(self, options: dict[str, Any]) -> None:
        """Say each fault on a line of its own, and leave with 1 if there is any."""
        found = faults(read_file(options["file"]))
        for fault in found:
            self.stdout.write(str(fault))
        if found:
            self.stderr.write(f"{options['file']}: {_count(len(found))}")
            sys.exit(1)
        self.stdout.write(f"{options['file']}: no faults")

    def load_file(self, options: dict[str, Any]) -> None:
        """Publish the document."""
        before = Version.objects.count()
        version = publish(
            read_file(options["file"]),
            by=_person(options["by"]) if options["by"] else None,
            at=timezone.now(),
            effective_on=options["effective_on"] or timezone.localdate(),
            reason=options["reason"],
            at_server=True,
        )
        if Version.objects.count() == before:
            self.stdout.write(f"Nothing changed: {version} says the same. No new version was published.")
        else:
            self.stdout.write(f"Published {version}, in force from {version.effective_on:%-d %B %Y}.")

    def let_one_person(self, options: dict[str, Any]) -> None:
        """End that two people publish."""
        by = _person(options["by"])
        let_one_person_at_server(because=options["reason"], by=by, at=timezone.now())
        self.stdout.write(f"One person now publishes a framework. The ledger says that {by.name} decided it.")

    def export_version(self, options: dict[str, Any]) -> None:
        """Write the document of a version."""
        key, number = options["key"], options["number"]
        version = current(key) if number is None else version_of(key, number)
        if options["out"] is None:
            self.stdout.write(version.document, ending="")
            return
        try:
            options["out"].write_text(version.document, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{options['out']} cannot be written: {error.strerror}.") from None
        self.stdout.write(f"Wrote {version} to {options['out']}.")

    def show_changes(self, options: dict[str, Any]) -> None:
        """Say each difference on a line of its own."""
        rows = changes(_document(options["before"]), _document(options["after"]))
        for where, before, after in rows:
            self.stdout.write(f"{where}: {before} → {after}")
        if not rows:
            self.stdout.write("Both say the same.")

    def dry_run(self, options: dict[str, Any]) -> None:
        """Say what a framework would have done in the quarter before a day."""
        found = dry_runs.tried(_tried(options["file"]), on=options["on"] or timezone.localdate())
        if options["json"]:
            self.stdout.write(json.dumps(found, indent=2, ensure_ascii=False))
            return
        for line in dry_runs.lines(found):
            self.stdout.write(line)

    def show_flow(self, options: dict[str, Any]) -> None:
        """Print a flow as Markdown."""
        pack = read_pack(read_file(options["file"]))
        name = options["flow"] or next(iter(pack.flows))
        if name not in pack.flows:
            raise Refused(f"There is no flow “{name}”. Known: {', '.join(pack.flows)}.")
        self.stdout.write(flow_page(pack, name), ending="")

    def show_reference(self, options: dict[str, Any]) -> None:
        """Print the reference of the model as Markdown."""
        self.stdout.write(pack_page(), ending="")


def _document(name: str) -> str:
    """What a file, a shipped pack or a published version says; what cannot be read is refused."""
    key, _, number = name.rpartition("@")
    if key and number.isascii() and number.isdigit() and not Path(name).exists():
        return version_of(key, int(number)).document
    document = read_file(name)
    if (reading := read_document(document)).faults:
        raise Refused(f"{name} cannot be read: {reading.faults[0][1]}")
    return document


def _tried(name: str) -> str:
    """What a file, a shipped pack, or a published framework by its key or as KEY@NUMBER says."""
    published = Framework.objects.filter(key=name).exists() and not Path(name).exists()
    return current(name).document if published else _document(name)


def _count(number: int) -> str:
    return "1 fault" if number == 1 else f"{number} faults"
