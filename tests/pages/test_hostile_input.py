"""Whatever is sent to a form or asked of a list: never a fault of ours, and nothing half changed.

Walks every address of the router as somebody who may open it. The names of the fields are those that
the page itself reads, so a new field or a new page is tried without being said here.
"""

import traceback
from contextlib import contextmanager
from html.parser import HTMLParser
from urllib.parse import quote_from_bytes

import pytest
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client
from django.utils.datastructures import MultiValueDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldenthread.ledger.models import Event
from tests.faults import size
from tests.pages.test_access import (
    QUESTION,
    TABLE,
    address_of,
    records,  # noqa: F401 - the fixture
)
from tests.spoken import fault_of
from tests.writes import Kept

LARGE = "x" * 1_000_000
HOSTILE = (
    *("", " ", "\0", "before\0after", "\ud800", "\udfff x", "\u202egnirts", "\u200b", "\ufeff", "\u2028"),
    *("e\u0301", "🧵" * 300, "\U0010ffff", "\x1b[31m", "\r\n.\r\nX: y", "a\nb", "\t"),
    *("0", "-1", "²", "１２", "٣", "1e309", "NaN", "Infinity", "-0", "1_000", "0x10", "1.5", "2147483648"),
    *("9223372036854775808", "9" * 400, "9" * 5000, "on", "None", "null", "true", "[]", "{}", "[" * 2000),
    *("31/02/2026", "0/0/0", "29/02/2027", "31/12/9999", "01/01/0001", "2026-11-02T25:61", "0001-01-01"),
    *("9999-12-31", "99999-01-01", "2026-13", "2026-00", "1/1/1", "23/12/2026 24:00", "01/01/0001 00:00"),
    *("<script>alert(1)</script>", "' OR 1=1 --", "{0}", "{words}", "%s%n", "%", "../../etc/passwd"),
    *("=1+1", "@SUM(A1)", "__class__", "/", "a/b", "zzzzzzzzzzzz", "x" * 300, "x y " * 5000),
)
BASES = {
    "save_answer": {"question": QUESTION, f"value:{QUESTION}": "yes", "version": "1"},
    "save_return_answer": {"question": QUESTION, f"value:{QUESTION}": "yes", "version": "0"},
    "save_judgement": {"part": "overall", "grade:overall": "good", "why:overall": "Seen", "version": "1"},
    "save_return_judgement": {"part": "overall", "grade:overall": "good", "why:overall": "Seen"},
}
"""What pages send that have no form of their own to read it from."""

READ_LOG = {"ledger_read"}
NOTES_WRONG_ANSWERS = {
    "account_reauthenticate",
    "change_password",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}
"""Pages that write down that somebody did not show that it is them."""
SAYS_NOTHING = {
    # lead to the sign-in page, to the password that is asked for first, or to the tasks
    *("account_login", "list_break_glass", "end_emergency", "reset_factors"),
    *(name for name in TABLE if name.startswith("mfa_")),
    # show again what was asked for: another row, the faults of a document, what a search found
    *("record_discussion", "edit_agreement", "publish_framework", "list_people", "list_subjects"),
    # whoever only reads a section has no field in which they could have written
    "audit_section",
    # where nothing was kept nothing is discarded
    "discard_kept_words",
}
"""Pages that may take what is sent, change nothing, and owe no word about it."""
PROBLEM = b"There is a problem"
every_value = st.one_of(
    st.sampled_from(HOSTILE), st.just(LARGE) if size(0, 1) else st.nothing(), st.text(max_size=40)
)


class Fields(HTMLParser):
    """The fields of the page's own form with what they hold, as a browser would send them."""

    def __init__(self):
        super().__init__()
        self.values, self._select, self._area = {}, None, None

    def handle_starttag(self, tag, attributes):
        of = dict(attributes)
        name, kind = of.get("name"), of.get("type", "text")
        if tag == "textarea":
            self._area = name
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and (of.get("value") and self._select not in self.values):
            self.values[self._select] = of["value"]
        elif tag == "input" and name and kind not in ("file", "submit"):
            if kind not in ("radio", "checkbox") or name not in self.values:
                self.values[name] = of.get("value") or ("" if kind == "hidden" else "Some words")
        elif tag == "button" and name:
            self.values.setdefault(name, of.get("value", ""))

    def handle_data(self, data):
        if self._area:
            self.values[self._area] = data.strip() or "Some words"

    def handle_endtag(self, tag):
        self._area = None if tag == "textarea" else self._area
        self._select = None if tag == "select" else self._select


@contextmanager
def names_read(asked):
    """Note every name that is looked for in what was sent."""
    with pytest.MonkeyPatch.context() as patch:
        for method in ("__getitem__", "getlist", "__contains__", "get"):
            original = getattr(MultiValueDict, method)

            def looked_for(self, key, *rest, _original=original):
                if isinstance(key, str):
                    asked.add(key)
                return _original(self, key, *rest)

            patch.setattr(MultiValueDict, method, looked_for, raising=False)
        yield


def encoded(pairs):
    """A form as bytes, with what no browser would send."""

    def quoted(text):
        return quote_from_bytes(text.encode("utf-8", "surrogatepass"))

    return "&".join(f"{quoted(name)}={quoted(value)}" for name, value in pairs)


class Page:
    """One address as somebody who may open it, and what it reads."""

    def __init__(self, records, name, who=None):  # noqa: F811
        self.name, self.row = name, TABLE[name]
        self.browser = Client(raise_request_exception=False)
        who = who or next(
            (who for who in ("quality_manager", "quinn", "theo", "ada", "hana") if who in self.row.who), None
        )
        if who:
            self.browser.force_login(getattr(records.council, who))
        self.address = address_of(records, self.row, name, {})
        self.values = dict(BASES.get(name, self.row.data))

    def learn(self, method):
        """The names that the page reads, found by asking it until it reads no new one."""
        if method == "post" and self.row.method == "get":
            answer = self.browser.get(self.address)
            if answer.status_code == 200 and "html" in answer["Content-Type"]:
                page = Fields()
                page.feed(answer.content.decode())
                self.values |= page.values
        self.values.pop("csrfmiddlewaretoken", None)
        asked: set[str] = set(self.values)
        for _ in range(2):
            with names_read(asked), transaction.atomic():
                self.send(method, list(self.values.items()))
                transaction.set_rollback(True)
        return sorted(asked - {"csrfmiddlewaretoken", "_method"})

    def send(self, method, pairs):
        """Send the pairs; the answer with what it says and what it wrote."""
        faults = []

        def note(sender, **_):
            faults.append(traceback.format_exc())

        got_request_exception.connect(note)
        try:
            with Kept(READ_LOG) as kept:
                if method == "get":
                    joint = "&" if "?" in self.address else "?"
                    answer = self.browser.get(self.address + joint + encoded(pairs))
                else:
                    body = encoded(pairs)
                    kind = "application/x-www-form-urlencoded"
                    answer = self.browser.post(self.address, data=body, content_type=kind)
        finally:
            got_request_exception.disconnect(note)
        answer.kept = kept.tables
        answer.faults = faults
        return answer

    def check(self, method, pairs):
        """Send them, and hold what must hold whatever they are; nothing stays."""
        with transaction.atomic():
            before = Event.objects.count()
            answer = self.send(method, pairs)
            grown = Event.objects.count() - before
            transaction.set_rollback(True)
        sent = [(name, value[:60]) for name, value in pairs]
        assert answer.status_code < 500, (sent, answer.faults)
        shown_again = answer.status_code == 200 and "html" in answer["Content-Type"]
        must_keep_nothing = answer.status_code >= 400 or shown_again or method == "get"
        if must_keep_nothing and self.name not in NOTES_WRONG_ANSWERS:
            assert (answer.kept, grown) == (set(), 0), (sent, answer.status_code)
        if method == "post" and pairs:
            assert not self.silence_of(answer), sent
        return answer

    def silence_of(self, answer):
        """What is wrong with how a form answers that changed nothing; empty where it says why."""
        if answer.status_code >= 400:
            return fault_of(answer)
        told = list(answer.wsgi_request._messages._queued_messages) or PROBLEM in answer.content
        is_json = "json" in answer.get("Content-Type", "")
        if answer.kept or told or is_json or self.name in SAYS_NOTHING:
            return ""
        return f"{answer.status_code}, changed nothing and did not say why."


def worth_trying(method):
    """The pages that take this method and that anybody may open."""
    return [
        name
        for name, row in TABLE.items()
        if row.who
        and name not in ("sign_out", "healthz", "sign_in")
        and (method == "post" or row.method == "get")
    ]


def changes(names, values):
    """Lists of pairs: what the page holds, with one or two fields made hostile, missing or doubled."""
    if not names:
        return st.lists(st.tuples(st.sampled_from(["x", "q"]), every_value), max_size=2)
    change = st.tuples(st.sampled_from(names), st.one_of(every_value, st.none()), st.booleans())

    def apply(made):
        pairs = dict(values)
        doubled = []
        for name, value, twice in made:
            if value is None:
                pairs.pop(name, None)
            else:
                pairs[name] = value
                doubled += [(name, value)] * twice
        return [*pairs.items(), *doubled]

    return st.lists(change, min_size=1, max_size=2).map(apply)


def try_everything(page, method, examples):
    """Let Hypothesis look for what breaks the page."""
    names = page.learn(method)

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(changes(names, page.values))
    def nothing_breaks(pairs):
        page.check(method, pairs)

    nothing_breaks()


@pytest.mark.django_db
@pytest.mark.parametrize("name", worth_trying("post"))
def test_no_form_breaks_whatever_is_sent(records, name):  # noqa: F811
    try_everything(Page(records, name), "post", size(4, 200))


@pytest.mark.django_db
@pytest.mark.parametrize("name", worth_trying("get"))
def test_no_page_breaks_whatever_its_address_asks(records, name):  # noqa: F811
    try_everything(Page(records, name), "get", size(2, 100))
