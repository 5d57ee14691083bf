"""The documentation keeps up with the program: settings, commands and links."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import get_commands

from goldenthread.caseload.presets import PRESETS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md"])
READERS = ("_text", "_number", "_list")


def settings_read() -> set[str]:
    """Every name that settings.py asks the environment for."""
    tree = ast.parse((ROOT / "goldenthread/config/settings.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Name)
        and call.func.id in READERS
        and isinstance(call.args[0], ast.Constant)
    }


def own_commands() -> set[str]:
    """The commands that this product adds to Django's."""
    return {name for name, app in get_commands().items() if app.startswith("goldenthread")}


def headings(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    found = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def test_settings_are_read_through_the_three_readers_alone():
    source = (ROOT / "goldenthread/config/settings.py").read_text(encoding="utf-8")

    assert len(settings_read()) > 10
    assert source.count("os.environ") == 1


def test_every_setting_is_described_and_every_described_setting_exists():
    page = (DOCS / "reference/settings.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^\| `([A-Z_]+)`", page, flags=re.MULTILINE)) == settings_read()


def test_every_command_is_described_and_every_described_command_exists():
    page = (DOCS / "reference/commands.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^\| `goldenthread (\w+)", page, flags=re.MULTILINE)) == own_commands()


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_every_preset_is_described_with_every_header_that_it_reads(preset):
    page = (DOCS / "reference/caseload-presets.md").read_text(encoding="utf-8")

    assert f"(`{preset.name}`)" in page
    for field in (*preset.fields, *(field for one in preset.lists for field in one.fields)):
        assert f"| {', '.join(field.headers)} |" in page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        there = (page.parent / name).resolve() if name else page

        assert there.exists(), f"{target} does not exist"
        assert not anchor or anchor in headings(there), f"{target} has no such heading"


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: str(page.relative_to(DOCS)))
def test_every_page_can_be_found_from_the_index(page):
    index = (DOCS / "index.md").read_text(encoding="utf-8")

    assert page.name == "index.md" or f"({page.relative_to(DOCS).as_posix()})" in index


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_test_that_is_named_exists(page):
    for path, name in re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", page.read_text(encoding="utf-8")):
        code = (ROOT / path).read_text(encoding="utf-8")

        assert not name or f"def {name}(" in code, f"{path} has no {name}"


def test_the_checklist_of_security_has_every_chapter_and_a_reason_on_every_line():
    page = (DOCS / "security/asvs-level-2.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| (\d+)\.\d+\.\d+\S* \| [123] \| .+ \| (.+) \| (.+) \|$", page, flags=re.MULTILINE)

    assert {int(chapter) for chapter, _, _ in lines} == set(range(1, 18))
    assert len(lines) == len(re.findall(r"^\| \d+\.\d+\.\d+", page, flags=re.MULTILINE))
    states = Counter(state for _, state, _ in lines)
    assert set(states) == {"met", "partly", "does not apply", "by whoever runs it"}
    assert (
        f"In {len(lines)} lines: {states['met']} met, {states['partly']} partly, "
        f"{states['by whoever runs it']} by whoever runs it, {states['does not apply']} that do not apply."
    ) in page
