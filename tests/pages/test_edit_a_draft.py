"""Writing a draft of a framework on screen: its parts, its conditions, its check."""

import copy
from urllib.parse import urlencode

import pytest

from goldenthread.frameworks.models import Draft
from goldenthread.frameworks.operations import begin_draft, save_draft
from goldenthread.ledger.models import Event
from goldenthread.rules import editing
from goldenthread.rules.documents import read_document, write_document
from goldenthread.web.frameworks.editor import places
from tests.make import PACK, make_council, moment, publish_pack
from tests.pages.test_any_draft import NEW
from tests.rich_pack import RICH, RICH_DOCUMENT
from tests.rules.test_any_pack import paths
from tests.typed import sent_by

pytestmark = pytest.mark.django_db
DATA = read_document(PACK.read_text()).data
OPEN = {"fact": "status", "is": "open"}
QUESTION = "/forms/case audit/sections/0/questions/0"
SECTION = ("forms", "case audit", "sections", 0)


class Desk:
    """Mara at her desk, with a draft open."""

    def __init__(self, client):
        self.version = publish_pack()
        self.council = make_council()
        self.client = client
        client.force_login(self.council.quality_manager)
        self.draft = self.begin(PACK.read_text())

    def begin(self, document):
        """A draft that says this."""
        return begin_draft(
            document, title="Ours", based_on=self.version, by=self.council.quality_manager, at=moment()
        )

    def address(self, place, page="part"):
        """A page about a place of the draft."""
        return f"/frameworks/drafts/{self.draft.public_id}/{page}/?{urlencode({'at': place})}"

    def look(self, place, page="part"):
        """Open the page."""
        return self.client.get(self.address(place, page))

    def send(self, place, page="part", *, opened=None, **fields):
        """Send a form; what is not named stays as the page shows it."""
        shown = self.look(place, page).content.decode() if page in ("part", "comparison") else ""
        main = shown[shown.rfind('<form method="post" novalidate') :]
        sent = sent_by(main[: main.find("</form>")]) if "<form" in main else {}
        self.draft.refresh_from_db()
        revision = self.draft.revision if opened is None else opened
        return self.client.post(
            self.address(place, page), sent | {"revision_opened": revision} | fields, follow=True
        )

    @property
    def data(self):
        """What the draft says now."""
        self.draft.refresh_from_db()
        return read_document(self.draft.document).data


@pytest.fixture
def desk(client):
    return Desk(client)


def changed(path, value):
    """The pack with another value at a place."""
    data = copy.deepcopy(DATA)
    holder = data
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return data


def test_the_draft_lists_its_parts_with_what_is_in_them(desk):
    page = desk.client.get(f"/frameworks/drafts/{desk.draft.public_id}/").content.decode()

    assert "Nothing is wrong with it" in page
    assert "11: quality team, quality manager" in page
    assert "Month’s report" in page or "Report" in page


def test_the_parts_stand_under_headings_and_each_page_leads_back_to_those_above(desk):
    parts = desk.client.get(f"/frameworks/drafts/{desk.draft.public_id}/").content.decode()
    page = desk.look(QUESTION).content.decode()

    assert "What follows" in parts and "Re-audit" in parts and "Further parts" not in parts
    assert all(f">{one}</a>" in page for one in ("Forms", "case audit", "Sections", "Questions"))


def test_one_question_is_changed_and_nothing_else(desk):
    page = desk.send(QUESTION, text="Are the details current?")

    path = ("forms", "case audit", "sections", 0, "questions", 0, "text")
    assert "is saved" in page.content.decode()
    assert desk.data == changed(path, "Are the details current?")
    event = Event.objects.filter(what="draft.save").get()
    assert '"revision":2' in event.recorded.values
    assert event.by == desk.council.quality_manager.public_id


def test_a_page_that_is_saved_as_it_was_changes_nothing_and_writes_nothing(desk):
    desk.send(QUESTION)

    assert desk.data == DATA
    assert not Event.objects.filter(what="draft.save").exists()


def test_a_name_is_picked_from_the_draft_and_saved(desk):
    desk.send("/clocks/quality check", owed_by="quality manager", length="2 working days")

    clock = desk.data["clocks"]["quality check"]
    assert (clock["owed_by"], clock["length"]) == ("quality manager", "2 working days")


def test_ticked_names_keep_their_order_and_new_ones_follow(desk):
    desk.send("/notices/safety alert", to=["auditor", "quality team", "team manager"])

    assert desk.data["notices"]["safety alert"]["to"] == ["team manager", "quality team", "auditor"]


def test_what_is_faulty_is_kept_and_named_where_it_stands(desk):
    page = desk.send("/clocks/quality check", length="soon")

    assert desk.data["clocks"]["quality check"]["length"] == "soon"
    assert "is not a length of time" in page.content.decode()
    check = desk.client.get(f"/frameworks/drafts/{desk.draft.public_id}/check/").content.decode()
    assert "1 thing to correct" in check
    assert f'href="{desk.address("/clocks/quality check")}"' in check


def test_somebody_elses_later_save_is_not_overwritten_and_nothing_typed_is_lost(desk):
    opened = desk.draft.revision
    other = changed(("forms", "case audit", "sections", 0, "questions", 0, "text"), "Quinn was here")
    save_draft(
        desk.draft,
        write_document(other),
        title="Ours",
        what="x",
        revision=opened,
        by=desk.council.administrator,
        at=moment(),
    )

    page = desk.send(QUESTION, opened=opened, text="Mara was here").content.decode()

    assert desk.data == other
    assert "saved this draft at" in page and "Mara was here" in page and "Quinn was here" in page
    desk.send(QUESTION, text="Mara was here")
    assert desk.data["forms"]["case audit"]["sections"][0]["questions"][0]["text"] == "Mara was here"


def test_a_part_is_added_copied_moved_renamed_and_removed(desk):
    desk.send("/roles", "part/add", name="practice lead")
    assert desk.data["roles"]["practice lead"]["title"] == "Practice lead"
    desk.send("/roles", "part/arrange", copy="practice lead")
    assert list(desk.data["roles"])[-1] == "practice lead 2"
    desk.send("/roles", "part/arrange", up="practice lead 2")
    assert list(desk.data["roles"])[-1] == "practice lead"
    desk.send("/roles/practice lead 2", "part/remove")
    assert "practice lead 2" not in desk.data["roles"]

    page = desk.send("/roles/quality team", "part/rename", name="QA team").content.decode()

    assert "quality team is now QA team, also in" in page
    assert desk.data["clocks"]["quality check"]["owed_by"] == "QA team"
    assert Event.objects.filter(what="draft.save").count() == 5


@pytest.mark.parametrize("place", ["", "/", "/roles", "/flows"])
def test_what_no_table_or_list_holds_is_not_renamed(desk, place):
    assert desk.look(place, "part/rename").status_code == 404
    assert desk.send(place, "part/rename", name="ours").status_code == 404
    assert not Event.objects.filter(what="draft.save").exists()


def test_removing_says_first_what_still_refers_to_the_part(desk):
    page = desk.look("/clocks/quality check", "part/remove").content.decode()

    assert "flows › audit › steps › submit" in page.lower()
    assert desk.data == DATA


def test_a_key_that_is_not_known_is_shown_and_can_be_taken_out(desk):
    desk.draft = desk.begin(PACK.read_text() + "\nspare: 1\n")
    assert "Remove “spare”" in desk.look("").content.decode()

    desk.send("", "part/remove-key", name="spare")

    assert desk.data == DATA


def test_a_clock_becomes_one_that_ends_with_the_cycle(desk):
    page = desk.send("/clocks/quality check", this_is="1").content.decode()
    assert "“until” is" in page or "Write one of: the cycle closes" in page
    assert 'value="" selected' in page[page.index('name="until"') :]

    desk.send("/clocks/quality check", until="the cycle closes")

    assert desk.data["clocks"]["quality check"] == {
        "title": DATA["clocks"]["quality check"]["title"],
        "until": "the cycle closes",
        "owed_by": "quality team",
    }


def test_what_is_said_of_a_field_calls_other_fields_as_the_page_does(desk):
    page = desk.look("/targets/monthly audits").content.decode()

    assert "the day of “Caseload on”" in page and "caseload_on." not in page


def test_a_score_is_reckoned_in_one_of_several_ways_each_offered_once(desk):
    desk.send("/grading/case audit/scores", "part/add", name="compliance")

    page = desk.look("/grading/case audit/scores/compliance").content.decode()

    offered = ("Section score: worst section", "Section score: average of sections", "Count of answers")
    assert [page.count(f">{one}</option>") for one in offered] == [1, 1, 1]
    assert ">Section score</option>" not in page and 'value="" selected' in page


def test_whether_a_question_must_be_answered_can_hang_on_a_condition(desk):
    page = desk.send(QUESTION, required="?condition").content.decode()
    assert "Nothing chosen yet" in page
    place = ("forms", "case audit", "sections", 0, "questions", 0, "required")
    assert editing.at(desk.data, place) == {}
    page = desk.send(f"{QUESTION}/required", "comparison/add", subject="fact:status").content.decode()
    assert "of which it is not chosen yet how it is compared" in page
    desk.send(f"{QUESTION}/required", "comparison", how="is", value="open")
    assert editing.at(desk.data, place) == OPEN

    desk.send(QUESTION, required="false")

    assert desk.data["forms"]["case audit"]["sections"][0]["questions"][0]["required"] is False


def test_a_question_of_another_type_is_saved_at_once_and_says_what_it_left_out(desk):
    place = ("forms", "case audit", "sections", 0, "questions", 0)
    options = [{"key": "full", "label": "In full"}, {"key": "not", "label": "Not at all"}]
    data = desk.data
    editing.at(data, place).update(type="one of", choices=options, evidence=["not"])
    desk.draft = desk.begin(write_document(data))

    page = desk.send(QUESTION, type="long text").content.decode()

    assert "Choices (2: full, not); Evidence (1: not)" in page
    assert not {"choices", "evidence"} & editing.at(desk.data, place).keys()
    assert "takes no choices" not in page
    assert "left out Choices" in Event.objects.filter(what="draft.save").get().recorded.values


def test_facts_that_extracts_bring_are_offered_until_they_are_listed(desk):
    before = desk.look("/facts").content.decode()
    desk.send("/facts", "part/add", name="legal status")
    after = desk.look("/facts").content.decode()

    assert all(f'<option value="{one}">' in before for one in ("legal status", "age band", "last seen"))
    assert '<option value="legal status">' not in after and '<option value="age band">' in after
    assert "<datalist" not in desk.look("/roles").content.decode()


def test_a_line_is_added_to_a_condition_and_made_precise(desk):
    page = desk.send("/selection/monthly sample/frame", "comparison/add", subject="since:opened")
    assert "the time since “opened”, of which it is not chosen yet" in page.content.decode()
    refused = desk.send("/selection/monthly sample/frame/all/1", "comparison", value="3 months")
    assert "Choose how it is compared" in refused.content.decode()

    page = desk.send("/selection/monthly sample/frame/all/1", "comparison", how="at_least", value="3 months")

    assert "“status” is “open” and “opened” was at least 3 months ago" in page.content.decode()
    assert desk.data["selection"]["monthly sample"]["frame"] == {
        "all": [{"fact": "status", "is": "open"}, {"since": "opened", "at_least": "3 months"}]
    }
    desk.send("/selection/monthly sample/frame", join="any")
    assert "any" in desk.data["selection"]["monthly sample"]["frame"]


def test_a_condition_with_both_all_and_any_loses_nothing_when_how_it_is_joined_is_saved(desk):
    long, late = {"since": "opened", "at_least": "3 months"}, {"fact": "allocated", "known": True}
    data = desk.data
    data["selection"]["monthly sample"]["frame"] = {"all": [OPEN, long], "any": [late, OPEN]}
    desk.draft = desk.begin(write_document(data))
    page = desk.look("/selection/monthly sample/frame").content.decode()
    assert "This says several things at once" in page

    page = desk.send("/selection/monthly sample/frame", join="all").content.decode()

    assert desk.data["selection"]["monthly sample"]["frame"] == {"all": [OPEN, long, {"any": [late, OPEN]}]}
    page = desk.look("/selection/monthly sample/frame").content.decode()
    assert "This says several things at once" not in page and page.count("> line 3</span>") == 2


def test_a_grade_is_compared_with_grades_of_the_scale(desk):
    desk.send("/re_audit/0/when", "comparison", how="one_of", value=["inadequate"], negated="on")

    assert desk.data["re_audit"][0]["when"] == {"not": {"grade": "overall", "one_of": ["inadequate"]}}


def test_a_comparison_that_cannot_be_is_refused_and_stays_as_it_was_typed(desk):
    page = desk.send("/re_audit/0/when", "comparison", subject="since:opened", how="is", value="long ago")

    assert "Time since or until a day is compared with" in page.content.decode()
    assert desk.data == DATA


def test_a_new_part_of_a_list_that_has_no_name_can_be_added(desk):
    desk.send("/selection/monthly sample/exclude", "part/add")

    assert desk.data["selection"]["monthly sample"]["exclude"][-1] == {}


@pytest.mark.parametrize(
    "place", ["/nowhere", "/roles/quality team/title/x", "/forms/case audit/sections/x", "/../x"]
)
def test_a_place_that_the_model_does_not_know_has_no_page(desk, place):
    assert desk.look(place).status_code == 404


@pytest.mark.parametrize("name", ["a/b", "~", "..", "?", "a&b=c", "%2F", "é “q”", "1"])
def test_a_part_of_any_name_has_its_page(desk, name):
    desk.send("/roles", "part/add", name=name)

    place = "/roles/" + name.replace("~", "~0").replace("/", "~1")
    assert desk.look(place).status_code == 200
    desk.send(place, title="Any")
    assert desk.data["roles"][name]["title"] == "Any"


def test_the_draft_is_downloaded_as_it_is(desk):
    page = desk.client.get(f"/frameworks/drafts/{desk.draft.public_id}/export/")

    assert read_document(page.content.decode()).data == DATA


def test_the_form_the_steps_and_the_year_are_previewed(desk):
    start = f"/frameworks/drafts/{desk.draft.public_id}/preview/"

    assert (
        "First" in desk.client.get(start).content.decode()
        or "Cycles of" in desk.client.get(start).content.decode()
    )
    assert "What auditors are asked" in desk.client.get(f"{start}forms/case audit/").content.decode()
    assert "<svg" in desk.client.get(f"{start}flows/audit/").content.decode()


def test_a_discarded_draft_leaves_the_list_and_takes_no_more_changes(desk):
    desk.send("", "discard")

    assert Draft.objects.get().state == "discarded"
    assert desk.look("/roles").status_code == 404
    assert "No drafts." in desk.client.get("/frameworks/").content.decode()
    assert (
        "cannot be changed" in desk.client.get(f"/frameworks/drafts/{desk.draft.public_id}/").content.decode()
    )


@pytest.mark.parametrize("number", ["²", "9" * 5000, "-1"])
def test_what_is_no_number_in_a_list_is_not_found(desk, number):
    sections = "/forms/case audit/sections"

    assert desk.look(f"{sections}/{number}").status_code == 404
    assert desk.send(sections, "part/arrange", up=number).status_code == 404


def test_what_is_no_number_of_saves_overwrites_nothing(desk):
    page = desk.send("/forms/case audit/sections", "part/arrange", opened="9" * 5000, down="0")

    assert "while you had it open" in page.content.decode()
    assert desk.data == DATA


@pytest.mark.parametrize("held", [5, {"a": "good"}])
def test_a_comparison_with_what_is_no_list_is_put_right_on_its_page(desk, held):
    data = changed(("re_audit", 0, "when"), {"grade": "overall", "one_of": held})
    desk.draft = desk.begin(write_document(data))

    desk.send("/re_audit/0/when", "comparison", how="is", value="inadequate")

    assert desk.data["re_audit"][0]["when"] == {"grade": "overall", "is": "inadequate"}


NEW_PAGES = {
    (path[0], len(path), path[-1] if path[0] in ("triggers", "subjects") else ""): path
    for path in paths(RICH)
    if path[0] in NEW and places.has_page(RICH, path)
}
"""A page of the rich framework of each depth in each part, and of each trigger and kind of subject."""


def test_pages_in_every_part_of_the_rich_framework_open_on_screen(desk):
    desk.draft = desk.begin(RICH_DOCUMENT)

    shut = [path for path in NEW_PAGES.values() if desk.look(places.written(path)).status_code != 200]

    assert len(NEW_PAGES) > 40
    assert shut == []


@pytest.mark.parametrize(
    "place",
    [
        "/standards/baseline/answers/0",
        "/triggers/incident",
        "/subjects/pair",
        "/audit_types/audit/returns/health",
        "/forms/look/sections/1/repeats",
        "/gates/reports wait for the panel",
        "/responses/pattern/repeats",
        "/actions/proofs/sample",
        "/disputes/rungs/0",
        "/calendars/quarterly/extension/0",
        "/agreements/accuracy/items/status",
    ],
)
def test_a_part_of_the_rich_framework_that_is_sent_as_it_was_is_unchanged(desk, place):
    desk.draft = desk.begin(RICH_DOCUMENT)

    assert desk.send(place).status_code == 200

    assert desk.data == RICH
    assert not Event.objects.filter(what="draft.save").exists()


def test_what_may_be_said_and_picked_is_called_as_people_call_it(desk):
    section = desk.data["forms"]["case audit"]["sections"][0]
    more = [section["questions"][0] | {"key": key} for key in ("next_steps", "who_was_told", "who was told")]
    desk.draft = desk.begin(write_document(changed(SECTION, section | {"questions": more})))

    question = desk.look(QUESTION).content.decode()
    condition = desk.look(f"{QUESTION}/when").content.decode()

    assert "yes, no, or a condition" in question and "true, false" not in question
    assert '<option value="answer:next_steps">Next steps</option>' in condition
    assert '<option value="answer:who_was_told">who_was_told</option>' in condition  # two would read alike
    assert '<option value="answer:who was told">who was told</option>' in condition


def test_what_is_wrong_is_said_with_keys_as_the_pages_call_them(desk):
    data = desk.data | {"spare": "x"}
    data["audit_types"]["audit"]["on_sending_starts"] = ["nothing of this name"]
    desk.draft = desk.begin(write_document(data))

    page = desk.client.get(f"/frameworks/drafts/{desk.draft.public_id}/check/").text

    assert "Known keys: Key, Title, Owner, Approved by" in page
    assert "approved_by" not in page and "audit_types" not in page.replace("%2Faudit_types", "")
