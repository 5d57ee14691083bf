"""Answers save themselves, nothing typed is lost, and nobody overwrites anybody (WF-6)."""

import pytest
from playwright.sync_api import expect

from goldenthread.audits import operations
from goldenthread.audits.models import Answer, AnswerVersion, Judgement
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.forms import Given
from tests.browser.conftest import assert_accessible
from tests.make import PACK, make_audit, make_council, moment, publish_pack

pytestmark = pytest.mark.django_db(transaction=True)
AT = moment("2026-11-05T10:00")
ASKED = "voice heard"
QUESTION = "How well does the record show what the person wants?"


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def audit(council):
    return make_audit(council)


@pytest.fixture
def form(page, sign_in, council, audit):
    """The section's page, opened by Ada."""
    sign_in(council.ada)
    page.goto(url(audit))
    return page


def url(audit, section="voice"):
    return f"/audits/{audit.public_id}/sections/{section}/"


def field(page):
    return page.get_by_label(QUESTION, exact=True)


def state(page):
    return page.locator("#q1-state")


def versions():
    rows = AnswerVersion.objects.filter(answer__question=ASKED).order_by("version")
    return list(rows.values_list("value", flat=True))


def test_what_is_typed_is_saved_by_itself_and_stands_there_on_return(form, audit):
    field(form).fill("In her own words.")

    expect(state(form)).to_contain_text("Saved at")
    form.reload()
    expect(field(form)).to_have_value("In her own words.")
    assert versions() == ["In her own words."]


def test_what_is_given_before_the_page_is_ready_is_saved_once_it_is(page, sign_in, council, audit):
    held = []

    def hold(route):
        held.append(route)

    page.route("**/audit-form*.js", hold)
    sign_in(council.ada)
    page.goto(url(audit), wait_until="commit")
    field(page).fill("Quicker than the page.")
    page.wait_for_timeout(200)
    assert versions() == []

    for route in held:
        route.continue_()

    expect(state(page)).to_contain_text("Saved at")
    assert versions() == ["Quicker than the page."]


def test_a_page_that_nobody_touched_saves_nothing(form, audit):
    for section in ("voice", "basics"):
        form.goto(url(audit, section))
        form.wait_for_timeout(300)

    assert not AnswerVersion.objects.exists()
    assert not Judgement.objects.exists()


def test_a_choice_is_saved_at_once_and_evidence_is_asked_for_under_it(form, audit):
    form.goto(url(audit, "basics"))

    form.get_by_label("No", exact=True).first.check()

    expect(state(form)).to_contain_text("Saved at")
    form.get_by_label("What did you see?").first.fill("The phone number is from 2019.")
    form.get_by_label("What did you see?").first.blur()
    expect(state(form)).to_contain_text("Saved at")
    form.wait_for_timeout(300)
    answer = Answer.objects.get(question="details current")
    assert (answer.value, answer.evidence) == ("no", "The phone number is from 2019.")


HANGS = ("why not told", "Why were they not told?")


@pytest.fixture
def hanging(page, sign_in):
    """A page of an audit whose third question is asked only if the answer to its second is no."""
    council = make_council()
    data = read_document(PACK.read_text()).data
    no = {"answer": "asked first", "is": "no"}
    kinds = (("asked first", "Were they told?", "yes or no", None), (*HANGS, "long text", no))
    questions = [
        {"key": key, "text": text, "type": kind} | ({"when": when} if when else {})
        for key, text, kind, when in (*kinds, ("said last", "What did they say?", "long text", None))
    ]
    data["forms"]["case audit"]["sections"].append({"key": "told", "title": "Told", "questions": questions})
    publish_pack(document=write_document(data))
    audit = make_audit(council)
    sign_in(council.ada)
    page.goto(url(audit, "told"))
    return page


def test_a_question_that_hangs_on_an_answer_comes_when_it_is_given_and_is_saved(hanging):
    last, more = hanging.get_by_label("What did they say?"), hanging.get_by_label(HANGS[1])
    last.fill("That nobody had rung.")
    expect(more).to_have_count(0)

    hanging.get_by_label("No", exact=True).check()

    expect(hanging.locator("p.govuk-visually-hidden[role=status]")).to_contain_text(
        "one more question is asked"
    )
    order = hanging.locator("[data-box=answer]").evaluate_all("all => all.map((one) => one.dataset.key)")
    assert order == ["asked first", HANGS[0], "said last"]
    ids = hanging.locator("[id]").evaluate_all("all => all.map((one) => one.id)")
    assert len(ids) == len(set(ids))
    expect(last).to_have_value("That nobody had rung.")
    assert_accessible(hanging)
    more.fill("The letter came back.")
    more.blur()
    expect(hanging.locator(f"[data-key='{HANGS[0]}'] [data-state]")).to_contain_text("Saved at")
    assert Answer.objects.get(question=HANGS[0]).value == "The letter came back."


def test_what_is_no_longer_asked_goes_out_of_sight_and_comes_back_with_its_words(hanging):
    hanging.get_by_label("No", exact=True).check()
    more = hanging.get_by_label(HANGS[1])
    more.fill("The letter came back.")
    more.blur()
    expect(hanging.locator(f"[data-key='{HANGS[0]}'] [data-state]")).to_contain_text("Saved at")

    hanging.get_by_label("Yes", exact=True).check()
    expect(more).to_be_hidden()
    hanging.get_by_label("No", exact=True).check()

    expect(more).to_be_visible()
    expect(more).to_have_value("The letter came back.")


def test_without_a_connection_the_words_stay_and_are_sent_on_return(form, context):
    context.set_offline(True)
    field(form).fill("Typed on the train.")

    expect(form.get_by_role("status").first).to_contain_text("There is no connection")
    expect(state(form)).to_contain_text("Not saved yet")
    assert versions() == []
    context.set_offline(False)

    expect(state(form)).to_contain_text("Saved at")
    assert versions() == ["Typed on the train."]


def test_a_save_whose_answer_was_lost_is_sent_again_and_kept_once(form):
    lost = []

    def lose(route):
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    form.route("**/save-answer/", lose)
    field(form).fill("Saved, but nobody said so.")

    expect(state(form)).to_contain_text("Saved at", timeout=10_000)
    assert lost == [200]
    assert versions() == ["Saved, but nobody said so."]


def test_words_typed_while_a_reply_is_still_arriving_are_saved_too(form, audit):
    form.evaluate("""() => {
        const whole = Response.prototype.json;
        Response.prototype.json = async function () {
            await new Promise((resolve) => setTimeout(resolve, 400));
            return whole.call(this);
        };
    }""")
    field(form).fill("Her wishes")
    field(form).blur()
    form.wait_for_timeout(200)

    field(form).fill("Her wishes lead the plan.")
    field(form).blur()
    form.wait_for_timeout(300)
    field(form).fill("Her wishes lead the plan, and it shows.")
    field(form).blur()

    expect(state(form)).to_contain_text("Saved at")
    assert versions()[-1] == "Her wishes lead the plan, and it shows."


def test_two_tabs_show_both_texts_and_let_one_choose(form, context, audit):
    other = context.new_page()
    other.goto(url(audit))
    field(other).fill("From the other tab.")
    expect(state(other)).to_contain_text("Saved at")

    field(form).fill("From this tab.")

    expect(form.get_by_text("Somebody else saved this while you were writing").first).to_be_visible()
    expect(form.locator("[data-theirs]").first).to_have_text("From the other tab.")
    expect(field(form)).to_have_value("From this tab.")
    assert versions() == ["From the other tab."]
    form.get_by_role("button", name="Keep mine").first.click()
    expect(state(form)).to_contain_text("Saved at")
    assert versions() == ["From the other tab.", "From this tab."]


def test_keeping_theirs_leaves_theirs_and_writes_nothing(form, audit):
    operations.save_answer(audit, ASKED, Given("Theirs."), expected=0, by=audit.auditor, at=AT)
    field(form).fill("Mine.")

    form.get_by_role("button", name="Keep theirs").first.click()

    expect(field(form)).to_have_value("Theirs.")
    form.wait_for_timeout(1500)
    assert versions() == ["Theirs."]


def test_after_a_sign_out_the_words_stay_and_go_through_once_signed_in_again(form, context, council, sign_in):
    context.clear_cookies()
    field(form).fill("Written while signed out.")

    expect(form.get_by_text("You are signed out")).to_be_visible()
    expect(field(form)).to_have_value("Written while signed out.")
    assert versions() == []
    sign_in(council.ada)
    form.get_by_role("button", name="Send again").click()

    expect(state(form)).to_contain_text("Saved at")
    assert versions() == ["Written while signed out."]


def test_leaving_with_words_unsent_asks_first(form, context):
    context.set_offline(True)
    field(form).fill("Not sent yet.")
    expect(form.get_by_role("status").first).to_contain_text("There is no connection")

    with form.expect_event("dialog") as asked:
        form.close(run_before_unload=True)

    assert asked.value.type == "beforeunload"
    asked.value.accept()


def test_a_text_that_is_too_long_is_refused_in_words_and_kept(form):
    field(form).fill("x" * 60_000)

    expect(form.get_by_text("Shorten this to 50,000 characters or fewer").first).to_be_visible()
    assert field(form).input_value() == "x" * 60_000
    assert versions() == []


def test_nothing_is_kept_in_the_browsers_storage(form):
    field(form).fill("Private.")
    expect(state(form)).to_contain_text("Saved at")

    kept = form.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])")

    assert "Private." not in kept
    assert len(kept) < 200


def test_a_section_is_graded_by_keyboard_alone(form, audit):
    first = form.locator("#grade")
    field(form).focus()
    for _ in range(20):
        if form.evaluate("document.activeElement.name") == "grade:voice":
            break
        form.keyboard.press("Tab")

    form.keyboard.press("Space")
    form.keyboard.press("ArrowDown")
    form.keyboard.press("Tab")
    form.keyboard.type("Her wishes lead the plan.")
    form.keyboard.press("Tab")

    expect(form.locator("#grade-state")).to_contain_text("Saved at")
    form.wait_for_timeout(300)
    judged = Judgement.objects.current().get(audit=audit, part="voice")
    assert (judged.grade, judged.why) == ("good", "Her wishes lead the plan.")
    assert first.count() == 1


def test_the_earlier_grade_is_kept_with_one_button(page, sign_in, council):
    audit = make_audit(council, "discussed", grade="requires improvement")
    sign_in(council.ada)
    page.goto(url(audit))

    page.get_by_role("button", name="Keep this grade and its reasons").click()

    expect(page.locator("#grade-state")).to_contain_text("Saved at")
    assert page.get_by_label("Requires improvement").is_checked()
    kept = Judgement.objects.current().get(audit=audit, part="voice", stage="after the conversation")
    assert kept.grade == "requires improvement"


def test_without_javascript_the_button_saves_and_a_clash_shows_both(
    browser, live_server, client, council, audit
):
    plain = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    client.force_login(council.ada)
    name = "goldenthread_session"
    plain.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = plain.new_page()
    page.goto(url(audit))
    field(page).fill("Without a script.")
    page.get_by_role("button", name="Save", exact=True).click()
    assert versions() == ["Without a script."]
    operations.save_answer(audit, ASKED, Given("Theirs."), expected=1, by=council.ada, at=AT)

    field(page).fill("Mine.")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("Not everything was saved")).to_be_visible()
    expect(page.get_by_text("Theirs.", exact=True)).to_be_visible()
    expect(field(page)).to_have_value("Mine.")
    assert versions()[-1] == "Theirs."
    page.get_by_role("button", name="Save", exact=True).click()
    assert versions()[-1] == "Mine."
    plain.close()


def test_words_that_look_like_an_identifier_are_asked_about_and_saved_all_the_same(form):
    field(form).fill("Call 07700 900123.")

    warning = form.get_by_role("status").filter(has_text="“07700 900123” looks like a phone number")
    expect(warning).to_be_visible()
    assert warning.get_attribute("id") in field(form).get_attribute("aria-describedby").split()
    expect(state(form)).to_contain_text("Saved at")
    assert_accessible(form)
    field(form).fill("Call her daughter.")
    expect(warning).to_be_hidden()
