"""Whatever shows words about people's work or care writes the read log.

Each field that retention removes, since it holds words, is filled with a mark of its own; then every address
of the router is opened. A page on which such a mark stands has either written the read log or says here why
it need not.
"""

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.urls import reverse

from goldenthread.caseload.models import Extract, Fact, StagedRow
from goldenthread.ledger.models import Event, Read
from tests.make import LONG_AGO
from tests.operations.test_every_word_is_declared import removed
from tests.pages.test_access import ADA, ALEX, HANA, MARA, QUINN, TABLE, THEO, Records, address_of, unpacked

WIDEST = (MARA, QUINN, HANA, THEO, ADA, ALEX)
"""Who opens a page, the first of them who may."""
NAMES_ALONE = {
    "audits.Return.given_by",
    "audits.Return.organisation",
    "caseload.Subject.reference",
    "caseload.Subject.label",
    "caseload.StagedRow.reference",
    "caseload.KnownRow.key",
    "tasks.Task.title",
    "tasks.Task.about_label",
    "tasks.Task.reason",
    "tasks.Notice.subject",
    "tasks.Notice.last_error",
}
"""What a record is called, when something of it is due and by which rule, as lists say without opening it."""
NOT_NOTED = {
    "my_tasks": "shows what one has agreed to do oneself",
    "download_reads": "notes that the log was taken",
}
"""Pages that show words and note no reading, with the reason."""


@pytest.fixture(scope="module")
def marked(django_db_setup, django_db_blocker):
    """One of everything, each word of it a mark; and which field each mark stands for."""
    with django_db_blocker.unblock(), transaction.atomic():
        records = Records()
        Fact.objects.create(subject=records.subject, name="legal status", value="-", starts_on=LONG_AGO)
        StagedRow.objects.create(
            extract=records.extract,
            row=2,
            list="cases",
            key="3",
            action="new",
            reference="CASE-3",
            is_open=True,
        )
        Extract.objects.filter(pk=records.extract.pk).update(state=Extract.State.PREVIEWED)
        records.of = dict(marks())
        yield records
        transaction.set_rollback(True)


def marks():
    """Fill every field of words but those of staff and their sign-ins, and tell the mark of each."""
    for label, fields in sorted(removed().items()):
        if label.startswith("people."):
            continue
        model = apps.get_model(label)
        for field in (model._meta.get_field(name) for name in sorted(fields)):
            if isinstance(field, (models.CharField, models.TextField)) and not field.choices:
                mark = f"Zyx{label.split('.')[1]}{field.name}"[: field.max_length]
                if fill(model, field.name, mark):
                    yield mark, f"{label}.{field.name}"


def fill(model, name, mark):
    """Put the mark into each row; where a rule of the table forbids it, into those that say something."""
    rows = model._base_manager.all()
    for some in (rows, rows.exclude(**{name: ""}), rows.filter(pk=getattr(rows.first(), "pk", None))):
        try:
            with transaction.atomic():
                return some.update(**{name: mark})
        except IntegrityError:
            continue
    return 0


def shown(client, records, name):
    """The marks on a page, and whether opening it was noted; nothing where there is no page."""
    row = TABLE[name]
    who = next(one for one in WIDEST if one in row.who)
    client.force_login(getattr(records.council, who))
    with transaction.atomic():
        before = Read.objects.count()
        answer = client.get(address_of(records, row, name, {}))
        said = b"".join(answer) if answer.streaming else answer.content
        noted = Read.objects.count() > before
        transaction.set_rollback(True)
    text = unpacked(said) if answer.status_code == 200 else ""
    return {field for mark, field in records.of.items() if mark in text} - NAMES_ALONE, noted


@pytest.mark.django_db
def test_a_page_that_shows_words_is_in_the_read_log(client, marked):
    pages = [name for name, row in TABLE.items() if row.method == "get" and row.who.intersection(WIDEST)]
    found = {name: shown(client, marked, name) for name in pages}
    silent = {name: sorted(words) for name, (words, noted) in found.items() if words and not noted}

    assert set(silent) - set(NOT_NOTED) == set(), silent
    assert set.union(*(words for words, _ in found.values())) > {
        "audits.Judgement.why",
        "escalations.Alert.concern",
        "programmes.Nomination.because",
        "governance.LegalHold.why",
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["list_figure", "list_further_figure", "list_person_figure", "list_compliance"]
)
def test_the_audits_behind_a_figure_are_read_by_whoever_opens_the_list(client, marked, name):
    client.force_login(marked.council.quinn)
    client.get(address_of(marked, TABLE[name], name, {}))

    assert Read.objects.latest("pk").how == "figure"
    assert Read.objects.latest("pk").by == marked.council.quinn.public_id


@pytest.mark.django_db
def test_values_of_an_event_are_a_reading_of_its_record_by_those_alone_to_whom_they_are_shown(client, marked):
    event = Event.objects.filter(about_kind="audit", about_id=marked.audit.public_id).latest("position")
    for who, noted in ((marked.council.quality_manager, True), (marked.council.administrator, False)):
        client.force_login(who)
        client.get(reverse("show_event", args=[event.position]))

        found = Read.objects.filter(by=who.public_id, about_id=marked.audit.public_id, how="ledger")
        assert found.exists() == noted
