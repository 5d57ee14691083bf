"""An audit that nobody can do is given to somebody by hand, with a reason; conflicts hold unless said."""

from datetime import timedelta

import pytest
from django.urls import reverse

from goldenthread.audits.models import Audit
from goldenthread.caseload.models import Episode, Work
from goldenthread.ledger.models import Event
from goldenthread.ledger.queries import changes_of
from goldenthread.people.models import Leave, Post
from goldenthread.programmes.models import Commission, Slot
from goldenthread.programmes.operations import commissions as operations
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.refusal import Refused
from tests.make import publish_pack
from tests.operations.test_childrens_services import Service
from tests.operations.test_triggers import AT, document, sweep

pytestmark = pytest.mark.django_db
LINE = "not their own line"


def waiting(*, aside=(), heads=1):
    """A commission of which the heads of service who are left manage the team's line."""
    data = read_document(document(closure={"title": "It closed", "on": "a closure"})).data
    data["pairing"]["heads of service"]["set_aside_by_hand"] = list(aside)
    publish_pack(document=write_document(data))
    service = Service()
    if heads == 1:
        Post.objects.filter(person=service.heads["Care"]).delete()
    Episode.objects.filter(subject=Work.objects.first().subject).update(closed_on=AT.date())
    assert sweep() == (1, 0 if heads == 1 else 1)
    return service, Commission.objects.get()


def give(service, commission, *, to="Assessment", by=None, **said):
    said = {"because": "There is nobody else.", "despite": True, **said}
    return operations.give_commission(commission, service.heads[to], **said, by=by or service.quinn, at=AT)


def test_a_conflict_holds_whatever_the_reason_and_nothing_is_kept():
    service, commission = waiting()
    assert "manages the team" in commission.told

    with pytest.raises(Refused, match="manages the team.*cannot be set aside"):
        give(service, commission)

    assert not Slot.objects.exists() and not Audit.objects.exists()
    commission.refresh_from_db()
    assert commission.state == "waiting"


def test_one_that_the_framework_lets_give_way_is_set_aside_with_a_reason_and_the_ledger_says_which():
    service, commission = waiting(aside=[LINE])
    with pytest.raises(Refused, match="tick that they take it all the same"):
        give(service, commission, despite=False)

    audit = give(service, commission)

    assert audit.auditor == service.heads["Assessment"]
    commission.refresh_from_db()
    assert (commission.state, commission.ended_by) == ("sent", service.quinn)
    assert Slot.objects.get().edited_because == "There is nobody else."
    values = {one.name: one.after for one in changes_of(Event.objects.get(what="commission.send"))}
    assert "manages the team" in values["set aside"] and values["because"] == "There is nobody else."


def test_a_sweep_sets_nothing_aside_by_itself():
    waiting(aside=[LINE])

    assert sweep(AT + timedelta(days=1)) == (0, 0)


def test_nothing_gives_way_while_somebody_is_free_of_it():
    service, commission = waiting(aside=[LINE], heads=2)
    Slot.objects.update(commission=None)
    Commission.objects.update(state="waiting", ended_at=None, ended_by=None)

    with pytest.raises(Refused, match="cannot be set aside"):
        give(service, commission)


REFUSED = [
    ({"because": " "}, "Say why"),
    ({"because": "x" * 251}, "250 characters"),
    ({"by": "director"}, "draw and allocate"),
    ({"to": "Care"}, "holds no post"),
]


@pytest.mark.parametrize(("said", "sentence"), REFUSED)
def test_who_may_not_and_what_is_missing(said, sentence):
    service, commission = waiting(aside=[LINE])
    said = said | ({"by": service.director} if "by" in said else {})
    if "by" in said:
        Post.objects.filter(person=service.director).update(kind="social worker")

    with pytest.raises(Refused, match=sentence):
        give(service, commission, **said)


def test_leave_is_set_aside_too_and_what_is_settled_is_not_given():
    service, commission = waiting(aside=[LINE])
    Leave.objects.create(
        person=service.heads["Assessment"], starts_on=AT.date(), ends_on=AT.date() + timedelta(days=60)
    )
    give(service, commission)

    with pytest.raises(Refused, match="settled already"):
        give(service, commission)


def test_the_page_names_who_can_be_chosen_and_what_speaks_against_them(client):
    service, commission = waiting(aside=[LINE])
    client.force_login(service.quinn)
    address = reverse("give_commission", args=[commission.public_id])
    shown = client.get(address).text
    assert "Head of Assessment" in shown and "manages the team" in shown

    kept = client.post(address, {"auditor": service.heads["Assessment"].public_id, "because": "Nobody else."})
    assert "take it all the same" in kept.text and "Nobody else." in kept.text

    said = {"auditor": service.heads["Assessment"].public_id, "because": "Nobody else.", "despite": "on"}
    assert client.post(address, said).status_code == 302
    assert Audit.objects.get().auditor == service.heads["Assessment"]
    assert client.get(address).status_code == 403, "it is settled"
    client.force_login(service.managers[service.teams[0].pk])
    assert client.get(address).status_code in (403, 404)


def test_the_page_says_so_where_nobody_can_be_chosen(client):
    service, commission = waiting()
    client.force_login(service.quinn)

    shown = client.get(reverse("give_commission", args=[commission.public_id])).text

    assert "Nobody can be chosen here" in shown and "manages the team" in shown
