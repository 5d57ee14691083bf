"""Strata, orders that are not random, targets of every kind and their denominators (CA-1 to CA-3, CA-7)."""

import json
import re
from datetime import date

import pytest
from django.urls import reverse

from goldenthread.audits.models import Audit
from goldenthread.caseload.models import Episode, Fact
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.models import EventValues
from goldenthread.programmes.models import Cycle, FrameEntry, Slot
from goldenthread.programmes.operations.draws import draw, freeze_frame, replace_pick
from goldenthread.programmes.operations.reaudits import place_reaudits
from goldenthread.programmes.operations.year import set_target
from goldenthread.programmes.queries.coverage import coverage
from goldenthread.programmes.queries.documents import document_of, frame_bytes
from goldenthread.programmes.queries.windows import denominators
from goldenthread.rules import draws
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.reading import faults
from goldenthread.rules.refusal import Refused
from tests.make import (
    PACK,
    make_audit,
    make_council,
    make_cycle,
    make_person,
    make_post,
    make_subject,
    moment,
    publish_pack,
)
from tests.rules.test_redo_a_draw import redo

pytestmark = pytest.mark.django_db
AT = moment("2026-11-02T09:00")
OWN_CASES = {"title": "Own cases", "counts": ["audit"], "per": "practitioner", "each": "cycle", "number": 1}


def document(targets, **selection):
    """The shipped framework with other targets, and its sample changed."""
    data = read_document(PACK.read_text()).data
    data["targets"] = targets
    data["selection"]["monthly sample"] |= selection
    if selection.get("size") == "":
        del data["selection"]["monthly sample"]["size"]
    return write_document(data)


def with_targets(**targets):
    """The shipped framework with more targets beside its own."""
    data = read_document(PACK.read_text()).data
    named = {
        name.replace("_", " "): {"title": name, "counts": ["audit"], **one} for name, one in targets.items()
    }
    return document({**data["targets"], **named})


def drawn(seed="1"):
    """November, drawn."""
    cycle = make_cycle()
    place_reaudits(cycle, by=None, at=AT)
    return draw(freeze_frame(cycle, "audit", by=None, at=AT), seed=seed, by=None, at=AT)


def picked():
    return list(Slot.objects.standing().order_by("pk").values_list("subject__reference", flat=True))


def told(rows, key):
    return [(row.holder, row.target, row.sent, row.done) for row in rows if row.key == key]


# ---- strata and orders ----


def test_each_practitioner_gives_the_longest_open_case_that_was_never_audited():
    publish_pack(
        document=document(
            {"own cases": OWN_CASES},
            strata="practitioner",
            size="own cases",
            order="never audited first",
            exclude=[],
        )
    )
    council = make_council()
    rosa = make_person("Rosa")
    for reference, worker, year in (
        ("P-new", council.priya, 2025),
        ("P-old", council.priya, 2021),
        ("R-audited", rosa, 2019),
        ("R-never", rosa, 2024),
    ):
        make_subject(reference, unit=council.team, practitioner=worker, since=date(year, 3, 1))
    earlier = moment("2026-09-01T09:00")
    audited = Episode.objects.get(key="R-audited").subject
    make_audit(council, "final", at=earlier, subject=audited, practitioner=rosa, cycle="2026-09")

    done = drawn()

    assert sorted(picked()) == ["P-old", "R-never"]
    assert done.method == draws.METHODS["never audited first"]
    assert {slot.because for slot in Slot.objects.all()} == {"drawn from Priya", "drawn from Rosa"}
    assert "Priya" not in frame_bytes(done).decode()


GROUPS = [
    {"title": "Under a court order", "when": {"fact": "legal status", "is": "order"}, "number": 2},
    {"title": "Of the first team", "when": {"fact": "team", "is": "North team"}, "number": 1},
]


def test_groups_by_what_is_known_of_cases_each_give_their_own_number_and_cases_of_none_say_so():
    data = read_document(
        document(
            {"own cases": OWN_CASES},
            strata="groups",
            groups=GROUPS,
            exclude=[],
            size="",
            one_per_practitioner=False,
        )
    ).data
    data["facts"] = {**data.get("facts", {}), "legal status": "the order a person is under"}
    publish_pack(document=write_document(data))
    council = make_council()
    for reference, unit, status in (
        ("A1", council.team, "order"),
        ("A2", council.team, ""),
        ("A3", council.team, ""),
        ("B1", council.other_team, "order"),
        ("B2", council.other_team, ""),
    ):
        subject = make_subject(reference, unit=unit)
        if status:
            Fact.objects.create(
                subject=subject, name="legal status", value=status, starts_on=date(2026, 1, 1)
            )

    done = drawn()

    groups = {row.name: row.size for row in done.strata.all()}
    assert groups == {"Under a court order": 2, "Of the first team": 1, "In none of the groups": 0}
    assert {"A1", "B1"} < set(picked()) and len(picked()) == 3 and "B2" not in picked()
    entry = FrameEntry.objects.get(draw=done, subject__reference="B2")
    assert (entry.eligible, entry.reason) == (False, "the case is in none of the groups drawn from")
    assert draws.verify(frame_bytes(done), document_of(done).as_dict()) == []


EVERY_ORDER = {"title": "Under a court order", "when": GROUPS[0]["when"], "everyone": True}


def redone_outside(done, folder):
    """What the script of the how-to says of a draw."""
    (folder / "frame.csv").write_bytes(frame_bytes(done))
    (folder / "draw.json").write_bytes(document_of(done).as_json())
    return redo(folder).stdout.splitlines()


def two_of_each_team(*groups):
    """The shipped framework: two of each team that has more, and these groups."""
    per_team = {"title": "Two", "counts": ["audit"], "per": "team", "each": "cycle", "number": 2}
    data = read_document(
        document({"two": per_team}, strata="team", size="two", exclude=[], groups=list(groups))
    ).data
    data["facts"] = {**data.get("facts", {}), "legal status": "the order a person is under"}
    return write_document(data)


def a_case(reference, unit, worker, *, order=False):
    """An open case, perhaps under a court order."""
    subject = make_subject(reference, unit=unit, practitioner=worker)
    if order:
        Fact.objects.create(subject=subject, name="legal status", value="order", starts_on=date(2026, 1, 1))


def test_two_of_each_team_are_drawn_besides_every_case_of_a_group_and_each_says_by_which_rule_it_came(
    tmp_path,
):
    publish_pack(document=two_of_each_team(EVERY_ORDER))
    council = make_council()
    for number in range(4):
        a_case(f"A{number}", council.team, make_person(f"Worker {number}"))
    for number in range(3):
        a_case(f"O{number}", council.team, council.priya, order=True)
    a_case("B1", council.other_team, make_person("Rosa"))

    done = drawn()

    came = dict(Slot.objects.values_list("subject__reference", "because"))
    assert len(came) == Slot.objects.count() == 6
    whole = {key: why for key, why in came.items() if key.startswith("O")}
    assert whole == dict.fromkeys(["O0", "O1", "O2"], "all are taken of Under a court order")
    assert came["B1"] == f"drawn from {council.other_team.name}"
    assert sum(why == f"drawn from {council.team.name}" for why in came.values()) == 2
    first, *teams = done.strata.order_by("position")
    assert (first.name, first.size, first.shortfall) == ("Under a court order", 3, "")
    assert {one.name: one.shortfall for one in teams if one.shortfall} == {
        council.other_team.name: f"{council.other_team.name}: 1 of 2 drawn. Eligible cases: 1."
    }
    assert draws.verify(frame_bytes(done), document_of(done).as_dict()) == []
    assert redone_outside(done, tmp_path) == [
        f"{one.name}: the same {len(one.picks)} cases" for one in document_of(done).strata
    ]
    row = next(
        one for one in coverage([done.cycle], reader=council.quinn, on=AT.date()) if one.unit == council.team
    )
    assert row.target == 2 + 3


def test_a_group_may_give_a_share_and_a_case_of_it_is_never_drawn_for_its_team():
    share = {"title": "North team", "when": GROUPS[0]["when"], "per_cent": 40}
    publish_pack(document=two_of_each_team(share))
    council = make_council()
    for number in range(3):
        a_case(f"O{number}", council.team, make_person(f"Worker {number}"), order=True)
    a_case("A1", council.team, council.priya)

    done = drawn()

    sizes = dict(done.strata.values_list("name", "size"))
    assert sizes == {"North team (a group)": 2, "North team": 2}
    came = dict(Slot.objects.values_list("subject__reference", "because"))
    assert sorted(came.values()) == ["drawn from North team", *["drawn from North team (a group)"] * 2]
    assert came["A1"] == "drawn from North team"
    assert draws.verify(frame_bytes(done), document_of(done).as_dict()) == []


QUARTER_BEFORE = "last working day of the quarter before"


def of_the_quarter_before():
    """A group that gives 40% of what it held on 30 September, and a team that gives half of what it did."""
    share = {"title": "Orders", "when": GROUPS[0]["when"], "per_cent": 40, "caseload_on": QUARTER_BEFORE}
    half = {"title": "Half", "counts": ["audit"], "per": "team", "each": "cycle", "per_cent": 50}
    half["caseload_on"] = "last working day of the month before"
    data = read_document(two_of_each_team(share)).data
    data["targets"], data["selection"]["monthly sample"]["size"] = {"half": half}, "half"
    return write_document(data)


def ordered(reference, council, *, from_, to=None):
    """A case under an order from a day, perhaps to another, with a worker of its own."""
    subject = make_subject(reference, unit=council.team, practitioner=make_person(f"Worker {reference}"))
    Fact.objects.create(subject=subject, name="legal status", value="order", starts_on=from_, ends_on=to)
    return subject


def test_a_share_of_a_group_is_of_what_was_of_it_on_the_day_that_it_names_and_the_proof_says_so(
    client, tmp_path
):
    publish_pack(document=of_the_quarter_before())
    council = make_council()
    for number in range(6):
        ordered(f"was{number}", council, from_=date(2026, 1, 1), to=date(2026, 10, 5))
    for number in range(2):
        ordered(f"is{number}", council, from_=date(2026, 1, 1))
    closed = ordered("closed", council, from_=date(2026, 1, 1))
    Episode.objects.filter(subject=closed).update(closed_on=date(2026, 10, 1))
    for number in range(4):
        ordered(f"new{number}", council, from_=date(2026, 10, 20))

    done = drawn()

    told = document_of(done)
    orders, team = told.strata
    assert (orders.size, orders.share.cases, orders.share.open_on) == (4, 9, date(2026, 9, 30))
    assert (team.size, team.share.cases, team.share.open_on) == (6, 12, date(2026, 10, 30))
    assert told.as_dict()["strata"][0]["share"] == {"per_cent": 40.0, "cases": 9, "open_on": "2026-09-30"}
    assert draws.verify(frame_bytes(done), told.as_dict()) == []
    assert redone_outside(done, tmp_path) == [
        "Orders: the same 4 cases",
        f"{council.team.name}: the same 6 cases",
    ]
    frozen = json.loads(EventValues.objects.get(event__what="draw.freeze").values)
    assert frozen["shares"][0] == ["Orders", {"per_cent": 40.0, "cases": 9, "open_on": "2026-09-30"}]
    client.force_login(council.quinn)
    page = client.get(reverse("show_draw", args=[done.public_id])).content.decode()
    cells = [cell.strip() for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", page, re.DOTALL)]
    place = cells.index("40%")
    assert cells[place - 1 : place + 4] == ["Orders", "40%", "9", "30 September 2026", "4"]
    version = done.cycle.version
    told = reverse("show_framework_version", args=[version.framework.public_id, version.number])
    said = "of those open on the last working day of the quarter before"
    assert said in client.get(told).content.decode()


def test_a_number_has_no_share_to_prove_and_its_file_says_none():
    publish_pack(document=two_of_each_team(EVERY_ORDER))
    council = make_council()
    a_case("A1", council.team, council.priya)

    assert "share" not in document_of(drawn()).as_dict()["strata"][0]


def test_a_systematic_draw_by_reference_is_redone_outside_explained_and_names_no_reference(client):
    whole = {"title": "All", "counts": ["audit"], "per": "organisation", "each": "cycle", "number": 3}
    publish_pack(
        document=document(
            {"all": whole},
            strata="organisation",
            size="all",
            order="systematic",
            sorted_by="reference",
            exclude=[],
        )
    )
    council = make_council()
    for number in range(9):
        make_subject(f"REF{number}", unit=council.team, practitioner=make_person(f"Worker {number}"))

    done = drawn()

    first = int(picked()[0][3:])
    assert picked() == [f"REF{first + 3 * step}" for step in range(3)]
    replace_pick(done, document_of(done).strata[0].picks[0], because="it is closed", by=None, at=AT)
    assert f"REF{first + 1}" in picked()
    assert "REF" not in frame_bytes(done).decode()
    assert draws.verify(frame_bytes(done), document_of(done).as_dict()) == []
    client.force_login(council.quinn)
    page = client.get(f"/programme/draws/{done.public_id}/").content.decode()
    assert f"3 of 9 in order, 3 places apart, the first at place {first + 1}" in page
    assert "systematic by reference" in page


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        ({"strata": "groups"}, "say under “groups” which"),
        ({"groups": [{**GROUPS[0], "everyone": True}]}, "exactly one of number, per_cent or everyone"),
        (
            {"size": "", "groups": [EVERY_ORDER], "order": "systematic", "sorted_by": "opened"},
            "leave “order”",
        ),
        (
            {"strata": "groups", "size": "", "groups": [EVERY_ORDER], "exhausted": "go round again"},
            "leave “exhausted” out",
        ),
        ({"strata": "groups", "groups": GROUPS}, "leave “size” out"),
        ({"strata": "groups", "size": "", "groups": [GROUPS[0], GROUPS[0]]}, "give each its own title"),
    ],
)
def test_groups_that_contradict_themselves_are_refused_in_words(selection, said):
    found = [fault.sentence for fault in faults(document({"own cases": OWN_CASES}, **selection))]

    assert any(said in sentence for sentence in found), found


def test_a_draw_in_turn_is_exported_and_redone_outside_and_a_replacement_is_the_next_in_turn():
    publish_pack(document=document({"own cases": OWN_CASES}, strata="practitioner", size="own cases",
                                   order="longest open first", exclude=[]))  # fmt: skip
    council = make_council()
    for year in (2019, 2022, 2020):
        make_subject(f"C{year}", unit=council.team, practitioner=council.priya, since=date(year, 3, 1))
    done = drawn()

    replace_pick(done, document_of(done).strata[0].picks[0], because="closed", by=None, at=AT)

    assert picked() == ["C2020"]
    assert draws.verify(frame_bytes(done), document_of(done).as_dict()) == []
    assert frame_bytes(done).startswith(b"key,stratum,practitioner,team,eligible,reason,turn\n")


def test_the_organisation_as_a_whole_gives_a_number_whatever_the_team():
    whole = {"title": "Six", "counts": ["audit"], "per": "organisation", "each": "cycle", "number": 2}
    publish_pack(document=document({"six": whole}, strata="organisation", size="six"))
    council = make_council()
    for n, worker in enumerate([council.priya, make_person("Rosa"), make_person("Nils")]):
        make_subject(f"C{n}", unit=council.team, practitioner=worker)

    done = drawn()

    assert len(picked()) == 2
    assert [(stratum.title, stratum.size) for stratum in done.strata.all()] == [("The whole organisation", 2)]


def test_without_a_size_every_eligible_case_is_taken():
    publish_pack(document=document(read_document(PACK.read_text()).data["targets"], size="",
                                   one_per_practitioner=False))  # fmt: skip
    council = make_council()
    for n in range(3):
        make_subject(f"C{n}", unit=council.team, practitioner=council.priya)
    make_subject("C-new", unit=council.team, practitioner=council.priya, since=date(2026, 10, 20))

    drawn()

    assert sorted(picked()) == ["C0", "C1", "C2"]


def test_a_share_of_the_caseload_on_a_stated_day_is_drawn_not_of_today_s():
    share = {
        "title": "A tenth",
        "counts": ["audit"],
        "per": "team",
        "each": "cycle",
        "per_cent": 10,
        "caseload_on": "first day of the year",
    }
    publish_pack(document=document({"tenth": share}, size="tenth", one_per_practitioner=False))
    council = make_council()
    for n in range(21):
        make_subject(f"C{n:02}", unit=council.team, practitioner=council.priya)
    for n in range(30):
        make_subject(f"L{n:02}", unit=council.team, practitioner=council.priya, since=date(2026, 3, 1))

    drawn()

    assert len(picked()) == 3


@pytest.mark.parametrize(
    ("targets", "selection", "sentence"),
    [
        (
            {"own cases": OWN_CASES},
            {"size": "own cases"},
            "The draw goes by team, but “own cases” is per practitioner",
        ),
        (
            {"all": {**OWN_CASES, "number": None, "everyone": True}},
            {"size": "all", "strata": "practitioner"},
            "and “all” is not one",
        ),
        (
            {"own cases": {**OWN_CASES, "per": "team"}},
            {"size": "own cases", "exhausted": "go round again", "exclude": []},
            "so there is no round to go",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(targets, selection, sentence):
    targets = {name: {k: v for k, v in one.items() if v is not None} for name, one in targets.items()}

    assert any(sentence in fault.sentence for fault in faults(document(targets, **selection)))


# ---- targets, several at once ----


@pytest.fixture
def council():
    publish_pack(
        document=with_targets(
            coverage={"per": "organisation", "each": "year", "everyone": True, "caseload_on": "today"},
            yearly={"per": "team", "each": "year", "number": 10},
            quarterly={"per": "service", "each": "quarter", "per_cent": 50},
            auditors={"per": "auditor", "each": "year", "number": 10},
        )
    )
    council = make_council()
    make_cycle()
    council.cases = [make_subject(f"C{n}", unit=council.team, practitioner=council.priya) for n in range(4)]
    for n, (label, state) in enumerate(
        [("2026-02", "final"), ("2026-10", "final"), ("2026-11", "allocated")]
    ):
        at = moment(f"{label}-03T09:00")
        subject = council.cases[min(n, 1)]
        make_audit(council, state, at=at, cycle=label, number=f"{label}/001", subject=subject)
    return council


def november(council, reader):
    return coverage([Cycle.objects.get(label="2026-11")], reader=reader, on=AT.date())


def test_two_targets_of_different_periods_and_kinds_are_shown_beside_one_another(council):
    rows = november(council, council.quinn)

    assert told(rows, "yearly") == [("North team", 10, 3, 2)]
    assert told(rows, "quarterly") == [("Community", 2, 2, 1)]
    assert ("Ada", 10, 3, 2) in told(rows, "auditors")
    assert [row.period for row in rows if row.key == "quarterly"] == ["October 2026 to November 2026"]


def test_coverage_of_everyone_counts_a_case_once_and_leaves_out_what_has_closed(council):
    assert told(november(council, council.quinn), "coverage") == [("The whole organisation", 4, 2, 2)]

    council.cases[0].episodes.update(closed_on=date(2026, 10, 30))

    assert told(november(council, council.quinn), "coverage") == [("The whole organisation", 3, 1, 1)]


def test_everybody_who_may_audit_owes_their_number_and_who_has_left_does_not(council):
    olga = make_person("Nadia")
    make_post(olga, "accredited auditor", council.other_team, until=date(2026, 10, 31))

    owing = {name: target for name, target, _, _ in told(november(council, council.quinn), "auditors")}

    assert owing["Theo"] == 10
    assert "Nadia" not in owing and "Priya" not in owing


def test_a_head_of_service_sees_no_figure_of_the_whole_and_of_their_own_people_alone(council):
    rows = november(council, council.hana)

    assert told(rows, "coverage") == []
    assert {name for name, *_ in told(rows, "auditors")} == {"Theo"}


def test_each_denominator_is_said_in_words_with_its_day(council):
    cycle = Cycle.objects.get(label="2026-11")

    said = denominators(pack_of(cycle.version), [cycle], on=AT.date())

    assert any("each service owes audits of 50% of the cases open on the first day of the period" in one
               and "those open on 1 October 2026" in one for one in said)  # fmt: skip
    assert any("one audit of every case open today" in one and "2 November 2026" in one for one in said)
    assert any("Everybody is counted who holds a post of the audits' pools today" in one for one in said)


def test_a_quarter_s_share_is_of_the_cases_open_when_the_quarter_began(council):
    Episode.objects.filter(subject=council.cases[3]).update(closed_on=date(2026, 10, 20))
    Episode.objects.filter(subject=council.cases[2]).update(closed_on=date(2026, 9, 20))

    assert told(november(council, council.quinn), "quarterly") == [("Community", 2, 2, 1)]


def test_only_a_team_s_or_service_s_number_can_be_its_own(council):
    with pytest.raises(Refused, match="Only a team's or service's number"):
        set_target(
            "adult-social-care", "quarterly", council.service, number=3, starts_on=AT.date(), by=None, at=AT
        )


def test_the_audits_behind_an_auditor_s_and_the_organisation_s_number_are_listed(client, council):
    client.force_login(council.quinn)
    for query in (f"kind=auditors&person={council.ada.public_id}", "kind=coverage"):
        page = client.get(f"/programme/coverage/audits/?year=2026&period=2026-11&what=sent&{query}")

        assert all(audit.number in page.text for audit in Audit.objects.all())
