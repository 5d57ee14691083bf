"""A framework's own words stand on its pages, in its documents and letters, and on those of no other."""

import ast
import html
import json
import re
from datetime import date
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import pikepdf
import pytest
from django.db import transaction
from django.template import Context, Template

from goldenthread.programmes.operations.draws import freeze_frame
from goldenthread.programmes.operations.reaudits import place_reaudits
from goldenthread.reporting import audit_documents
from goldenthread.reporting.audit_documents import pdf_of
from goldenthread.reporting.audit_report import report_of
from goldenthread.rules.reading import read_published
from goldenthread.rules.roles import Permission
from goldenthread.rules.vocabulary import STANDARD, STANDARD_WORDS
from goldenthread.tasks.models import Notice, Task
from tests.make import PACK, make_cycle, moment, publish_pack
from tests.pages.test_access import EVERYBODY, TABLE, Records, address_of, unpacked
from tests.plurals import wrongly_plural

TEMPLATES = Path(__file__).resolve().parents[2] / "goldenthread/web/templates"
INVENTED = {
    "audit": "zorble",
    "re-audit": "unzorble",
    "auditor": "zorbler",
    "practitioner": "wendler",
    "team manager": "grumpet",
    "case": "fnord",
    "case note": "fnordle",
    "case system": "fnordery",
    "cycle": "umple",
    "target": "quillip",
    "theme": "drindle",
    "likely cause": "whyle",
    "severity": "grimble",
    "conversation": "yabber",
    "grade": "plonk",
    "domain": "blarth",
    "quality check": "oggle",
    "alert": "eekle",
    "good practice": "huzzle",
    "area to improve": "ouchle",
}
SEVERAL = {
    # the way in, one's own tasks and notices, the lists of everything, the ledger
    "home",
    "healthz",
    "accessibility_statement",
    "sign_in",
    "sign_in_as",
    "sign_out",
    "set_password",
    "my_tasks",
    "list_my_returns",
    "list_finished_tasks",
    "list_notices",
    "choose_notices",
    "name_deputy",
    "list_leave",
    "list_undelivered_notices",
    "retry_notice",
    "list_alerts",
    "list_disputes",
    "list_late_work",
    "list_private_concerns",
    "list_audits",
    "list_responses",
    "list_actions",
    "list_copies",
    "list_reports",
    "list_frameworks",
    "list_moderation",
    "show_grading_agreement",
    "publish_framework",
    "show_event",
    "show_history",
    "show_ledger",
    "list_reads",
    "download_reads",
    # the case itself, which may belong to several
    "list_subjects",
    "show_subject",
    "answer_missing",
    "list_missing",
    # what is no case, by the words of whichever frameworks know it
    "list_kind",
    "update_kind",
    "keep_subject",
    "load_subjects",
    "download_subject_template",
    "end_subject",
    "raise_alert_about_case",
    # what happened, what was asked for and what was nominated under any of them
    "list_occurrences",
    "record_supervision",
    "record_incident",
    "list_commissions",
    "give_commission",
    "list_nominations",
    # nobody nominates under the framework that ships here; its page is seen in test_nominations
    "nominate_case",
    # files whose form is fixed
    "export_framework",
    "download_frame",
    "download_moderation_frame",
    "download_moderation_draw",
    "download_draw",
    "download_reaudit_frame",
    "download_reaudit_draw",
    "download_answers",
    "download_file",
    "download_return_file",
    "download_conversation",
    "download_moderation_meeting",
    # a form that no framework has yet
    "bring_in_form",
    # the framework that ships here has no standards; its page is seen in test_show_standards
    "list_standard_audits",
}
APART = re.compile(
    r"people|person|unit|organisation|unconfirmed|extract|account|draft|compar|_part|version|"
    r"mfa_|directory|sign_ins?|leaver|left_behind|glass|emergency|time_left|factors|password"
)
"""Pages about people, how they sign in, and extracts are about no framework either.

Those on which a framework is edited, compared or told in words speak of its document, by its keys.
"""
OF_THE_DOCUMENT = re.compile(
    r"“[^”]*”|the grade for|each cycle|"
    rf"{'|'.join(get_args(Permission))}|Adult social care case audits|Zorbling"
)
"""Names within the pack that conditions quote, permissions, and the titles of frameworks to choose from."""
WRITTEN_BY_PEOPLE = (
    "Case note of 3 August.",
    "The practitioner explained why the visit was late.",
    "the post of team manager",
    "Whoever is team manager",
    "Whoever is audit manager",
    "accredited auditor, team manager",
)
STANDARD_WORD = re.compile(
    r"(?<![\w{-])("
    + "|".join(
        sorted({re.escape(w) for one in STANDARD.values() for w in (one.one, one.many)}, key=len)[::-1]
    )
    + r")(?![\w-])",
    re.IGNORECASE,
)
INVENTED_WORD = re.compile("|".join(INVENTED.values()), re.IGNORECASE)
TEXTS = {"title", "label", "text", "guidance", "hint", "summary", "because", "subject", "purpose", "source"}
TEXTS |= {"descriptors", "overall_label", "note_type", "trained_in", "message"}


def about_one_framework():
    """The names of the pages that speak of one framework."""
    return [name for name in TABLE if name not in SEVERAL and not APART.search(name)]


def in_invented_words(text):
    """A text of the framework with every standard word replaced, as its authors would have written it."""
    plurals = {one.many: INVENTED[term] + "s" for term, one in STANDARD.items() if one.many != one.one}
    words = plurals | {one.one: INVENTED[term] for term, one in STANDARD.items()}
    return STANDARD_WORD.sub(lambda match: words[match[1].lower()], text)


def reworded(part, is_text=False):
    """The pack with its own texts in the invented words; names by which parts refer to others stay."""
    if isinstance(part, dict):
        return {key: reworded(value, key in TEXTS) for key, value in part.items()}
    if isinstance(part, list):
        return [reworded(value, is_text) for value in part]
    return in_invented_words(part) if isinstance(part, str) and is_text else part


def invented_pack(key="zorbling"):
    """The shipped framework in invented words throughout, with another key."""
    pack = reworded(
        read_published(PACK.read_text()).model_dump(mode="json", by_alias=True, exclude_unset=True)
    )
    pack |= {"key": key, "title": "Zorbling", "owner": "The council"}
    pack["themes"] = {name: in_invented_words(text) for name, text in pack["themes"].items()}
    pack["facts"] = {name: in_invented_words(text) for name, text in pack.get("facts", {}).items()}
    for clock in pack["clocks"].values():
        if "starts" in clock:
            clock["starts"] = in_invented_words(clock["starts"])
    pack["vocabulary"] = {term: {"one": word, "many": word + "s"} for term, word in INVENTED.items()}
    return json.dumps(pack)


@pytest.fixture(scope="module", params=["invented", "shipped"])
def records(request, django_db_setup, django_db_blocker):
    """A council under one of two frameworks, with the other published beside it."""
    documents = {"invented": invented_pack(), "shipped": PACK.read_text()}
    with django_db_blocker.unblock(), transaction.atomic():
        found = Records(document=documents.pop(request.param))
        waiting = make_cycle("2027-03")
        place_reaudits(waiting, by=found.council.quinn, at=moment())
        found.undrawn = freeze_frame(waiting, "audit", by=found.council.quinn, at=moment())
        publish_pack(document=next(iter(documents.values())))
        found.strange = STANDARD_WORD if request.param == "invented" else INVENTED_WORD
        yield found
        transaction.set_rollback(True)


NEVER_SHOWN = ("audit_row", "ask_for_report", "ask_for_further_report", "ask_for_person_report")
NEVER_SHOWN += ("open_report", "open_person_report")


@pytest.mark.django_db
@pytest.mark.parametrize("name", about_one_framework())
def test_a_page_of_a_framework_speaks_in_its_words_and_in_those_of_no_other(client, records, name):
    address = address_of(records, TABLE[name], name, {"draw": "undrawn"} if name == "draw_picks" else {})
    address += ("&" if "?" in address else "?") + f"framework={records.framework.key}"

    answers = [answer_to(client, records, who, address) for who in sorted(TABLE[name].who & EVERYBODY)]
    shown = [said_by(answer) for answer in answers if answer.status_code == 200]

    # a row of these finished audits leads to its section, which is among the pages; no report of theirs
    # may be asked for, since their cycle has not closed; a further report is led on to
    assert shown or TABLE[name].method == "post" or name in NEVER_SHOWN
    assert set().union(*(strange(records, text) for text in shown)) == set()
    assert set().union(*(wrongly_plural(text) for text in shown)) == set()


def answer_to(client, records, who, address):
    """What somebody is shown; nothing of it stays."""
    client.force_login(getattr(records.council, who))
    with transaction.atomic():
        answer = client.get(address)
        transaction.set_rollback(True)
    return answer


@pytest.mark.django_db
def test_the_pdf_of_a_report_speaks_in_the_words_of_its_framework(records):
    report = report_of(records.audit, on=date(2026, 11, 3))
    headings = text_of_pdf(pdf_of(report, at=moment()))

    assert report.words["Grades"] in headings
    assert not strange(records, headings)


def test_the_template_of_the_pdf_holds_no_word_of_the_vocabulary():
    template = (Path(audit_documents.__file__).parent / "templates/audit_report.typ").read_text()
    fixed = re.findall(r'"([^"]*)"', template) + re.findall(r"\[\*?([^\[\]]*)\*?\]", template)

    assert [text for text in fixed if STANDARD_WORD.search(text) and not text.startswith("report")] == []


@pytest.mark.django_db
def test_tasks_and_notices_about_a_framework_speak_in_its_words(records):
    tasks = Task.objects.values_list("title", "about_label")
    notices = Notice.objects.exclude(key="x").values_list("subject", "text")
    letters = [text for row in (*tasks, *notices) for text in row]

    assert len(letters) > 10
    assert [text for text in letters if strange(records, text) or wrongly_plural(text)] == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("1 audits", True),
        ("of 1 working days", True),
        ("and 1 are left", True),
        ("11 audits, 2.1 days, 1 working day, 1 process, 1 audit was sent", False),
    ],
)
def test_one_told_as_many_is_found(text, wrong):
    assert bool(wrongly_plural(text)) == wrong


def strange(records, text):
    """The words that do not belong there, besides what people wrote and posts are called, in their places."""
    text = OF_THE_DOCUMENT.sub("", " ".join(text.split()))
    text = text.rpartition("The organisation's own words")[0] or text  # the list of the terms themselves
    for theirs in WRITTEN_BY_PEOPLE:
        text = text.replace(theirs, "")
    return {text[max(0, m.start() - 30) : m.end() + 30] for m in records.strange.finditer(text)}


def said_by(answer):
    """The visible words of a page's main part and title, or of a document."""
    content = b"".join(answer) if answer.streaming else answer.content
    if answer["Content-Type"].startswith("application/pdf"):
        return text_of_pdf(content)
    if content.startswith(b"PK"):
        return " ".join(re.findall(r"<w:t[^>]*>([^<]*)", unpacked(content)))
    return visible(content.decode())


def visible(page):
    """What a page says, to those who look and to those who listen."""
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    main = page[page.index('<nav class="gt-back"') : page.index("</main>")]
    heard = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', main)
    seen = re.sub(r"<[^>]*>", " ", re.sub(r"<script.*?</script>", "", main, flags=re.DOTALL))
    return html.unescape(" ".join([title[1] if title else "", seen, *heard]))


def text_of_pdf(content):
    """The headings of a PDF; what stands below them is the report's, which the Word document says too."""
    with pikepdf.open(BytesIO(content)) as pdf, pdf.open_outline() as outline:
        return " ".join(title for item in outline.root for title in titles(item))


def titles(item):
    """A heading and those below it."""
    return [item.title, *(title for below in item.children for title in titles(below))]


@pytest.mark.parametrize(
    "module",
    sorted((TEMPLATES.parents[1] / "audits/operations").glob("*.py")),
    ids=lambda module: module.stem,
)
def test_a_refusal_about_an_audit_is_said_in_the_words_of_its_framework(module):
    said = [
        part.value
        for call in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Refused"
        for part in ast.walk(call)
        if isinstance(part, ast.Constant) and " " in str(part.value)
    ]

    assert [sentence for sentence in said if STANDARD_WORD.search(sentence)] == []


@pytest.mark.parametrize("page", sorted(TEMPLATES.rglob("*.html")), ids=lambda page: page.stem)
def test_a_page_asks_only_for_words_that_there_are(page):
    asked = re.findall(r"\bwords\.(\w+)", page.read_text(encoding="utf-8"))

    assert set(asked) - set(STANDARD_WORDS) == set()


@pytest.mark.parametrize("term", STANDARD)
def test_every_term_of_the_vocabulary_is_said_somewhere(term):
    one, many = (
        name.replace(" ", "_").replace("-", "_") for name in (STANDARD[term].one, STANDARD[term].many)
    )
    forms = re.compile(rf"words(\.|\[.)(an?_)?({one}|{many})\b|\{{({one}|{many})\}}", re.IGNORECASE)
    sources = [*TEMPLATES.rglob("*.html"), *(TEMPLATES.parents[1]).rglob("*.py")]
    sources = [one for one in sources if "rules" not in one.parts]

    assert any(forms.search(source.read_text(encoding="utf-8")) for source in sources)


def test_an_audit_leads_to_what_is_asked_and_what_each_grade_looks_like(client, db):
    version = publish_pack()
    audit = SimpleNamespace(version=version, audit_type="audit")

    address = Template("{% load words %}{{ audit|form_address }}").render(Context({"audit": audit}))

    here = f"/frameworks/{version.framework.public_id}/versions/{version.number}"
    assert address == f"{here}/forms/case%20audit/"
