"""Drawing with a seed, replacing a pick, abandoning, and exporting what an outsider redoes (WF-4)."""

import csv
import hashlib
import json
import subprocess
import sys
import threading
from collections import defaultdict

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldenthread.ledger.models import Event
from goldenthread.programmes.models import Draw, FrameEntry, Pick, Slot, Stratum
from goldenthread.programmes.operations.draws import abandon_draw, draw, freeze_frame, new_seed, replace_pick
from goldenthread.programmes.operations.reaudits import place_reaudits
from goldenthread.programmes.operations.year import set_target
from goldenthread.programmes.queries.documents import document_of, frame_bytes
from goldenthread.rules import draws
from goldenthread.rules.refusal import Refused
from tests.make import make_council, make_cycle, make_person, make_subject, make_unit, moment, publish_pack

REDO = """
import csv, hashlib, json, sys
folder = sys.argv[1]
frame = list(csv.DictReader(open(folder + "/frame.csv", newline="", encoding="utf-8")))
told = json.load(open(folder + "/draw.json", encoding="utf-8"))
assert hashlib.sha256(open(folder + "/frame.csv", "rb").read()).hexdigest() == told["frame_sha256"]
seed = hashlib.sha256(told["seed"].encode()).hexdigest()
def ticket(row):
    number = int(hashlib.sha256((seed + row["key"]).encode()).hexdigest(), 16)
    return "0." + str(number)[::-1]
taken = set()
for stratum in told["strata"]:
    picks = []
    rows = [row for row in frame if row["stratum"] == stratum["name"] and row["eligible"] == "true"]
    for row in sorted(rows, key=ticket):
        if len(picks) < stratum["size"] and row["practitioner"] not in taken:
            picks.append(row["key"])
            taken.add(row["practitioner"])
    assert picks == stratum["picks"], (stratum, picks)
"""


def make_caseload(council, *, teams=3, workers=4, cases=6):
    """Teams of workers with cases each."""
    for team in range(teams):
        unit = make_unit(f"Team {team}", under=council.service)
        for worker in range(workers):
            person = make_person(f"Worker {team}-{worker}")
            for case in range(cases):
                make_subject(f"{team}-{worker}-{case}", unit=unit, practitioner=person)


@pytest.fixture
def frozen(db):
    """A frozen frame of three teams."""
    publish_pack()
    make_caseload(make_council())
    cycle = make_cycle()
    place_reaudits(cycle, by=None, at=moment())
    return freeze_frame(cycle, "audit", by=None, at=moment())


def test_the_lowest_tickets_of_each_team_become_the_months_audits(frozen):
    draw(frozen, seed="314159", by=None, at=moment())

    slots = Slot.objects.standing()
    assert sorted(slots.values_list("unit__name", flat=True)) == ["Team 0", "Team 1", "Team 2"]
    assert len(set(slots.values_list("practitioner", flat=True))) == 3
    assert Event.objects.filter(what="draw.draw").count() == 1
    assert draws.verify(frame_bytes(frozen), document_of(Draw.objects.get()).as_dict()) == []


def test_the_same_seed_gives_the_same_draw(frozen):
    first = list(draw(frozen, seed="1", by=None, at=moment()).picks.values_list("entry__key", flat=True))
    abandon_draw(frozen, because="to see it again", by=None, at=moment())
    again = freeze_frame(frozen.cycle, "audit", by=None, at=moment())

    second = draw(again, seed="1", by=None, at=moment()).picks.values_list("entry__key", flat=True)

    assert again.frame_sha256 == frozen.frame_sha256
    assert list(second) == first


def test_nothing_is_drawn_twice_from_one_frame(frozen):
    draw(frozen, seed="1", by=None, at=moment())

    with pytest.raises(Refused, match="Nothing is drawn twice"):
        draw(frozen, seed="2", by=None, at=moment())

    assert Draw.objects.get().seed == "1"
    assert Pick.objects.count() == 3


@pytest.mark.parametrize("seed", ["", "   ", "x" * 201, "one\ntwo"])
def test_a_seed_is_one_line_of_text(frozen, seed):
    with pytest.raises(Refused, match="Enter a seed"):
        draw(frozen, seed=seed, by=None, at=moment())


def test_a_seed_that_is_taken_is_nobodys_choice():
    assert len({new_seed() for _ in range(50)}) == 50


def test_a_frame_altered_after_freezing_is_not_drawn_from(frozen):
    Draw.objects.update(frame=frame_bytes(frozen).replace(b"false", b"true "))
    Draw.objects.update(frame=frame_bytes(frozen) + b"\n")

    with pytest.raises(Refused, match="not the one that was frozen"):
        draw(frozen, seed="1", by=None, at=moment())


def test_a_pick_is_replaced_by_the_next_ticket_and_the_reason_stays(frozen):
    draw(frozen, seed="1", by=None, at=moment())
    out = Pick.objects.order_by("position").first()

    pick = replace_pick(frozen, out.entry.key, because="the person moved away", by=None, at=moment())

    assert pick.entry.stratum == out.entry.stratum
    assert pick.replaces == out
    assert Slot.objects.get(pick=out).dropped_because == "replaced: the person moved away"
    assert Slot.objects.standing().filter(pick=pick).exists()
    document = document_of(frozen.__class__.objects.get(pk=frozen.pk))
    assert document.replacements[0].reason == "the person moved away"
    assert draws.verify(frame_bytes(frozen), document.as_dict()) == []


def test_a_replacement_needs_its_reason(frozen):
    draw(frozen, seed="1", by=None, at=moment())

    with pytest.raises(Refused, match="Give the reason"):
        replace_pick(frozen, Pick.objects.first().entry.key, because=" ", by=None, at=moment())


def test_an_abandoned_draw_stays_on_record_and_its_audits_are_dropped(frozen):
    draw(frozen, seed="1", by=None, at=moment())

    abandon_draw(frozen, because="the extract was a month old", by=None, at=moment())

    assert not Slot.objects.standing().exists()
    assert Draw.objects.get().abandoned_because == "the extract was a month old"
    assert Pick.objects.count() == 3


def test_a_team_that_gives_too_few_says_why(frozen):
    unit = Stratum.objects.get(draw=frozen, name="Team 0").unit
    abandon_draw(frozen, because="a new number", by=None, at=moment())
    start = moment().date()
    set_target("adult-social-care", "monthly audits", unit, number=6, starts_on=start, by=None, at=moment())
    again = freeze_frame(frozen.cycle, "audit", by=None, at=moment())

    draw(again, seed="1", by=None, at=moment())

    shortfall = Stratum.objects.get(draw=again, name="Team 0").shortfall
    assert shortfall.startswith("Team 0: 4 of 6 drawn. Eligible cases: 24, of which 20 with a practitioner")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=30))
def test_whatever_the_seed_an_outsider_gets_the_same_picks(frozen, seed):
    draw(frozen, seed=seed, by=None, at=moment())
    keys = list(Pick.objects.filter(draw=frozen).order_by("position").values_list("entry__key", flat=True))
    wanted = draws.draw(
        draws.read_frame(frame_bytes(frozen)),
        seed,
        list(frozen.strata.order_by("position").values_list("name", "size")),
    )

    assert keys == [key for stratum in wanted.strata for key in stratum.picks]
    by_person = defaultdict(int)
    for entry in FrameEntry.objects.filter(key__in=keys):
        by_person[entry.practitioner_id] += 1
        assert entry.eligible
    assert set(by_person.values()) == {1}
    Slot.objects.all().delete()
    Pick.objects.all().delete()
    Draw.objects.update(drawn_at=None, seed="")


# ---- export and verify ----


def export(tmp_path, cycle="2026-11"):
    call_command("draw", "export", cycle, "--out", str(tmp_path))
    return json.loads((tmp_path / "draw.json").read_text())


def test_twenty_lines_by_somebody_else_redo_the_exported_draw(frozen, tmp_path):
    draw(frozen, seed="snowman: ☃", by=None, at=moment())
    export(tmp_path)

    done = subprocess.run(
        [sys.executable, "-c", REDO, str(tmp_path)], check=False, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr


def test_the_export_holds_the_frozen_bytes_and_what_the_draw_was(frozen, tmp_path):
    draw(frozen, seed="1", by=None, at=moment())
    out = Pick.objects.order_by("position").first().entry.key
    into = replace_pick(frozen, out, because="moved away", by=None, at=moment()).entry.key

    told = export(tmp_path)

    content = (tmp_path / "frame.csv").read_bytes()
    assert hashlib.sha256(content).hexdigest() == told["frame_sha256"] == frozen.frame_sha256
    assert content.splitlines()[0] == b"key,stratum,practitioner,team,eligible,reason"
    assert set(told) == {"method", "seed", "frame_sha256", "strata", "replacements"}
    assert [set(stratum) for stratum in told["strata"]] == [{"name", "size", "picks"}] * 3
    assert told["strata"][0]["picks"] == [out]
    assert told["replacements"] == [{"out": out, "in": into, "stratum": "Team 0", "reason": "moved away"}]
    strata = {stratum["name"] for stratum in told["strata"]}
    rows = list(csv.DictReader(content.decode().splitlines()))
    assert {row["stratum"] for row in rows} <= strata
    assert {row["eligible"] for row in rows} <= {"true", "false"}


def test_latest_is_the_latest_routine_draw(frozen, tmp_path):
    draw(frozen, seed="1", by=None, at=moment())

    assert export(tmp_path, "latest")["seed"] == "1"


@pytest.mark.parametrize(("cycle", "words"), [("2026-11", "has not been drawn"), ("1999-01", "no cycle")])
def test_what_was_not_drawn_is_not_exported(frozen, tmp_path, cycle, words):
    with pytest.raises(CommandError, match=words):
        export(tmp_path, cycle)


def test_an_exported_draw_verifies_and_an_altered_one_is_named(frozen, tmp_path, capsys):
    draw(frozen, seed="1", by=None, at=moment())
    told = export(tmp_path)

    call_command("draw", "verify", str(tmp_path))
    assert "The draw is as it was published" in capsys.readouterr().out

    told["strata"][1]["picks"] = told["strata"][1]["picks"][::-1] + ["zzz"]
    (tmp_path / "draw.json").write_text(json.dumps(told))
    with pytest.raises(SystemExit) as ended:
        call_command("draw", "verify", str(tmp_path))
    assert ended.value.code == 1
    assert "Stratum Team 1" in capsys.readouterr().out


# ---- two at once ----


@pytest.mark.django_db(transaction=True)
def test_two_people_drawing_at_once_make_one_draw():
    publish_pack()
    make_caseload(make_council())
    cycle = make_cycle()
    place_reaudits(cycle, by=None, at=moment())
    frozen = freeze_frame(cycle, "audit", by=None, at=moment())
    barrier, answers = threading.Barrier(4), []

    def try_to_draw(seed):
        barrier.wait()
        try:
            draw(frozen, seed=seed, by=None, at=moment())
            answers.append("drawn")
        except Refused:
            answers.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=try_to_draw, args=(str(n),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["drawn", "refused", "refused", "refused"]
    assert Pick.objects.count() == Slot.objects.count() == 3
    assert Event.objects.filter(what="draw.draw").count() == 1
