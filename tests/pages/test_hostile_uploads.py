"""A file that is damaged, mislabelled or made to harm is refused in a sentence, whatever page takes it.

The bombs, the entities and the names inside archives are tried in tests/operations/test_opening_files.py
and tests/operations/test_import_form.py.
"""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldenthread.caseload.models import Extract, Subject
from goldenthread.frameworks.models import Draft, Version
from goldenthread.ledger.models import Event
from goldenthread.people.models import Person
from tests.faults import size
from tests.make import PACK, make_council, publish_pack
from tests.subject_packs import pack_looking_at
from tests.workbooks import CASES, case, census_child, make_csv, make_workbook, referral

pytestmark = pytest.mark.django_db
COUNTED = (Event, Extract, Subject, Person, Draft, Version)
NAMES = ("extract.xlsx", "cases.csv", "census.xml", "tool.docx", "form.json", "pack.yaml", "../x.csv", "x")


def files(folder):
    """One good file of each kind, as bytes."""
    rows = [CASES, *(case(f"U{number}") for number in range(3))]
    word = io.BytesIO()
    document = Document()
    document.add_heading("Visit")
    document.add_paragraph("Is the plan signed?")
    document.save(word)
    question = {"linkId": "1", "text": "Is it signed?", "type": "boolean"}
    return {
        "extract.xlsx": make_workbook(folder / "a.xlsx", {"Cases": rows}).read_bytes(),
        "cases.csv": make_csv(folder / "a.csv", rows).read_bytes(),
        "census.xml": f"<Message><Children>{census_child('C1', referral())}</Children></Message>".encode(),
        "tool.docx": word.getvalue(),
        "form.json": json.dumps({"resourceType": "Questionnaire", "item": [question]}).encode(),
        "pack.yaml": PACK.read_bytes(),
    }


PAGES = {
    "upload_extract": ([], {"preset": ["open_cases", "annex_a", "cin_census"]}),
    "load_people": ([], {}),
    "load_subjects": (["household"], {}),
    "bring_in_form": ([], {}),
    "publish_framework": ([], {"reason": ["Why"], "effective_on": ["01/12/2026"], "check": ["1"]}),
    "begin_draft": ([], {"source": ["file"]}),
}


def damaged(good):
    """Bytes of a good file: cut, altered, doubled, or put behind something else."""
    places = st.integers(0, 2**20)

    def altered(content, edits):
        made = bytearray(content)
        for place, byte in edits:
            if made:
                made[place % len(made)] = byte
        return bytes(made)

    content = st.sampled_from(sorted(good)).map(good.get)
    edits = st.lists(st.tuples(places, st.integers(0, 255)), min_size=1, max_size=40)
    return st.one_of(
        st.builds(altered, content, edits),
        st.builds(lambda whole, place: whole[: place % (len(whole) + 1)], content, places),
        st.builds(lambda whole, place: whole[place % len(whole) :], content, places),
        st.builds(lambda one, other: one + other, content, content),
        st.sampled_from(
            [b"", b"\0" * 999, b"\xff\xfe", b"PK\x03\x04", b"[" * 9999, b"a: &a [*a]", b"{", b","]
        ),
        st.sampled_from(
            [b"&" * 99, b"- " * 9000, b"!!python/object:os.system x", b'="1"\n' * 9, b"\r" * 999]
        ),
        st.binary(max_size=200),
    )


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_no_damaged_file_breaks_a_page_or_is_half_taken_in(tmp_path, page):
    council = make_council()
    publish_pack(document=pack_looking_at("household"))
    browser = Client(raise_request_exception=False)
    browser.force_login(council.quality_manager)
    arguments, fields = PAGES[page]
    address = reverse(page, args=arguments)
    told = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in fields.items()})

    @settings(
        max_examples=size(10, 2000),
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(damaged(files(tmp_path)), st.sampled_from(NAMES), told)
    def nothing_breaks(content, name, sent):
        with transaction.atomic():
            before = [model.objects.count() for model in COUNTED]
            answer = browser.post(address, {**sent, "file": SimpleUploadedFile(name, content)})
            after = [model.objects.count() for model in COUNTED]
            transaction.set_rollback(True)
        assert answer.status_code < 500, (name, content[:200])
        if answer.status_code != 302:
            assert after == before
        if answer.status_code in (400, 422):
            assert "error" in answer.content.decode()

    nothing_breaks()
