"""goldenthread due: when something is due, and why then."""

import json
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

import goldenthread
from goldenthread.frameworks.models import Framework, Version
from goldenthread.people.models import Closure, Unit

PACK = (Path(goldenthread.__file__).parent / "packs" / "adult-social-care.yaml").read_text(encoding="utf-8")


@pytest.fixture
def ask(capsys):
    def ask(*arguments):
        call_command("due", *arguments)
        return capsys.readouterr().out

    return ask


@pytest.fixture
def published(db):
    framework = Framework.objects.create(key="adult-social-care", title="Adult social care")
    return Version.objects.create(
        framework=framework,
        number=1,
        document=PACK,
        sha256=sha256(PACK.encode()).hexdigest(),
        effective_on=date(2026, 1, 1),
        published_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def clock(ask, name, start, *more):
    command = ("--framework", "adult-social-care", "--clock", name, "--from", start, "--json", *more)
    return json.loads(ask(*command))


def test_a_length_is_answered_without_any_database(ask):
    assert ask("--length", "5 working days", "--from", "2026-12-23T10:00").splitlines() == [
        "due: 2027-01-04T23:59:59+00:00",
        "reason: 5 working days from receipt on Wednesday 23 December; "
        "25 and 28 December and 1 January are bank holidays",
    ]


def test_json_is_one_object_with_the_local_time(ask):
    answer = json.loads(ask("--length", "1 working day", "--from", "2026-06-05T17:30", "--json"))

    assert answer == {
        "due": "2026-06-08T23:59:59+01:00",
        "reason": "1 working day from receipt on Friday 5 June",
    }


@pytest.mark.parametrize(
    ("nation", "due"),
    [("scotland", "2027-01-05"), ("northern-ireland", "2027-01-04"), ("england-and-wales", "2027-01-04")],
)
def test_each_nation_has_its_bank_holidays(ask, nation, due):
    command = ("--length", "5 working days", "--from", "2026-12-23T10:00", "--nation", nation, "--json")

    assert json.loads(ask(*command))["due"].startswith(due)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-11-20T10:00", "2026-11-21T10:00:00+00:00"),
        ("2026-11-20", "2026-11-21T00:00:00+00:00"),
        ("2026-07-01T23:30Z", "2026-07-03T00:30:00+01:00"),
        ("2027-03-27T12:00", "2027-03-28T13:00:00+01:00"),
    ],
)
def test_a_moment_is_londons_unless_it_says_otherwise(ask, start, due):
    assert json.loads(ask("--length", "24 hours", "--from", start, "--json"))["due"] == due


def test_a_clock_of_a_published_framework_is_counted(ask, published):
    assert clock(ask, "quality check", "2026-12-24T16:00") == {
        "due": "2026-12-29T23:59:59+00:00",
        "reason": "1 working day from receipt on Thursday 24 December; 25 and 28 December are bank holidays",
    }


def test_a_frameworks_clock_skips_the_organisations_own_closed_days(ask, published):
    Closure.objects.create(day=date(2026, 12, 29), name="Closed between the holidays")

    assert clock(ask, "quality check", "2026-12-24T16:00") == {
        "due": "2026-12-30T23:59:59+00:00",
        "reason": "1 working day from receipt on Thursday 24 December; 25 and 28 December are bank holidays; "
        "29 December is a closed day",
    }


def test_a_frameworks_clock_keeps_the_holidays_of_the_organisations_nation(ask, published):
    Unit.objects.create(name="Council", kind="organisation", nation="scotland", starts_on=date(2020, 1, 1))

    assert clock(ask, "quality check", "2026-11-27T16:00")["due"].startswith("2026-12-01")
    named = clock(ask, "quality check", "2026-11-27T16:00", "--nation", "england-and-wales")
    assert named["due"].startswith("2026-11-30")


def test_a_clock_that_ends_with_the_cycle_names_the_cycle(ask, published):
    assert clock(ask, "file", "2026-10-09T09:00") == {
        "due": "2026-10-30T23:59:59+00:00",
        "reason": "the cycle of October 2026 closes on Friday 30 October",
    }
    assert clock(ask, "complete the audit", "2026-10-09T09:00") == {
        "due": "2026-10-29T23:59:59+00:00",
        "reason": "1 working day before the cycle of October 2026 closes on Friday 30 October",
    }


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--length", "5 fortnights"), "is not a length of time"),
        (("--length", "5 days", "--from", "yesterday"), "is not a date and time. Write it as"),
        (("--length", "5 working days", "--from", "2028-12-29"), "known to the end of 2028"),
        ((), "Give either --length, or --framework and --clock together"),
        (("--framework", "adult-social-care"), "Give either"),
        (("--length", "1 day", "--clock", "amend"), "Give either"),
        (("--framework", "nothing", "--clock", "amend"), "no published framework"),
        (("--framework", "adult-social-care", "--clock", "egg timer"), "Its clocks: .*complete the audit,"),
        (
            ("--framework", "adult-social-care", "--clock", "file", "--from", "2026-08-03"),
            "is in no cycle of",
        ),
        (("--length", "1 day", "--nation", "wales"), "invalid choice"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_a_sentence(published, arguments, sentence):
    start = () if "--from" in arguments else ("--from", "2026-12-23T10:00")

    with pytest.raises(CommandError, match=sentence) as refusal:
        call_command("due", *arguments, *start)

    assert "--nation" in arguments or refusal.value.returncode == 2
