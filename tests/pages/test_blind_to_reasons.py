"""What a rule says to a blind moderator rests on what they see: it tells nothing of the auditor's grades."""

import pytest

from goldenthread.audits.models import Moderation
from goldenthread.audits.sheets import sheet_of
from goldenthread.rules.documents import read_document, write_document
from tests.make import make_audit, make_council, make_person, make_post, publish_pack
from tests.operations.test_moderation import NEVER, World, pack

pytestmark = pytest.mark.django_db
REASON = "One part is inadequate"
NEUTRAL = "the framework does not allow this grade here"


class OverallAlone(World):
    """One part that the auditor found inadequate makes the whole so; a moderator grades the whole alone."""

    def __init__(self, **changes):
        self.council = council = make_council()
        data = read_document(pack(parts=["overall"], **changes)).data
        data["grading"]["case audit"]["rules"] = [NEVER | {"override": ["quality team"]}]
        self.version = publish_pack(document=write_document(data))
        self.asha = make_person("Asha")
        make_post(self.asha, "assistant director", council.organisation)
        self.audits = [make_audit(council, "filed", grade="inadequate")]


def graded(client, world, grade="good", do="save"):
    moderation = world.given()
    assert [part for part, _ in sheet_of(moderation.audit).parts][-1] == "overall"
    client.force_login(world.asha)
    typed = {"revision": moderation.revision, "grade-0": grade, "why-0": "I saw it.", "do": do}
    page = client.post(f"/moderation/{moderation.public_id}/", typed)
    moderation.refresh_from_db()
    return page


BLIND = ["to grades", "to grades and answers"]


@pytest.mark.parametrize("blind", BLIND)
def test_a_refused_grade_does_not_tell_a_blind_moderator_what_the_auditor_found(client, blind):
    page = graded(client, OverallAlone(blind=blind), do="fix")

    assert page.status_code == 422
    assert REASON not in page.text
    assert NEUTRAL in page.text
    assert Moderation.objects.get().graded_at is None


@pytest.mark.parametrize("blind", BLIND)
def test_grades_can_be_tried_blind_and_kept_without_a_word_of_the_auditors(client, blind):
    page = graded(client, OverallAlone(blind=blind))

    assert page.status_code == 302
    assert Moderation.objects.get().grades.get().grade == "good"


def test_whoever_is_not_blind_is_told_why(client):
    page = graded(client, OverallAlone(blind="no"))

    assert REASON in page.text


def test_the_grade_that_the_rules_give_is_taken(client):
    page = graded(client, OverallAlone(blind="to grades"), grade="inadequate", do="fix")

    assert page.status_code == 302
    assert Moderation.objects.get().graded_at is not None
