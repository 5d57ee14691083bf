"""Drafts of frameworks: begun, saved one after another, offered, confirmed by somebody else, published."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from goldenthread.frameworks import operations, publishing
from goldenthread.frameworks.models import Draft, Publishing, Version
from goldenthread.ledger.models import Event, EventValues
from goldenthread.rules.refusal import Refused
from tests.make import PACK, make_council, make_person, moment, publish_pack

pytestmark = pytest.mark.django_db
DOCUMENT = PACK.read_text().replace("number: 1\n\nthemes", "number: 2\n\nthemes")
FAULTY = PACK.read_text().replace("phase: owed", "phase: owd")


@pytest.fixture
def council():
    publish_pack()
    return make_council()


def begin(council, document=DOCUMENT):
    """A draft of the quality manager's."""
    return operations.begin_draft(
        document, title="Ours", based_on=Version.objects.get(), by=council.quality_manager, at=moment()
    )


def save(draft, who, *, revision, document=DOCUMENT):
    """Save the draft as somebody who opened it at that revision."""
    return operations.save_draft(
        draft, document, title="Ours", what="changed it", revision=revision, by=who, at=moment()
    )


def said(draft, who, **more):
    """What goes with offering or publishing."""
    day = moment().date()
    return {
        "revision": draft.revision,
        "effective_on": day,
        "reason": "A new year",
        "by": who,
        "at": moment(),
        **more,
    }


def want_two(council):
    """Settle that two people publish a framework."""
    publishing.want_two_people(by=council.quality_manager, at=moment())


def events():
    """What the ledger says of drafts, in order."""
    return list(
        Event.objects.filter(what__startswith="draft.").order_by("position").values_list("what", flat=True)
    )


def test_each_save_counts_and_is_one_event(council):
    draft = begin(council, FAULTY)

    draft = save(draft, council.administrator, revision=1)

    assert (draft.revision, draft.saved_by, draft.document) == (2, council.administrator, DOCUMENT)
    assert events() == ["draft.begin", "draft.save"]


def test_a_save_over_somebody_elses_is_refused_and_writes_nothing(council):
    draft = begin(council)
    save(draft, council.administrator, revision=1, document=FAULTY)

    with pytest.raises(Refused, match="saved this draft at 09:00 on 2 November"):
        save(draft, council.quality_manager, revision=1)

    assert Draft.objects.get().document == FAULTY
    assert events() == ["draft.begin", "draft.save"]


def test_a_published_or_discarded_draft_is_not_changed_any_more(council):
    published, discarded = begin(council), begin(council)
    operations.publish_draft(published, **said(published, council.quality_manager))
    operations.discard_draft(discarded, revision=1, by=council.quality_manager, at=moment())

    for draft, words in ((published, "was published"), (discarded, "was discarded")):
        with pytest.raises(Refused, match=words):
            save(draft, council.quality_manager, revision=1)
    assert not Draft.objects.open().exists()


def test_a_faulty_draft_is_neither_published_nor_offered(council):
    draft = begin(council, FAULTY)

    for operation in (operations.publish_draft, operations.offer_draft):
        with pytest.raises(Refused, match="1 fault"):
            operation(draft, **said(draft, council.quality_manager))
    assert Version.objects.count() == 1
    assert Draft.objects.get().state == "written"


def test_a_draft_that_says_what_is_published_is_not_published_again(council):
    draft = begin(council, PACK.read_text())

    with pytest.raises(Refused, match="nothing to publish"):
        operations.publish_draft(draft, **said(draft, council.quality_manager, at=moment("2026-12-01T09:00")))

    assert Draft.objects.get().state == "written"


def test_two_people_publish_where_that_is_wanted(council):
    want_two(council)
    draft = begin(council)
    with pytest.raises(Refused, match="Two people"):
        operations.publish_draft(draft, **said(draft, council.quality_manager))
    with pytest.raises(Refused, match="Two people"):
        operations.publish(DOCUMENT, by=council.quality_manager, at=moment(), effective_on=moment().date())

    offered = operations.offer_draft(draft, **said(draft, council.quality_manager))
    with pytest.raises(Refused, match="somebody else"):
        operations.confirm_draft(offered, revision=1, by=council.quality_manager, at=moment())
    version = operations.confirm_draft(offered, revision=1, by=council.administrator, at=moment())

    assert (version.number, version.published_by, version.reason) == (2, council.administrator, "A new year")
    assert council.quality_manager.public_id in Event.objects.latest("position").recorded.values
    assert Draft.objects.get().state == "published"


def test_whoever_runs_the_installation_can_still_load_a_framework(council):
    want_two(council)

    operations.publish(DOCUMENT, by=None, at=moment(), effective_on=moment().date())

    assert Version.objects.count() == 2


def test_a_change_takes_the_offer_back_so_that_nobody_confirms_what_they_have_not_seen(council):
    want_two(council)
    draft = operations.offer_draft(begin(council), **said(begin(council), council.quality_manager))

    draft = save(draft, council.administrator, revision=1)

    assert (draft.state, draft.offered_by) == ("written", None)
    with pytest.raises(Refused, match="taken back"):
        operations.confirm_draft(draft, revision=2, by=council.administrator, at=moment())


def test_an_offer_can_be_sent_back(council):
    draft = begin(council)
    operations.offer_draft(draft, **said(draft, council.quality_manager))

    draft = operations.send_draft_back(draft, revision=1, by=council.administrator, at=moment())

    assert (draft.state, draft.reason) == ("written", "")
    assert events()[-1] == "draft.send_back"


def want_one(council, who="quality_manager", because="Only I am left in the team"):
    publishing.ask_for_one_person(because=because, by=getattr(council, who), at=moment())


def settled():
    """The ledger's values of how many publish, oldest first."""
    found = Event.objects.filter(what="framework.set_publishing").order_by("position")
    return [json.loads(EventValues.objects.get(event=event).values) for event in found]


def test_how_many_publish_is_one_row():
    with pytest.raises(IntegrityError), transaction.atomic():
        Publishing.objects.create(only=False, set_by=make_person("Mara"), set_at=moment())


def test_what_holds_already_of_publishing_is_no_change_and_no_event(council):
    want_two(council)
    want_two(council)

    assert settled() == [{"two_people": True}]


def test_who_asks_that_one_may_publish_changes_nothing_alone(council):
    want_two(council)
    want_one(council)

    with pytest.raises(Refused, match="somebody else agrees"):
        publishing.agree_to_one_person(by=council.quality_manager, at=moment())

    assert Publishing.objects.get().two_people
    draft = begin(council)
    with pytest.raises(Refused, match="Two people publish"):
        operations.publish_draft(draft, **said(draft, council.quality_manager))


def test_a_second_person_lets_one_publish_and_the_ledger_names_both_and_why(council):
    want_two(council)
    want_one(council)

    publishing.agree_to_one_person(by=council.administrator, at=moment())

    row = Publishing.objects.get()
    assert (row.two_people, row.one_asked_by, row.one_because) == (False, None, "")
    assert settled()[-1] == {
        "two_people": False,
        "asked_by": council.quality_manager.public_id,
        "because": "Only I am left in the team",
    }


@pytest.mark.parametrize("who", ["quality_manager", "administrator"])
def test_what_was_asked_is_taken_back_or_declined(council, who):
    want_two(council)
    want_one(council)

    publishing.keep_two_people(by=getattr(council, who), at=moment())

    assert Publishing.objects.get().two_people
    with pytest.raises(Refused, match="Nobody asks any more"):
        publishing.agree_to_one_person(by=council.administrator, at=moment())


def test_that_two_are_wanted_again_ends_no_ask_of_its_own(council):
    want_two(council)
    want_one(council)
    want_two(council)

    assert Publishing.objects.get().one_asked_by == council.quality_manager


@pytest.mark.parametrize(
    ("first", "sentence"),
    [
        (want_one, "One person publishes a framework here already"),
        (lambda council: (want_two(council), want_one(council, because=" ")), "Say why"),
        (
            lambda council: (want_two(council), want_one(council), want_one(council, "administrator")),
            "has asked for it already",
        ),
        (
            lambda council: (
                want_two(council),
                publishing.agree_to_one_person(by=council.administrator, at=moment()),
            ),
            "Nobody asks any more",
        ),
    ],
)
def test_what_must_not_be_of_publishing_is_refused_in_a_sentence(council, first, sentence):
    with pytest.raises(Refused, match=sentence):
        first(council)


def test_an_ask_without_a_reason_or_without_two_cannot_be_written(council):
    asked = {"one_asked_by": council.ada, "one_asked_at": moment(), "set_by": council.ada, "set_at": moment()}

    for more in ({"two_people": True}, {"two_people": False, "one_because": "So"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Publishing.objects.create(**asked, **more)


def test_at_the_server_one_is_let_publish_by_somebody_named_with_a_reason(council, capsys):
    want_two(council)
    by = council.administrator

    with pytest.raises(CommandError, match="Nobody who can sign in"):
        call_command("framework", "one_person", by="nobody@example.org", reason="So")
    with pytest.raises(CommandError, match="Say why"):
        call_command("framework", "one_person", by=by.email, reason=" ")
    call_command("framework", "one_person", by=by.email.upper(), reason="Nobody is left to agree")

    assert by.name in capsys.readouterr().out
    assert settled()[-1] == {
        "two_people": False,
        "at_the_server": True,
        "because": "Nobody is left to agree",
    }
    assert Event.objects.filter(what="framework.set_publishing").latest("position").by == by.public_id


def test_where_two_publish_a_load_at_the_server_says_who_and_why(council, tmp_path):
    file = tmp_path / "changed.yaml"
    file.write_text(DOCUMENT, encoding="utf-8")
    want_two(council)
    before = Version.objects.count()

    for options in ({}, {"by": council.administrator.email}, {"reason": "A new year"}):
        with pytest.raises(CommandError, match="say who does it"):
            call_command("framework", "load", str(file), **options)
    assert Version.objects.count() == before
    call_command("framework", "load", str(file), by=council.administrator.email, reason="A new year")

    assert Version.objects.latest("pk").published_by == council.administrator


def test_an_offer_without_a_day_cannot_be_written(council):
    draft = begin(council)

    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(state="offered")
