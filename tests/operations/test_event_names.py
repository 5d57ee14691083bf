"""Every event that an operation can record is described, and no other."""

import ast
import re
from pathlib import Path

from goldenthread.web.ledger.wording import WORDS, in_words

ROOT = Path(__file__).resolve().parents[2]
RECORDERS = ("record", "_record")


def named_in(call):
    """The event names that one call can give; what is filled in at run time stands in capitals."""
    for argument in call.args[:2]:
        for part in ast.walk(argument):
            if isinstance(part, ast.JoinedStr):
                prefix = part.values[0]
                if isinstance(prefix, ast.Constant) and str(prefix.value).endswith("."):
                    yield f"{prefix.value}*"
            elif isinstance(part, ast.Constant) and re.fullmatch(r"[a-z_]+\.[a-z_]+", str(part.value)):
                yield part.value


def recorded():
    """Every event name in the operations of the product."""
    found = set()
    for path in (ROOT / "goldenthread").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = getattr(node, "func", None)
            if isinstance(node, ast.Call) and getattr(called, "id", getattr(called, "attr", "")) in RECORDERS:
                found |= set(named_in(node))
    return found


def described():
    """Every event name in the reference."""
    page = (ROOT / "docs/reference/events.md").read_text(encoding="utf-8")
    return {re.sub(r"[A-Z]+$", "*", name) for name in re.findall(r"^\| `([\w.]+)`", page, flags=re.MULTILINE)}


def test_every_event_is_described_and_every_described_event_is_recorded():
    assert len(recorded()) > 40
    assert described() == recorded()


def test_every_event_stands_in_words_on_the_pages_of_the_ledger():
    found = recorded()
    filled_in = re.compile("|".join(re.escape(name[:-1]) for name in found if name.endswith("*")))

    assert {name for name in found if not name.endswith("*")} - set(WORDS) == set()
    assert {name for name in WORDS if name not in found and not filled_in.match(name)} == set()
    assert in_words("audit.submit") == "Step taken: submit"
    assert in_words("audit.finish_draft") == "Step taken: finish draft"
