"""A draft tried on last quarter's cases: what it would do, the same for a seed, and nothing else written."""

from datetime import date

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goldenthread.audits.models import Audit
from goldenthread.caseload.models import Subject
from goldenthread.frameworks.operations import begin_draft
from goldenthread.frameworks.queries import current, pack_of
from goldenthread.ledger.models import Event
from goldenthread.programmes.models import DryRun
from goldenthread.programmes.operations.dry_runs import ask_for_dry_run, do_dry_run, give_up_dry_run
from goldenthread.programmes.queries.trying import past_cycles, try_out
from goldenthread.rules.refusal import Refused
from goldenthread.rules.solver import fill
from tests.make import (
    PACK,
    make_audit,
    make_council,
    make_person,
    make_post,
    make_subject,
    make_training,
    moment,
    publish_pack,
)
from tests.subject_packs import pack_looking_at

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 2)
MORE = PACK.read_text().replace("number: 1\n\nthemes", "number: 2\n\nthemes")
OWN = {"programmes.DryRun", "ledger.Event", "ledger.EventValues"}


@pytest.fixture
def council():
    publish_pack()
    council = make_council()
    for number in range(5):
        make_subject(f"CASE-{number}", unit=council.team, practitioner=make_person(f"Worker {number}"))
        auditor = make_person(f"Auditor {number}")
        make_post(auditor, "accredited auditor", council.other_team)
        make_training(auditor)
    return council


def begin(council, document=MORE):
    return begin_draft(
        document, title="Ours", based_on=current("adult-social-care"), by=council.quality_manager, at=moment()
    )


def ask(council, document=MORE):
    draft = begin(council, document)
    return ask_for_dry_run(draft, on=ON, by=council.quality_manager, at=moment())


def run(council, document=MORE):
    return do_dry_run(ask(council, document), solve=fill, by=council.quality_manager, at=moment()).result


def rows():
    """How many rows each table has, but those of the run itself."""
    found = {model._meta.label: model._default_manager.count() for model in apps.get_models()}
    return {name: number for name, number in found.items() if name.split(".")[0] != "ledger"}


def try_now(on=ON, seed="1"):
    version = current("adult-social-care")
    return try_out(pack_of(version), version, on=on, solve=fill, seed=seed)


def kind_of(result, label, key="audit"):
    cycle = next(one for one in result["cycles"] if one["label"] == label)
    return next(one for one in cycle["kinds"] if one["key"] == key)


def test_it_tries_the_cycles_of_the_quarter_before_a_day(council):
    version = current("adult-social-care")

    cycles = past_cycles(pack_of(version), version, on=ON)

    assert [cycle.label for cycle in cycles] == ["2026-07", "2026-09"]  # August has no cycle


def test_each_kind_says_what_was_in_the_frame_what_was_picked_and_who_would_get_it(council):
    kind = kind_of(try_now(), "2026-09")

    assert (kind["cases"], kind["picked"], kind["given"], kind["unfilled"]) == (5, 1, 1, 0)
    assert kind["strata"][0]["name"] == "North team" and kind["strata"][0]["wanted"] == 1
    assert len(kind["frame_sha256"]) == 64


def test_nothing_but_its_own_row_is_written(council):
    make_audit(council, "checking", at=moment("2026-09-07T09:00"))
    asked = ask(council)
    before = rows()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        do_dry_run(asked, solve=fill, by=council.quality_manager, at=moment())

    assert rows() == before
    written = [one["sql"] for one in queries if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert written and all("programmes_dryrun" in sql or '"ledger_' in sql for sql in written), written
    assert list(Event.objects.filter(what__startswith="dry_run").values_list("what", flat=True)) == [
        "dry_run.ask",
        "dry_run.finish",
    ]


def test_the_same_seed_gives_the_same_result_and_another_gives_other_picks(council):
    first = try_now(seed="1")

    assert try_now(seed="1") == first
    assert {kind_of(try_now(seed=str(n)), "2026-09")["picks"][0] for n in range(12)} > {
        kind_of(first, "2026-09")["picks"][0]
    }


def test_what_was_audited_after_a_cycle_opened_does_not_count_in_it(council):
    before = kind_of(try_now(), "2026-07")
    for subject in Subject.objects.all():
        make_audit(
            council,
            "filed",
            subject=subject,
            number=f"2026-09/{subject.pk:03}",
            at=moment("2026-09-01T09:00"),
            cycle="2026-09",
        )

    assert Audit.objects.count() == 5
    assert kind_of(try_now(), "2026-07") == before
    assert kind_of(try_now(on=date(2027, 1, 20)), "2026-10")["eligible"] < before["eligible"]


def test_a_case_that_was_opened_later_is_not_in_the_frame(council):
    make_subject("LATER", unit=council.team, since=date(2026, 8, 10))

    assert kind_of(try_now(), "2026-07")["cases"] == 5
    assert kind_of(try_now(), "2026-09")["cases"] == 6


def test_it_stands_beside_the_published_version_of_the_same_framework(council):
    result = run(council)

    assert kind_of(result["draft"], "2026-09")["picked"] == 2
    assert kind_of(result["published"], "2026-09")["picked"] == 1
    assert result["published"]["version"].endswith("version 1")


def test_it_says_what_would_be_due_and_why_then_and_how_far_targets_are_reached(council):
    result = try_now()

    owed = result["dates"][0]["rows"]
    assert owed and all(reason for *_, reason in owed)
    assert any("the cycle closes on Wednesday 30 September" in reason for *_, reason in owed)
    target = result["targets"][0]
    assert target["sentence"] == "each team owes 1 in each cycle"
    assert (target["owed"], target["picked"], target["given"]) == (2, 2, 2)


def test_what_nobody_could_do_says_why(council):
    type(council.ada).objects.filter(name__startswith="Auditor").update(is_active=False)

    kind = kind_of(try_now(), "2026-09")

    assert (kind["given"], kind["unfilled"]) == (0, 1)
    assert kind["unfilled_because"]


def test_a_faulty_draft_is_refused_and_leaves_no_run(council):
    with pytest.raises(Refused, match="cannot be read"):
        ask(council, PACK.read_text().replace("phase: owed", "phase: owd"))

    assert not DryRun.objects.exists()


def test_asking_again_while_it_waits_is_the_same_request_and_a_finished_run_stays(council):
    asked = ask(council)
    again = ask_for_dry_run(asked.draft, on=ON, by=council.quality_manager, at=moment())
    done = do_dry_run(asked, solve=fill, by=None, at=moment())

    give_up_dry_run(done, problem="Too late", at=moment())

    assert again == asked
    assert DryRun.objects.get().problem == ""


def test_a_day_to_come_is_refused(council):
    with pytest.raises(Refused, match="today or a day before"):
        ask_for_dry_run(begin(council), on=date(2026, 12, 1), by=council.quality_manager, at=moment())


@pytest.mark.parametrize(("name", "why"), [("household", "load their list"), ("home", "first draw")])
def test_a_kind_of_subject_of_which_there_is_none_yet_says_why(council, name, why):
    tried = run(council, pack_looking_at(name))["draft"]
    kind = next(one for cycle in tried["cycles"] for one in cycle["kinds"] if one["key"] == "look")

    assert kind["cases"] == 0 and kind["words"]["cases"] == f"{name}s" and why in kind["none_yet"]
