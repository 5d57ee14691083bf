"""Background jobs killed at any statement: old state or new, never between; done again they end alike."""

from itertools import islice

import pytest
from django.core.management import call_command
from django.db import transaction

from goldenthread.caseload.models import Extract
from goldenthread.caseload.operations import extracts
from goldenthread.frameworks.operations import begin_draft
from goldenthread.frameworks.queries import current
from goldenthread.ledger.models import Event
from goldenthread.programmes.models import Allocation, Cycle, DryRun
from goldenthread.programmes.operations import ask_for_allocation
from goldenthread.programmes.operations.allocation import allocate
from goldenthread.programmes.operations.dry_runs import ask_for_dry_run
from goldenthread.rules.solver import fill
from goldenthread.web.jobs import work
from tests.faults import size
from tests.faults.kit import check_ledger, child, moments, sizes
from tests.faults.months import months
from tests.faults.test_kills import Clock, grown
from tests.make import PACK, make_council, make_person, make_subject, make_training, publish_pack
from tests.workbooks import LIST_6, make_workbook
from tests.workbooks import child as row_of_list_6

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = size(2, 200)
READ = "goldenthread.web.caseload.jobs.read_extract"
LOAD = "goldenthread.web.caseload.jobs.load_extract"
ALLOCATE = "goldenthread.web.programmes.jobs.allocate_cycle"
TRY = "goldenthread.web.frameworks.jobs.try_draft"


def does(name, *about):
    """The work of the worker's process."""
    return lambda say: work(name, *about)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch, "2027-01-04T09:00")


@pytest.fixture
def council(clock):
    publish_pack()
    council = make_council()
    make_training(council.ada)
    for number in range(8):
        make_subject(f"C{number}", unit=council.team, practitioner=make_person(f"Worker {number}"))
    return council


def an_extract(folder, council, clock, turn):
    """An upload that waits to be read."""
    rows = [row_of_list_6(turn * 6 + number) for number in range(6)]
    path = make_workbook(folder / f"{turn}.xlsx", {"List 6": [LIST_6, *rows]})
    with path.open("rb") as file:
        return extracts.upload(
            files=[(file, path.name)],
            preset="annex_a",
            extracted_on=clock.now.date(),
            by=council.quinn,
            at=clock.now,
            then=lambda kept: None,
        )


def killed_and_done_again(name, about, statement, *, before_or, read):
    """Kill a job, look that it was all or nothing, and do it again; what it left in the end."""
    before = sizes()
    assert child(does(name, *about), dies_at=statement).killed
    assert read() in before_or
    child(does(name, *about))
    left = grown(before)
    child(does(name, *about))
    assert grown(before) == left, "a job that comes once more does nothing"
    return left


def test_an_extract_whose_job_is_killed_is_read_and_loaded_whole_in_the_end(tmp_path, council, clock):
    quinn = council.quinn.public_id
    steps = {}
    for turn in range(KILLS + 2):  # each finds those of the turn before gone; the first found none
        extract = an_extract(tmp_path, council, clock, turn)
        state = lambda extract=extract: Extract.objects.get(pk=extract.pk).state  # noqa: E731
        for name, old, new in ((READ, "uploaded", "previewed"), (LOAD, "previewed", "committed")):
            if name == LOAD:
                extracts.confirm(extract=Extract.objects.get(pk=extract.pk), by=council.quinn, at=clock.now)
            about = (extract.public_id, quinn)
            if turn < 2:
                before = sizes()
                whole = child(does(name, *about))
                steps[name] = moments(whole.statements, KILLS), grown(before)
            else:
                places, left = steps[name]
                statement = places[(turn - 2) % len(places)]
                read = {"before_or": (old, new), "read": state}
                assert killed_and_done_again(name, about, statement, **read) == left
            assert state() == new
    check_ledger()


def test_an_allocation_whose_job_is_killed_gives_each_audit_once_and_to_whom_it_would_have(council, clock):
    kills, statements = size(1, 200), None
    for turn, (framework, label) in enumerate(islice(months(council.team), kills + 1)):
        options = ("--framework", framework, "--seed", "314159", "--theme", "Visits")
        call_command("draw_month", label, *options)
        cycle = Cycle.objects.get(framework_key=framework, label=label)
        cycle.slots.update(auditor=None)
        ask_for_allocation(cycle, by=council.quinn, at=clock.now)
        would, about = undisturbed(cycle, clock), (cycle.public_id, council.quinn.public_id)
        runs = Allocation.objects.filter(cycle=cycle).count()
        if statements is None:
            statements = moments(child(does(ALLOCATE, *about)).statements, kills)
        else:
            killed_and_done_again(
                *(ALLOCATE, about, statements[(turn - 1) % len(statements)]),
                before_or=(dict.fromkeys(would), would),
                read=lambda cycle=cycle: given(cycle),
            )

        assert given(cycle) == would
        assert Allocation.objects.filter(cycle=cycle).count() == runs
        assert not Allocation.objects.filter(cycle=cycle, finished_at=None).exists()
        about_it = Event.objects.about("cycle", cycle.public_id)
        assert about_it.filter(what="cycle.allocate").count() == runs
    check_ledger()


def given(cycle):
    """Who has which audit."""
    return dict(cycle.slots.values_list("public_id", "auditor"))


def undisturbed(cycle, clock):
    """What an allocation that nothing disturbs would give, taken back."""
    with transaction.atomic():
        allocate(cycle, solve=fill, by=None, at=clock.now)
        would = given(cycle)
        transaction.set_rollback(True)
    return would


def test_a_dry_run_whose_job_is_killed_comes_to_the_same_and_writes_nothing_else(council, clock):
    based_on, by = current("adult-social-care"), council.quality_manager
    draft = begin_draft(PACK.read_text(), title="Ours", based_on=based_on, by=by, at=clock.now)
    results, places = [], None
    for turn in range(KILLS + 1):
        run = ask_for_dry_run(draft, on=clock.now.date(), by=by, at=clock.now)
        about = (run.public_id, by.public_id)
        finished = lambda run=run: DryRun.objects.get(pk=run.pk).finished_at is not None  # noqa: E731
        if places is None:
            places = moments(child(does(TRY, *about)).statements, KILLS)
        else:
            statement = places[(turn - 1) % len(places)]
            left = killed_and_done_again(TRY, about, statement, before_or=(False, True), read=finished)
            assert set(left) <= {"Event", "EventValues"}
        results.append(DryRun.objects.get(pk=run.pk).result)
    assert all(result == results[0] for result in results)
    check_ledger()
