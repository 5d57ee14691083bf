"""The organisation's own words stand on the pages of its audits."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template import Context, Template

from goldenthread.rules.framework import Term
from tests.make import PACK, publish_pack

TEMPLATES = Path(__file__).resolve().parents[2] / "goldenthread/web/templates"


@pytest.mark.parametrize("term", Term.__args__)
def test_every_term_of_the_vocabulary_is_used_by_some_page(term):
    pages = [page.read_text(encoding="utf-8") for page in TEMPLATES.rglob("*.html")]

    assert any(f'|one:"{term}"' in page or f'|many:"{term}"' in page for page in pages)


def test_a_page_says_it_in_the_words_of_its_audit_s_version(db):
    ours = publish_pack()
    theirs = publish_pack(
        document=PACK.read_text().replace(
            "{one: case, many: cases}", "{one: casework file, many: casework files}"
        )
    )
    page = Template('{% load words %}{{ version|one:"case"|capfirst }}, {{ version|many:"case" }}')

    assert page.render(Context({"version": ours})) == "Case, cases"
    assert page.render(Context({"version": theirs})) == "Casework file, casework files"


def test_an_audit_leads_to_what_is_asked_and_what_each_grade_looks_like(client, db):
    version = publish_pack()
    audit = SimpleNamespace(version=version, audit_type="audit")

    address = Template("{% load words %}{{ audit|form_address }}").render(Context({"audit": audit}))

    assert address == f"/frameworks/{version.framework.public_id}/versions/1/forms/case%20audit/"
