"""New parts of a draft: nothing stands in them that nobody chose, and what is missing is said."""

import pytest

from goldenthread.frameworks.models import Version
from goldenthread.rules import editing
from goldenthread.rules.documents import write_document
from goldenthread.web.frameworks.editor import places
from tests.pages.test_edit_a_draft import DATA, Desk

pytestmark = pytest.mark.django_db


class Draft(Desk):
    """A draft with gaps."""

    @property
    def check(self):
        """The page that says what is wrong."""
        return f"/frameworks/drafts/{self.draft.public_id}/check/"

    def publishes_nothing(self):
        """Whether publishing is refused."""
        self.draft.refresh_from_db()
        sent = {"revision_opened": self.draft.revision, "reason": "x", "effective_on": "01/01/2027"}
        page = self.client.post(f"/frameworks/drafts/{self.draft.public_id}/publish/", sent, follow=True).text
        return "to correct</a> before the draft can be published" in page and Version.objects.count() == 1


@pytest.fixture
def desk(client):
    return Draft(client)


def test_a_new_rule_says_what_is_missing_until_its_kind_and_all_that_needs_are_chosen(desk):
    rule = "/grading/case audit/rules/0"
    desk.send("/grading/case audit/scores", "part/add", name="compliance")
    page = desk.send("/grading/case audit/rules", "part/add").content.decode()
    assert "“kind” is missing here; say what this is." in page
    assert 'name="kind"' not in page and 'value="" selected' in page[page.index('name="this_is"') :]
    desk.send(rule, because="Nine in ten is good")

    page = desk.send(rule, this_is="2").content.decode()

    made = desk.data["grading"]["case audit"]["rules"][0]
    assert made == {"kind": "bands", "because": "Nine in ten is good"}
    assert "Always: bands" not in page and "“score” is missing here" in page
    assert "things to correct" in desk.client.get(desk.check).text
    assert desk.publishes_nothing()

    desk.send(rule, score="compliance")
    page = desk.send(f"{rule}/bands", "part/add").content.decode()
    assert "“from” is missing here" in page and "“grade” is missing here" in page
    page = desk.send(f"{rule}/bands/0", **{"from": "90", "grade": "good"}).content.decode()
    assert "missing here" not in page


@pytest.mark.parametrize(
    ("place", "name", "missing"),
    [
        ("/responses", "talk", "Say what follows"),
        ("/re_audit", "", "“after” is missing here"),
        ("/selection/monthly sample/exclude", "", "“when” is missing here"),
        ("/moderation", "again", "“by” is missing here"),
    ],
)
def test_a_new_part_can_be_saved_with_gaps_and_the_check_leads_to_each(desk, place, name, missing):
    page = desk.send(place, "part/add", name=name).content.decode()
    at = places.read(place, desk.data)
    where = (*at, name if name else len(editing.at(DATA, at)))

    assert missing in page
    check = desk.client.get(desk.check).text
    assert missing in check and f'href="{desk.address(places.written(where)).split("&")[0]}' in check
    assert desk.publishes_nothing()


def test_a_condition_that_is_needed_never_holds_by_itself(desk):
    desk.send("/re_audit", "part/add")
    place = f"/re_audit/{len(DATA['re_audit'])}"
    assert "Nothing chosen yet" in desk.look(place).text

    page = desk.look(f"{place}/when").text

    assert "Nothing is chosen yet: add a line." in page and "always holds" not in page


def test_rules_with_the_same_reason_are_told_apart_in_their_list(desk):
    rules = [
        {
            "kind": "cap",
            "grade": "good",
            "because": "Not safe",
            "when": {"fact": "alerts raised", "at_least": 1},
        },
        {
            "kind": "cap",
            "grade": "good",
            "because": "Not safe",
            "when": {"grade": "voice", "is": "inadequate"},
        },
        {},
    ]
    data = desk.data
    editing.at(data, ("grading", "case audit"))["rules"] = rules
    desk.draft = desk.begin(write_document(data))

    page = desk.look("/grading/case audit/rules").content.decode()

    assert "Grade: good; kind: cap; if “alerts raised” is at least 1" in page.replace(
        "Kind: cap; grade: good", "Grade: good; kind: cap"
    )
    assert "if the grade for “voice” is “inadequate”" in page
    assert "Nothing chosen yet" in page
