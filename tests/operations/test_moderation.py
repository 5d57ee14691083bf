"""Finished audits are drawn, graded again unseen, and fed back; agreement is measured (WF-17, LA-5)."""

from datetime import date

import pytest

from goldenthread.audits.models import Audit, Judgement, Moderation, ModerationGrade
from goldenthread.audits.moderating import candidates, conflict, document_of, may_compare
from goldenthread.audits.operations import (
    Graded,
    allocate_moderation,
    draw_for_moderation,
    finish_moderation,
    offer_moderators,
    save_moderation,
)
from goldenthread.audits.operations.rejudging import judge_again
from goldenthread.audits.queries import may_read
from goldenthread.audits.sheets import sheet_of
from goldenthread.frameworks.operations import publish
from goldenthread.ledger.models import Event
from goldenthread.ledger.operations import record_read
from goldenthread.measures.moderation import agreements, pairs_of
from goldenthread.people.operations.leaving import record_leaver
from goldenthread.rules import draws
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Notice, Task
from tests.make import PACK, make_audit, make_council, make_person, make_post, moment, publish_pack
from tests.rules.test_redo_a_draw import redo

AT = moment("2026-11-04T10:00")
SEED = "20261104"

pytestmark = pytest.mark.django_db


def pack(**changes):
    """The shipped framework with a stage for moderation, and changes to its rule."""
    data = read_document(PACK.read_text()).data
    for grading in data["grading"].values() if "stage" in changes else ():
        grading["stages"].append({"key": "after moderation", "label": "After moderation", "by": "director"})
    rule = data["moderation"]["senior moderation"] | {"every": 1, **changes}
    data["moderation"]["senior moderation"] = {key: one for key, one in rule.items() if one is not None}
    return write_document(data)


class World:
    def __init__(self, **changes):
        self.council = council = make_council()
        self.version = publish_pack(document=pack(**changes))
        self.asha = make_person("Asha")
        make_post(self.asha, "assistant director", council.organisation)
        self.dan = make_person("Dan")
        make_post(self.dan, "director", council.organisation)
        self.audits = [make_audit(council, "filed", grade="good") for _ in range(2)]
        self.open = make_audit(council, "drafted")

    def drawn(self):
        return draw_for_moderation(self.version, "senior moderation", seed=SEED, by=self.council.quinn, at=AT)

    def given(self, person=None):
        moderation = self.drawn().moderations.order_by("position").first()
        return allocate_moderation(moderation, person or self.asha, by=self.council.quinn, at=AT)

    def said(self, moderation, grade):
        return {part: Graded(grade, "I saw otherwise.") for part, _ in sheet_of(moderation.audit).parts}

    def graded(self, moderation, grade="inadequate", fixed=True):
        return save_moderation(
            moderation,
            self.said(moderation, grade),
            fixed=fixed,
            revision=moderation.revision,
            by=moderation.moderator,
            at=AT,
        )

    def finished(self, moderation, **changes):
        given = {"feedback": "Look at the plan.", "met_on": date(2026, 11, 4)} | changes
        return finish_moderation(
            moderation, revision=moderation.revision, by=moderation.moderator, at=AT, **given
        )


@pytest.fixture
def world():
    return World()


def test_the_draw_says_what_was_left_out_and_anybody_can_redo_it(world):
    drawn = world.drawn()
    document = document_of(drawn)

    assert draws.verify(bytes(drawn.frame), document.as_dict()) == []
    assert {one.audit.number for one in drawn.moderations.all()} == {one.number for one in world.audits}
    assert world.open.number not in bytes(drawn.frame).decode()
    with pytest.raises(Refused, match="already"):
        world.drawn()


def test_nobody_moderates_what_they_have_a_part_in(world):
    moderation = world.drawn().moderations.first()
    council, on = world.council, AT.date()
    make_post(council.priya, "director", council.organisation)
    make_post(council.ada, "director", council.organisation)
    make_post(world.dan, "practitioner", council.team)
    for person, why in (
        (council.ada, "audited it"),
        (council.priya, "the work that was audited"),
        (council.theo, "does not hold a role"),
        (world.dan, "in the team"),
    ):
        assert why in conflict(moderation, person, on=on)
        with pytest.raises(Refused, match="Choose somebody else"):
            allocate_moderation(moderation, person, by=council.quinn, at=AT)
    assert candidates(moderation, on=on) == [world.asha]


def test_whoever_has_opened_the_report_does_not_moderate_it_blind(world):
    moderation = world.drawn().moderations.first()
    record_read(about=("audit", moderation.audit.public_id), by=world.asha, at=AT)
    assert "opened the report" in conflict(moderation, world.asha, on=AT.date())


def test_what_nobody_has_is_shared_out_evenly_in_one_event(world):
    drawn = world.drawn()
    assert offer_moderators(drawn, by=world.council.quinn, at=AT) == 2
    assert {one.moderator for one in drawn.moderations.all()} == {world.asha, world.dan}
    assert Event.objects.filter(what="moderation.offer").count() == 1
    assert Task.objects.open().filter(about_kind="moderation").count() == 2


def test_a_moderator_is_blind_until_their_grades_are_in(world):
    on = AT.date()
    audit = world.audits[0]
    assert may_read(audit, world.asha, on=on)
    moderation = world.given()
    audit = moderation.audit

    def seen():
        return [
            may_read(audit, world.asha, on=on),
            Audit.objects.visible_to(world.asha, on=on).filter(pk=audit.pk).exists(),
            Audit.objects.reported_to(world.asha, on=on).filter(pk=audit.pk).exists(),
            may_compare(moderation, world.asha, on=on),
        ]

    assert seen() == [False] * 4
    assert may_read(audit, world.dan, on=on), "only the moderator is kept from it"
    moderation = world.graded(moderation, fixed=False)
    assert seen() == [False] * 4
    assert not ModerationGrade.objects.exclude(auditors="").exists()
    moderation = world.graded(moderation)
    assert seen() == [True] * 4
    with pytest.raises(Refused, match="fixed"):
        world.graded(moderation, "good")


def test_a_moderation_that_is_not_blind_hides_nothing_from_the_moderator():
    world = World(blind="no")
    moderation, on = world.given(), AT.date()

    assert may_read(moderation.audit, world.asha, on=on)
    assert Audit.objects.visible_to(world.asha, on=on).filter(pk=moderation.audit.pk).exists()


def test_finished_moderation_reaches_the_auditor_and_leaves_the_grade_of_record(world):
    moderation = world.graded(world.given())
    with pytest.raises(Refused, match="met the auditor"):
        world.finished(moderation, met_on=None)
    with pytest.raises(Refused, match="Write the feedback"):
        world.finished(moderation, feedback=" ")
    before = [Moderation.objects.visible_to(one, on=AT.date()) for one in (world.council.ada, world.dan)]
    assert not before[0].exists() and not before[1].exists(), "nobody but the moderator, until it is finished"
    assert not Moderation.objects.of_person(world.council.ada).exists()
    moderation = world.finished(moderation)

    notice = Notice.objects.get(to=world.council.ada, about_kind="moderation")
    assert "nadequate" not in notice.subject + notice.text and "{link}" in notice.text
    assert sheet_of(moderation.audit).of_record("overall").grade == "good"
    assert not Task.objects.open().filter(about_kind="moderation").exists()
    mine = Moderation.objects.visible_to(world.council.ada, on=AT.date())
    others = Moderation.objects.visible_to(world.council.sam, on=AT.date())
    assert moderation in mine and moderation not in others
    assert moderation in Moderation.objects.visible_to(world.dan, on=AT.date())


def test_where_the_rule_says_so_the_grades_of_record_change_and_the_earlier_are_kept():
    world = World(stage="after moderation", meeting=False)
    moderation = world.graded(world.given(), "inadequate")
    moderation = world.finished(moderation, met_on=None)

    assert sheet_of(moderation.audit).of_record("overall").grade == "inadequate"
    kept = Judgement.objects.filter(audit=moderation.audit, part="overall").order_by("stage_order")
    assert [one.grade for one in kept] == ["good", "good", "inadequate"]
    assert ModerationGrade.objects.get(moderation=moderation, part="overall").auditors == "good"


@pytest.mark.parametrize(
    ("graded", "drawn"), [("good or better", 2), ("below good", 0), ("lowest grade", 0), ("any grade", 2)]
)
def test_only_audits_with_the_grades_that_are_moderated_are_drawn(graded, drawn):
    world = World(graded=graded)
    if not drawn:
        with pytest.raises(Refused, match="could be drawn"):
            world.drawn()
    else:
        assert world.drawn().moderations.count() == drawn


def test_what_a_leaver_graded_is_graded_anew_by_another_and_the_ledger_keeps_what_they_gave(world):
    graded = world.graded(world.given())
    with pytest.raises(Refused, match="stays with them"):
        allocate_moderation(graded, world.dan, by=world.council.quinn, at=AT)
    record_leaver(person=world.asha, left_on=AT.date(), at_once=True, by=None, at=AT)

    given = allocate_moderation(graded, world.dan, by=world.council.quinn, at=AT)

    assert (given.moderator, given.graded_at, given.grades.count()) == (world.dan, None, 0)
    assert "I saw otherwise." in str(Event.objects.get(what="moderation.grade").recorded.values)
    assert Task.objects.open().filter(about_id=given.public_id, person=world.dan).exists()


def test_a_stale_page_and_somebody_elses_hand_change_nothing(world):
    moderation = world.given()
    with pytest.raises(Refused, match="Somebody changed"):
        save_moderation(moderation, {}, fixed=False, revision=99, by=world.asha, at=AT)
    with pytest.raises(Refused, match="Somebody else moderates"):
        save_moderation(moderation, {}, fixed=False, revision=moderation.revision, by=world.dan, at=AT)
    with pytest.raises(Refused, match="Give “"):
        save_moderation(moderation, {}, fixed=True, revision=moderation.revision, by=world.asha, at=AT)
    moderation.refresh_from_db()
    assert moderation.graded_at is None


def test_agreement_is_counted_over_what_the_reader_may_see(world):
    moderation = world.finished(world.graded(world.given(), "good"))
    on = AT.date()
    found = agreements(world.version, "senior moderation", world.council.quinn, on=on)
    assert found[0].part == "overall"
    assert (found[0].agreement.pairs, found[0].agreement.alike, found[0].agreement.kappa) == (1, 1, None)
    assert pairs_of(world.version, "senior moderation", world.council.other_manager, on=on).count() == 0
    assert moderation.finished_at


NEVER = {
    "kind": "count",
    "part": "overall",
    "counts": [{"grades": ["inadequate"], "at_least": 1}],
    "grade": "inadequate",
    "override": "never",
    "because": "One part is inadequate",
}


class WithNever(World):
    """A framework in which one inadequate part makes the whole inadequate, whoever grades."""

    def __init__(self, **changes):
        self.council = council = make_council()
        data = read_document(pack(**changes)).data
        data["grading"]["case audit"]["rules"] = [NEVER]
        self.version = publish_pack(document=write_document(data))
        self.asha = make_person("Asha")
        make_post(self.asha, "assistant director", council.organisation)
        self.audits = [make_audit(council, "filed", grade="good")]

    def says(self, moderation, sections, **more):
        parts = [part for part, _ in sheet_of(moderation.audit).parts if part != "overall"]
        said = {part: Graded(sections, "I saw it.") for part in parts} | more
        return lambda fixed=True: save_moderation(
            moderation, said, fixed=fixed, revision=moderation.revision, by=self.asha, at=AT
        )


def test_a_grade_that_follows_by_a_rule_with_override_never_is_refused_otherwise_and_added_when_fixed():
    world = WithNever()
    moderation = world.given()

    for fixed in (True, False):
        with pytest.raises(Refused, match="One part is inadequate.*allows no other grade here"):
            world.says(moderation, "inadequate", overall=Graded("good", "I think so."))(fixed)
    assert not moderation.grades.exists()
    moderation = world.says(moderation, "inadequate")(fixed=False)
    assert not moderation.grades.filter(part="overall").exists()
    moderation = world.says(moderation, "inadequate")()

    followed = moderation.grades.get(part="overall")
    assert (followed.grade, followed.why, followed.auditors) == (
        "inadequate",
        "One part is inadequate.",
        "good",
    )


def test_where_the_rule_does_not_hold_for_their_grades_the_moderator_decides():
    world = WithNever()
    moderation = world.given()

    with pytest.raises(Refused, match="Overall"):
        world.says(moderation, "good")()
    world.says(moderation, "good", overall=Graded("outstanding", "It is more than the sum."))()

    assert moderation.grades.get(part="overall").grade == "outstanding"


def test_a_grade_that_a_rule_lets_some_roles_alone_change_binds_a_moderator_who_holds_none(monkeypatch):
    monkeypatch.setitem(NEVER, "override", ["quality team"])
    world = WithNever()
    moderation = world.given()
    other = {"overall": Graded("good", "I think so.")}

    for fixed in (True, False):
        with pytest.raises(Refused, match="One part is inadequate.*Only the quality team may give another"):
            world.says(moderation, "inadequate", **other)(fixed)
    assert not moderation.grades.exists()
    make_post(world.asha, "quality officer", world.council.organisation)
    world.says(moderation, "inadequate", **other)()

    assert moderation.grades.get(part="overall").grade == "good"


def test_nobody_else_gives_it_at_a_later_stage_either(monkeypatch):
    monkeypatch.setitem(NEVER, "override", ["quality team"])
    world = WithNever(stage="after moderation")
    audit, council = world.audits[0], world.council
    section = next(part for part, _ in sheet_of(audit).parts if part != "overall")
    grades = {section: "inadequate", "overall": "good"}

    with pytest.raises(Refused, match="Only the quality team may give another"):
        judge_again(audit, "after moderation", grades, why="I saw it.", by=world.asha, at=AT)
    judge_again(audit, "after moderation", grades, why="I saw it.", by=council.quinn, at=AT)

    assert sheet_of(audit).of_record("overall").grade == "good"


@pytest.mark.parametrize("blind", ["to grades", "no"])
def test_the_page_shows_a_grade_that_follows_as_following_and_tells_none_while_it_is_blind(client, blind):
    world = WithNever(blind=blind)
    moderation = world.given()
    place = [part for part, _ in sheet_of(moderation.audit).parts].index("overall")
    client.force_login(world.asha)
    address = f"/moderation/{moderation.public_id}/"

    def page():
        return client.get(address).content.decode()

    assert f'name="grade-{place}"' not in page(), "nothing is graded yet, and it follows from that"
    moderation = world.says(moderation, "good")(fixed=False)
    assert f'name="grade-{place}"' in page() and "follows by a rule" not in page()
    moderation = world.says(moderation, "inadequate")(fixed=False)
    assert f'name="grade-{place}"' not in page() and "follows by a rule" in page()
    assert ("One part is inadequate" in page()) == (blind == "no")
    typed = {"revision": moderation.revision, "do": "fix", f"grade-{place}": "good"}
    for number in range(place):
        typed |= {f"grade-{number}": "inadequate", f"why-{number}": "I saw it."}
    assert client.post(address, typed).status_code == 302
    assert moderation.grades.get(part="overall").grade == "inadequate"


def test_each_auditor_gives_at_least_some_and_the_published_script_redoes_it(tmp_path):
    world = World(each_auditor=1, number=None)
    beth = make_person("Beth")
    make_audit(world.council, "final", auditor=beth, number="Beth/1")

    drawn = world.drawn()

    document = document_of(drawn)
    assert {one.name: one.size for one in document.strata} == {
        world.council.ada.public_id: 1,
        beth.public_id: 1,
    }
    assert (drawn.size, drawn.moderations.count()) == (2, 2)
    assert draws.verify(bytes(drawn.frame), document.as_dict()) == []
    (tmp_path / "frame.csv").write_bytes(bytes(drawn.frame))
    (tmp_path / "draw.json").write_bytes(document.as_json())
    assert len(redo(tmp_path).stdout.splitlines()) == 2
    assert "Beth" not in bytes(drawn.frame).decode().replace("Beth/1", "")


def test_only_audits_of_those_who_began_lately_are_drawn_where_the_rule_says_so():
    world = World(new_auditors="1 month", looks_back="12 months", number=None)
    beth = make_person("Beth")
    make_audit(world.council, "final", at=moment("2026-06-01T09:00"), number="before")
    mine = make_audit(world.council, "final", auditor=beth, number="Beth/1")

    drawn = world.drawn()

    assert [one.audit for one in drawn.moderations.select_related("audit")] == [mine]
    assert "finished the first of this kind more than 1 month ago" in bytes(drawn.frame).decode()


def test_only_audits_under_a_form_that_came_into_force_lately_are_drawn_where_the_rule_says_so():
    council = make_council()
    document = pack(new_forms="1 month", looks_back="12 months", number=None)

    def published(text, day):
        return publish(text, by=None, at=moment(f"{day}T09:00"), effective_on=date.fromisoformat(day))

    first = published(document, "2026-01-05")
    data = read_document(document).data
    data["title"] = "Case audits, by another title"
    same_form = published(write_document(data), "2026-10-20")
    data["forms"]["case audit"]["sections"][0]["guidance"] = "Look at it anew."
    new_form = published(write_document(data), "2026-10-25")
    audits = {
        version.number: make_audit(council, "final", version=version, number=f"V/{version.number}")
        for version in (first, same_form, new_form)
    }

    drawn = draw_for_moderation(new_form, "senior moderation", seed=SEED, by=council.quinn, at=AT)

    assert [one.audit for one in drawn.moderations.select_related("audit")] == [audits[new_form.number]]
    assert "its form came into force more than 1 month ago" in bytes(drawn.frame).decode()
